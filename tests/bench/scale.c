#include "tests/bench/scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "state.h"
#include "tests/bench/measure.h"
#include "tests/bench/prefixes.h"
#include "tests/dissect.h"

enum {
    FRAME = 64,
    FLOWS = 1 << 18,
    HOPS = 16,
    PAGE = 4096,
    RESERVED =
        512 *
        1024, /* octets: a block of at least as many is for packets, as in tests/stack/test_memory_figure.c */
    ON_LINK = 0x0a400000 /* 10.64.0.0/10 on interface 1 */
};

/* ---- memory that tells ---- */

static size_t asked;
static struct block {
    void *at;
    size_t size;
} * watched; /* NULL: nobody wants to know of blocks */
static size_t n_watched;

static size_t pages(size_t size)
{
    return (size + PAGE - 1) / PAGE;
}

static void *allocate(void *context, size_t size)
{
    (void)context;
    void *block = mmap(NULL, pages(size) * PAGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    measure_need(block == MAP_FAILED ? NULL : block);
    asked += size;
    if (watched != NULL)
        watched[n_watched++] = (struct block){block, size};
    return block;
}

static void release(void *context, void *block, size_t size)
{
    (void)context;
    asked -= size;
    munmap(block, pages(size) * PAGE);
}

/* ---- building ---- */

static void apply(struct tapir *stack, struct tapir_op op, enum tapir_result but)
{
    struct tapir_fault fault = {0, ""};
    enum tapir_result result = tapir_apply(stack, &op, 1, &fault, (tapir_instant){0});
    if (result == TAPIR_OK || result == but)
        return;
    fprintf(stderr, "bench_scale: %s\n", fault.why);
    exit(1);
}

static void add_interface(struct tapir *stack, unsigned number, uint32_t address, uint8_t length)
{
    struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = number};
    op.interface.mac = (struct mac){{2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number}};
    op.interface.mac.octet[1] = number != 0;
    op.interface.mtu = 1500;
    apply(stack, op, TAPIR_OK);
    apply(stack, (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = number, .address = {{address}, length}},
          TAPIR_OK);
}

static void add_neighbor(struct tapir *stack, unsigned iface, uint32_t address)
{
    struct mac mac = {{2, 2, (uint8_t)(address >> 24), (uint8_t)(address >> 16), (uint8_t)(address >> 8),
                       (uint8_t)address}};
    apply(stack, (struct tapir_op){.kind = TAPIR_OP_NEIGHBOR, .iface = iface, .neighbor = {{address}, mac}},
          TAPIR_OK);
}

/* A router with interface 0 alone. */
static struct tapir *make_stack(uint32_t interfaces, uint32_t neighbors)
{
    struct tapir_config config = {.limits = {.interfaces = interfaces,
                                             .addresses = interfaces,
                                             .routes = 1100000,
                                             .neighbors = neighbors},
                                  .observe = false};
    struct tapir_memory memory = {.allocate = allocate, .release = release, .zeroed = true};
    struct tapir *stack = measure_need(tapir_create(&config, &memory, (tapir_instant){0}));
    apply(
        stack,
        (struct tapir_op){.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, 1}},
        TAPIR_OK);
    add_interface(stack, 0, 0x0a000001, 24);
    return stack;
}

static void to(struct scale *scale, size_t flow, uint32_t destination)
{
    uint8_t header[20] = {0x45, 0, 0, FRAME - 14, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 99};
    dissect_put16(header + 16, destination >> 16);
    dissect_put16(header + 18, destination & 0xffff);
    scale->flows[flow] = (struct scale_flow){destination, dissect_sum(header, sizeof header, 0)};
}

static void build_neighbors(struct scale *scale, uint32_t size)
{
    struct dice dice = dice_of(2);
    scale->stack = make_stack(2, 2 * size + 64);
    add_interface(scale->stack, 1, ON_LINK + 1, 10);
    for (uint32_t i = 0; i < size; i++)
        add_neighbor(scale->stack, 1, ON_LINK + 2 + i);
    for (size_t i = 0; i < FLOWS; i++)
        to(scale, i, ON_LINK + 2 + dice_below(&dice, size));
}

