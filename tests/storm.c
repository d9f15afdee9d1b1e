#include "tests/storm.h"

#include <stdlib.h>
#include <string.h>

#include "tests/blocks.h"

enum {
    AHEAD = 16 /* octets before a slot, which keep it aligned */
};

/* ---- memory and slots ---- */

static void *allocate(void *context, size_t size)
{
    struct storm *storm = context;
    if (storm->shape.poor && storm->is_set_up && dice_once_in(&storm->dice, 4))
        return NULL;
    void *block = block_take(size);
    storm->memory += block == NULL ? 0 : size;
    return block;
}

static void give_memory(void *context, void *block, size_t size)
{
    struct storm *storm = context;
    if (size > storm->memory)
        storm_fault(storm, "more memory given back than taken", NULL);
    storm->memory -= size;
    block_give(block, size);
}

/* The slot begins behind its size. */
static size_t *size_before(struct tapir_packet *packet)
{
    return (void *)((uint8_t *)packet - AHEAD);
}

static void give_slot(struct tapir_pool *pool, struct tapir_packet *packet)
{
    struct storm_slots *slots = (void *)pool;
    const uint8_t *begin = packet->data - packet->headroom;
    size_t octets = (size_t)packet->headroom + packet->size + packet->tailroom;
    slots->torn += begin != (const uint8_t *)(packet + 1) ||
                   octets != *size_before(packet) - sizeof(struct tapir_packet);
    slots->released++;
    slots->inside--;
    free(size_before(packet));
}

static struct tapir_packet *slot_of(struct storm *storm, const uint8_t *frame, size_t size)
{
    size_t whole = (sizeof(struct tapir_packet) + TAPIR_HEADROOM + size + 15) & ~(size_t)15;
    uint8_t *block = malloc(AHEAD + whole);
    if (block == NULL)
        storm_fault(storm, "no memory for a slot", NULL);
    /* The frame ends where the block ends, be it shorter than Ethernet wants. */
    struct tapir_packet *packet = tapir_packet_init(block + AHEAD, whole, &storm->slots.face);
    *size_before(packet) = whole;
    uint32_t slack = packet->tailroom - (uint32_t)size;
    memset(packet->data, 0x5a, packet->tailroom);
    packet->data += slack;
    packet->headroom += slack;
    packet->size = (uint32_t)size;
    packet->tailroom -= slack + packet->size;
    if (size > 0)
        memcpy(packet->data, frame, size);
    return packet;
}

/* ---- life ---- */

static struct tapir_limits tiny_limits(struct dice *dice)
{
    return (struct tapir_limits){
        .interfaces = STORM_IFACES,
        .addresses = 4 + dice_below(dice, 4),
        .routes = 24 + dice_below(dice, 8),
        .neighbors = 1 + dice_below(dice, 8),
        .sockets = 4,
        .store_small = 1 + dice_below(dice, 6),
        .store_medium = 1 + dice_below(dice, 3),
        .store_large = 1,
        .out = 1 + dice_below(dice, 16),
        .reassemblies = 1 + dice_below(dice, 3),
        .reassembly = 20000,
    };
}

size_t storm_network(bool router, struct tapir_op ops[32])
{
    size_t n = 0;
    for (unsigned i = 0; i < (router ? STORM_IFACES : 1U); i++) {
        ops[n] = (struct tapir_op){.kind = TAPIR_OP_INTERFACE, .iface = i};
        ops[n].interface.mac = (struct mac){{2, 0, 0, 0, 0, (uint8_t)(i + 1)}};
        ops[n].interface.mtu = STORM_MTU;
        memcpy(ops[n++].interface.name, "eth", 4);
    }
    static const struct ip4_prefix own[] = {
        {{0x0a000001}, 24}, {{0x0a000101}, 24}, {{0xc0a80701}, 30}, {{0xac100000}, 31}};
    static const unsigned at[] = {0, 1, 1, 2};
    for (size_t i = 0; i < (router ? 4 : 1U); i++)
        ops[n++] = (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = at[i], .address = own[i]};
    static const struct tapir_route routes[] = {
        {.prefix = {{0}, 0}, .via = {0x0a0000fe}},
        {.prefix = {{0x0a090000}, 16}, .via = {0x0a0001fe}},
        {.prefix = {{0x0a420000}, 16}, .kind = TAPIR_ROUTE_PROHIBIT},
        {.prefix = {{0x0a430000}, 16}, .kind = TAPIR_ROUTE_UNREACHABLE},
        {.prefix = {{0x0a440000}, 16}, .kind = TAPIR_ROUTE_BLACKHOLE},
    };
    for (size_t i = 0; i < (router ? 5 : 1U); i++)
        ops[n++] = (struct tapir_op){.kind = TAPIR_OP_ROUTE, .route = routes[i]};
    ops[n++] = (struct tapir_op){
        .kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, router}};
    return n;
}

