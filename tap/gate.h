/* Gates: the devices that stand before the interfaces of a node in a replay. A gate hands over the frame that is
 * due, and what the interface's link has, if it has one.
 *
 *     capture -> gate -> node -> gate -> capture
 *                  link <-> (if the interface has one)
 *
 * Next: tap/replay.c. */
#ifndef TAP_GATE_H
#define TAP_GATE_H

#include "tap/inputs.h"
#include "tap/node.h"

struct gates;

struct gate {
    struct device device; /* first: the device's pointer is the gate's */
    struct gates *gates;
    struct device *link; /* or NULL */
    struct bell ear;     /* rung by the link */
    const struct pcapfile_frame *loaded;
    tapir_instant due;           /* of the frame that is loaded */
    struct pcapfile_writer *out; /* or NULL; its owner finishes it */
    uint64_t sent;               /* frames that left here */
    bool is_traced;              /* the frame that is loaded leaves a trail */
};

/* Stands gates before all interfaces of `node`. NULL: no memory. */
struct gates *gates_create(struct node *node);

struct gate *gates_at(struct gates *gates, unsigned iface);

/* Loads a frame, which is handed over at `due`, in the next turn of the node. It must stay until then. */
void gate_load(struct gate *gate, const struct pcapfile_frame *frame, tapir_instant due);

/* Takes back what was loaded. False: it has been handed over. */
bool gate_unload(struct gate *gate);

/* The frame that arrives now at the node was loaded, and did not come by a link. True once for each. */
bool gates_handed(struct gates *gates);

/* The node must have been closed and destroyed. NULL is fine. */
void gates_destroy(struct gates *gates);

#endif
