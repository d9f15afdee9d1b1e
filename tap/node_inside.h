/* What a node holds, for the two files that know: node_create.c makes it and takes it apart, node.c lets it live. */
#ifndef TAP_NODE_INSIDE_H
#define TAP_NODE_INSIDE_H

#include "core/marks.h"
#include "tap/agenda.h"
#include "tap/node.h"

struct port {
    struct bell bell; /* first: the device's bell is the port */
    struct node *node;
    struct device *device;
    bool up;       /* as the stack knows it */
    uint8_t takes; /* beyond whole frames, as the stack knows it */
    bool off;      /* switched off by an event */
};

struct node {
    const struct network_node *spec;
    struct tapir *stack;
    struct node_watcher watcher;
    struct node_counters counters;
    struct port *ports;
    struct agenda agenda; /* of each port: when its device wants to be read, as far as it has told */
    struct marks turn;    /* ports that have their turn now */
    struct memory memory; /* of these marks */
    struct service *services;
    struct tape *tape; /* or NULL: nobody records */
    uint8_t seed[16];
    struct node_client *clients;
    struct bell *bell;
    tapir_instant stack_due, due; /* of the stack; the first of that and of the ports */
    unsigned next;                /* port that the next turn begins with */
    tapir_instant now;
    bool closed;
};

/* The bell of a port: the device has something, or its carrier came or went. */
void node_ring_port(struct bell *bell);

#endif
