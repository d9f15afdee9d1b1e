/* The world of tapir/test.h: made, fed, moved on. Next: apps/tapir_test_check.c, which judges. */
#include "apps/tapir_test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/config.h"
#include "apps/tapir_test_world.h"
#include "tap/adapt.h"

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    START_SECONDS = 1700000000, /* since 1970, of virtual time 0: the wall clock is known to every node */
    REST_SECONDS = 300
};

void test_fault(struct tapir_test *world, const char *format, ...)
{
    va_list values;
    if (world->fault[0] != '\0')
        return;
    va_start(values, format);
    vsnprintf(world->fault, sizeof world->fault, format, values);
    va_end(values);
}

/* ---- what the nodes tell ------------------------------------------------------------------------------- */

static size_t place_of(const struct tapir_test *world, const struct node *node)
{
    return (size_t)(node_spec(node) - world->network->nodes);
}

static void on_arrived(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number)
{
    struct tapir_test *world = context;
    size_t place = place_of(world, node);
    (void)packet;
    (void)number;
    if (world->gates[place] != NULL)
        journey_number(world->book, place, gates_handed(world->gates[place]));
}

static void on_settled(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct tapir_test *world = context;
    journey_settled(world->book, place_of(world, node), packet, node_now(node));
}

/* Keeps a copy until somebody takes it. */
static void on_sent(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct tapir_test *world = context;
    size_t place = place_of(world, node);
    if (world->gates[place] == NULL)
        return;
    struct gate *gate = gates_at(world->gates[place], packet->iface);
    journey_sent(world->book, place, packet, ++gate->sent, node_now(node));
    struct sent *sent = malloc(sizeof *sent + packet->size);
    if (sent == NULL) {
        test_fault(world, "out of memory");
        return;
    }
    *sent = (struct sent){NULL, node_now(node), place, packet->iface, packet->size};
    memcpy(sent->data, packet->data, packet->size);
    *world->last = sent;
    world->last = &sent->next;
}

/* ---- making -------------------------------------------------------------------------------------------- */

static void build(struct tapir_test *world)
{
    static const uint8_t seed[16] = "tapir tests 1";
    char error[sizeof world->fault] = "out of memory";
    struct node_watcher watcher = {on_arrived, on_sent, on_settled, NULL, world};
    struct tapir_op clock = {.kind = TAPIR_OP_CLOCK, .clock = {0}};
    world->time.now = (tapir_instant){START_SECONDS * NS_PER_SECOND};
    world->book = journeys_create(world->network);
    world->gates = calloc(world->network->n_nodes + 1, sizeof(struct gates *));
    if (world->book != NULL && world->gates != NULL)
        world->time.world =
            world_create(world->network, seed, &watcher, world->time.now, error, sizeof error);
    for (size_t i = 0; world->time.world != NULL && i < world->network->n_nodes; i++) {
        struct node *node = world_node(world->time.world, i);
        tapir_apply(node_stack(node), &clock, 1, NULL, world->time.now);
        world->gates[i] = gates_create(node);
    }
    if (world->time.world == NULL)
        test_fault(world, "%s", error);
}

/* `error` and the network are what config_read gave. */
static struct tapir_test *make(struct network *network, const char *error)
{
    struct tapir_test *world = calloc(1, sizeof *world);
    if (world == NULL) {
        network_free(network);
        return NULL;
    }
    world->network = network;
    world->last = &world->first;
    if (network == NULL)
        test_fault(world, "%s", error);
    else
        build(world);
    return world;
}

struct tapir_test *tapir_test_file(const char *path)
{
    char error[sizeof((struct tapir_test *)NULL)->fault];
    struct network *network = config_read(path, error, sizeof error, NULL);
    return make(network, error);
}

struct tapir_test *tapir_test_text(const char *text)
{
    char error[sizeof((struct tapir_test *)NULL)->fault];
    struct network *network = config_read_text("text", text, error, sizeof error, NULL);
    return make(network, error);
}

void tapir_test_close(struct tapir_test *world)
{
    if (world == NULL)
        return;
    world_destroy(world->time.world, world->time.now);
    for (size_t i = 0; world->gates != NULL && i < world->network->n_nodes; i++)
        gates_destroy(world->gates[i]);
    for (struct sent *sent = world->first, *next; sent != NULL; sent = next) {
        next = sent->next;
        free(sent);
    }
    free(world->taken);
    free(world->report);
    free(world->gates);
    journeys_destroy(world->book);
    network_free(world->network);
    free(world);
}

/* ---- frames in ----------------------------------------------------------------------------------------- */

