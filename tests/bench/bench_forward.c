/* What forwarding a packet costs: in memory, no device, through tapir_input and tapir_output.
 *
 *     bench_forward [rounds]
 *     bench_forward --count WORK [batches]    for valgrind --tool=callgrind, see tests/bench/budget
 *
 * Batches of 32 UDP datagrams of 64 octets to random destinations all over a table of 1, 1,000 and 1,000,000 routes
 * (bench/router.h). Interleaved round by round with two yardsticks: the least that a router must do with the same slots (copy 64
 * octets, count down the TTL, mend the checksum), and what a read of 8 octets at a random place of 16 MiB costs on this machine.
 * Medians of the rounds, in nanoseconds a packet, and in instructions where the kernel lets us count them.
 *
 * --count makes that many batches of one kind, 2,000 unless told, and lets callgrind count those alone. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/measure.h"
#include "tests/bench/router.h"
#include "tests/dice.h"

/* Where valgrind is not installed, nobody counts. */
#if defined __has_include
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif
#ifndef CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

enum {
    BATCHES = 2000,               /* in a round */
    WARM = 64,                    /* before counting */
    ARRAY = 16 * 1024 * 1024 / 8, /* words of the array */
    READS = 1 << 14               /* in a round */
};

/* ---- under callgrind ---- */

static const struct work {
    const char *name;
    enum router_work kind;
    uint32_t routes;
} works[] = {
    {"forward-1", WORK_FORWARD, 1},
    {"forward-1000", WORK_FORWARD, 1000},
    {"forward-100000", WORK_FORWARD, 100000},
    {"forward-1000000", WORK_FORWARD, 1000000},
    {"echo", WORK_ECHO, 1},
    {"time-exceeded", WORK_TTL, 1},
    {"yardstick", WORK_FORWARD, 1},
};

static int count(const char *name, size_t batches)
{
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        if (strcmp(works[i].name, name) != 0)
            continue;
        struct router router;
        void (*turn)(struct router *) = strcmp(name, "yardstick") == 0 ? router_yardstick : router_turn;
        router_init(&router, works[i].kind, works[i].routes);
        for (size_t n = 0; n < WARM; n++)
            turn(&router);
        CALLGRIND_START_INSTRUMENTATION;
        for (size_t n = 0; n < batches; n++)
            turn(&router);
        CALLGRIND_STOP_INSTRUMENTATION;
        printf("%zu packets\n", batches * ROUTER_BATCH);
        router_free(&router);
        return 0;
    }
    fprintf(stderr, "bench_forward: no work is called %s\n", name);
    return 2;
}

/* ---- by the clock ---- */

struct meter {
    const char *name;
    int file; /* of instructions; -1: not counted */
    double *ns, *instructions;
};

static double count_of(const struct meter *meter)
{
    uint64_t instructions = 0;
    if (meter->file < 0 || read(meter->file, &instructions, sizeof instructions) != sizeof instructions)
        return 0;
    return (double)instructions;
}

static void measure(struct meter *meter, size_t round, struct router *router, void (*turn)(struct router *))
{
    double before = count_of(meter), start = measure_now_ns();
    for (size_t i = 0; i < BATCHES; i++)
        turn(router);
    meter->ns[round] = (measure_now_ns() - start) / (BATCHES * ROUTER_BATCH);
    meter->instructions[round] = (count_of(meter) - before) / (BATCHES * ROUTER_BATCH);
}

/* Each address is taken from the read before, as a lookup cannot go on before it knows. */
static void measure_reads(struct meter *meter, size_t round, const uint64_t *array)
{
    uint64_t at = round;
    double start = measure_now_ns();
    for (size_t i = 0; i < READS; i++)
        at = (at + array[at >> 40 & (ARRAY - 1)]) * UINT64_C(6364136223846793005) + 1442695040888963407;
    meter->ns[round] = (measure_now_ns() - start) / READS + (double)(at & 1) * 1e-9;
}

static struct meter meter_of(const char *name, size_t rounds)
{
    struct perf_event_attr what = {.type = PERF_TYPE_HARDWARE,
                                   .size = sizeof what,
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .exclude_kernel = 1,
                                   .exclude_hv = 1};
    struct meter meter = {.name = name, .file = (int)syscall(SYS_perf_event_open, &what, 0, -1, -1, 0)};
    meter.ns = calloc(rounds, sizeof(double));
    meter.instructions = calloc(rounds, sizeof(double));
    if (meter.ns == NULL || meter.instructions == NULL)
        exit(1);
    return meter;
}

static void report(struct meter *meter, size_t rounds, double yardstick, double read_ns)
{
    double median = measure_median(meter->ns, rounds);
    double instructions = measure_median(meter->instructions, rounds);
    printf("%-22s %7.1f ns a packet (best %.1f)", meter->name, median, meter->ns[0]);
    if (yardstick > 0)
        printf("  %5.2f yardsticks, %5.2f reads", median / yardstick, median / read_ns);
    if (meter->file >= 0 && meter->instructions[0] > 0)
        printf(", %.0f instructions", instructions);
    putchar('\n');
}

static uint64_t *make_array(void)
{
    struct dice dice = dice_of(3);
    uint64_t *array = malloc(ARRAY * sizeof *array);
    for (size_t i = 0; array != NULL && i < ARRAY; i++)
        array[i] = dice_next(&dice);
    return array;
}

static int time_rounds(size_t rounds)
{
    enum {
        READ,
        YARDSTICK,
        FIRST,
        KINDS = 5
    };
    static const uint32_t routes[KINDS] = {[FIRST] = 1, 1000, 1000000};
    static const char *const names[KINDS] = {"read of 8 in 16 MiB", "yardstick", "1 route", "1,000 routes",
                                             "1,000,000 routes"};
    static struct router routers[KINDS];
    struct meter meters[KINDS];
    uint64_t *array = make_array();
    if (array == NULL)
        return 1;
    for (size_t i = 0; i < KINDS; i++)
        meters[i] = meter_of(names[i], rounds);
    for (size_t i = FIRST; i < KINDS; i++)
        router_init(&routers[i], WORK_FORWARD, routes[i]);
    for (size_t round = 0; round < rounds; round++) {
        measure_reads(&meters[READ], round, array);
        measure(&meters[YARDSTICK], round, &routers[FIRST], router_yardstick);
        for (size_t i = FIRST; i < KINDS; i++)
            measure(&meters[i], round, &routers[i], router_turn);
    }
    report(&meters[READ], rounds, 0, 0);
    report(&meters[YARDSTICK], rounds, 0, 0);
    for (size_t i = FIRST; i < KINDS; i++)
        report(&meters[i], rounds, meters[YARDSTICK].ns[rounds / 2], meters[READ].ns[rounds / 2]);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--count") == 0)
        return count(argv[2], argc > 3 ? strtoul(argv[3], NULL, 10) : BATCHES);
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 51;
    return time_rounds(rounds == 0 ? 1 : rounds);
}
