#include "tap/gate.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    GATE_SLOTS = 8, /* one frame is inside at a time; those it meets in an out lane leave in the same turn */
    SLOT_ALIGNMENT = 64
};

struct gates {
    struct gate *list; /* one for each interface */
    struct pool pool;
    void *memory;
    bool handed;
};

/* ---- the device ---------------------------------------------------------------------------------------- */

static size_t gate_rx(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now)
{
    struct gate *gate = (void *)device;
    const struct pcapfile_frame *frame = gate->loaded;
    if (frame == NULL)
        return gate->link == NULL ? 0 : gate->link->ops->rx_batch(gate->link, packets, max, now);
    struct tapir_packet *packet = max == 0 ? NULL : pool_take(&gate->gates->pool);
    if (packet == NULL)
        return 0;
    if (frame->size > 0)
        memcpy(packet->data, frame->data, frame->size);
    packet->size = frame->size;
    packet->tailroom -= frame->size;
    packet->traced = gate->is_traced;
    packets[0] = packet;
    gate->loaded = NULL;
    gate->gates->handed = true;
    return 1;
}

static void gate_tx(struct device *device, struct tapir_packet *const packets[], size_t n, tapir_instant now)
{
    struct gate *gate = (void *)device;
    if (gate->link != NULL)
        gate->link->ops->tx_batch(gate->link, packets, n, now);
    else
        device_release(packets, n);
}

static int gate_fd(const struct device *device)
{
    (void)device;
    return -1;
}

static tapir_instant gate_deadline(const struct device *device)
{
    const struct gate *gate = (const void *)device;
    if (gate->loaded != NULL)
        return gate->due;
    return gate->link == NULL ? TAPIR_NEVER : gate->link->ops->deadline(gate->link);
}

static void gate_close(struct device *device)
{
    (void)device;
}

static const struct device_ops gate_ops = {gate_rx, gate_tx, gate_fd, gate_deadline, gate_close, NULL};

/* What the link tells is told on, its carrier with it. */
static void gate_hear(struct bell *bell)
{
    struct gate *gate = (void *)((uint8_t *)bell - offsetof(struct gate, ear));
    device_carry(&gate->device, gate->link->up);
}

/* ---- all of a node ------------------------------------------------------------------------------------- */

struct gates *gates_create(struct node *node)
{
    size_t n = node_spec(node)->n_interfaces;
    struct gates *gates = calloc(1, sizeof *gates);
    if (gates == NULL)
        return NULL;
    gates->memory = aligned_alloc(SLOT_ALIGNMENT, GATE_SLOTS * pool_stride(PCAPFILE_FRAME));
    gates->list = calloc(n + 1, sizeof *gates->list);
    if (gates->memory == NULL || gates->list == NULL) {
        gates_destroy(gates);
        return NULL;
    }
    pool_init(&gates->pool, gates->memory, GATE_SLOTS, PCAPFILE_FRAME);
    for (unsigned i = 0; i < n; i++) {
        gates->list[i] = (struct gate){.device = {.ops = &gate_ops, .up = true, .pool = &gates->pool},
                                       .gates = gates,
                                       .link = node_device(node, i)};
        gates->list[i].ear.ring = gate_hear;
        if (gates->list[i].link != NULL)
            gates->list[i].link->bell = &gates->list[i].ear;
        node_attach(node, i, &gates->list[i].device);
    }
    return gates;
}

struct gate *gates_at(struct gates *gates, unsigned iface)
{
    return &gates->list[iface];
}

void gate_load(struct gate *gate, const struct pcapfile_frame *frame, tapir_instant due)
{
    gate->loaded = frame;
    gate->due = due;
    device_ring(&gate->device);
}

bool gate_unload(struct gate *gate)
{
    bool is_inside = gate->loaded != NULL;
    gate->loaded = NULL;
    return is_inside;
}

bool gates_handed(struct gates *gates)
{
    bool handed = gates->handed;
    gates->handed = false;
    return handed;
}

void gates_destroy(struct gates *gates)
{
    if (gates == NULL)
        return;
    free(gates->list);
    free(gates->memory);
    free(gates);
}