static void add_routes(struct tapir *stack, struct ip4_prefix *prefixes, uint32_t n)
{
    struct dice dice = dice_of(1);
    for (uint32_t i = 0; i < n; i++) {
        do
            prefixes[i] = prefixes_clustered(&dice);
        while (prefixes[i].address.value >> 24 == 10 || prefixes[i].address.value >> 24 >= 127);
        struct tapir_op op = {.kind = TAPIR_OP_ROUTE, .route = {.prefix = prefixes[i]}};
        op.route.via.value =
            ON_LINK + 2 + (prefixes[i].address.value * 2654435769U + prefixes[i].length) % HOPS;
        apply(stack, op, TAPIR_EXISTS);
    }
}

static void build_routes(struct scale *scale, uint32_t size)
{
    struct dice dice = dice_of(3);
    struct ip4_prefix *prefixes = measure_need(calloc(size, sizeof *prefixes));
    build_neighbors(scale, HOPS);
    add_routes(scale->stack, prefixes, size);
    for (size_t i = 0; i < FLOWS; i++)
        to(scale, i, prefixes_inside(&dice, prefixes[dice_below(&dice, size)]).value);
    free(prefixes);
}

/* Interface i is 10.128.0.1/24 and so on, with one neighbor. */
static void build_exits(struct scale *scale, uint32_t size, uint32_t used)
{
    struct dice dice = dice_of(4);
    scale->stack = make_stack(size, 2 * size + 64);
    for (uint32_t i = 1; i < size; i++) {
        add_interface(scale->stack, i, 0x0a800001 + (i << 8), 24);
        add_neighbor(scale->stack, i, 0x0a800002 + (i << 8));
    }
    for (size_t i = 0; i < FLOWS; i++)
        to(scale, i, 0x0a800002 + ((1 + dice_below(&dice, used) * ((size - 1) / used)) << 8));
}

static void build_interfaces(struct scale *scale, uint32_t size)
{
    build_exits(scale, size, 3);
}

static void build_interfaces_all(struct scale *scale, uint32_t size)
{
    build_exits(scale, size, size - 1);
}

static void build_timers(struct scale *scale, uint32_t size)
{
    struct dice dice = dice_of(5);
    build_neighbors(scale, HOPS);
    scale->timers = measure_need(calloc(size, sizeof *scale->timers));
    for (uint32_t i = 0; i < size; i++)
        timer_arm(&scale->stack->core.timers, &scale->timers[i],
                  (tapir_instant){INT64_C(86400000000000) + dice_below(&dice, 1000000000)});
}

static void build_nodes(struct scale *scale, uint32_t size)
{
    build_neighbors(scale, HOPS);
    scale->n_idle = size - 1;
    scale->idle = measure_need(calloc(size, sizeof(struct tapir *)));
    for (uint32_t i = 0; i + 1 < size; i++)
        scale->idle[i] = make_stack(2, 64);
}

const struct scale_axis scale_axes[SCALE_AXES] = {
    {"routes", build_routes, {1, 10, 100, 1000, 10000, 100000, 1000000}, 7},
    {"neighbors", build_neighbors, {10, 100, 1000, 10000, 100000}, 5},
    {"interfaces", build_interfaces, {4, 16, 64, 256, 1024, 4096}, 6},
    {"interfaces-all", build_interfaces_all, {4, 16, 64, 256, 1024, 4096}, 6},
    {"timers", build_timers, {10, 100, 1000, 10000, 100000}, 5},
    {"nodes", build_nodes, {1, 10, 100, 1000}, 4},
};

const struct scale_axis *scale_axis(const char *name)
{
    for (size_t i = 0; i < SCALE_AXES; i++)
        if (strcmp(scale_axes[i].name, name) == 0)
            return &scale_axes[i];
    return NULL;
}

void scale_init(struct scale *scale, const struct scale_axis *axis, uint32_t size)
{
    *scale = (struct scale){.flows = measure_need(calloc(FLOWS, sizeof *scale->flows))};
    measure_slots(&scale->pool);
    axis->build(scale, size);
}

