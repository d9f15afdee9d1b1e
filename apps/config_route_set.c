/* An open hash table of places in the node's list of operations, at most three quarters full. Next: config_table.c. */
#include "apps/config_route_set.h"

#include <stdlib.h>

enum {
    ROOM_FIRST = 64
};

/* The finalizer of MurmurHash3: neighbors in a table differ in few bits. */
static uint32_t hash(const struct tapir_route *route)
{
    uint64_t key = (uint64_t)route->prefix.address.value << 32 | route->metric;
    key ^= (uint64_t)route->prefix.length << 8 | route->tos;
    key = (key ^ key >> 33) * UINT64_C(0xff51afd7ed558ccd);
    key = (key ^ key >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (uint32_t)(key >> 32);
}

static bool is_like(const struct tapir_route *a, const struct tapir_route *b)
{
    return a->prefix.address.value == b->prefix.address.value && a->prefix.length == b->prefix.length &&
           a->tos == b->tos && a->metric == b->metric;
}

static struct route_set_slot *free_slot(const struct route_set *set, uint32_t hash)
{
    size_t at = hash & (set->room - 1);
    while (set->slots[at].place != 0)
        at = (at + 1) & (set->room - 1);
    return &set->slots[at];
}

static void grow(struct route_set *set)
{
    struct route_set wider = {.n = set->n, .room = set->room == 0 ? ROOM_FIRST : 2 * set->room};
    wider.slots = calloc(wider.room, sizeof *wider.slots);
    if (wider.slots == NULL)
        abort();
    for (size_t i = 0; i < set->room; i++)
        if (set->slots[i].place != 0)
            *free_slot(&wider, set->slots[i].hash) = set->slots[i];
    free(set->slots);
    *set = wider;
}

bool route_set_add(struct route_set *set, const struct network_node *node, size_t place)
{
    const struct tapir_route *route = &node->ops[place].route;
    if (4 * (set->n + 1) > 3 * set->room)
        grow(set);
    uint32_t key = hash(route);
    size_t at = key & (set->room - 1);
    for (; set->slots[at].place != 0; at = (at + 1) & (set->room - 1))
        if (set->slots[at].hash == key && is_like(&node->ops[set->slots[at].place - 1].route, route))
            return false;
    set->slots[at] = (struct route_set_slot){key, (uint32_t)place + 1};
    set->n++;
    return true;
}

void route_set_free(struct route_set *set)
{
    free(set->slots);
    *set = (struct route_set){0};
}
