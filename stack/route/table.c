/* Changes of the routing table: places for routes, chains in order, next hops. Lookups: route/table_lookup.c.
 */
#include <string.h>

#include "route/table_chain.h"

#include "wire/addr.h"

/* ---- places: number to route --------------------------------------------------------------------------- */

/* Room for one more pointer to a chunk. */
static bool grow_chunks(struct route_table *table, uint32_t n)
{
    if (n < table->chunks_room)
        return true;
    uint32_t room = table->chunks_room == 0 ? 8 : table->chunks_room * 2;
    struct route **chunks = memory_allocate(table->memory, room * sizeof(struct route *));
    if (chunks == NULL)
        return false;
    if (table->chunks != NULL)
        memcpy(chunks, table->chunks, n * sizeof(struct route *));
    memory_release(table->memory, table->chunks, table->chunks_room * sizeof(struct route *));
    table->chunks = chunks;
    table->chunks_room = room;
    return true;
}

/* An empty place with its number, or NULL: no memory. */
static struct route *take_place(struct route_table *table)
{
    struct route *route;
    uint32_t chunk = table->fresh / ROUTE_CHUNK;
    if (table->free != 0) {
        route = route_at(table, table->free);
        route->number = table->free;
        table->free = route->next;
        return route;
    }
    if (table->fresh % ROUTE_CHUNK == 0) {
        if (!grow_chunks(table, chunk))
            return NULL;
        table->chunks[chunk] = memory_allocate(table->memory, ROUTE_CHUNK * sizeof *route);
        if (table->chunks[chunk] == NULL)
            return NULL;
    }
    route = &table->chunks[chunk][table->fresh % ROUTE_CHUNK];
    route->number = ++table->fresh;
    return route;
}

static void give_place(struct route_table *table, struct route *route)
{
    uint32_t number = route->number;
    *route = (struct route){.next = table->free};
    table->free = number;
}

/* Gives all chunks back; no number is in use. */
static void release_places(struct route_table *table)
{
    uint32_t n = (table->fresh + ROUTE_CHUNK - 1) / ROUTE_CHUNK;
    for (uint32_t i = 0; i < n; i++)
        memory_release(table->memory, table->chunks[i], ROUTE_CHUNK * sizeof(struct route));
    memory_release(table->memory, table->chunks, table->chunks_room * sizeof(struct route *));
    table->chunks = NULL;
    table->chunks_room = table->fresh = table->free = 0;
}

/* ---- chains: the routes of one prefix ------------------------------------------------------------------ */

/* The interface of these is the caller's word. */
static bool is_own(enum tapir_route_kind kind)
{
    return kind == TAPIR_ROUTE_CONNECTED || kind == TAPIR_ROUTE_LOCAL || kind == TAPIR_ROUTE_BROADCAST;
}

/* Place in the chain, lower first: ours, TOS, metric, the connected network. */
static uint64_t rank_of(const struct route *route)
{
    enum tapir_route_kind kind = route_kind(route);
    return (uint64_t)!route_is_ours(route) << 41 | (uint64_t)route->tos << 33 | (uint64_t)route->metric << 1 |
           (kind != TAPIR_ROUTE_CONNECTED);
}

/* Equals stand by next hop, so that the order does not depend on who came first. */
static bool comes_before(const struct route *route, const struct route *other)
{
    uint64_t rank = rank_of(route), other_rank = rank_of(other);
    return rank < other_rank || (rank == other_rank && route->via.value < other->via.value);
}

/* Is it what route_add would call the same? */
static bool is_same(const struct route *route, const struct tapir_route *other)
{
    return route->kind == other->kind && route->metric == other->metric && route->tos == other->tos &&
           (other->kind != TAPIR_ROUTE_UNICAST || ip4_equal(route->via, other->via)) &&
           (!is_own(other->kind) || route->iface == other->iface);
}

static struct route *find(const struct route_table *table, const struct tapir_route *wanted)
{
    struct route *route = route_chain(table, wanted->prefix);
    while (route != NULL && !is_same(route, wanted))
        route = route_next(table, route);
    return route;
}

/* Neighbors in a chain that share. */
static bool is_equal(const struct route *route, const struct route *next)
{
    return route->kind == TAPIR_ROUTE_UNICAST && next->kind == TAPIR_ROUTE_UNICAST &&
           rank_of(route) == rank_of(next);
}

/* Notes in the routes of a changed chain what is left to be chosen. */
static void note_choices(const struct route_table *table, struct ip4_prefix prefix)
{
    struct route *first = route_chain(table, prefix), *next;
    bool by_tos = false;
    for (struct route *route = first; route != NULL; route = next) {
        next = route_next(table, route);
        by_tos |= route->tos != 0;
        route->choice = next != NULL && is_equal(route, next) ? ROUTE_EQUAL : 0;
    }
    if (first != NULL && by_tos)
        first->choice |= ROUTE_BY_TOS;
}

/* Puts a route in its place in the chain. False: no memory, nothing has changed. */
static bool link_route(struct route_table *table, struct route *route)
{
    struct route *before = NULL, *after = route_chain(table, route_prefix(route));
    while (after != NULL && !comes_before(route, after)) {
        before = after;
        after = route_next(table, after);
    }
    route->next = after == NULL ? 0 : after->number;
    if (before == NULL)
        return lpm_insert(&table->lpm, route_prefix(route), route->number);
    before->next = route->number;
    return true;
}

static void unlink_route(struct route_table *table, const struct route *route)
{
    struct route *before = route_chain(table, route_prefix(route));
    if (before == route && route->next == 0)
        lpm_remove(&table->lpm, route_prefix(route));
    else if (before == route) /* there already: takes no memory */
        (void)lpm_insert(&table->lpm, route_prefix(route), route->next);
    for (; before != NULL; before = route_next(table, before))
        if (before->next == route->number)
            before->next = route->next;
}

