/* Small runs of memory for the trie, carved from larger chunks: exact sizes in granules, a free list for
 * each.
 *
 * A chunk doubles the last one, from 1 KiB to 64 KiB, so that a small table is small and a large one grows
 * without copying. Runs of another size are cut before a new chunk is taken. Chunks go back all at once, when
 * nothing is left in any of them; neighbors that are free are not joined. Next: route/lpm.h. */
#ifndef ROUTE_LPM_RUNS_H
#define ROUTE_LPM_RUNS_H

#include "core/memory.h"

enum {
    LPM_RUN_SIZES = 80 /* the largest run, in granules */
};

struct lpm_run;
struct lpm_chunk;

struct lpm_runs {
    size_t
        granule; /* octets, a power of two from 8 to 64: sizes are rounded up to it, runs are aligned to it */
    struct lpm_chunk *chunks;
    uint8_t *fresh; /* never used yet: `left` octets of the newest chunk */
    size_t left;
    struct lpm_run *free[LPM_RUN_SIZES + 1]; /* by size in granules */
};

/* Prepares an empty set; takes no memory. */
void lpm_runs_init(struct lpm_runs *runs, size_t granule);

/* A run of `size` octets (1 to LPM_RUN_SIZES granules) of any content, or NULL: no memory. */
void *lpm_runs_take(struct lpm_runs *runs, struct memory *memory, size_t size);

/* Takes back a run with the size that was asked for, or any part of one from a whole granule on. */
void lpm_runs_give(struct lpm_runs *runs, void *run, size_t size);

/* Gives every chunk back to `memory`, whatever is still in use. */
void lpm_runs_free(struct lpm_runs *runs, struct memory *memory);

#endif
