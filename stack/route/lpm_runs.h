/* Small runs of memory for the trie: any size in granules of 16 octets, neighbors joined when free.
 *
 *     chunk:  | next, size | ... up to a multiple of PAGE | page | page | ... |      64 to 256 KiB, doubling
 *     page:   | which granules are free, a bit each | run | free run | run | ... |  16 KiB, aligned to that
 *
 * A run finds its page by its address. The first chunk of all is one small page of 4 KiB, wherever it lies:
 * many tables are small. A page holds seven of the largest bodies; with 4 KiB it would be one, and half of it
 * idle.
 *
 * A body that grows leaves its run to smaller ones, and thousands of bodies grow at the same pace; unless
 * what they leave is joined again, half of the memory lies idle (docs/decisions/lpm.md). Chunks go back all
 * at once. Next: route/lpm.h. */
#ifndef ROUTE_LPM_RUNS_H
#define ROUTE_LPM_RUNS_H

#include "core/memory.h"

enum {
    LPM_GRANULE = 16,
    LPM_RUN_SIZES = 160 /* the largest run, in granules */
};

struct lpm_run;
struct lpm_chunk;

struct lpm_runs {
    struct lpm_chunk *chunks;
    uint8_t *small; /* the small page; NULL: no chunk yet */
    uint8_t *fresh; /* pages never used yet: `pages` of the newest chunk */
    size_t pages;
    struct lpm_run_lists {
        struct lpm_run *free[LPM_RUN_SIZES + 1]; /* by size in granules; the last: that size or more */
        uint64_t sizes[LPM_RUN_SIZES / 64 + 1];  /* bit: there are free runs of this size */
    } lists[2];                                  /* of pages for odd and for even runs */
};

/* Prepares an empty set; takes no memory. */
void lpm_runs_init(struct lpm_runs *runs);

/* A run of `size` octets (1 to LPM_RUN_SIZES granules) of any content, aligned to 16, or to 32 when `even`.
 * NULL: no memory. */
void *lpm_runs_take(struct lpm_runs *runs, struct memory *memory, size_t size, bool even);

/* Makes a run longer where it is, from `size` octets to `wanted`. False: what follows it is in use. */
bool lpm_runs_extend(struct lpm_runs *runs, void *run, size_t size, size_t wanted);

/* Makes a run shorter where it is; `wanted` 0 takes all of it back. */
void lpm_runs_shrink(struct lpm_runs *runs, void *run, size_t size, size_t wanted);

/* Gives every chunk back to `memory`, whatever is still in use. */
void lpm_runs_free(struct lpm_runs *runs, struct memory *memory);

#endif
