/* One stack from birth to death, and its two doors. */
#include <string.h>

#include "pipeline.h"
#include "state.h"

/* Streams of the generator: one for each purpose, so that a new one does not shift the numbers of another. */
enum stream {
    STREAM_STACK,
    STREAM_KEYS
};

static uint32_t either(uint32_t wanted, uint32_t otherwise)
{
    return wanted == 0 ? otherwise : wanted;
}

static struct tapir_limits fill_in(const struct tapir_limits *wanted)
{
    return (struct tapir_limits){
        .interfaces = either(wanted->interfaces, LIMIT_INTERFACES),
        .addresses = either(wanted->addresses, LIMIT_ADDRESSES),
        .routes = either(wanted->routes, LIMIT_ROUTES),
        .neighbors = either(wanted->neighbors, LIMIT_NEIGHBORS),
        .sockets = either(wanted->sockets, LIMIT_SOCKETS),
        .store_small = either(wanted->store_small, LIMIT_STORE_SMALL),
        .store_medium = either(wanted->store_medium, LIMIT_STORE_MEDIUM),
        .store_large = either(wanted->store_large, LIMIT_STORE_LARGE),
        .out = either(wanted->out, LIMIT_OUT),
        .memory = wanted->memory,
    };
}

static void init_core(struct core *core, const struct tapir_config *config)
{
    for (int name = 0; name < LANE_COUNT; name++)
        core->lanes[name].name = (enum lane_name)name;
    settings_init(&core->settings);
    struct rand_state keys;
    rand_init(&keys, config->seed, STREAM_KEYS);
    rand_bytes(&keys, core->hash_key, sizeof core->hash_key);
    rand_init(&core->random, config->seed, STREAM_STACK);
}

static bool init_tables(struct tapir *t)
{
    struct memory *memory = &t->core.memory;
    struct link *link = &t->ip4.link;
    link->addresses = &t->ip4.addresses;
    link->routes = &t->ip4.routes;
    t->icmp4.ip4 = &t->ip4;
    t->udp.ip4 = &t->ip4;
    t->udp.limit = t->limits.sockets;
    t->ip4.again.kind = TIMER_AGAIN;
    ip4_id_init(&t->ip4.ids, &t->core.random);
    route_table_init(&t->ip4.routes, memory, t->limits.routes);
    return iface_table_init(&link->ifaces, memory, t->limits.interfaces, t->limits.out) &&
           neighbor_table_init(&link->neighbors, memory, t->limits.neighbors) &&
           address_table_init(&t->ip4.addresses, memory, t->limits.addresses) &&
           limiter_init(&t->icmp4.limiter, memory) && store_init(&t->core.store, memory, &t->limits);
}

struct tapir *tapir_create(const struct tapir_config *config, const struct tapir_memory *memory,
                           tapir_instant now)
{
    struct memory budget = {.from = *memory, .limit = config->limits.memory};
    struct tapir *t = memory_allocate(&budget, sizeof *t);
    if (t == NULL)
        return NULL;
    t->core.memory = budget;
    t->core.now = now;
    t->limits = fill_in(&config->limits);
    t->observe = config->observe;
    init_core(&t->core, config);
    if (init_tables(t))
        return t;
    tapir_destroy(t);
    return NULL;
}

void tapir_destroy(struct tapir *t)
{
    struct memory *memory = &t->core.memory;
    udp_free(&t->udp);
    store_free(&t->core.store, memory);
    limiter_free(&t->icmp4.limiter, memory);
    address_table_free(&t->ip4.addresses, memory);
    neighbor_table_free(&t->ip4.link.neighbors, memory);
    iface_table_free(&t->ip4.link.ifaces, memory);
    route_table_free(&t->ip4.routes);
    struct memory last = *memory;
    memory_release(&last, t, sizeof *t);
}