static void build(struct storm *storm)
{
    struct tapir_op ops[32];
    struct tapir_fault fault = {0, ""};
    size_t n = storm->shape.n_network;
    const struct tapir_op *network = storm->shape.network;
    if (network == NULL) {
        n = storm_network(storm->shape.router, ops);
        network = ops;
    }
    if (tapir_apply(storm->stack, network, n, &fault, storm->now) != TAPIR_OK)
        storm_fault(storm, fault.why, NULL);
    static const struct network_service seven = {NETWORK_ECHO, 7};
    if (!service_open(&storm->echo, storm->stack, &seven))
        storm_fault(storm, "no echo service", NULL);
}

void storm_begin(struct storm *storm, const struct storm_shape *shape)
{
    *storm = (struct storm){.shape = *shape, .dice = dice_of(shape->seed), .now = {1000}};
    storm->slots.face.give = give_slot;
    storm->n_seen = shape->brief ? 512 : STORM_SEEN;
    storm->seen = calloc(storm->n_seen, sizeof *storm->seen);
    struct tapir_config config = {.observe = !shape->unobserved};
    memcpy(config.seed, &shape->seed, sizeof shape->seed);
    if (shape->brief)
        config.limits = (struct tapir_limits){.neighbors = 32,
                                              .addresses = 16,
                                              .store_small = 64,
                                              .store_medium = 32,
                                              .store_large = 2,
                                              .reassemblies = 8,
                                              .reassembly = 262144};
    if (shape->tiny)
        config.limits = tiny_limits(&storm->dice);
    config.limits.interfaces = STORM_IFACES; /* operations name others, too: they must be refused */
    struct tapir_memory memory = {allocate, give_memory, storm, false};
    storm->stack = storm->seen == NULL ? NULL : tapir_create(&config, &memory, storm->now);
    if (storm->stack == NULL)
        storm_fault(storm, "no memory", NULL);
    build(storm);
    storm_look(storm);
    storm->is_set_up = true;
}

static void look_at_interfaces(struct storm *storm)
{
    uint64_t cursor = 0;
    union tapir_row row;
    while (tapir_list(storm->stack, TAPIR_TABLE_INTERFACES, &cursor, &row, 1) == 1) {
        const uint8_t *octet = row.interface.mac.octet;
        storm->mac[row.interface.iface] = (uint64_t)dissect_get(octet, 2) << 32 | dissect_get(octet + 2, 4);
        /* one that was made anew is not paused */
        tapir_pause(storm->stack, row.interface.iface, storm->paused[row.interface.iface]);
    }
}

