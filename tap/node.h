/* A node: one stack, its devices and its built-in services. The only caller of the stack's two doors.
 *
 * A turn: what each device has goes in (a batch each, in rotation), what the stack has to send goes to the
 * devices, what is settled goes to the watcher, every slot goes home. Read next: tap/world.h. */
#ifndef TAP_NODE_H
#define TAP_NODE_H

#include "tap/device.h"
#include "tap/network.h"
#include "tap/tape.h"

struct node;

/* Looks on. Any member may be NULL. The packet is only lent; node_now says when. */
struct node_watcher {
    /* A frame goes in: `number` is the one it will have. */
    void (*arrived)(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number);
    /* A frame goes out by packet->iface, whether or not a device is there to take it: its verdict is final.
     */
    void (*sent)(void *context, struct node *node, const struct tapir_packet *packet);
    /* All others; a verdict of kind HELD is not final and the same number comes again. */
    void (*settled)(void *context, struct node *node, const struct tapir_packet *packet);
    /* What is not about a socket of the node's services. */
    void (*event)(void *context, struct node *node, const struct tapir_event *event);
    void *context;
};

/* Frames that found no device, or a device that was down. */
struct node_counters {
    uint64_t no_device, device_down;
};

/* Makes the stack of `spec` and applies its operations. `watcher` may be NULL and is copied. NULL on failure,
 * with one line in `error`. */
struct node *node_create(const struct network_node *spec, const uint8_t seed[16],
                         const struct node_watcher *watcher, tapir_instant now, char *error,
                         size_t error_size);

/* From now on all that the node is told and what comes of it goes to a new tape at `path`. To be called before the first
 * turn; the caller finishes the tape after node_destroy. NULL: `error` says in one line why. */
struct tape *node_record(struct node *node, const char *path, char error[TAPE_ERROR]);

/* The node rings this bell when it may be due at another time than node_deadline said after its last turn. */
void node_listen(struct node *node, struct bell *bell);

/* To be called by whoever changed a node from outside: an operation on its stack, a socket that was written to. Devices
 * ring by themselves. */
void node_touch(struct node *node);

/* Gives interface `iface` its device, which rings the node's bell from now on. The node does not own it. NULL takes it
 * away. */
void node_attach(struct node *node, unsigned iface, struct device *device);

/* Applies operations to the stack at `now`, as tapir_apply does. Timers that are due fire in the same call, so what is born
 * then is sent at once. */
enum tapir_result node_apply(struct node *node, const struct tapir_op ops[], size_t n, tapir_instant now);

/* One turn. True: there is more to do at once, at the same `now`. One frame a call to the stack when `single`
 * (replay). */
bool node_turn(struct node *node, tapir_instant now, bool single);

/* When the next turn is due: at once when a carrier came or went. */
tapir_instant node_deadline(const struct node *node);

/* A socket of the node's stack that somebody else than its built-in services has opened. */
struct node_client {
    struct tapir_socket *socket;
    void (*happened)(struct node_client *client,
                     uint32_t bits); /* in the node's turn: bits of tapir_list.h */
    struct node_client *next;
};

/* Hands what happens to the client's socket to the client instead of the watcher. The client outlives the node's last
 * turn. */
void node_serve(struct node *node, struct node_client *client);

/* Switches interface `iface` off or on, whatever its device says: its stack sees the carrier go or come. */
void node_switch(struct node *node, unsigned iface, bool on);

/* Every own address may be used, or has been lost. */
bool node_is_ready(const struct node *node);

/* Nothing held or waiting in the stack, nothing unanswered in its services. */
bool node_is_idle(const struct node *node);

struct tapir *node_stack(struct node *node);
const struct network_node *node_spec(const struct node *node);
const struct node_counters *node_counters(const struct node *node);

/* The time of the turn that is on, or of the last one. */
tapir_instant node_now(const struct node *node);

/* The device of an interface, or NULL. */
struct device *node_device(const struct node *node, unsigned iface);

/* Before a close by order: a router that advertises itself tells its hosts that it is one no more. */
void node_farewell(struct node *node, tapir_instant now);

/* Closes the stack: what it holds is settled as stack-closed and leaves by the doors, to the watcher. Only
 * node_destroy may follow. */
void node_close(struct node *node, tapir_instant now);

/* Closes the stack unless that has been done, and frees all. NULL is fine. */
void node_destroy(struct node *node, tapir_instant now);

#endif
