/* The datagrams in reassembly: found by key, bounded in number, in all and for each source, and in memory.
 *
 * Who is short of room takes that of a source that has its share (ip.reassembly.per_source datagrams; a quarter of the memory
 * in use) from the datagram of that source begun first, else from the one of all that has waited longest for a fragment. So no
 * source can keep the others out, be it with one datagram. The fragments lie in a store of their own.
 * Next: ip4/reass.h. */
#ifndef IP4_REASS_TABLE_H
#define IP4_REASS_TABLE_H

#include "core/core.h"
#include "core/ranges.h"

enum {
    REASS_FRAGMENTS = 1400,            /* of one datagram: 65,535 octets in pieces of 68 */
    REASS_HOLES = REASS_FRAGMENTS / 2, /* ranges of one datagram: any order of its fragments */
    REASS_COMPARED = 65536, /* of one datagram: fragments that those that may be copies were laid beside */
    REASS_OVERLAPS = 64,    /* of one datagram: those that were no copies */
    REASS_BUCKETS = 1024
};

struct reass_datagram {
    struct reass_datagram *chain;          /* in its bucket; or next free */
    struct reass_datagram *before, *after; /* by the last fragment */
    struct ip4 source, destination;        /* key: RFC 791 3.2 */
    uint16_t id;
    uint8_t protocol;
    uint8_t ecn;         /* bit n: some fragment has ECN n */
    uint16_t overlaps;   /* fragments held though some of their octets were there already */
    uint32_t compared;   /* looks at a held fragment, in search of a copy */
    uint32_t end;        /* octets of data of the whole; 0: the last fragment has not come */
    size_t octets;       /* that its slots take */
    struct ranges there; /* octets of data */
    struct lane held;    /* fragments, by arrival */
    struct timer timer;
};

struct reass {
    struct reass_datagram *datagrams, *free, *first, *last;
    struct range *rooms; /* REASS_HOLES of each datagram */
    struct reass_datagram **buckets;
    struct store store;
    size_t octets, peak; /* of slots, of all */
    uint32_t fresh, limit, count;
};

bool reass_table_init(struct reass *reass, struct memory *memory, const struct tapir_limits *limits);
void reass_table_free(struct reass *reass, struct memory *memory);

/* The datagram that a fragment with this tuple belongs to, or NULL. */
struct reass_datagram *reass_lookup(const struct reass *reass, const struct core *core,
                                    const struct tapir_tuple *tuple);

/* Enters one; makes room by the bounds ip.reassembly.datagrams and .per_source of the node. */
struct reass_datagram *reass_enter(struct reass *reass, struct core *core, const struct tapir_tuple *tuple);

/* It counts as the one that got a fragment last. */
void reass_touch(struct reass *reass, struct reass_datagram *datagram);

/* Puts a fragment behind those that are held. False: no memory by ip.reassembly.memory, even after others had to go; the
 * packet is as it was. */
bool reass_hold(struct reass *reass, struct core *core, struct reass_datagram *datagram,
                struct tapir_packet *packet);

/* Ends a datagram: what it holds is settled as `verdict`, as merged into packet `into` (0: into none). */
void reass_discard(struct reass *reass, struct core *core, struct reass_datagram *datagram,
                   enum tapir_verdict verdict, uint64_t into);

#endif
