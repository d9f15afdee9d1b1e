#include "tap/node.h"

#include <assert.h>

#include "tap/netmask.h"
#include "tap/node_inside.h"
#include "tap/service.h"

/* ---- when it is due ------------------------------------------------------------------------------------ */

static tapir_instant earlier(tapir_instant a, tapir_instant b)
{
    return a.ns < b.ns ? a : b;
}

/* An interface without a device is up like one whose cable nobody sees. */
static bool is_up(const struct port *port)
{
    return !port->off && (port->device == NULL || port->device->up);
}

static uint8_t takes_of(const struct port *port)
{
    return port->device == NULL ? 0 : port->device->takes;
}

static bool is_changed(const struct port *port)
{
    return is_up(port) != port->up || takes_of(port) != port->takes;
}

/* At once when the carrier came or went. */
static void port_ask(struct port *port)
{
    struct node *node = port->node;
    tapir_instant due = node->now;
    if (!is_changed(port))
        due = port->device == NULL ? TAPIR_NEVER : port->device->ops->deadline(port->device);
    agenda_set(&node->agenda, (uint32_t)(port - node->ports), due);
}

static void ring(struct node *node)
{
    if (node->bell != NULL)
        node->bell->ring(node->bell);
}

/* A frame that was on its way may have been lost: the node's own instant is exact again after its next turn. */
void node_ring_port(struct bell *bell)
{
    struct port *port = (void *)bell;
    port_ask(port);
    port->node->due = earlier(port->node->due, agenda_deadline(&port->node->agenda));
    ring(port->node);
}

/* The ports and the stack have been asked. */
static void node_settle_due(struct node *node)
{
    node->due = earlier(node->stack_due, agenda_deadline(&node->agenda));
}

/* ---- what is told to it -------------------------------------------------------------------------------- */

void node_listen(struct node *node, struct bell *bell)
{
    node->bell = bell;
    node_touch(node);
}

void node_touch(struct node *node)
{
    node->stack_due = tapir_deadline(node->stack);
    node_settle_due(node);
    ring(node);
}

void node_attach(struct node *node, unsigned iface, struct device *device)
{
    struct port *port = &node->ports[iface];
    port->device = device;
    if (device != NULL)
        device->bell = &port->bell;
    node_ring_port(&port->bell);
}

void node_switch(struct node *node, unsigned iface, bool on)
{
    node->ports[iface].off = !on;
    node_ring_port(&node->ports[iface].bell);
}

void node_serve(struct node *node, struct node_client *client)
{
    client->next = node->clients;
    node->clients = client;
}

/* ---- a turn -------------------------------------------------------------------------------------------- */

/* received = settled + held + waiting, and the same for what was born here. */
static bool is_conserved(const struct node *node)
{
    const struct tapir_counters *c = tapir_counters(node->stack);
    for (int o = 0; o < TAPIR_ORIGIN_COUNT; o++)
        if (c->packets[o] != c->settled[o] + c->held[o] + c->waiting[o])
            return false;
    return true;
}

static void transmit(struct node *node, unsigned iface, struct tapir_packet *const packets[], size_t n)
{
    struct device *device = node->ports[iface].device;
    for (size_t i = 0; i < n; i++) {
        if (node->tape != NULL)
            tape_sent(node->tape, packets[i]);
        if (node->watcher.sent != NULL)
            node->watcher.sent(node->watcher.context, node, packets[i]);
    }
    if (device != NULL && device->up) {
        device->ops->tx_batch(device, packets, n, node->now);
        return;
    }
    if (device == NULL)
        node->counters.no_device += n;
    else
        node->counters.device_down += n, device->lost += n;
    tapir_release(node->stack, packets, n);
}

static void see_settled(struct node *node, const struct tapir_packet *packet)
{
    if (node->tape != NULL)
        tape_settled(node->tape, packet);
    if (node->watcher.settled != NULL)
        node->watcher.settled(node->watcher.context, node, packet);
}

