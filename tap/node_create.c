/* How a node is made of its part of the network file, and taken apart. Next: tap/node.c, its turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tap/heap.h"
#include "tap/node_inside.h"
#include "tap/service.h"

static bool services_open(struct node *node, char *error, size_t error_size)
{
    const struct network_node *spec = node->spec;
    for (size_t i = 0; i < spec->n_services; i++)
        if (!service_open(&node->services[i], node->stack, &spec->services[i])) {
            snprintf(error, error_size,
                     "node %s: the service on port %u cannot be opened; is the port named twice?", spec->name,
                     spec->services[i].port);
            return false;
        }
    return true;
}

/* Tables as long as the file asks for: a small node stays small, a large one fits. */
static struct tapir_limits limits_of(const struct network_node *spec)
{
    struct tapir_limits limits = {.interfaces = spec->n_interfaces > 0 ? (uint32_t)spec->n_interfaces : 1};
    for (size_t i = 0; i < spec->n_ops; i++) {
        limits.addresses += spec->ops[i].kind == TAPIR_OP_ADDRESS;
        limits.neighbors += spec->ops[i].kind == TAPIR_OP_NEIGHBOR;
        limits.routes += spec->ops[i].kind == TAPIR_OP_ROUTE;
    }
    limits.routes += LIMIT_ROUTES; /* those of the addresses, and what is added later */
    limits.addresses = limits.addresses > 0 ? limits.addresses : 1;
    limits.neighbors += LIMIT_NEIGHBORS;
    return limits;
}

static bool stack_open(struct node *node, const uint8_t seed[16], char *error, size_t error_size)
{
    const struct network_node *spec = node->spec;
    struct tapir_config config = {.limits = limits_of(spec), .observe = true};
    memcpy(config.seed, seed, sizeof config.seed);
    struct tapir_memory memory = heap_memory();
    node->stack = tapir_create(&config, &memory, node->now);
    if (node->stack == NULL) {
        snprintf(error, error_size, "node %s: no memory for its stack", spec->name);
        return false;
    }
    struct tapir_fault fault = {0, "unknown"};
    if (tapir_apply(node->stack, spec->ops, spec->n_ops, &fault, node->now) != TAPIR_OK) {
        snprintf(error, error_size, "node %s: %s", spec->name, fault.why);
        return false;
    }
    return services_open(node, error, error_size);
}

static void ports_init(struct node *node)
{
    node->stack_due = node->due = TAPIR_NEVER;
    for (size_t i = 0; node->ports != NULL && i < node->spec->n_interfaces; i++)
        node->ports[i] =
            (struct port){.bell.ring = node_ring_port, .node = node, .up = true /* as the stack begins */};
}

struct node *node_create(const struct network_node *spec, const uint8_t seed[16],
                         const struct node_watcher *watcher, tapir_instant now, char *error,
                         size_t error_size)
{
    struct node *node = calloc(1, sizeof *node);
    if (node != NULL) {
        *node = (struct node){.spec = spec, .now = now, .memory.from = heap_memory()};
        memcpy(node->seed, seed, sizeof node->seed);
        node->ports = calloc(spec->n_interfaces + 1, sizeof *node->ports);
        node->services = calloc(spec->n_services + 1, sizeof *node->services);
        ports_init(node);
    }
    if (node == NULL || !agenda_init(&node->agenda, spec->n_interfaces) || node->ports == NULL ||
        !marks_init(&node->turn, &node->memory, (uint32_t)spec->n_interfaces) || node->services == NULL) {
        snprintf(error, error_size, "node %s: out of memory", spec->name);
        node_destroy(node, now);
        return NULL;
    }
    if (watcher != NULL)
        node->watcher = *watcher;
    if (!stack_open(node, seed, error, error_size)) {
        node_destroy(node, now);
        return NULL;
    }
    return node;
}

struct tape *node_record(struct node *node, const char *path, char error[TAPE_ERROR])
{
    node->tape = tape_create(path, node->seed, node->now, error);
    return node->tape;
}

void node_destroy(struct node *node, tapir_instant now)
{
    if (node == NULL)
        return;
    node_close(node, now);
    for (size_t i = 0; node->ports != NULL && i < node->spec->n_interfaces; i++)
        if (node->ports[i].device != NULL)
            node->ports[i].device->bell = NULL;
    if (node->stack != NULL)
        tapir_destroy(node->stack);
    free(node->services);
    free(node->ports);
    marks_free(&node->turn, &node->memory);
    agenda_free(&node->agenda);
    free(node);
}
