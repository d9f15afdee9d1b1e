/* The neighbor cache: which MAC a next hop has, and the packets that wait to know.
 *
 *   INCOMPLETE  asked by broadcast, once a second, arp.retries times; packets are held, at most arp.hold,
 * oldest out first REACHABLE   confirmed less than arp.timeout ago PROBE       as REACHABLE and still used,
 * but asked by unicast during the last arp.retries seconds, so that a neighbor in use never costs a packet;
 * not confirmed at arp.timeout: INCOMPLETE again SILENT      did not answer; for NEIGHBOR_SILENCE packets are
 * refused at once, then it is forgotten PERMANENT   set by hand; never changes, never ages
 *
 * Bounded: limits.neighbors entries, a quarter of them incomplete, LIMIT_HELD packets in all, LIMIT_ARP_RATE
 * new requests a second. A stranger who makes itself known takes the place of another such stranger only; a
 * next hop that we need takes the place of a stranger, then of the one used longest ago. So neither a scan
 * nor a flood of ARP evicts who is in use.
 *
 * RFC 826, RFC 1122 2.3.2, RFC 1812 3.3.2. Next: link/arp.h. */
#ifndef LINK_NEIGH_H
#define LINK_NEIGH_H

#include "core/bucket.h"
#include "core/core.h"
#include "wire/addr.h"

struct iface;
struct link;

/* Entries by the right they have to stay; each list begins with the one to go first. */
enum neighbor_class {
    CLASS_STRANGER, /* never used by us, or silent */
    CLASS_USED,     /* by order of last use */
    CLASS_ASKED,    /* incomplete, by age */
    CLASS_PERMANENT,
    CLASS_COUNT
};

struct neighbor {
    struct neighbor *chain;          /* next in the same hash bucket, or next free */
    struct neighbor *before, *after; /* in the list of its class */
    unsigned iface;
    struct ip4 address;
    struct mac mac;
    enum tapir_neighbor_state state;
    enum neighbor_class class;
    bool is_taken;           /* not among the free ones */
    uint8_t asked;           /* requests without an answer */
    tapir_instant confirmed; /* when an ARP packet of it came last */
    tapir_instant used;      /* moved in its list at most once a second */
    struct timer timer;
    struct lane held;
};

struct neighbor_list {
    struct neighbor *first, *last;
    uint32_t size;
};

struct neighbors {
    struct neighbor *entries, *free;
    struct neighbor **buckets;
    struct neighbor_list classes[CLASS_COUNT];
    uint32_t limit, mask, held, count, peak;
    struct bucket requests;
};

bool neighbor_table_init(struct neighbors *neighbors, struct memory *memory, uint32_t limit);
void neighbor_table_free(struct neighbors *neighbors, struct memory *memory);

/* The entry of `address` on interface `iface`, or NULL. */
struct neighbor *neighbor_lookup(const struct neighbors *neighbors, const struct core *core, unsigned iface,
                                 struct ip4 address);

/* Number of an entry, from 1, for packet->entry. */
uint32_t neighbor_number(const struct neighbors *neighbors, const struct neighbor *neighbor);

/* Gives packets of lane resolve their link destination, or holds them until ARP knows it. */
void neighbor_resolve(struct link *link, struct core *core);

/* An ARP packet on `iface` said that `address` is at `mac`. An entry that exists is confirmed, or moved; what
 * it held goes on. `create`: the packet was meant for us, so that an entry is made where there is room for a
 * stranger. True: the cache has the mapping now. */
bool neighbor_learn(struct link *link, struct core *core, struct iface *iface, struct ip4 address,
                    struct mac mac, bool create);

/* A timer of this entry fired. */
void neighbor_tick(struct link *link, struct core *core, struct neighbor *neighbor);

/* Adds or removes a permanent entry. EXISTS, MISSING, FULL as usual. */
enum tapir_result neighbor_add_permanent(struct link *link, struct core *core, struct iface *iface,
                                         struct ip4 address, struct mac mac);
enum tapir_result neighbor_remove_permanent(struct link *link, struct core *core, struct iface *iface,
                                            struct ip4 address);

/* Forgets what is known on `iface` within `network`, all but permanent entries when `keep_permanent`; what
 * waits there is settled as `verdict`. */
void neighbor_flush(struct link *link, struct core *core, unsigned iface, struct ip4_prefix network,
                    bool keep_permanent, enum tapir_verdict verdict);

#endif
