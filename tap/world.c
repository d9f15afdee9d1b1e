#include "tap/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/rand.h"

enum {
    WORLD_SLOTS = 65536,              /* frames on their way in all cables */
    WORLD_MEMORY = 512 * 1024 * 1024, /* octets of addresses at most: memory is taken as it is used */
    WORLD_ROOM = 1518 + 256,          /* octets of a slot at least */
    WORLD_STREAM_NODES = 1,           /* streams of the world's seed */
    WORLD_STREAM_CABLES = 2
};

struct world {
    const struct network *network;
    struct node **nodes;
    struct cable **cables;
    struct pool pool;
    size_t pool_bytes;
};

/* ---- the pool of all cables ---------------------------------------------------------------------------- */

/* The longest frame that an interface on a link sends. */
static size_t longest_frame(const struct network *network)
{
    size_t longest = WORLD_ROOM;
    for (size_t n = 0; n < network->n_nodes; n++)
        for (size_t i = 0; i < network->nodes[n].n_interfaces; i++) {
            const struct network_interface *interface = &network->nodes[n].interfaces[i];
            size_t frame = (size_t)interface->mtu + 64;
            if (interface->link != NULL && frame > longest)
                longest = frame;
        }
    return longest;
}

static bool pool_open(struct world *world)
{
    if (world->network->n_links == 0)
        return true;
    size_t room = longest_frame(world->network), stride = pool_stride(room);
    size_t slots = WORLD_MEMORY / stride < WORLD_SLOTS ? WORLD_MEMORY / stride : WORLD_SLOTS;
    world->pool_bytes = slots * stride;
    void *memory = mmap(NULL, world->pool_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        world->pool_bytes = 0;
        return false;
    }
    pool_init(&world->pool, memory, (uint32_t)slots, room);
    return true;
}

/* ---- birth --------------------------------------------------------------------------------------------- */

/* A link's own seed, so that its chances do not change with the rest of the file; without one, the world's.
 */
static void cable_seed(uint8_t seed[16], const struct network_link *link, struct rand_state *random)
{
    rand_bytes(random, seed, 16);
    if (link->seed == 0)
        return;
    memset(seed, 0, 16);
    for (int i = 0; i < 8; i++)
        seed[i] = (uint8_t)(link->seed >> (8 * i));
}

static bool cables_open(struct world *world, const uint8_t seed[16])
{
    struct rand_state random;
    rand_init(&random, seed, WORLD_STREAM_CABLES);
    for (size_t i = 0; i < world->network->n_links; i++) {
        uint8_t own[16];
        cable_seed(own, &world->network->links[i], &random);
        world->cables[i] = cable_create(&world->network->links[i], own, &world->pool);
        if (world->cables[i] == NULL)
            return false;
    }
    return true;
}

static struct cable *cable_find(const struct world *world, const char *name)
{
    for (size_t i = 0; i < world->network->n_links; i++)
        if (strcmp(world->network->links[i].name, name) == 0)
            return world->cables[i];
    return NULL;
}

static bool node_plug(struct world *world, struct node *node, char *error, size_t error_size)
{
    const struct network_node *spec = node_spec(node);
    for (unsigned i = 0; i < spec->n_interfaces; i++) {
        const char *link = spec->interfaces[i].link;
        if (link == NULL)
            continue;
        struct cable *cable = cable_find(world, link);
        struct device *device = cable == NULL ? NULL : cable_join(cable);
        if (device == NULL) {
            snprintf(error, error_size, "node %s, interface %s: %s link %s", spec->name,
                     spec->interfaces[i].name, cable == NULL ? "there is no" : "no memory for", link);
            return false;
        }
        node_attach(node, i, device);
    }
    return true;
}

