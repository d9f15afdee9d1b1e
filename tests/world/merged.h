/* A batch of frames through two routers: one whose device takes super-frames, and one whose device takes none. What leaves the first
 * one, taken apart by the naive splitter, must be what leaves the second one, in the same order within a flow.
 *
 *     batch_begin();  batch_add(&flow, 0);  batch_add(&flow, 1);
 *     struct router *with = try_batch(TAKES_ALL);    with->groups is "2": both left in one
 *
 * Next: tests/world/super_frames.h. */
#ifndef TESTS_WORLD_MERGED_H
#define TESTS_WORLD_MERGED_H

#include "tests/world/super_frames.h"

enum {
    BATCH_MAX = 200,
    LEFT_MAX = 4 * BATCH_MAX /* super-frames taken apart */
};

struct router {
    struct bench *bench;
    uint64_t first;               /* frame of the batch */
    uint8_t *datagrams[LEFT_MAX]; /* that left, super-frames taken apart */
    size_t sizes[LEFT_MAX], n;
    char groups[4 * LEFT_MAX]; /* how many left in each frame: "3 1 2" */
};

/* The batch: one of all tests. Frames may be changed after they were added. */
void batch_begin(void);
struct arrival *batch_add(const struct super *super, size_t i);
void batch_add_whole(const struct super *super);
uint8_t *batch_datagram(const struct arrival *arrival);
size_t batch_size(void);

/* Sends it; returns the number of the first. */
uint64_t batch_send(struct bench *bench);

/* Sends it through both and compares; `given` is for the one with offloads. "deaf" among it: its store is empty. */
struct router *try_batch(const char *given);
void close_router(struct router *router);

#endif
