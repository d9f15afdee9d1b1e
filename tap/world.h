/* A world: the nodes, cables and devices of one network file. Moved on by tap/loop in real time or by
 * tap/replay in virtual time; the world itself reads no clock. Next: tap/node.h. */
#ifndef TAP_WORLD_H
#define TAP_WORLD_H

#include "tap/cable.h"
#include "tap/node.h"

struct world;

/* Makes every node of the network, and a cable for every link. TAP devices and files are attached by the
 * caller with node_attach. The network must outlive the world. NULL on failure, with one line in `error`. */
struct world *world_create(const struct network *network, const uint8_t seed[16],
                           const struct node_watcher *watcher, tapir_instant now, char *error,
                           size_t error_size);

size_t world_nodes(const struct world *world);
struct node *world_node(struct world *world, size_t index);

/* The node of that name, or NULL. */
struct node *world_find(struct world *world, const char *name);

/* One turn of every node that has something to do. True: there is more to do at once. */
bool world_turn(struct world *world, tapir_instant now, bool single);

/* The earliest deadline of nodes and cables. */
tapir_instant world_deadline(const struct world *world);

bool world_is_ready(const struct world *world);

/* Every node is idle and no frame is on its way in a cable. */
bool world_is_idle(const struct world *world);

/* The cables, in the order of the links in the file. */
const struct cable *world_cable(const struct world *world, size_t index);

/* Closes every node, see node_close. Only world_destroy may follow. */
void world_close(struct world *world, tapir_instant now);

/* Frees nodes and cables. NULL is fine. */
void world_destroy(struct world *world, tapir_instant now);

#endif
