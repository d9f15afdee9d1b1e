/* Questions to the routing table: which interfaces are up, which route is best, which routes there are.
 * Changes: route/table.c. */
#include <string.h>

#include "core/limits.h"
#include "route/table_chain.h"

/* ---- interfaces ---------------------------------------------------------------------------------------- */

static bool is_down(const struct route_table *table, uint32_t iface)
{
    return iface / 64 < table->down_words && (table->down[iface / 64] >> iface % 64 & 1) != 0;
}

static bool grow_down(struct route_table *table, uint32_t word)
{
    uint32_t words = 1;
    while (words <= word)
        words *= 2;
    uint64_t *down = memory_allocate(table->memory, words * sizeof *down);
    if (down == NULL)
        return false;
    if (table->down != NULL)
        memcpy(down, table->down, table->down_words * sizeof *down);
    memory_release(table->memory, table->down, table->down_words * sizeof *down);
    table->down = down;
    table->down_words = words;
    return true;
}

bool route_iface_up(struct route_table *table, unsigned iface, bool up)
{
    uint64_t bit = UINT64_C(1) << iface % 64;
    if (iface / 64 >= table->down_words) {
        if (up)
            return true;
        if (!grow_down(table, iface / 64))
            return false;
    }
    if (up)
        table->down[iface / 64] &= ~bit;
    else
        table->down[iface / 64] |= bit;
    return true;
}

/* ---- lookups ------------------------------------------------------------------------------------------- */

static bool is_usable(const struct route_table *table, const struct route *route)
{
    switch (route_kind(route)) {
    case TAPIR_ROUTE_LOCAL:
    case TAPIR_ROUTE_UNREACHABLE:
    case TAPIR_ROUTE_BLACKHOLE:
    case TAPIR_ROUTE_PROHIBIT:
        return true;
    case TAPIR_ROUTE_UNICAST:
    case TAPIR_ROUTE_CONNECTED:
    case TAPIR_ROUTE_BROADCAST:
        break;
    }
    return !is_down(table, route->iface);
}

/* The first usable route of the longest prefix around `address` that has one, RFC 1812 5.3.12.3; `route`: the
 * first of the longest of all. */
static const struct route *usable_around(const struct route_table *table, const struct route *route,
                                         struct ip4 address)
{
    for (unsigned length = route->length;; length--) {
        for (; route != NULL; route = route_next(table, route))
            if (is_usable(table, route))
                return route;
        if (length == 0)
            return NULL;
        route = route_chain(table, (struct ip4_prefix){address, (uint8_t)(length - 1)});
    }
}

static bool is_dead(const struct route_table *table, const struct route *route)
{
    return route->kind == TAPIR_ROUTE_UNICAST && gateway_is_dead(&table->gateways, route->iface, route->via);
}

/* Sends packets on, and does not refuse them. */
static bool leads_on(const struct route *route)
{
    return route->kind == TAPIR_ROUTE_UNICAST || route->kind == TAPIR_ROUTE_CONNECTED;
}

/* The first usable route for one TOS of the chain that begins with `route`. One whose next hop is dead is taken when no
 * other leads on. */
static const struct route *best_of_tos(const struct route_table *table, const struct route *route,
                                       uint8_t tos)
{
    const struct route *dead = NULL;
    for (; route != NULL; route = route_next(table, route)) {
        if (route->tos != tos || !is_usable(table, route) || (dead != NULL && !leads_on(route)))
            continue;
        if (!is_dead(table, route))
            return route;
        if (dead == NULL)
            dead = route;
    }
    return dead;
}

/* What a chain has for a TOS, RFC 1812 5.3.2: exactly that, else TOS 0. In between, what remains without the bit
 * that ECN has taken from RFC 1349, so that marking a packet does not take its route away. Dead next hops come
 * last. */
static const struct route *fitting(const struct route_table *table, const struct route *usable, uint8_t tos)
{
    const uint8_t wanted[] = {tos & ROUTE_TOS_BITS, tos & (ROUTE_TOS_BITS & ~3), 0};
    const struct route *dead = NULL;
    if (route_is_ours(usable))
        return usable;
    for (size_t i = 0; i < sizeof wanted; i++) {
        const struct route *route = best_of_tos(table, usable, wanted[i]);
        if (route != NULL && !is_dead(table, route))
            return route;
        dead = dead != NULL ? dead : route;
    }
    return dead;
}

