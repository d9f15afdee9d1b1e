/* What the files of the bench share with each other alone. */
#ifndef TESTS_WORLD_BENCH_INSIDE_H
#define TESTS_WORLD_BENCH_INSIDE_H

#include "tests/world/bench.h"

/* Makes room for element `n` of an array that so far has those up to n - 1. */
void *bench_grow(void *array, uint64_t n, size_t stride);

/* Gives a new stack its interfaces, addresses, routes and neighbors, then obeys `given`. */
void bench_set_up(struct bench *bench, const char *given);

/* One of the stack's addresses. */
bool bench_is_own(const struct bench *bench, int64_t ip);

/* Both lie on a network of the interface of our address `own`. */
bool bench_is_neighbor(const struct bench *bench, int64_t own, int64_t ip);

/* `mask` is that of our address `own`, or of one on whose network `asker` lies. */
bool bench_is_own_mask(const struct bench *bench, int64_t own, int64_t asker, int64_t mask);

/* A broadcast in any form, as the stack's own networks see it, or a group. */
bool bench_is_to_many(const struct bench *bench, int64_t ip);

/* Reads a frame that left into its view and judges it; fails the test when it should not have left. */
void bench_check_sight(struct bench *bench, struct sight *sight);

/* ---- super-frames and partial checksums: bench_super.c ---- */

/* Completes the partial checksum of a frame that is no super-frame, as far as it lies within. */
void bench_super_complete(uint8_t *frame, size_t size, const struct tapir_offload *offload);

/* Judges what is left to the device, completes a partial checksum and reads the frame into its view. What is wrong with it;
 * NULL: nothing. `is_judged`: a super-frame, or one that left because of one, and there is no more to be said. */
const char *bench_super_view(struct bench *bench, struct sight *sight, unsigned mtu, bool *is_judged);

/* What is wrong with a frame as if it had left; NULL: nothing. For tests of the clerk himself. */
const char *bench_opinion(struct bench *bench, struct sight *sight);

#endif
