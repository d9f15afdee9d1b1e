/* What a forwarded packet costs while one thing grows: routes, neighbors, interfaces, timers, nodes. And what they cost in memory.
 *
 *     bench_scale [--rounds N] [--plot FILE.svg] [AXIS...]
 *     bench_scale --count AXIS SIZE     for valgrind --tool=callgrind --instr-atstart=no: instructions of 2,000 batches
 *
 * In memory, batches of 32 UDP datagrams of 64 octets (bench/scale.h). All sizes of an axis are there at once and take turns round
 * by round with the yardstick, the least that a router must do with the same slots; medians of the rounds. Next: scale.h, plot.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/measure.h"
#include "tests/bench/plot.h"
#include "tests/bench/scale.h"

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
    BATCHES = 500, /* in a round */
    COUNTED = 2000,
    WARM = 64,
    ROUNDS = 21
};

static double measure(struct scale *scale, void (*turn)(struct scale *))
{
    double start = measure_now_ns();
    for (size_t i = 0; i < BATCHES; i++)
        turn(scale);
    return (measure_now_ns() - start) / (BATCHES * SCALE_BATCH);
}

/* Fills in the points of a line. */
static void run_axis(const struct scale_axis *axis, size_t rounds, struct plot_line *line)
{
    static struct scale scales[SCALE_SIZES];
    double *ns[SCALE_SIZES], *yardstick = calloc(rounds, sizeof *yardstick);
    for (size_t i = 0; i < axis->n; i++) {
        ns[i] = calloc(rounds, sizeof **ns);
        scale_init(&scales[i], axis, axis->sizes[i]);
    }
    for (size_t round = 0; round < rounds; round++) {
        yardstick[round] = measure(&scales[0], scale_yardstick);
        for (size_t i = 0; i < axis->n; i++)
            ns[i][round] = measure(&scales[i], scale_turn);
    }
    double least = measure_median(yardstick, rounds);
    *line = (struct plot_line){.name = axis->name, .n = axis->n};
    for (size_t i = 0; i < axis->n; i++) {
        line->x[i] = axis->sizes[i];
        line->y[i] = measure_median(ns[i], rounds);
        printf("%-16s %8u  %7.1f ns (best %.1f)  %5.2f yardsticks  %5.2f of the first\n", axis->name,
               axis->sizes[i], line->y[i], ns[i][0], line->y[i] / least, line->y[i] / line->y[0]);
        free(ns[i]);
        scale_free(&scales[i]);
    }
    free(yardstick);
    fflush(stdout);
}

static int count(const char *name, uint32_t size)
{
    static struct scale scale;
    const struct scale_axis *axis = scale_axis(name);
    if (axis == NULL) {
        fprintf(stderr, "bench_scale: there is no axis %s\n", name);
        return 2;
    }
    scale_init(&scale, axis, size);
    for (size_t i = 0; i < WARM; i++)
        scale_turn(&scale);
    CALLGRIND_START_INSTRUMENTATION;
    for (size_t i = 0; i < COUNTED; i++)
        scale_turn(&scale);
    CALLGRIND_STOP_INSTRUMENTATION;
    printf("%d packets\n", COUNTED * SCALE_BATCH);
    return 0;
}

static void print_memory(void)
{
    struct scale_memory memory = scale_memory();
    printf(
        "memory: idle stack %.0f KiB touched beyond its store (goal 256), 1,000,000 routes %.1f MiB (goal 64), "
        "100,000 neighbors %.1f MiB (goal 32)\n",
        memory.idle / 1024, memory.routes / 1048576, memory.neighbors / 1048576);
}

static bool is_wanted(const char *name, int argc, char **argv, int first)
{
    for (int i = first; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return first >= argc;
}

int main(int argc, char **argv)
{
    struct plot_line lines[SCALE_AXES];
    size_t rounds = ROUNDS, n = 0;
    const char *plot = NULL;
    int at = 1;
    if (argc == 4 && strcmp(argv[1], "--count") == 0)
        return count(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--plot") == 0)
            plot = argv[at + 1];
        else
            rounds = strtoul(argv[at + 1], NULL, 10);
    }
    for (size_t i = 0; i < SCALE_AXES; i++)
        if (is_wanted(scale_axes[i].name, argc, argv, at))
            run_axis(&scale_axes[i], rounds == 0 ? 1 : rounds, &lines[n++]);
    print_memory();
    return plot == NULL || plot_write(plot, lines, n) ? 0 : 1;
}
