#include "tap/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/rand.h"
#include "tap/names.h"
#include "tap/timeline.h"

enum {
    WORLD_SLOTS = 65536,              /* frames on their way in all cables */
    WORLD_MEMORY = 512 * 1024 * 1024, /* octets of addresses at most: memory is taken as it is used */
    WORLD_ROOM = 1518 + 256,          /* octets of a slot at least */
    WORLD_STREAM_NODES = 1,           /* streams of the world's seed */
    WORLD_STREAM_CABLES = 2,
    WORLD_STREAM_TRAFFIC = 3
};

/* What the world knows of a node between its turns. */
struct place {
    struct bell bell; /* first: the bell is the place */
    struct world *world;
    struct node *node;
    bool rung;   /* stands in the list of those to be looked at */
    bool ready;  /* has been ready once */
    bool busy;   /* was not idle when world_is_idle asked */
    bool moved;  /* has been looked at since then */
    bool behind; /* its last turn left something to do at once */
    bool aside;  /* has had its turn, and waits for the next one */
};

struct world {
    const struct network *network;
    struct node **nodes;
    struct cable **cables;
    struct place *places; /* one for each node */
    uint32_t *rung, *aside,
        *moved; /* places: to be looked at; due again at once; to be asked whether they are idle */
    uint32_t n_rung, n_aside, n_moved, n_busy, n_unready;
    struct agenda agenda;
    struct timeline timeline;
    struct traffic *traffic;
    struct names node_names, link_names;
    struct pool pool;
    size_t pool_bytes;
    tapir_instant now;
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

static bool node_plug(struct world *world, struct node *node, char *error, size_t error_size)
{
    const struct network_node *spec = node_spec(node);
    for (unsigned i = 0; i < spec->n_interfaces; i++) {
        const char *link = spec->interfaces[i].link;
        if (link == NULL)
            continue;
        size_t place;
        bool exists = names_find(&world->link_names, link, &place);
        struct device *device = exists ? cable_join(world->cables[place]) : NULL;
        if (device == NULL) {
            snprintf(error, error_size, "node %s, interface %s: %s link %s", spec->name,
                     spec->interfaces[i].name, exists ? "no memory for" : "there is no", link);
            return false;
        }
        node_attach(node, i, device);
    }
    return true;
}

static void on_ring(struct bell *bell)
{
    struct place *place = (void *)bell;
    struct world *world = place->world;
    if (!place->rung)
        world->rung[world->n_rung++] = (uint32_t)(place - world->places);
    place->rung = true;
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
        if (world->nodes[i] == NULL)
            return false;
        world->places[i] = (struct place){.bell.ring = on_ring, .world = world, .node = world->nodes[i]};
        node_listen(world->nodes[i], &world->places[i].bell);
        if (!node_plug(world, world->nodes[i], error, error_size))
            return false;
    }
    return true;
}

static bool names_open(struct world *world)
{
    const struct network *network = world->network;
    if (!names_init(&world->node_names, network->n_nodes) ||
        !names_init(&world->link_names, network->n_links))
        return false;
    for (size_t i = 0; i < network->n_nodes; i++)
        names_add(&world->node_names, network->nodes[i].name, i);
    for (size_t i = 0; i < network->n_links; i++)
        names_add(&world->link_names, network->links[i].name, i);
    names_sort(&world->node_names);
    names_sort(&world->link_names);
    return true;
}

static bool tables_open(struct world *world, tapir_instant now)
{
    size_t nodes = world->network->n_nodes, links = world->network->n_links;
    world->nodes = calloc(nodes + 1, sizeof(struct node *));
    world->cables = calloc(links + 1, sizeof(struct cable *));
    world->places = calloc(nodes + 1, sizeof *world->places);
    world->rung = calloc(nodes + 1, sizeof *world->rung);
    world->aside = calloc(nodes + 1, sizeof *world->aside);
    world->moved = calloc(nodes + 1, sizeof *world->moved);
    world->n_unready = (uint32_t)nodes;
    world->now = now;
    return world->nodes != NULL && world->cables != NULL && world->places != NULL && world->rung != NULL &&
           world->aside != NULL && world->moved != NULL && agenda_init(&world->agenda, nodes) &&
           names_open(world) && timeline_init(&world->timeline, world->network, now);
}

