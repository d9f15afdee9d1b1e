/* One stack from birth to death, and its two doors. */
#include <string.h>

#include "icmp4/query.h"
#include "icmp4/router_discovery.h"
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
        .reassemblies = either(wanted->reassemblies, LIMIT_REASSEMBLIES),
        .reassembly = wanted->reassembly == 0 ? LIMIT_REASSEMBLY : wanted->reassembly,
        .memory = wanted->memory,
    };
}

/* Tables are sized with 32-bit arithmetic. */
static bool are_sensible(const struct tapir_limits *limits)
{
    const uint32_t sizes[] = {limits->interfaces,   limits->addresses,   limits->routes,
                              limits->neighbors,    limits->sockets,     limits->store_small,
                              limits->store_medium, limits->store_large, limits->out,
                              limits->reassemblies};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i] > LIMIT_TABLE)
            return false;
    return limits->reassembly <= UINT32_MAX;
}

static void init_core(struct core *core, const struct tapir_config *config)
{
    for (int name = 0; name < LANE_COUNT; name++)
        lane_init(&core->lanes[name], (enum lane_name)name);
    settings_init(&core->settings);
    struct rand_state keys;
    rand_init(&keys, config->seed, STREAM_KEYS);
    rand_bytes(&keys, core->hash_key, sizeof core->hash_key);
    rand_init(&core->random, config->seed, STREAM_STACK);
}

static bool init_tables(struct tapir *stack)
{
    struct memory *memory = &stack->core.memory;
    struct link *link = &stack->ip4.link;
    link->addresses = &stack->ip4.addresses;
    link->routes = &stack->ip4.routes;
    stack->ip4.hash_key = stack->core.hash_key;
    stack->icmp4.ip4 = &stack->ip4;
    stack->icmp4.queries = (struct datagrams){.kind = &query_kind, .ip4 = &stack->ip4};
    stack->udp = (struct datagrams){.kind = &udp_kind, .ip4 = &stack->ip4};
    stack->core.socket_limit = stack->limits.sockets;
    stack->ip4.again.kind = TIMER_AGAIN;
    stack->ip4.routers.timer.kind = TIMER_ROUTERS;
    ip4_id_init(&stack->ip4.ids, &stack->core.random);
    route_table_init(&stack->ip4.routes, memory, stack->limits.routes);
    return iface_table_init(&link->ifaces, memory, stack->limits.interfaces, stack->limits.out) &&
           neighbor_table_init(&link->neighbors, memory, stack->limits.neighbors) &&
           exception_table_init(&stack->ip4.exceptions, memory) &&
           address_table_init(&stack->ip4.addresses, memory, stack->limits.addresses) &&
           limiter_init(&stack->icmp4.limiter, memory) &&
           discovery_init(&stack->icmp4, memory, stack->limits.interfaces) &&
           mask_init(&stack->icmp4.masks, memory, stack->limits.interfaces) &&
           reass_table_init(&stack->ip4.reass, memory, &stack->limits) &&
           store_init(&stack->core.store, memory, &stack->limits);
}

struct tapir *tapir_create(const struct tapir_config *config, const struct tapir_memory *memory,
                           tapir_instant now)
{
    struct tapir_limits limits = fill_in(&config->limits);
    if (!are_sensible(&limits))
        return NULL;
    struct memory budget = {.from = *memory, .limit = config->limits.memory};
    struct tapir *stack = memory_allocate(&budget, sizeof *stack);
    if (stack == NULL)
        return NULL;
    stack->core.memory = budget;
    stack->core.now = now;
    stack->limits = limits;
    stack->observe = config->observe;
    init_core(&stack->core, config);
    if (init_tables(stack))
        return stack;
    tapir_destroy(stack);
    return NULL;
}

void tapir_destroy(struct tapir *stack)
{
    struct memory *memory = &stack->core.memory;
    datagram_free(&stack->udp);
    datagram_free(&stack->icmp4.queries);
    store_free(&stack->core.store, memory);
    discovery_free(&stack->icmp4, memory);
    reass_table_free(&stack->ip4.reass, memory);
    limiter_free(&stack->icmp4.limiter, memory);
    exception_table_free(&stack->ip4.exceptions, memory);
    mask_free(&stack->icmp4.masks, memory);
    address_table_free(&stack->ip4.addresses, memory);
    neighbor_table_free(&stack->ip4.link.neighbors, memory);
    iface_table_free(&stack->ip4.link.ifaces, memory);
    route_table_free(&stack->ip4.routes);
    struct memory last = *memory;
    memory_release(&last, stack, sizeof *stack);
}

