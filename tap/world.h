/* A world: the nodes, cables and devices of one network file, its events and its traffic. Moved on by tap/loop in real
 * time or by tap/virtual in virtual time; the world itself reads no clock.
 *
 * A turn costs as much as the nodes that have something to do, and to find them takes the logarithm of the number of all.
 * Next: tap/node.h. */
#ifndef TAP_WORLD_H
#define TAP_WORLD_H

#include "tap/cable.h"
#include "tap/node.h"
#include "tap/traffic.h"

struct world;

/* Makes every node of the network, and a cable for every link; the events and the traffic of the file begin at `now`. TAP
 * devices and files are attached by the caller with node_attach. The network must outlive the world. NULL on failure, with
 * one line in `error`. */
struct world *world_create(const struct network *network, const uint8_t seed[16],
                           const struct node_watcher *watcher, tapir_instant now, char *error,
                           size_t error_size);

size_t world_nodes(const struct world *world);

/* A node. Who changes it from outside calls node_touch. */
struct node *world_node(struct world *world, size_t index);

/* The node of that name, or NULL. */
struct node *world_find(struct world *world, const char *name);

/* One turn of every node that has something to do, in the order (deadline, place in the file). True: there is more to do
 * at once. */
bool world_turn(struct world *world, tapir_instant now, bool single);

/* The earliest deadline of nodes, events and traffic. */
tapir_instant world_deadline(struct world *world);

/* Every node has been ready once. */
bool world_is_ready(struct world *world);

/* Every node is idle and no frame is on its way in a cable. */
bool world_is_idle(struct world *world);

/* The cables, in the order of the links in the file. */
const struct cable *world_cable(const struct world *world, size_t index);

/* What has become of the pings of the file's traffic by `now`. */
const struct traffic_counters *world_traffic(struct world *world, tapir_instant now);

/* Closes every node, see node_close. Only world_destroy may follow. */
void world_close(struct world *world, tapir_instant now);

/* Frees nodes and cables. NULL is fine. */
void world_destroy(struct world *world, tapir_instant now);

#endif
