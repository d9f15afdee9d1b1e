/* What the parts of a packet's path cost, each beside a reference of the same round, so that the ratio holds on any machine.
 *
 *     bench_parts [rounds]
 *
 * parse:    Ethernet and IPv4 headers of 32 frames, beside a copy of those 34 octets
 * checksum: of 20, 64 and 1,500 octets, beside memcpy of the same
 * hop:      32 packets pushed to a lane and taken from it, beside a read of 8 octets in each
 * verdict:  what a forwarded frame costs for its verdict, its counters and its trail: settle_departures once, and the question
 *           whether it is traced when it comes and for both lanes to which it is pushed alone (of a train one asks once);
 *           beside the whole of bench_forward with one route
 *
 * Medians of the rounds. Timers: bench_timer. Reassembly: bench_reass. Routes: bench_lpm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "tests/bench/measure.h"
#include "tests/bench/router.h"
#include "wire/checksum.h"
#include "wire/ether.h"
#include "wire/ip4.h"

enum {
    BATCH = 32,
    TIMES = 2000, /* batches in a round */
    LANES = 2,    /* to which a forwarded frame is pushed alone: frame and out */
    OCTETS = 1500
};

static struct core core;
static struct router router;
static struct tapir_packet *packets[BATCH];
static uint8_t to[BATCH][OCTETS];
static volatile uint64_t sink;

/* So that the compiler neither leaves out nor moves what stands around it. */
static void keep(void)
{
    __asm__ volatile("" : : : "memory");
}

static void do_parse(void)
{
    for (size_t i = 0; i < BATCH; i++) {
        struct ether_header ether;
        struct ip4_header ip4;
        sink += ether_parse(packets[i]->data, packets[i]->size, &ether);
        sink += ip4_is_usual(packets[i]->data + ETHER_HEADER, packets[i]->size - ETHER_HEADER);
        ip4_read(packets[i]->data + ETHER_HEADER, &ip4);
        sink += ip4.total;
    }
}

static void copy(size_t size)
{
    for (size_t i = 0; i < BATCH; i++) {
        memcpy(to[i], packets[i]->data, size);
        keep();
    }
}

static void sum(size_t size)
{
    for (size_t i = 0; i < BATCH; i++)
        sink += checksum(packets[i]->data, size);
}

static void do_copy_34(void)
{
    copy(34);
}

static void do_copy_20(void)
{
    copy(20);
}

static void do_copy_64(void)
{
    copy(64);
}

static void do_copy_1500(void)
{
    copy(1500);
}

static void do_sum_20(void)
{
    sum(20);
}

static void do_sum_64(void)
{
    sum(64);
}

static void do_sum_1500(void)
{
    sum(1500);
}

static void do_hop(void)
{
    struct tapir_packet *taken[BATCH];
    for (size_t i = 0; i < BATCH; i++)
        lane_push(&core, LANE_FORWARD, packets[i]);
    sink += lane_take(&core, LANE_FORWARD, taken, BATCH);
    keep();
}

static void do_read(void)
{
    for (size_t i = 0; i < BATCH; i++)
        sink += packets[i]->number;
}

static void do_verdict(void)
{
    core.counters.waiting[TAPIR_RECEIVED] += BATCH;
    for (size_t i = 0; i < BATCH; i++) {
        packets[i]->verdict = TAPIR_UNSETTLED;
        core.traces |= packets[i]->traced;
        for (size_t lane = 0; lane < LANES; lane++) {
            if (packets[i]->traced)
                lane_note(&core, &core.lanes[lane], packets[i]);
            keep();
        }
    }
    settle_departures(&core, packets, BATCH);
}

static void do_forward(void)
{
    router_turn(&router);
}

static const struct part {
    const char *name, *beside;
    void (*work)(void), (*reference)(void);
} parts[] = {
    {"parse, 34 octets", "copy of 34", do_parse, do_copy_34},
    {"checksum, 20 octets", "copy of 20", do_sum_20, do_copy_20},
    {"checksum, 64 octets", "copy of 64", do_sum_64, do_copy_64},
    {"checksum, 1500 octets", "copy of 1500", do_sum_1500, do_copy_1500},
    {"lane hop", "read of 8", do_hop, do_read},
    {"verdict, counters, trail", "forwarding, 1 route", do_verdict, do_forward},
};

enum {
    PARTS = sizeof parts / sizeof parts[0]
};

/* Nanoseconds a packet. */
static double time_of(void (*work)(void))
{
    double start = measure_now_ns();
    for (size_t i = 0; i < TIMES; i++)
        work();
    return (measure_now_ns() - start) / (TIMES * BATCH);
}

static void measure(const struct part *part, size_t rounds)
{
    double *work = calloc(rounds, sizeof *work), *reference = calloc(rounds, sizeof *reference);
    double *ratio = calloc(rounds, sizeof *ratio);
    if (work == NULL || reference == NULL || ratio == NULL)
        exit(1);
    for (size_t i = 0; i < rounds; i++) {
        work[i] = time_of(part->work);
        reference[i] = time_of(part->reference);
        ratio[i] = work[i] / reference[i];
    }
    printf("%-26s %6.2f ns   %-20s %6.2f ns   ratio %5.2f\n", part->name, measure_median(work, rounds),
           part->beside, measure_median(reference, rounds), measure_median(ratio, rounds));
    free(work);
    free(reference);
    free(ratio);
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 51;
    router_init(&router, WORK_FORWARD, 1);
    for (int name = 0; name < LANE_COUNT; name++)
        lane_init(&core.lanes[name], (enum lane_name)name);
    for (size_t i = 0; i < BATCH; i++) {
        packets[i] = pool_take(&router.pool);
        memcpy(packets[i]->data, router.frame, ROUTER_FRAME);
        packets[i]->size = ROUTER_FRAME;
    }
    for (size_t i = 0; i < PARTS; i++)
        measure(&parts[i], rounds == 0 ? 1 : rounds);
    for (size_t i = 0; i < BATCH; i++)
        packet_release(packets[i]);
    router_free(&router);
    return 0;
}
