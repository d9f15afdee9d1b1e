/* From numbers and prefixes to routes: the way through the chains, for table.c and table_lookup.c alone.
 * Next: route/table.c. */
#ifndef ROUTE_TABLE_CHAIN_H
#define ROUTE_TABLE_CHAIN_H

#include "route/table.h"

static inline struct ip4_prefix route_prefix(const struct route *route)
{
    return (struct ip4_prefix){route->address, route->length};
}

static inline enum tapir_route_kind route_kind(const struct route *route)
{
    return (enum tapir_route_kind)route->kind;
}

enum {
    ROUTE_TOS_BITS = 0x1e /* the four of RFC 1349 */
};

/* An address or a broadcast of our own. */
static inline bool route_is_ours(const struct route *route)
{
    return route->kind == TAPIR_ROUTE_LOCAL || route->kind == TAPIR_ROUTE_BROADCAST;
}

/* The first of a chain, or NULL. */
static inline struct route *route_chain(const struct route_table *table, struct ip4_prefix prefix)
{
    return route_by_number(table, lpm_exact(&table->lpm, prefix));
}

static inline struct route *route_next(const struct route_table *table, const struct route *route)
{
    return route_by_number(table, route->next);
}

#endif
