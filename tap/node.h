/* A node: one stack, its devices and its built-in services. The only caller of the stack's two doors.
 *
 * A turn: what each device has goes in (a batch each, in rotation), what the stack has to send goes to the devices, what is
 * settled goes to the watcher, every slot goes home. Read next: tap/world.h. */
#ifndef TAP_NODE_H
#define TAP_NODE_H

#include "tap/device.h"
#include "tap/network.h"

struct node;

/* Looks on. Any member may be NULL. The packet is only lent. */
struct node_watcher {
    void (*arrived)(void *context, struct node *node, const struct tapir_packet *packet); /* numbered, before the call */
    void (*sent)(void *context, struct node *node, const struct tapir_packet *packet);
    void (*settled)(void *context, struct node *node, const struct tapir_packet *packet);
    void (*event)(void *context, struct node *node, const struct tapir_event *event);
    void *context;
};

/* Makes the stack of `spec` and applies its operations. `watcher` may be NULL and is copied. NULL on failure, with one
 * line in `error`. */
struct node *node_create(const struct network_node *spec, const uint8_t seed[16], const struct node_watcher *watcher,
                         tapir_instant now, char *error, size_t error_size);

/* Gives interface `iface` its device. The node does not own it. NULL takes it away. */
void node_attach(struct node *node, unsigned iface, struct device *device);

/* One turn. True: there is more to do at once. At most one frame a call to the stack when `single` (replay). */
bool node_turn(struct node *node, tapir_instant now, bool single);

/* When the next turn is due at the latest; devices with an fd apart. */
tapir_instant node_deadline(const struct node *node);

/* Every own address may be used, or has been lost. */
bool node_is_ready(const struct node *node);

/* Nothing held, waiting or on its way in its services. */
bool node_is_idle(const struct node *node);

struct tapir *node_stack(struct node *node);
const struct network_node *node_spec(const struct node *node);

/* Closes the stack, drains both doors, frees all. */
void node_destroy(struct node *node, tapir_instant now);

#endif
