/* What the benchmarks in memory share: a clock, medians, memory for a stack, the slots of a device. Next: bench/router.h. */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include "core/pool.h"

enum {
    MEASURE_ROOM = 1514 /* octets of a slot */
};

double measure_now_ns(void);

/* Sorts them. */
double measure_median(double values[], size_t n);

/* The same memory, or the end of the program when it is NULL. */
void *measure_need(void *memory);

/* Blocks of the heap, each on a cache line. */
struct tapir_memory measure_memory(void);

/* 128 slots, as a device has them. The caller frees pool->memory. */
void measure_slots(struct pool *pool);

#endif