/* Empties both doors; an offender is seen before the error about it. Every slot goes home. */
static void drain(struct node *node)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    unsigned iface;
    size_t n;
    while ((n = tapir_settled(node->stack, packets, DEVICE_BATCH)) > 0) {
        for (size_t i = 0; i < n; i++)
            see_settled(node, packets[i]);
        tapir_release(node->stack, packets, n);
    }
    while ((n = tapir_output(node->stack, &iface, packets, DEVICE_BATCH)) > 0)
        transmit(node, iface, packets, n);
    assert(is_conserved(node));
    (void)is_conserved; /* without assertions nobody else asks */
}

static void move_clock(struct node *node, tapir_instant now)
{
    if (now.ns > node->now.ns)
        node->now = now;
}

static enum tapir_result apply(struct node *node, const struct tapir_op ops[], size_t n)
{
    enum tapir_result result = tapir_apply(node->stack, ops, n, NULL, node->now);
    drain(node);
    return result;
}

enum tapir_result node_apply(struct node *node, const struct tapir_op ops[], size_t n, tapir_instant now)
{
    move_clock(node, now);
    for (size_t i = 0; i < n && node->tape != NULL; i++)
        tape_apply(node->tape, &ops[i], node->now);
    enum tapir_result result = apply(node, ops, n);
    node_touch(node);
    return result;
}

/* The stack learns that a carrier came or went, and what the device takes. */
static void watch_carrier(struct node *node, unsigned iface)
{
    struct port *port = &node->ports[iface];
    if (!is_changed(port))
        return;
    port->up = is_up(port);
    port->takes = takes_of(port);
    if (node->tape != NULL)
        tape_carrier(node->tape, iface, port->up);
    struct tapir_op op = {.kind = TAPIR_OP_LINK, .iface = iface, .link = {port->up, port->takes}};
    (void)apply(node, &op, 1);
}

static void receive(struct node *node, unsigned iface, size_t max)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    struct device *device = node->ports[iface].device;
    size_t n = device->ops->rx_batch(device, packets, max, node->now);
    if (n == 0)
        return;
    uint64_t number = tapir_counters(node->stack)->packets[TAPIR_RECEIVED] + 1;
    for (size_t i = 0; i < n; i++) {
        packets[i]->iface = iface;
        packets[i]->arrived = node->now;
        if (node->tape != NULL)
            tape_frame(node->tape, iface, packets[i]);
        if (node->watcher.arrived != NULL)
            node->watcher.arrived(node->watcher.context, node, packets[i], number + i);
    }
    uint64_t first = tapir_input(node->stack, iface, packets, n, node->now);
    assert(first == number);
    (void)first;
    drain(node);
}

static struct service *service_of(struct node *node, const struct tapir_socket *socket)
{
    for (size_t i = 0; socket != NULL && i < node->spec->n_services; i++)
        if (node->services[i].socket == socket)
            return &node->services[i];
    return NULL;
}

static struct node_client *client_of(const struct node *node, const struct tapir_socket *socket)
{
    struct node_client *client = socket == NULL ? NULL : node->clients;
    while (client != NULL && client->socket != socket)
        client = client->next;
    return client;
}

static void hand_over(struct node *node, const struct tapir_event *event)
{
    struct service *service = service_of(node, event->socket);
    struct node_client *client = client_of(node, event->socket);
    if (service != NULL)
        service_serve(service);
    else if (client != NULL)
        client->happened(client, event->bits);
    else if (node->watcher.event != NULL)
        node->watcher.event(node->watcher.context, node, event);
}

static void serve(struct node *node)
{
    struct tapir_event event;
    while (tapir_next_event(node->stack, &event)) {
        if (event.bits & TAPIR_EVENT_MASK) {
            netmask_follow(node->stack, &event, node->now);
            drain(node);
        }
        hand_over(node, &event);
    }
}

