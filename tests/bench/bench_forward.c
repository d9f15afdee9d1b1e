/* What forwarding a packet costs: in memory, no device, through tapir_input and tapir_output.
 *
 *     bench_forward [rounds]
 *
 * Batches of 32 UDP datagrams of 64 octets to as many addresses behind one next hop, whose MAC is known.
 * Interleaved round by round: a table with one route, one with 100,000 (addresses spread over all of them),
 * and the yardstick, which does the least that a router must with the same slots: copy 64 octets, count down
 * the TTL, mend the checksum. Medians of the rounds, in nanoseconds a packet, and in instructions when the
 * kernel lets us count them. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tapir.h"
#include "tests/dice.h"
#include "tests/dissect.h"

enum {
    BATCH = 32,
    SLOTS = 64,
    STRIDE = 2368, /* an odd number of cache lines */
    FRAME = 64,
    BATCHES = 2000, /* in a round */
    ROUTES = 100000,
    DESTINATIONS = 4096
};

/* ---- slots: a stack of free ones ---- */

struct slots {
    struct tapir_pool face;
    struct tapir_packet *free[SLOTS];
    size_t n;
};

static void give(struct tapir_pool *pool, struct tapir_packet *packet)
{
    struct slots *slots = (void *)pool;
    slots->free[slots->n++] = packet;
}

static void slots_init(struct slots *slots)
{
    uint8_t *memory = aligned_alloc(64, (size_t)SLOTS * STRIDE);
    if (memory == NULL)
        exit(1);
    memset(memory, 0, (size_t)SLOTS * STRIDE);
    *slots = (struct slots){.face.give = give};
    for (size_t i = 0; i < SLOTS; i++)
        slots->free[slots->n++] = (void *)(memory + i * STRIDE);
}

/* ---- the router ---- */

static void *allocate(void *context, size_t size)
{
    (void)context;
    return aligned_alloc(64, (size + 63) / 64 * 64);
}

static void release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

static void apply(struct tapir *stack, const struct tapir_op *op)
{
    struct tapir_fault fault = {0, ""};
    if (tapir_apply(stack, op, 1, &fault, (tapir_instant){0}) == TAPIR_OK)
        return;
    fprintf(stderr, "bench_forward: %s\n", fault.why);
    exit(1);
}

static struct tapir_op route_op(uint32_t network, uint8_t length)
{
    return (struct tapir_op){.kind = TAPIR_OP_ROUTE,
                             .route = {.prefix = {{network}, length}, .via = {0x0a000102}}};
}

/* 10.0.0.1/24 and 10.0.1.1/24; `routes` networks of 24 bits from 20.0.0.0 on lead to 10.0.1.2. */
static struct tapir *router(uint32_t routes)
{
    struct tapir_config config = {.observe = false};
    struct tapir_memory memory = {allocate, release, NULL, false};
    struct tapir *stack = tapir_create(&config, &memory, (tapir_instant){0});
    if (stack == NULL)
        exit(1);
    for (unsigned i = 0; i < 2; i++) {
        struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = i};
        op.interface.mac = (struct mac){{2, 0, 0, 0, 0, (uint8_t)(i + 1)}};
        op.interface.mtu = 1500;
        apply(stack, &op);
        apply(stack, &(struct tapir_op){
                         .kind = TAPIR_OP_ADDRESS, .iface = i, .address = {{0x0a000001 + (i << 8)}, 24}});
    }
    apply(stack, &(struct tapir_op){
                     .kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, 1}});
    apply(stack, &(struct tapir_op){.kind = TAPIR_OP_NEIGHBOR,
                                    .iface = 1,
                                    .neighbor = {{0x0a000102}, {{2, 0, 0, 0, 1, 2}}}});
    struct tapir_op whole = route_op(0x14000000, 6);
    if (routes == 1)
        apply(stack, &whole);
    for (uint32_t i = 0; routes > 1 && i < routes; i++) {
        struct tapir_op op = route_op(0x14000000 + (i << 8), 24);
        apply(stack, &op);
    }
    return stack;
}

/* ---- frames ---- */

static uint8_t frames[DESTINATIONS][FRAME];