static bool nodes_open(struct world *world, const uint8_t seed[16], const struct node_watcher *watcher,
                       tapir_instant now, char *error, size_t error_size)
{
    struct rand_state random;
    rand_init(&random, seed, WORLD_STREAM_NODES);
    for (size_t i = 0; i < world->network->n_nodes; i++) {
        uint8_t own[16];
        rand_bytes(&random, own, sizeof own);
        world->nodes[i] = node_create(&world->network->nodes[i], own, watcher, now, error, error_size);
        if (world->nodes[i] == NULL || !node_plug(world, world->nodes[i], error, error_size))
            return false;
    }
    return true;
}

struct world *world_create(const struct network *network, const uint8_t seed[16],
                           const struct node_watcher *watcher, tapir_instant now, char *error,
                           size_t error_size)
{
    struct world *world = calloc(1, sizeof *world);
    snprintf(error, error_size, "no memory for the network");
    if (world == NULL)
        return NULL;
    world->network = network;
    world->nodes = calloc(network->n_nodes + 1, sizeof(struct node *));
    world->cables = calloc(network->n_links + 1, sizeof(struct cable *));
    if (world->nodes == NULL || world->cables == NULL || !pool_open(world) || !cables_open(world, seed) ||
        !nodes_open(world, seed, watcher, now, error, error_size)) {
        world_destroy(world, now);
        return NULL;
    }
    return world;
}

/* ---- life ---------------------------------------------------------------------------------------------- */

bool world_turn(struct world *world, tapir_instant now, bool single)
{
    bool more = false;
    for (size_t i = 0; i < world->network->n_nodes; i++) {
        struct node *node = world->nodes[i];
        if (node_deadline(node).ns <= now.ns || node_has_news(node))
            more |= node_turn(node, now, single);
    }
    return more;
}

tapir_instant world_deadline(const struct world *world)
{
    tapir_instant first = TAPIR_NEVER;
    for (size_t i = 0; i < world->network->n_nodes; i++) {
        tapir_instant own = node_deadline(world->nodes[i]);
        if (own.ns < first.ns)
            first = own;
    }
    return first;
}

size_t world_nodes(const struct world *world)
{
    return world->network->n_nodes;
}

struct node *world_node(struct world *world, size_t index)
{
    return world->nodes[index];
}

struct node *world_find(struct world *world, const char *name)
{
    for (size_t i = 0; i < world->network->n_nodes; i++)
        if (strcmp(world->network->nodes[i].name, name) == 0)
            return world->nodes[i];
    return NULL;
}

const struct cable *world_cable(const struct world *world, size_t index)
{
    return world->cables[index];
}

bool world_is_ready(const struct world *world)
{
    for (size_t i = 0; i < world->network->n_nodes; i++)
        if (!node_is_ready(world->nodes[i]))
            return false;
    return true;
}

bool world_is_idle(const struct world *world)
{
    for (size_t i = 0; i < world->network->n_links; i++)
        if (cable_deadline(world->cables[i]).ns != TAPIR_NEVER.ns)
            return false;
    for (size_t i = 0; i < world->network->n_nodes; i++)
        if (!node_is_idle(world->nodes[i]))
            return false;
    return true;
}

/* ---- the end ------------------------------------------------------------------------------------------- */

void world_close(struct world *world, tapir_instant now)
{
    for (size_t i = 0; i < world->network->n_nodes; i++)
        if (world->nodes[i] != NULL)
            node_close(world->nodes[i], now);
}

/* All nodes are closed before the first is freed: a node that closes may send its last frames to the cables.
 */
void world_destroy(struct world *world, tapir_instant now)
{
    if (world == NULL)
        return;
    if (world->nodes != NULL)
        world_close(world, now);
    for (size_t i = 0; world->nodes != NULL && i < world->network->n_nodes; i++)
        node_destroy(world->nodes[i], now);
    for (size_t i = 0; world->cables != NULL && i < world->network->n_links; i++)
        cable_destroy(world->cables[i]);
    if (world->pool_bytes > 0)
        munmap(world->pool.memory, world->pool_bytes);
    free(world->cables);
    free(world->nodes);
    free(world);
}
