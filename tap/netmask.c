#include "tap/netmask.h"

#include <stdlib.h>

/* Routes by hand that lead out of the interface: a list to be freed, `*n` of them. NULL: no memory. */
static struct tapir_route *routes_of(const struct tapir *stack, unsigned iface, size_t *n)
{
    struct tapir_route *routes = malloc(sizeof *routes);
    union tapir_row row;
    uint64_t cursor = 0;
    *n = 0;
    while (routes != NULL && tapir_list(stack, TAPIR_TABLE_ROUTES, &cursor, &row, 1) == 1) {
        if (row.route.kind != TAPIR_ROUTE_UNICAST || row.route.iface != iface)
            continue;
        routes[(*n)++] = row.route;
        struct tapir_route *longer = realloc(routes, (*n + 1) * sizeof *routes);
        if (longer == NULL)
            free(routes);
        routes = longer;
    }
    return routes;
}

/* The prefix that our address has now. False: it is not ours any more. */
static bool find_address(const struct tapir *stack, const struct tapir_event *event,
                         struct ip4_prefix *prefix)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1)
        if (row.address.iface == event->iface && row.address.address.address.value == event->address.value) {
            *prefix = row.address.address;
            return true;
        }
    return false;
}

/* Routes out, address out, address in, routes in. */
static enum tapir_result exchange(struct tapir *stack, const struct tapir_event *event,
                                  struct ip4_prefix before, const struct tapir_route routes[], size_t n,
                                  tapir_instant now)
{
    size_t count = 2 * n + 2;
    struct tapir_op *ops = calloc(count, sizeof *ops);
    if (ops == NULL)
        return TAPIR_FULL;
    for (size_t i = 0; i < n; i++) {
        ops[i] = (struct tapir_op){.kind = TAPIR_OP_ROUTE, .remove = true, .route = routes[i]};
        ops[n + 2 + i] = (struct tapir_op){.kind = TAPIR_OP_ROUTE, .route = routes[i]};
    }
    struct ip4_prefix after = {before.address, event->length};
    ops[n] =
        (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .remove = true, .iface = event->iface, .address = before};
    ops[n + 1] = (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = event->iface, .address = after};
    enum tapir_result result = tapir_apply(stack, ops, count, NULL, now);
    free(ops);
    return result;
}

bool netmask_follow(struct tapir *stack, const struct tapir_event *event, tapir_instant now)
{
    struct ip4_prefix before;
    size_t n;
    if (!find_address(stack, event, &before))
        return false;
    struct tapir_route *routes = routes_of(stack, event->iface, &n);
    if (routes == NULL)
        return false;
    enum tapir_result result = exchange(stack, event, before, routes, n, now);
    free(routes);
    return result == TAPIR_OK;
}