static void close_lane(struct tapir *t, enum lane_name name)
{
    struct tapir_packet *packet;
    while (lane_take(&t->core, name, &packet, 1) == 1) {
        if (packet->verdict == TAPIR_UNSETTLED)
            settle(&t->core, packet, TAPIR_STACK_CLOSED);
        else
            lane_push(&t->core, LANE_SETTLED, packet);
    }
}

/* No probe and no announcement comes any more. */
static void close_addresses(struct tapir *t)
{
    uint64_t cursor = 0;
    for (struct address *address; (address = address_next(&t->ip4.addresses, &cursor)) != NULL;)
        timer_cancel(&t->core.timers, &address->timer);
}

void tapir_close(struct tapir *t, tapir_instant now)
{
    pipeline_advance(t, now);
    pipeline_run(t);
    const struct ip4_prefix everything = {.length = 0};
    for (unsigned i = 0; i < t->limits.interfaces; i++) {
        struct iface *iface = iface_lookup(&t->ip4.link.ifaces, i);
        if (iface == NULL)
            continue;
        neighbor_flush(&t->ip4.link, &t->core, i, everything, false, TAPIR_STACK_CLOSED);
        iface_flush(&t->core, iface, TAPIR_STACK_CLOSED);
    }
    for (int name = 0; name < LANE_SETTLED; name++)
        close_lane(t, (enum lane_name)name);
    close_addresses(t);
    t->is_closed = true;
    promise(core_is_conserved(&t->core));
}

/* ---- the doors ---- */

uint64_t tapir_input(struct tapir *t, unsigned iface, struct tapir_packet *const packets[], size_t n,
                     tapir_instant now)
{
    pipeline_advance(t, now);
    uint64_t first = t->core.counters.packets[TAPIR_RECEIVED] + 1;
    for (size_t i = 0; i < n; i++) {
        struct tapir_packet *packet = packets[i];
        packet->iface = iface;
        packet->number = ++t->core.counters.packets[TAPIR_RECEIVED];
        packet->arrived = t->core.now;
        packet->verdict = packet->answer = TAPIR_UNSETTLED;
        packet->cause = packet->into = 0;
        packet->entry = 0;
        packet->within.origin = TAPIR_RECEIVED;
        lane_push(&t->core, LANE_RX, packet);
    }
    if (t->is_closed)
        close_lane(t, LANE_RX);
    pipeline_run(t);
    return first;
}

void tapir_tick(struct tapir *t, tapir_instant now)
{
    tapir_input(t, 0, NULL, 0, now);
}

size_t tapir_output(struct tapir *t, unsigned *iface, struct tapir_packet *packets[], size_t max)
{
    size_t n = iface_take_out(&t->ip4.link.ifaces, &t->core, iface, packets, max);
    for (size_t i = 0; i < n; i++)
        settle_departure(&t->core, packets[i]);
    return n;
}

size_t tapir_settled(struct tapir *t, struct tapir_packet *packets[], size_t max)
{
    return lane_take(&t->core, LANE_SETTLED, packets, max);
}

struct tapir_packet *tapir_take(struct tapir *t, size_t size)
{
    return store_take(&t->core.store, size);
}

void tapir_release(struct tapir *t, struct tapir_packet *const packets[], size_t n)
{
    (void)t;
    for (size_t i = 0; i < n; i++)
        packet_release(packets[i]);
}

void tapir_pause(struct tapir *t, unsigned number, bool paused)
{
    struct iface *iface = iface_lookup(&t->ip4.link.ifaces, number);
    if (iface != NULL)
        iface->paused = paused;
}

tapir_instant tapir_deadline(const struct tapir *t)
{
    return pipeline_has_work(t) ? t->core.now : timer_deadline(&t->core.timers);
}

bool tapir_idle(const struct tapir *t)
{
    const struct tapir_counters *c = &t->core.counters;
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++)
        if (c->held[origin] != 0 || c->waiting[origin] != 0)
            return false;
    return t->is_closed || t->udp.first_ready == NULL;
}