/* The way where there is something to be decided: links that are down, next hops that are dead, or a TOS. */
static const struct route *decide(const struct route_table *table, const struct route *first,
                                  struct route_query query, enum route_absence *absence)
{
    const struct route *usable = usable_around(table, first, query.destination);
    *absence = ROUTE_DOWN;
    if (usable == NULL)
        return NULL;
    const struct route *route = fitting(table, usable, query.tos);
    *absence = route != NULL ? ROUTE_FOUND : usable->length == 32 ? ROUTE_TOS_HOST : ROUTE_TOS;
    return route;
}

const struct route *route_choose_usable(const struct route_table *table, const struct route *first,
                                        struct route_query query, enum route_absence *absence)
{
    *absence = ROUTE_NONE;
    if (first == NULL)
        return NULL;
    if ((first->choice & ROUTE_BY_TOS) != 0 || !is_usable(table, first) || is_dead(table, first))
        return decide(table, first, query, absence);
    *absence = ROUTE_FOUND;
    return first;
}

const struct route *route_lookup(const struct route_table *table, struct route_query query,
                                 enum route_absence *absence)
{
    const struct route *first = route_by_number(table, lpm_lookup(&table->lpm, query.destination));
    return route_choose(table, first, query, absence);
}

void route_find(const struct route_table *table, const struct ip4 destinations[],
                const struct route *firsts[], size_t n)
{
    uint32_t numbers[LIMIT_BATCH];
    lpm_lookup_batch(&table->lpm, destinations, numbers, n);
    for (size_t i = 0; i < n; i++) {
        firsts[i] = route_by_number(table, numbers[i]);
        __builtin_prefetch(firsts[i]);
    }
}

/* ---- next hops that share ------------------------------------------------------------------------------ */

/* The weight of a next hop for a flow: G. Steele's SplitMix64 of both. The flow is a keyed hash already. */
static uint64_t weight(uint64_t flow, const struct route *route)
{
    uint64_t x = flow + route->via.value * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

const struct route *route_share(const struct route_table *table, const struct route *first, uint64_t flow)
{
    const struct route *best = first;
    bool all_dead = is_dead(table, first);
    for (const struct route *route = first; (route->choice & ROUTE_EQUAL) != 0;) {
        route = route_at(table, route->next);
        if (is_usable(table, route) && is_dead(table, route) == all_dead &&
            weight(flow, route) > weight(flow, best))
            best = route;
    }
    return best;
}

/* ---- the way back -------------------------------------------------------------------------------------- */

/* It is `best`, or next hops of both carry its flows. A connected network shares with nobody. */
static bool is_best(const struct route *route, const struct route *best)
{
    return route == best || (route->kind == TAPIR_ROUTE_UNICAST && best->kind == TAPIR_ROUTE_UNICAST &&
                             route->metric == best->metric);
}

bool route_leads_back(const struct route_table *table, struct ip4 source, uint32_t iface, uint8_t shortest)
{
    const struct route *first = route_by_number(table, lpm_lookup(&table->lpm, source));
    const struct route *best = first == NULL ? NULL : usable_around(table, first, source);
    if (best == NULL || best->length < shortest || route_is_ours(best))
        return false;
    for (const struct route *route = best; route != NULL; route = route_next(table, route)) {
        if (!is_usable(table, route))
            continue;
        if (route->tos != best->tos)
            best = route;
        if (leads_on(route) && is_best(route, best) && (iface == TAPIR_EVERYWHERE || route->iface == iface))
            return true;
    }
    return false;
}

/* ---- listing ------------------------------------------------------------------------------------------- */

enum {
    CHAIN_BITS = 26 /* of a cursor: the place in a chain; above it the cursor of the prefix, 38 bits */
};

static struct tapir_route show(const struct route *route)
{
    return (struct tapir_route){.prefix = route_prefix(route),
                                .kind = route_kind(route),
                                .via = route->via,
                                .metric = route->metric,
                                .tos = route->tos,
                                .iface = route->iface};
}

size_t route_list(const struct route_table *table, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    while (n < max) {
        uint64_t key = *cursor >> CHAIN_BITS, skip = *cursor & ((UINT64_C(1) << CHAIN_BITS) - 1);
        struct ip4_prefix prefix;
        uint32_t number;
        uint64_t after = key;
        if (!lpm_next(&table->lpm, &after, &prefix, &number))
            break;
        const struct route *route = route_at(table, number);
        uint64_t place = after == key + 1 ? skip : 0; /* else the prefix of the cursor is gone */
        for (uint64_t i = 0; route != NULL && i < place; i++)
            route = route_next(table, route);
        for (; route != NULL && n < max; route = route_next(table, route), place++)
            rows[n++].route = show(route);
        *cursor = route == NULL ? after << CHAIN_BITS : (after - 1) << CHAIN_BITS | place;
    }
    return n;
}