static bool traffic_open(struct world *world, const uint8_t seed[16], tapir_instant now)
{
    struct rand_state random;
    rand_init(&random, seed, WORLD_STREAM_TRAFFIC);
    world->traffic = traffic_create(world->network, world->nodes, &random, now);
    return world->traffic != NULL;
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
    if (!tables_open(world, now) || !pool_open(world) || !cables_open(world, seed) ||
        !nodes_open(world, seed, watcher, now, error, error_size) || !traffic_open(world, seed, now)) {
        world_destroy(world, now);
        return NULL;
    }
    return world;
}

static const tapir_instant at_once = {INT64_MIN};

/* ---- life ---------------------------------------------------------------------------------------------- */

static void look_at(struct world *world, uint32_t index)
{
    struct place *place = &world->places[index];
    if (!place->moved)
        world->moved[world->n_moved++] = index;
    place->moved = true;
    if (!place->ready && node_is_ready(place->node)) {
        place->ready = true;
        world->n_unready--;
    }
    place->rung = false;
    if (!place->aside)
        agenda_set(&world->agenda, index, place->behind ? at_once : node_deadline(place->node));
}

/* Asks those that rang anew. Their order is of no account: the agenda has one of its own. */
static void look(struct world *world)
{
    for (uint32_t i = 0; i < world->n_rung; i++)
        look_at(world, world->rung[i]);
    world->n_rung = 0;
}

static void happen(struct world *world, const struct network_event *event)
{
    if (event->is_link)
        cable_switch(world->cables[event->link], event->up);
    else
        node_switch(world->nodes[event->node], event->iface, event->up);
}

/* What comes from outside the nodes. */
static void intervene(struct world *world)
{
    const struct network_event *event;
    while ((event = timeline_take(&world->timeline, world->now)) != NULL)
        happen(world, event);
    traffic_turn(world->traffic, world->now);
}

/* One that is due again at once stands aside until all others had their turn. */
static void give_turn(struct world *world, uint32_t index, bool single)
{
    struct place *place = &world->places[index];
    place->behind = node_turn(place->node, world->now, single);
    on_ring(&place->bell);
    look(world);
    if (agenda_due(&world->agenda, index).ns > world->now.ns)
        return;
    agenda_set(&world->agenda, index, TAPIR_NEVER);
    place->aside = true;
    world->aside[world->n_aside++] = index;
}

bool world_turn(struct world *world, tapir_instant now, bool single)
{
    uint32_t index;
    if (now.ns > world->now.ns)
        world->now = now;
    intervene(world);
    look(world);
    while (agenda_first(&world->agenda, world->now, &index))
        give_turn(world, index, single);
    bool more = world->n_aside > 0;
    while (world->n_aside > 0) {
        index = world->aside[--world->n_aside];
        world->places[index].aside = false;
        agenda_set(&world->agenda, index, at_once);
    }
    return more;
}

static tapir_instant earlier(tapir_instant a, tapir_instant b)
{
    return a.ns < b.ns ? a : b;
}

tapir_instant world_deadline(struct world *world)
{
    look(world);
    tapir_instant outside = earlier(timeline_deadline(&world->timeline), traffic_deadline(world->traffic));
    tapir_instant first = earlier(outside, agenda_deadline(&world->agenda));
    return first.ns < world->now.ns ? world->now : first;
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
    size_t place;
    return names_find(&world->node_names, name, &place) ? world->nodes[place] : NULL;
}

const struct cable *world_cable(const struct world *world, size_t index)
{
    return world->cables[index];
}

const struct traffic_counters *world_traffic(struct world *world, tapir_instant now)
{
    return traffic_count(world->traffic, now);
}

bool world_is_ready(struct world *world)
{
    look(world);
    return world->n_unready == 0;
}

static void ask_whether_idle(struct world *world, struct place *place)
{
    bool busy = !node_is_idle(place->node);
    world->n_busy += busy;
    world->n_busy -= place->busy;
    place->busy = busy;
    place->moved = false;
}

/* Cables alone keep slots of the pool from one turn to the next. */
bool world_is_idle(struct world *world)
{
    look(world);
    for (uint32_t i = 0; i < world->n_moved; i++)
        ask_whether_idle(world, &world->places[world->moved[i]]);
    world->n_moved = 0;
    return world->n_busy == 0 && world->pool.use == 0;
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
    traffic_destroy(world->traffic);
    timeline_free(&world->timeline);
    names_free(&world->node_names);
    names_free(&world->link_names);
    agenda_free(&world->agenda);
    free(world->moved);
    free(world->aside);
    free(world->rung);
    free(world->places);
    free(world->cables);
    free(world->nodes);
    free(world);
}