static void make_frames(void)
{
    struct dice dice = dice_of(1);
    for (size_t i = 0; i < DESTINATIONS; i++) {
        uint8_t *f = frames[i];
        uint32_t to = 0x14000000 + (dice_below(&dice, ROUTES) << 8) + 1 + dice_below(&dice, 200);
        memcpy(f, "\2\0\0\0\0\1\2\0\0\0\0\x63\x08\0\x45\0\0\x32\0\0\0\0\x40\x11\0\0\x0a\0\0\x63", 30);
        dissect_put16(f + 30, to >> 16);
        dissect_put16(f + 32, to & 0xffff);
        dissect_put16(f + 34, 5000);
        dissect_put16(f + 36, 9);
        dissect_put16(f + 38, 30);
        dissect_mend(f, FRAME);
    }
}

static void fill(struct slots *slots, struct tapir_packet *packets[BATCH], size_t first)
{
    for (size_t i = 0; i < BATCH; i++) {
        packets[i] = tapir_packet_init(slots->free[--slots->n], STRIDE, &slots->face);
        memcpy(packets[i]->data, frames[(first + i) % DESTINATIONS], FRAME);
        packets[i]->size = FRAME;
        packets[i]->tailroom -= FRAME;
    }
}

/* ---- what is measured ---- */

static void forward(struct tapir *stack, struct slots *slots, size_t first)
{
    struct tapir_packet *packets[BATCH];
    unsigned iface;
    fill(slots, packets, first);
    tapir_input(stack, 0, packets, BATCH, (tapir_instant){(int64_t)first});
    size_t n = tapir_output(stack, &iface, packets, BATCH);
    if (n != BATCH) {
        fprintf(stderr, "bench_forward: %zu frames of %d came out\n", n, BATCH);
        exit(1);
    }
    tapir_release(stack, packets, n);
}

/* The least: the same slots, the copy that fills them, TTL and checksum. */
static void yardstick(struct slots *slots, size_t first)
{
    struct tapir_packet *packets[BATCH];
    fill(slots, packets, first);
    for (size_t i = 0; i < BATCH; i++) {
        uint8_t *ip = packets[i]->data + 14;
        ip[8]--;
        uint32_t sum = dissect_get(ip + 10, 2) + 0x100;
        dissect_put16(ip + 10, (sum + (sum >> 16)) & 0xffff);
        give(&slots->face, packets[i]);
    }
}

struct meter {
    int file; /* of instructions; -1: not counted */
    double *ns, *instructions;
};

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double count_of(const struct meter *meter)
{
    uint64_t count = 0;
    if (meter->file < 0 || read(meter->file, &count, sizeof count) != sizeof count)
        return 0;
    return (double)count;
}

static void measure(struct meter *meter, size_t round, struct tapir *stack, struct slots *slots)
{
    double count = count_of(meter), start = now_ns();
    for (size_t i = 0; i < BATCHES; i++)
        if (stack == NULL)
            yardstick(slots, i * BATCH);
        else
            forward(stack, slots, i * BATCH);
    meter->ns[round] = (now_ns() - start) / (BATCHES * BATCH);
    meter->instructions[round] = (count_of(meter) - count) / (BATCHES * BATCH);
}

static struct meter meter_of(size_t rounds)
{
    struct perf_event_attr what = {.type = PERF_TYPE_HARDWARE,
                                   .size = sizeof what,
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .exclude_kernel = 1,
                                   .exclude_hv = 1};
    struct meter meter = {.file = (int)syscall(SYS_perf_event_open, &what, 0, -1, -1, 0)};
    meter.ns = calloc(rounds, sizeof(double));
    meter.instructions = calloc(rounds, sizeof(double));
    if (meter.ns == NULL || meter.instructions == NULL)
        exit(1);
    return meter;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void report(const char *what, struct meter *meter, size_t rounds)
{
    qsort(meter->ns, rounds, sizeof(double), by_value);
    qsort(meter->instructions, rounds, sizeof(double), by_value);
    printf("%-28s %7.1f ns a packet (best %.1f)", what, meter->ns[rounds / 2], meter->ns[0]);
    if (meter->file >= 0)
        printf(", %.0f instructions", meter->instructions[rounds / 2]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 101;
    rounds = rounds == 0 ? 1 : rounds;
    struct slots slots;
    slots_init(&slots);
    make_frames();
    struct tapir *stacks[] = {NULL, router(1), router(ROUTES)};
    static const char *const names[] = {"yardstick", "1 route", "100,000 routes"};
    struct meter meters[3];
    for (size_t i = 0; i < 3; i++)
        meters[i] = meter_of(rounds);
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < 3; i++)
            measure(&meters[i], round, stacks[i], &slots);
    for (size_t i = 0; i < 3; i++)
        report(names[i], &meters[i], rounds);
    return 0;
}