static void close_lane(struct tapir *stack, enum lane_name name)
{
    struct tapir_packet *packet;
    while (lane_take(&stack->core, name, &packet, 1) == 1) {
        if (packet->verdict == TAPIR_UNSETTLED)
            settle(&stack->core, packet, TAPIR_STACK_CLOSED);
        else
            lane_push(&stack->core, LANE_SETTLED, packet);
    }
}

void tapir_close(struct tapir *stack, tapir_instant now)
{
    pipeline_advance(stack, now);
    pipeline_run(stack);
    for (unsigned i = 0; i < stack->limits.interfaces; i++) {
        struct iface *iface = iface_lookup(&stack->ip4.link.ifaces, i);
        if (iface == NULL)
            continue;
        neighbor_drop_all(&stack->ip4.link, &stack->core, i, TAPIR_STACK_CLOSED);
        iface_flush(&stack->core, iface, TAPIR_STACK_CLOSED);
    }
    reass_flush(&stack->ip4.reass, &stack->core, TAPIR_EVERYWHERE, TAPIR_STACK_CLOSED);
    for (int name = 0; name < LANE_SETTLED; name++)
        close_lane(stack, (enum lane_name)name);
    stack->is_closed = true;
    datagram_close(&stack->udp);
    datagram_close(&stack->icmp4.queries);
    pipeline_finish(stack);
}

/* ---- the doors ---- */

/* Nothing is known of it yet but where it came from. */
static void receive(struct tapir_packet *packet, unsigned iface, uint64_t number, tapir_instant now)
{
    packet->iface = iface;
    packet->number = number;
    packet->arrived = now;
    packet->verdict = packet->answer = TAPIR_UNSETTLED;
    packet->cause = packet->into = 0;
    packet->entry = 0;
    struct tapir_pool *home = packet->within.home;
    packet_clear(&packet->within, sizeof packet->within);
    packet->within.home = home;
}

uint64_t tapir_input(struct tapir *stack, unsigned iface, struct tapir_packet *const packets[], size_t n,
                     tapir_instant now)
{
    pipeline_advance(stack, now);
    struct core *core = &stack->core;
    uint64_t first = core->counters.packets[TAPIR_RECEIVED] + 1;
    core->counters.packets[TAPIR_RECEIVED] += n;
    core->counters.waiting[TAPIR_RECEIVED] += n;
    struct train train = train_begin(core, LANE_RX);
    now = core->now;
    bool traces = false;
    for (size_t i = 0; i < n; i++) {
        receive(packets[i], iface, first + i, now);
        traces |= packets[i]->traced;
        train_add(&train, packets[i]);
    }
    core->traces |= traces;
    train_end(core, LANE_RX, &train);
    if (stack->is_closed)
        close_lane(stack, LANE_RX);
    pipeline_run(stack);
    return first;
}

void tapir_tick(struct tapir *stack, tapir_instant now)
{
    tapir_input(stack, 0, NULL, 0, now);
}

size_t tapir_output(struct tapir *stack, unsigned *iface, struct tapir_packet *packets[], size_t max)
{
    size_t n = iface_take_out(&stack->ip4.link.ifaces, &stack->core, iface, packets, max);
    settle_departures(&stack->core, packets, n);
    return n;
}

size_t tapir_settled(struct tapir *stack, struct tapir_packet *packets[], size_t max)
{
    return lane_take(&stack->core, LANE_SETTLED, packets, max);
}

struct tapir_packet *tapir_take(struct tapir *stack, size_t size)
{
    return store_take(&stack->core.store, size);
}

void tapir_release(struct tapir *stack, struct tapir_packet *const packets[], size_t n)
{
    (void)stack;
    for (size_t i = 0; i < n; i++)
        packet_release(packets[i]);
}

void tapir_pause(struct tapir *stack, unsigned iface, bool paused)
{
    struct iface *found = iface_lookup(&stack->ip4.link.ifaces, iface);
    if (found != NULL)
        iface_pause(&stack->ip4.link.ifaces, found, paused);
}

tapir_instant tapir_deadline(const struct tapir *stack)
{
    if (stack->is_closed)
        return TAPIR_NEVER;
    return pipeline_has_work(stack) ? stack->core.now : timer_deadline(&stack->core.timers);
}

bool tapir_idle(const struct tapir *stack)
{
    const struct tapir_counters *c = &stack->core.counters;
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++)
        if (c->held[origin] != 0 || c->waiting[origin] != 0)
            return false;
    return stack->udp.first_ready == NULL && stack->icmp4.queries.first_ready == NULL &&
           discovery_is_idle(&stack->icmp4);
}