/* ---- next hops and connected networks ------------------------------------------------------------------ */

/* The connected network of a chain on `iface` (TAPIR_EVERYWHERE: on any), other than number `but` (0: none). */
static const struct route *connected_in(const struct route_table *table, const struct route *chain,
                                        uint32_t iface, uint32_t but)
{
    for (; chain != NULL; chain = route_next(table, chain))
        if (chain->kind == TAPIR_ROUTE_CONNECTED && chain->number != but &&
            (iface == TAPIR_EVERYWHERE || chain->iface == iface))
            return chain;
    return NULL;
}

/* The longest connected network around `address`, likewise. */
static const struct route *connected_around(const struct route_table *table, struct ip4 address,
                                            uint32_t iface, uint32_t but)
{
    const struct route *first = route_by_number(table, lpm_lookup(&table->lpm, address));
    if (first == NULL)
        return NULL;
    for (unsigned length = first->length;; length--) {
        struct ip4_prefix prefix = {address, (uint8_t)length};
        const struct route *route = connected_in(table, route_chain(table, prefix), iface, but);
        if (route != NULL || length == 0)
            return route;
    }
}

/* Is it an address or a broadcast of our own? */
static bool is_ours(const struct route_table *table, struct ip4 address)
{
    const struct route *first = route_chain(table, (struct ip4_prefix){address, 32});
    return first != NULL && route_is_ours(first);
}

/* Does this route need a connected network: no other on its interface covers its next hop? */
static bool needs(const struct route_table *table, const struct route *route, const struct route *connected)
{
    return route->number != 0 && route->kind == TAPIR_ROUTE_UNICAST &&
           ip4_in_prefix(route->via, route_prefix(connected)) &&
           connected_around(table, route->via, route->iface, connected->number) == NULL;
}

static bool is_needed(const struct route_table *table, const struct route *connected)
{
    for (uint32_t number = 1; number <= table->fresh; number++)
        if (needs(table, route_at(table, number), connected))
            return true;
    return false;
}

/* ---- updates ------------------------------------------------------------------------------------------- */

/* None or one of the four bits, RFC 1349 4; what follows addresses is for any. */
static bool is_tos(const struct tapir_route *route)
{
    return route->tos == 0 || (!is_own(route->kind) && (route->tos & ~ROUTE_TOS_BITS) == 0 &&
                               (route->tos & (route->tos - 1)) == 0);
}

static bool is_valid(const struct tapir_route *route)
{
    if (route->prefix.length > 32 || (unsigned)route->kind > TAPIR_ROUTE_PROHIBIT || !is_tos(route))
        return false;
    return ip4_equal(ip4_network(route->prefix), route->prefix.address);
}

/* Finds the interface of a new route. */
static enum tapir_result decide_iface(const struct route_table *table, const struct tapir_route *route,
                                      uint32_t *iface)
{
    *iface = is_own(route->kind) ? route->iface : 0;
    if (route->kind != TAPIR_ROUTE_UNICAST)
        return TAPIR_OK;
    if (is_ours(table, route->via))
        return TAPIR_INVALID;
    const struct route *connected = connected_around(table, route->via, TAPIR_EVERYWHERE, 0);
    if (connected == NULL)
        return TAPIR_MISSING;
    *iface = connected->iface;
    return TAPIR_OK;
}

void route_table_init(struct route_table *table, struct memory *memory, uint32_t limit)
{
    *table = (struct route_table){.memory = memory, .limit = limit};
    gateway_list_init(&table->gateways);
    lpm_init(&table->lpm, memory);
}

void route_table_free(struct route_table *table)
{
    lpm_free(&table->lpm);
    release_places(table);
    memory_release(table->memory, table->down, table->down_words * sizeof *table->down);
    route_table_init(table, table->memory, table->limit);
}

enum tapir_result route_add(struct route_table *table, const struct tapir_route *wanted)
{
    uint32_t iface;
    if (!is_valid(wanted))
        return TAPIR_INVALID;
    if (find(table, wanted) != NULL)
        return TAPIR_EXISTS;
    enum tapir_result result = decide_iface(table, wanted, &iface);
    if (result != TAPIR_OK)
        return result;
    struct route *route = table->count < table->limit ? take_place(table) : NULL;
    if (route == NULL)
        return TAPIR_FULL;
    route->address = wanted->prefix.address;
    route->length = wanted->prefix.length;
    route->kind = (uint8_t)wanted->kind;
    route->via = wanted->kind == TAPIR_ROUTE_UNICAST ? wanted->via : (struct ip4){0};
    route->metric = wanted->metric;
    route->tos = wanted->tos;
    route->iface = iface;
    if (!link_route(table, route)) {
        give_place(table, route);
        return TAPIR_FULL;
    }
    note_choices(table, wanted->prefix);
    table->count++;
    table->peak = table->count > table->peak ? table->count : table->peak;
    return TAPIR_OK;
}

enum tapir_result route_remove(struct route_table *table, const struct tapir_route *wanted)
{
    struct route *route = is_valid(wanted) ? find(table, wanted) : NULL;
    if (route == NULL)
        return TAPIR_MISSING;
    if (route->kind == TAPIR_ROUTE_CONNECTED && is_needed(table, route))
        return TAPIR_BUSY;
    unlink_route(table, route);
    note_choices(table, wanted->prefix);
    give_place(table, route);
    if (--table->count == 0)
        release_places(table);
    return TAPIR_OK;
}