static void visit(struct node *node, unsigned iface, bool single)
{
    struct port *port = &node->ports[iface];
    watch_carrier(node, iface);
    if (port->device != NULL)
        receive(node, iface, single ? 1 : DEVICE_BATCH);
    port_ask(port);
}

/* Notes who is due, so that each has one turn, also when it is due again at once. */
static void call_up(struct node *node)
{
    for (uint32_t place; agenda_first(&node->agenda, node->now, &place);) {
        marks_set(&node->turn, place);
        agenda_set(&node->agenda, place, TAPIR_NEVER);
    }
}

/* Those of ports `from` to `to` - 1 that are due, in order. */
static void visit_between(struct node *node, unsigned from, unsigned to, bool single)
{
    for (uint32_t i = marks_next(&node->turn, from); i < to; i = marks_next(&node->turn, i + 1)) {
        marks_clear(&node->turn, i);
        visit(node, i, single);
    }
}

bool node_turn(struct node *node, tapir_instant now, bool single)
{
    unsigned n = (unsigned)node->spec->n_interfaces;
    move_clock(node, now);
    if (node->tape != NULL)
        tape_turn(node->tape, node->now, single);
    call_up(node);
    visit_between(node, node->next, n, single);
    visit_between(node, 0, node->next, single);
    node->next = node->next + 1 < n ? node->next + 1 : 0;
    serve(node);
    node->stack_due = tapir_deadline(node->stack);
    if (node->stack_due.ns <= node->now.ns) {
        tapir_tick(node->stack, node->now);
        drain(node);
        serve(node);
        node->stack_due = tapir_deadline(node->stack);
    }
    node_settle_due(node);
    return node->due.ns <= node->now.ns;
}

/* ---- questions ----------------------------------------------------------------------------------------- */

tapir_instant node_deadline(const struct node *node)
{
    return node->due;
}

bool node_is_ready(const struct node *node)
{
    union tapir_row rows[16];
    uint64_t cursor = 0;
    size_t n;
    while ((n = tapir_list(node->stack, TAPIR_TABLE_ADDRESSES, &cursor, rows, 16)) > 0)
        for (size_t i = 0; i < n; i++)
            if (rows[i].address.state == TAPIR_ADDRESS_TENTATIVE)
                return false;
    return true;
}

bool node_is_idle(const struct node *node)
{
    for (size_t i = 0; i < node->spec->n_services; i++)
        if (node->services[i].blocked)
            return false;
    return tapir_idle(node->stack);
}

struct tapir *node_stack(struct node *node)
{
    return node->stack;
}

const struct network_node *node_spec(const struct node *node)
{
    return node->spec;
}

const struct node_counters *node_counters(const struct node *node)
{
    return &node->counters;
}

tapir_instant node_now(const struct node *node)
{
    return node->now;
}

struct device *node_device(const struct node *node, unsigned iface)
{
    return node->ports[iface].device;
}

/* ---- the end ------------------------------------------------------------------------------------------- */

void node_farewell(struct node *node, tapir_instant now)
{
    if (node->closed)
        return;
    for (unsigned i = 0; i < node->spec->n_interfaces; i++) {
        struct tapir_op op = {.kind = TAPIR_OP_SET, .iface = i, .set = {TAPIR_SET_ICMP_ROUTER_DISCOVERY, 0}};
        (void)node_apply(node, &op, 1, now);
    }
}

void node_close(struct node *node, tapir_instant now)
{
    if (node->closed || node->stack == NULL)
        return;
    node->closed = true;
    move_clock(node, now);
    if (node->tape != NULL)
        tape_close(node->tape, node->now);
    tapir_close(node->stack, node->now);
    drain(node);
    for (unsigned i = 0; i < node->spec->n_interfaces; i++)
        if (node->ports[i].device != NULL)
            device_flush(node->ports[i].device);
}
