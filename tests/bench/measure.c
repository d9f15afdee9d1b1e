#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    LINE = 64,
    SLOTS = 128
};

double measure_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

double measure_median(double values[], size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return values[n / 2];
}

void *measure_need(void *memory)
{
    if (memory != NULL)
        return memory;
    fputs("bench: no memory\n", stderr);
    exit(1);
}

static void *allocate(void *context, size_t size)
{
    (void)context;
    return aligned_alloc(LINE, (size + LINE - 1) / LINE * LINE);
}

static void release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

struct tapir_memory measure_memory(void)
{
    return (struct tapir_memory){.allocate = allocate, .release = release};
}

void measure_slots(struct pool *pool)
{
    void *memory = measure_need(aligned_alloc(LINE, SLOTS * pool_stride(MEASURE_ROOM)));
    pool_init(pool, memory, SLOTS, MEASURE_ROOM);
}
