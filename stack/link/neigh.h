/* The neighbor cache: which MAC a next hop has, and the packets that wait to know.
 *
 *   INCOMPLETE  asked by broadcast, once a second, arp.retries times; packets are held, at most arp.hold,
 *               the oldest goes first
 *   REACHABLE   confirmed less than arp.timeout ago
 *   PROBE       as REACHABLE, in use, and asked by unicast in the last arp.retries seconds before arp.timeout,
 *               so that a living neighbor in use never costs a packet; unanswered: INCOMPLETE
 *   SILENT      did not answer: packets are refused at once, for a second; or it was pushed out or flushed,
 *               and is only remembered because it was asked within this second
 *   PERMANENT   set by hand; never changes, never ages
 *
 * Under arp.inspect one that is REACHABLE or in PROBE does not move before its old MAC was asked by unicast and stayed silent
 * for a second; packets go on to the old MAC meanwhile. Nor does a word that nobody asked for make a dead gateway live.
 *
 * Nobody is asked twice within a second, whatever happens to his entry in between (RFC 1122 2.3.2.1).
 *
 * Bounded: limits.neighbors entries, LIMIT_HELD packets in all, LIMIT_ARP_RATE new requests a second. A quarter
 * of the entries may be incomplete; then the oldest question makes room. A stranger who makes itself known
 * takes the place of a silent one or another stranger. A next hop that we need takes that of a silent one; of a
 * stranger when they are more than a quarter, or nobody is silent; at last of the one used longest ago. So a
 * scan, whose addresses are silent, evicts nobody who made himself known, and a flood of ARP nobody in use.
 *
 * RFC 826, RFC 1122 2.3.2, RFC 1812 3.3.2. Next: link/neigh_hold.h, link/neigh_ask.h,
 * link/neigh_doubt.h, link/neigh_table.h. */
#ifndef LINK_NEIGH_H
#define LINK_NEIGH_H

#include "core/bucket.h"
#include "core/core.h"
#include "wire/addr.h"

struct iface;
struct link;

/* Entries by the right they have to stay; each list begins with the one to go first. */
enum neighbor_class {
    CLASS_SILENT,   /* did not answer, or is only remembered */
    CLASS_STRANGER, /* made itself known, and was never used by us */
    CLASS_USED,     /* by order of last use */
    CLASS_ASKED,    /* incomplete, by age */
    CLASS_PERMANENT,
    CLASS_COUNT
};

/* Under arp.inspect: somebody claims to be a neighbor that is believed to be elsewhere. Means something while it is REACHABLE or
 * in PROBE. */
enum neighbor_doubt {
    DOUBT_NONE,
    DOUBT_NEW,  /* the old MAC is to be asked */
    DOUBT_ASKED /* and was */
};

/* What a packet needs comes first. */
struct neighbor {
    struct neighbor *chain; /* next in the same hash bucket, or next free */
    unsigned iface;
    struct ip4 address;
    uint32_t number; /* from 1, for packet->entry */
    struct mac mac;
    uint8_t state;           /* enum tapir_neighbor_state */
    uint8_t class;           /* enum neighbor_class */
    bool is_taken;           /* not among the free ones */
    bool is_forgotten;       /* SILENT: only remembered, not refused */
    bool is_gateway;         /* packets for others were given to it */
    bool was_asked;          /* `asked_at` means something */
    tapir_instant trusted;   /* until then it is known and in use, as far as its last packet could tell */
    tapir_instant confirmed; /* when an ARP packet of it came last */
    tapir_instant used;      /* moved in its list at most once a second */
    tapir_instant asked_at;  /* when the last request left */
    struct mac claimed;      /* in doubt: by whom */
    uint8_t doubt;           /* enum neighbor_doubt */
    uint8_t asked;           /* requests without an answer */
    struct neighbor *before, *after; /* in the list of its class */
    struct timer timer;
    struct lane held;
};

struct neighbor_list {
    struct neighbor *first, *last;
    uint32_t size;
};

enum {
    NEIGHBOR_RECENT = 128 /* a power of two */
};

/* A neighbor with its key beside it: to see that it is another one, its entry is not touched. */
struct neighbor_recent {
    struct neighbor *neighbor; /* NULL: none */
    unsigned iface;
    struct ip4 address;
};

struct neighbors {
    struct neighbor *entries, *free;
    uint32_t fresh; /* entries never used yet begin here */
    struct neighbor **buckets;
    struct neighbor_recent recent[NEIGHBOR_RECENT]; /* found last, by the lowest bits of the address */
    struct neighbor_list classes[CLASS_COUNT];
    uint32_t limit, mask, held, count, peak;
    struct bucket requests;
};

bool neighbor_table_init(struct neighbors *neighbors, struct memory *memory, uint32_t limit);
void neighbor_table_free(struct neighbors *neighbors, struct memory *memory);

/* The entry of `address` on interface `iface`, or NULL. */
struct neighbor *neighbor_lookup(const struct neighbors *neighbors, const struct core *core, unsigned iface,
                                 struct ip4 address);

/* It is the entry of that address. */
static inline bool neighbor_is_of(const struct neighbor *neighbor, unsigned iface, struct ip4 address)
{
    return neighbor->iface == iface && ip4_equal(neighbor->address, address);
}

/* Gives packets of lane resolve their link destination, or holds them until ARP knows it. */
void neighbor_resolve(struct link *link, struct core *core);

/* An ARP packet on `iface` said that `address` is at `mac`. An entry that exists is confirmed, or moved; what
 * it held goes on. `create`: the packet was meant for us, so that an entry is made where there is room for a
 * stranger. ARP_LEARNED: the cache has the mapping now. ARP_DOUBTED: not yet, under arp.inspect. ARP_PERMANENT: the entry is
 * another one and never changes. ARP_OVERHEARD: there is nothing to learn. */
enum tapir_verdict neighbor_learn(struct link *link, struct core *core, struct iface *iface,
                                  struct ip4 address, struct mac mac, bool create);

/* arp.timeout has changed: the next packet for each is judged by the new one. */
void neighbor_distrust_all(struct neighbors *neighbors);

/* A timer of this entry fired. */
void neighbor_tick(struct link *link, struct core *core, struct neighbor *neighbor);

/* Adds or removes a permanent entry. EXISTS, MISSING, FULL as usual. */
enum tapir_result neighbor_add_permanent(struct link *link, struct core *core, struct iface *iface,
                                         struct ip4 address, struct mac mac);
enum tapir_result neighbor_remove_permanent(struct link *link, struct core *core, struct iface *iface,
                                            struct ip4 address);

/* The link of `iface` went down, or its address on `network` was removed: forgets what is known there, permanent entries
 * apart. What waits is settled as `verdict`. */
void neighbor_flush(struct link *link, struct core *core, unsigned iface, struct ip4_prefix network,
                    enum tapir_verdict verdict);

/* The interface goes: no entry of it stays. What waits is settled as `verdict`. */
void neighbor_drop_all(struct link *link, struct core *core, unsigned iface, enum tapir_verdict verdict);

#endif
