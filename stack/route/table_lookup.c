/* Questions to the routing table: which interfaces are up, which route is best, which routes there are.
 * Changes: route/table.c. */
#include <string.h>

#include "route/table_chain.h"

/* ---- interfaces ---------------------------------------------------------------------------------------- */

static bool is_down(const struct route_table *table, uint32_t iface)
{
    return iface / 64 < table->down_words && (table->down[iface / 64] >> iface % 64 & 1) != 0;
}

static bool grow_down(struct route_table *table, uint32_t word)
{
    uint32_t words = table->down_words == 0 ? 1 : table->down_words;
    while (words <= word)
        words *= 2;
    uint64_t *down = memory_allocate(table->memory, words * sizeof *down);
    if (down == NULL)
        return false;
    if (table->down_words > 0)
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

static bool is_dead(const struct route_table *table, const struct route *route)
{
    return route->kind == TAPIR_ROUTE_UNICAST && gateway_is_dead(&table->gateways, route->iface, route->via);
}

/* Sends packets on, and does not refuse them. */
static bool leads_on(const struct route *route)
{
    return route->kind == TAPIR_ROUTE_UNICAST || route->kind == TAPIR_ROUTE_CONNECTED;
}

/* The first usable route of the chain that begins with `first`. One whose next hop is dead is taken when no other leads on. */
static const struct route *best_in_chain(const struct route_table *table, const struct route *first)
{
    const struct route *dead = NULL;
    for (; first != NULL; first = route_next(table, first)) {
        if (!is_usable(table, first) || (dead != NULL && !leads_on(first)))
            continue;
        if (!is_dead(table, first))
            return first;
        if (dead == NULL)
            dead = first;
    }
    return dead;
}

/* The best of the chain that begins with `first`, or of a shorter prefix, RFC 1812 5.3.12.3. */
static const struct route *best_of(const struct route_table *table, const struct route *first,
                                   struct ip4 destination)
{
    for (unsigned length = first->length;; length--) {
        const struct route *best = best_in_chain(table, first);
        if (best != NULL || length == 0)
            return best;
        first = route_chain(table, (struct ip4_prefix){destination, (uint8_t)(length - 1)});
    }
}

static const struct route *choose(const struct route_table *table, uint32_t number, struct ip4 destination,
                                  bool *down)
{
    *down = false;
    if (number == 0)
        return NULL;
    const struct route *route = route_at(table, number);
    if (is_usable(table, route) && !is_dead(table, route))
        return route;
    route = best_of(table, route, destination);
    *down = route == NULL;
    return route;
}

const struct route *route_lookup(const struct route_table *table, struct ip4 destination, bool *down)
{
    return choose(table, lpm_lookup(&table->lpm, destination), destination, down);
}

void route_lookup_batch(const struct route_table *table, const struct ip4 destinations[],
                        const struct route *routes[], bool down[], size_t n)
{
    uint32_t numbers[64];
    for (size_t done = 0, some; done < n; done += some) {
        some = n - done < 64 ? n - done : 64;
        lpm_lookup_batch(&table->lpm, destinations + done, numbers, some);
        for (size_t i = 0; i < some; i++)
            if (numbers[i] != 0)
                __builtin_prefetch(route_at(table, numbers[i]));
        for (size_t i = 0; i < some; i++)
            routes[done + i] = choose(table, numbers[i], destinations[done + i], &down[done + i]);
    }
}

uint32_t route_number(const struct route_table *table, const struct route *route)
{
    (void)table;
    return route == NULL ? 0 : route->number;
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
