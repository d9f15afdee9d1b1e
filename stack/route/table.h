/* The routes: which kind, next hop, interface and metric lie behind a destination.
 *
 * Routes of one prefix form a chain: our own addresses and broadcasts first, then by TOS, by metric, at equal
 * metric the connected network, then by next hop. A lookup goes to the longest prefix with a usable route (RFC
 * 1812 5.2.4.3, 5.3.12.3) and takes ours, else the first of the TOS asked for, else of TOS 0 (5.3.2); next
 * hops that answer ARP go before those that do not (route/gateway.h). Those of equal metric share: route_share. A route is usable when its interface is up; LOCAL and the refusing
 * kinds always are. The next hop of UNICAST lies in a connected network when the route is added and that
 * network cannot be removed before it. Next: route/source.h. */
#ifndef ROUTE_TABLE_H
#define ROUTE_TABLE_H

#include "route/gateway.h"
#include "route/lpm.h"

/* 28 octets: there may be a million. */
struct route {
    struct ip4 address; /* of the prefix */
    struct ip4 via;     /* UNICAST: next hop; else 0 */
    uint32_t metric;
    uint32_t iface;  /* UNREACHABLE, BLACKHOLE, PROHIBIT: 0 */
    uint32_t number; /* from 1; stable as long as the route is there. 0: a free slot */
    uint32_t next;   /* number of the next one of the same prefix; 0: none */
    uint8_t length;  /* of the prefix */
    uint8_t kind;    /* enum tapir_route_kind */
    uint8_t tos;     /* 0: any */
    uint8_t choice;  /* ROUTE_BY_TOS, ROUTE_EQUAL */
};

enum {
    ROUTE_BY_TOS = 1, /* in the first of a chain: some of its routes are for a TOS */
    ROUTE_EQUAL = 2   /* it shares with the next one of the chain */
};

/* Why a lookup finds no route. */
enum route_absence {
    ROUTE_FOUND,
    ROUTE_NONE,    /* no prefix holds the address */
    ROUTE_DOWN,    /* all lead to interfaces that are down */
    ROUTE_TOS,     /* none is for this TOS nor for any */
    ROUTE_TOS_HOST /* likewise, and the prefix is the host itself */
};

/* What decides between routes. */
struct route_query {
    struct ip4 destination;
    uint8_t tos; /* as in the header */
};

struct route_table {
    struct lpm lpm; /* prefix to number of the first route of its chain */
    struct memory *memory;
    struct route **chunks; /* of ROUTE_CHUNK routes; a route's place is its number - 1 */
    uint32_t chunks_room;  /* pointers that fit `chunks` */
    uint32_t fresh;        /* places never used yet begin here */
    uint32_t free;         /* number of a free place, chained by `next` */
    uint32_t count, peak, limit;
    uint64_t *down;      /* a bit for each interface that is down */
    uint32_t down_words; /* interfaces beyond are up */
    struct gateways gateways;
};

enum {
    ROUTE_CHUNK = 256 /* routes: 7 KiB */
};

/* Prepares an empty table for at most `limit` routes; takes no memory yet. `memory` must outlive it. */
void route_table_init(struct route_table *table, struct memory *memory, uint32_t limit);

/* Gives all memory back; the table is empty then and every interface up. */
void route_table_free(struct route_table *table);

/* Adds a route. UNICAST: its interface is found, the one of the longest connected network around `via`.
 * CONNECTED, LOCAL, BROADCAST: `iface` is the caller's word. INVALID: a length above 32, bits set beyond it,
 * no such kind, no such TOS, or `via` is an address or broadcast of our own. MISSING: `via` lies in no
 * connected network. EXISTS: the same prefix, kind, via, metric and TOS (and interface, where the caller gives
 * it) is there. FULL: limit or memory. */
enum tapir_result route_add(struct route_table *table, const struct tapir_route *wanted);

/* Removes the route that route_add would call the same. MISSING: there is none. BUSY: a connected network
 * that is the only one on its interface to cover the next hop of some UNICAST route. Looks through all routes
 * in that case. */
enum tapir_result route_remove(struct route_table *table, const struct tapir_route *wanted);

/* The best usable route, or NULL; `*absence` tells why. Of several that share it is the first: see
 * route_share. Valid until the table changes. */
const struct route *route_lookup(const struct route_table *table, struct route_query query,
                                 enum route_absence *absence);

/* The route with a number that was given out, 0 not included. */
static inline struct route *route_at(const struct route_table *table, uint32_t number)
{
    uint32_t place = number - 1;
    return &table->chunks[place / ROUTE_CHUNK][place % ROUTE_CHUNK];
}

/* The same, and NULL for 0. */
static inline struct route *route_by_number(const struct route_table *table, uint32_t number)
{
    return number == 0 ? NULL : route_at(table, number);
}

/* route_choose where links may be down, next hops dead, or a TOS asked for. */
const struct route *route_choose_usable(const struct route_table *table, const struct route *first,
                                        struct route_query query, enum route_absence *absence);

/* route_lookup in two steps, for many packets at once: the first route of the longest prefix around each of `n`
 * destinations, at most LIMIT_BATCH (NULL: none), and then the best usable one for each. In between the rows are
 * on their way into the cache. */
void route_find(const struct route_table *table, const struct ip4 destinations[],
                const struct route *firsts[], size_t n);
static inline const struct route *route_choose(const struct route_table *table, const struct route *first,
                                               struct route_query query, enum route_absence *absence)
{
    bool all_work =
        table->down_words == 0 && table->gateways.count == 0; /* as nearly always; saves 35 instructions */
    if (!all_work || first == NULL || (first->choice & ROUTE_BY_TOS) != 0)
        return route_choose_usable(table, first, query, absence);
    *absence = ROUTE_FOUND;
    return first;
}

/* Which of the routes that share with `first`, found by route_lookup with ROUTE_EQUAL, takes the flow with
 * this hash: the one with the highest random weight, so that when one comes or goes no other flow moves.
 * D. Thaler, C. Ravishankar, RFC 2991 and RFC 2992. */
const struct route *route_share(const struct route_table *table, const struct route *first, uint64_t flow);

/* The best usable routes to `source`, one for each TOS and those that share with it, lead to hosts and not to
 * a refusal, and one of them leaves by `iface` (TAPIR_EVERYWHERE: any). Prefixes shorter than `shortest` do
 * not count. RFC 3704 2.2, 2.4. */
bool route_leads_back(const struct route_table *table, struct ip4 source, uint32_t iface, uint8_t shortest);

/* Says that an interface came up or went down; all are up at first. Its number is dense: a bit for each up to
 * it. False: no memory to remember it. */
bool route_iface_up(struct route_table *table, unsigned iface, bool up);

/* `first` (NULL: there is none) is all there is to a destination: it leads on, everything works, and its prefix has no
 * other that may be better. As nearly always. */
static inline bool route_is_all(const struct route_table *table, const struct route *first)
{
    return first != NULL && table->down_words == 0 && table->gateways.count == 0 && first->choice == 0 &&
           first->kind <= TAPIR_ROUTE_CONNECTED;
}

/* The number of a route, for packet->entry; 0 for NULL. */
static inline uint32_t route_number(const struct route_table *table, const struct route *route)
{
    (void)table;
    return route == NULL ? 0 : route->number;
}

/* Copies at most `max` routes, by address, length and place in the chain, from `*cursor` on (0: the first),
 * into rows[].route and moves the cursor. 0: no more. Shape of tapir_list. */
size_t route_list(const struct route_table *table, uint64_t *cursor, union tapir_row rows[], size_t max);

#endif
