/* The entries of the neighbor cache: found by a keyed hash, kept in lists by class. No policy: that is
 * link/neigh.c. Next: core/siphash.h. */
#ifndef LINK_NEIGH_TABLE_H
#define LINK_NEIGH_TABLE_H

#include "link/neigh.h"

/* Takes a free entry into use as INCOMPLETE in `class`. NULL: all are in use. */
struct neighbor *neighbor_enter(struct neighbors *neighbors, const struct core *core, unsigned iface,
                                struct ip4 address, enum neighbor_class class);

/* No entry is left for neighbor_enter. */
bool neighbor_table_is_full(const struct neighbors *neighbors);

/* Gives an entry that holds nothing back to the free ones. */
void neighbor_leave(struct neighbors *neighbors, struct core *core, struct neighbor *neighbor);

/* Where the hash of an address leads, and the entry of that address there, or NULL: neighbor_lookup in two steps, so that many
 * can be on their way into the cache together. */
struct neighbor **neighbor_bucket(const struct neighbors *neighbors, const struct core *core, unsigned iface,
                                  struct ip4 address);
struct neighbor *neighbor_find(struct neighbor *const *bucket, unsigned iface, struct ip4 address);

/* It is the one found last at its place. */
static inline bool neighbor_is_recent(const struct neighbors *neighbors, unsigned iface, struct ip4 address)
{
    const struct neighbor_recent *recent = &neighbors->recent[address.value % NEIGHBOR_RECENT];
    return recent->neighbor != NULL && recent->iface == iface && ip4_equal(recent->address, address);
}

/* As neighbor_lookup, for the next hop of a packet. It looks first at what it found last: 10 instructions instead of 240, for
 * the keyed hash is not asked. Addresses that share a place cost that hash, and no more. */
static inline struct neighbor *neighbor_recall(struct neighbors *neighbors, const struct core *core,
                                               unsigned iface, struct ip4 address)
{
    struct neighbor_recent *recent = &neighbors->recent[address.value % NEIGHBOR_RECENT];
    if (!neighbor_is_recent(neighbors, iface, address))
        *recent = (struct neighbor_recent){neighbor_lookup(neighbors, core, iface, address), iface, address};
    return recent->neighbor;
}

/* It was asked less than a second ago, and must not be asked again yet (RFC 1122 2.3.2.1). */
static inline bool neighbor_is_paced(const struct neighbor *neighbor, tapir_instant now)
{
    return neighbor->was_asked && time_between(neighbor->asked_at, now) < TIME_SECOND;
}

/* It is believed to be at `mac`. */
static inline bool neighbor_is_known(const struct neighbor *neighbor)
{
    return neighbor->state == TAPIR_NEIGHBOR_REACHABLE || neighbor->state == TAPIR_NEIGHBOR_PROBE;
}

/* Moves an entry to the end of the list of `class`: the last to go. */
void neighbor_reclass(struct neighbors *neighbors, struct neighbor *neighbor, enum neighbor_class class);

#endif