static bool is_called(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

bool test_find(struct tapir_test *world, const char *name, struct place *place)
{
    const char *colon = strchr(name, ':'), *iface = colon == NULL ? name : colon + 1;
    for (size_t node = 0; world->time.world != NULL && node < world->network->n_nodes; node++) {
        const struct network_node *spec = &world->network->nodes[node];
        if (colon == NULL ? node > 0 : !is_called(spec->name, name, (size_t)(colon - name)))
            continue;
        for (unsigned i = 0; i < spec->n_interfaces; i++)
            if (strcmp(spec->interfaces[i].name, iface) == 0) {
                *place = (struct place){node, i};
                return true;
            }
    }
    test_fault(world,
               "%s: the network has no such interface; write INTERFACE, of its first node, or NODE:INTERFACE",
               name);
    return false;
}

static uint64_t feed(struct tapir_test *world, struct place place, const struct pcapfile_frame *frame)
{
    struct gates *gates = world->gates[place.node];
    if (gates == NULL || frame->size > PCAPFILE_FRAME) {
        test_fault(world, gates == NULL ? "out of memory" : "a frame is longer than 262144 octets");
        return 0;
    }
    uint64_t number = world->book->n + 1;
    journey_begin(world->book, place.node, place.iface, number, world->time.now);
    gate_load(gates_at(gates, place.iface), frame, world->time.now);
    virtual_work(&world->time, world->time.now);
    if (gate_unload(gates_at(gates, place.iface)) || world->time.is_stuck || world->book->n < number)
        test_fault(world, "a frame could not be handed over: a bug of tapir, or out of memory");
    return number;
}

uint64_t tapir_test_inject(struct tapir_test *world, const char *interface, const void *frame, size_t size)
{
    struct place place;
    if (world == NULL || !test_find(world, interface, &place))
        return 0;
    struct pcapfile_frame head = {.data = frame, .size = (uint32_t)(size > UINT32_MAX ? UINT32_MAX : size)};
    return feed(world, place, &head);
}

/* Everything before `due`, which then is the time. */
static void pass_to(struct tapir_test *world, tapir_instant due)
{
    virtual_pass(&world->time, due);
    if (world->time.now.ns < due.ns)
        world->time.now = due;
}

/* One frame of a capture: what is not Ethernet becomes it, for the MAC of the interface. 0: it cannot. */
static uint64_t feed_adapted(struct tapir_test *world, struct place place, struct pcapfile_frame *frame)
{
    char why[PCAPFILE_ERROR] = "out of memory";
    struct mac mac = world->network->nodes[place.node].interfaces[place.iface].mac;
    uint8_t *room = malloc(PCAPFILE_FRAME);
    bool fits = room != NULL && adapt_frame(frame, mac, room, why);
    uint64_t number = fits ? feed(world, place, frame) : 0;
    if (!fits)
        test_fault(world, "a frame of a capture: %s", why);
    free(room);
    return number;
}

static uint64_t feed_all(struct tapir_test *world, struct place place, struct pcapfile_reader *reader)
{
    struct pcapfile_frame frame;
    char error[PCAPFILE_ERROR];
    int64_t start = world->time.now.ns, first_ns = 0;
    uint64_t first = 0;
    enum pcapfile_result result;
    while ((result = pcapfile_next(reader, &frame, error)) == PCAPFILE_READ) {
        if (first == 0)
            first_ns = frame.time.ns;
        pass_to(world, (tapir_instant){start + frame.time.ns - first_ns});
        uint64_t number = feed_adapted(world, place, &frame);
        first = first == 0 ? number : first;
    }
    if (result == PCAPFILE_BAD)
        test_fault(world, "%s", error);
    return first;
}

uint64_t tapir_test_capture(struct tapir_test *world, const char *interface, const char *path)
{
    struct place place;
    char error[PCAPFILE_ERROR];
    if (world == NULL || !test_find(world, interface, &place))
        return 0;
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    if (reader == NULL) {
        test_fault(world, "%s", error);
        return 0;
    }
    uint64_t first = feed_all(world, place, reader);
    pcapfile_close(reader);
    return first;
}

/* ---- time ---------------------------------------------------------------------------------------------- */

void tapir_test_pass(struct tapir_test *world, int64_t ns)
{
    if (world == NULL || world->time.world == NULL || ns < 0)
        return;
    tapir_instant end = {world->time.now.ns + ns};
    virtual_pass(&world->time, (tapir_instant){end.ns + 1});
    world->time.now = end;
}

void tapir_test_rest(struct tapir_test *world)
{
    if (world != NULL && world->time.world != NULL)
        virtual_rest(&world->time, (tapir_instant){world->time.now.ns + REST_SECONDS * NS_PER_SECOND});
}

int64_t tapir_test_now(const struct tapir_test *world)
{
    return world == NULL || world->time.world == NULL ? 0
                                                      : world->time.now.ns - START_SECONDS * NS_PER_SECOND;
}

bool tapir_test_take(struct tapir_test *world, const char *interface, struct tapir_test_frame *frame)
{
    struct place place;
    if (world == NULL || !test_find(world, interface, &place))
        return false;
    struct sent **link = test_sent(world, place);
    struct sent *sent = *link;
    if (sent == NULL)
        return false;
    *link = sent->next;
    if (world->last == &sent->next)
        world->last = link;
    free(world->taken);
    world->taken = sent;
    *frame = (struct tapir_test_frame){sent->data, sent->size, sent->time.ns - START_SECONDS * NS_PER_SECOND};
    return true;
}

struct sent **test_sent(struct tapir_test *world, struct place place)
{
    struct sent **link = &world->first;
    while (*link != NULL && ((*link)->node != place.node || (*link)->iface != place.iface))
        link = &(*link)->next;
    return link;
}