void scale_free(struct scale *scale)
{
    tapir_destroy(scale->stack);
    for (size_t i = 0; i < scale->n_idle; i++)
        tapir_destroy(scale->idle[i]);
    free(scale->idle);
    free(scale->timers);
    free(scale->flows);
    free(scale->pool.memory);
}

/* ---- what is measured ---- */

/* What a device does: an empty slot, and the bytes of a frame. */
static void fill(struct scale *scale, struct tapir_packet *packets[SCALE_BATCH])
{
    static const uint8_t frame[FRAME] =
        "\2\0\0\0\0\0\2\0\0\0\0\x63\x08\0\x45\0\0\x32\0\0\0\0\x40\x11\0\0\x0a\0\0\x63\0\0\0\0\x13\x88\0\x9\0\x1e";
    size_t first = scale->turn++ * SCALE_BATCH;
    for (size_t i = 0; i < SCALE_BATCH; i++) {
        const struct scale_flow *flow = &scale->flows[(first + i) % FLOWS];
        struct tapir_packet *packet = packets[i] = pool_take(&scale->pool);
        memcpy(packet->data, frame, FRAME);
        dissect_put16(packet->data + 24, flow->checksum);
        dissect_put16(packet->data + 30, flow->destination >> 16);
        dissect_put16(packet->data + 32, flow->destination & 0xffff);
        packet->size = FRAME;
        packet->tailroom -= FRAME;
    }
}

void scale_turn(struct scale *scale)
{
    struct tapir_packet *packets[SCALE_BATCH];
    unsigned iface;
    size_t out = 0, n;
    fill(scale, packets);
    tapir_input(scale->stack, 0, packets, SCALE_BATCH, (tapir_instant){(int64_t)scale->turn});
    while ((n = tapir_output(scale->stack, &iface, packets, SCALE_BATCH)) > 0) {
        tapir_release(scale->stack, packets, n);
        out += n;
    }
    if (out == SCALE_BATCH)
        return;
    fprintf(stderr, "bench_scale: %zu frames of %d came out\n", out, SCALE_BATCH);
    exit(1);
}

void scale_yardstick(struct scale *scale)
{
    struct tapir_packet *packets[SCALE_BATCH];
    fill(scale, packets);
    for (size_t i = 0; i < SCALE_BATCH; i++) {
        uint8_t *ip = packets[i]->data + 14;
        ip[8]--;
        uint32_t sum = dissect_get(ip + 10, 2) + 0x100;
        dissect_put16(ip + 10, (sum + (sum >> 16)) & 0xffff);
        scale->pool.face.give(&scale->pool.face, packets[i]);
    }
}

/* ---- memory ---- */

static size_t touched(void)
{
    size_t n = 0;
    for (size_t i = 0; i < n_watched; i++) {
        unsigned char in[RESERVED / PAGE];
        size_t count = pages(watched[i].size);
        if (watched[i].size >= RESERVED || mincore(watched[i].at, count * PAGE, in) != 0)
            continue;
        for (size_t page = 0; page < count; page++)
            n += in[page] & 1;
    }
    return n * PAGE;
}

struct scale_memory scale_memory(void)
{
    struct block blocks[256];
    struct scale_memory memory;
    struct ip4_prefix *prefixes = measure_need(calloc(1100000, sizeof *prefixes));
    watched = blocks;
    struct tapir *stack = make_stack(2, 512);
    memory.idle = (double)touched();
    watched = NULL;
    n_watched = 0;
    add_interface(stack, 1, ON_LINK + 1, 10);
    size_t before = asked;
    add_routes(stack, prefixes, 1075000); /* with those that are drawn twice, about a million */
    memory.routes = (double)(asked - before);
    printf("%u routes\n", stack->ip4.routes.count);
    tapir_destroy(stack);
    before = asked;
    tapir_destroy(make_stack(2, 1)); /* nothing is kept */
    stack = make_stack(2, 1);
    size_t small = asked - before;
    tapir_destroy(stack);
    stack = make_stack(2, 100000);
    memory.neighbors = (double)(asked - before - small);
    tapir_destroy(stack);
    free(prefixes);
    return memory;
}
