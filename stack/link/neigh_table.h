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

/* Where the keyed hash of an address leads: neighbor_search in two steps, so that many can be on their way into the cache
 * together. */
struct neighbor **neighbor_bucket(const struct neighbors *neighbors, const struct core *core, unsigned iface,
                                  struct ip4 address);

/* As neighbor_lookup, for neighbor_recall to find it next time. `bucket`: where the hash leads; NULL: not known yet. */
struct neighbor *neighbor_search(struct neighbors *neighbors, const struct core *core,
                                 struct neighbor *const *bucket, unsigned iface, struct ip4 address);

/* Where the neighbor found last is remembered. */
static inline struct neighbor_recent *neighbor_recent_at(struct neighbors *neighbors, struct ip4 address)
{
    return &neighbors->recent[address.value % NEIGHBOR_RECENT];
}

/* The neighbor at `address`, if it was found last at its place; else NULL, and neighbor_search is to be asked, which takes 240
 * instructions in place of 10. Addresses that share a place cost that, and no more. */
static inline struct neighbor *neighbor_recall(struct neighbors *neighbors, unsigned iface,
                                               struct ip4 address)
{
    const struct neighbor_recent *recent = neighbor_recent_at(neighbors, address);
    return recent->iface == iface && ip4_equal(recent->address, address) ? recent->neighbor : NULL;
}

/* A packet for it needs nothing of it but its MAC. For a second after one was looked at closely, at most, and not when it was heard
 * of since, moved to another class, or arp.timeout changed. */
static inline bool neighbor_is_trusted(const struct neighbor *neighbor, tapir_instant now)
{
    return time_before(now, neighbor->trusted);
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