void storm_look(struct storm *storm)
{
    look_at_interfaces(storm);
    uint64_t cursor = 0;
    union tapir_row row;
    storm->n_now_own = 0;
    storm->has_lost = false;
    while (tapir_list(storm->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1) {
        uint32_t own = row.address.address.address.value;
        size_t i = 0;
        while (i < storm->n_ever_own && storm->ever_own[i] != own)
            i++;
        if (i == storm->n_ever_own && i < STORM_OWN)
            storm->ever_own[storm->n_ever_own++] = own;
        storm->lengths |= UINT64_C(1) << row.address.address.length;
        storm->has_lost |= row.address.state == TAPIR_ADDRESS_CONFLICT;
        if (storm->n_now_own < STORM_OWN)
            storm->now_own[storm->n_now_own++] = row.address.address;
    }
}

/* ---- the doors ---- */

static void drain_output(struct storm *storm)
{
    struct tapir_packet *packets[STORM_BATCH];
    unsigned iface;
    for (size_t n; (n = tapir_output(storm->stack, &iface, packets, STORM_BATCH)) > 0;) {
        for (size_t i = 0; i < n; i++)
            storm_judge_output(storm, iface, packets[i]);
        tapir_release(storm->stack, packets, n);
    }
}

static void drain_settled(struct storm *storm)
{
    struct tapir_packet *packets[STORM_BATCH];
    for (size_t n; (n = tapir_settled(storm->stack, packets, STORM_BATCH)) > 0;) {
        for (size_t i = 0; i < n; i++)
            storm_judge_settled(storm, packets[i]);
        tapir_release(storm->stack, packets, n);
    }
}

static void drain(struct storm *storm)
{
    drain_output(storm);
    drain_settled(storm);
    storm_judge_counters(storm);
}

void storm_flush(struct storm *storm)
{
    size_t n = storm->batch_size;
    if (n == 0)
        return;
    storm->batch_size = 0;
    uint64_t next = tapir_counters(storm->stack)->packets[TAPIR_RECEIVED] + 1;
    for (size_t i = 0; i < n; i++)
        storm_remember(storm, storm->batch[i], next + i);
    storm->slots.inside += n;
    if (tapir_input(storm->stack, storm->batch_iface, storm->batch, n, storm->now) != next)
        storm_fault(storm, "the first frame got another number", NULL);
    drain(storm);
    service_serve(&storm->echo);
}

void storm_send(struct storm *storm, unsigned iface, const uint8_t *frame, size_t size)
{
    if (storm->batch_size == STORM_BATCH || storm->batch_iface != iface)
        storm_flush(storm);
    storm->batch_iface = iface;
    storm->batch[storm->batch_size++] = slot_of(storm, frame, size);
}

void storm_wait(struct storm *storm, int64_t ns)
{
    storm_flush(storm);
    storm->now.ns += ns;
    tapir_tick(storm->stack, storm->now);
    drain(storm);
    service_serve(&storm->echo);
    if (storm->shape.talks)
        storm_talk(storm);
    storm_look(storm);
    for (struct tapir_event event; tapir_next_event(storm->stack, &event);)
        if (event.bits == 0)
            storm_fault(storm, "an event of nothing", NULL);
}

void storm_end(struct storm *storm)
{
    storm_flush(storm);
    for (unsigned i = 0; i < STORM_IFACES; i++)
        tapir_pause(storm->stack, i, storm->paused[i] = false);
    tapir_close(storm->stack, storm->now);
    drain(storm);
    const struct tapir_counters *counters = tapir_counters(storm->stack);
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++)
        if (counters->packets[origin] != counters->settled[origin])
            storm_fault(storm, "closed, but not all is settled", NULL);
    for (int verdict = 0; verdict < TAPIR_VERDICT_COUNT; verdict++)
        storm->reached[verdict] =
            counters->verdicts[verdict][TAPIR_RECEIVED] + counters->verdicts[verdict][TAPIR_BORN];
    if (storm->slots.inside != 0)
        storm_fault(storm, "closed, but slots are inside", NULL);
    uint64_t cursor = 4; /* the rows of the store */
    union tapir_row row;
    for (int i = 0; i < 3 && tapir_list(storm->stack, TAPIR_TABLE_LIMITS, &cursor, &row, 1) == 1; i++)
        if (row.limit.use != 0)
            storm_fault(storm, "closed, but the store has slots out", NULL);
    tapir_destroy(storm->stack);
    if (storm->memory != 0)
        storm_fault(storm, "destroyed, but memory is missing", NULL);
    free(storm->seen);
}

/* ---- addresses ---- */

uint64_t storm_mac(unsigned iface)
{
    return UINT64_C(0x020000000001) + iface;
}

uint64_t storm_peer(uint32_t address)
{
    return UINT64_C(0x02aa00000000) | address;
}

void storm_put_mac(uint8_t *at, uint64_t mac)
{
    dissect_put16(at, (uint32_t)(mac >> 32) & 0xffff);
    dissect_put16(at + 2, (uint32_t)(mac >> 16) & 0xffff);
    dissect_put16(at + 4, (uint32_t)mac & 0xffff);
}

void storm_answer_arp(struct storm *storm)
{
    for (size_t i = 0; i < storm->n_asked; i++) {
        if (dice_once_in(&storm->dice, 4))
            continue;
        uint8_t frame[60] = {0};
        storm_put_mac(frame, storm->mac[storm->asked[i].iface]);
        storm_put_mac(frame + 6, storm_peer(storm->asked[i].for_address));
        memcpy(frame + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x02", 10);
        memcpy(frame + 22, frame + 6, 6);
        dissect_put16(frame + 28, storm->asked[i].for_address >> 16);
        dissect_put16(frame + 30, storm->asked[i].for_address & 0xffff);
        memcpy(frame + 32, frame, 6);
        dissect_put16(frame + 38, storm->asked[i].asks >> 16);
        dissect_put16(frame + 40, storm->asked[i].asks & 0xffff);
        storm_send(storm, storm->asked[i].iface, frame, 60);
    }
    storm->n_asked = 0;
}
