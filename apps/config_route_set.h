/* The set of a node's routes by what must differ: prefix, TOS and metric. It finds a line that stands twice among a million.
 * Next: config_table.c, which asks. */
#ifndef APPS_CONFIG_ROUTE_SET_H
#define APPS_CONFIG_ROUTE_SET_H

#include "tap/network.h"

struct route_set_slot {
    uint32_t hash;  /* most others are told by it: looking into their operations costs a cache miss each */
    uint32_t place; /* of an operation of the node, plus 1; 0: free */
};

struct route_set {
    struct route_set_slot *slots;
    size_t n, room;
};

/* Adds the route that the node's operation `place` adds. False: one like it is there. A zeroed set is an empty one. */
bool route_set_add(struct route_set *set, const struct network_node *node, size_t place);

/* Gives its memory back. */
void route_set_free(struct route_set *set);

#endif
