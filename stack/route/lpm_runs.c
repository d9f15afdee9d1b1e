#include "route/lpm_runs.h"

#include <string.h>

enum {
    CHUNK_FIRST = 1024,
    CHUNK_LARGEST = 65536
};

/* A free run holds the next one of its size. */
struct lpm_run {
    struct lpm_run *next;
};

struct lpm_chunk {
    struct lpm_chunk *next;
    size_t size;
};

static size_t granules(const struct lpm_runs *runs, size_t size)
{
    return (size + runs->granule - 1) / runs->granule;
}

static void put(struct lpm_runs *runs, uint8_t *run, size_t n)
{
    struct lpm_run *free = (void *)run;
    free->next = runs->free[n];
    runs->free[n] = free;
}

/* Keeps `n` granules as free runs, of the largest size as long as it goes. */
static void scrap(struct lpm_runs *runs, uint8_t *at, size_t n)
{
    while (n > 0) {
        size_t piece = n < LPM_RUN_SIZES ? n : LPM_RUN_SIZES;
        put(runs, at, piece);
        at += piece * runs->granule;
        n -= piece;
    }
}

static uint8_t *take_free(struct lpm_runs *runs, size_t n)
{
    struct lpm_run *run = runs->free[n];
    if (run != NULL)
        runs->free[n] = run->next;
    return (void *)run;
}

static uint8_t *take_fresh(struct lpm_runs *runs, size_t n)
{
    size_t size = n * runs->granule;
    if (size > runs->left)
        return NULL;
    uint8_t *run = runs->fresh;
    runs->fresh += size;
    runs->left -= size;
    return run;
}

/* Cuts the smallest larger run that is free. */
static uint8_t *take_cut(struct lpm_runs *runs, size_t n)
{
    for (size_t larger = n + 1; larger <= LPM_RUN_SIZES; larger++) {
        uint8_t *run = take_free(runs, larger);
        if (run == NULL)
            continue;
        put(runs, run + n * runs->granule, larger - n);
        return run;
    }
    return NULL;
}

static bool grow(struct lpm_runs *runs, struct memory *memory, size_t n)
{
    size_t overhead = sizeof(struct lpm_chunk) + runs->granule;
    size_t size = runs->chunks == NULL ? CHUNK_FIRST : runs->chunks->size * 2;
    size = size > CHUNK_LARGEST ? CHUNK_LARGEST : size;
    size = size < n * runs->granule + overhead ? n * runs->granule + overhead : size;
    struct lpm_chunk *chunk = memory_allocate(memory, size);
    if (chunk == NULL)
        return false;
    scrap(runs, runs->fresh, runs->left / runs->granule);
    *chunk = (struct lpm_chunk){.next = runs->chunks, .size = size};
    runs->chunks = chunk;
    uint8_t *body = (uint8_t *)(chunk + 1);
    size_t skip = -(uintptr_t)body & (runs->granule - 1);
    runs->fresh = body + skip;
    runs->left = size - sizeof *chunk - skip;
    return true;
}

void lpm_runs_init(struct lpm_runs *runs, size_t granule)
{
    *runs = (struct lpm_runs){.granule = granule};
}

void *lpm_runs_take(struct lpm_runs *runs, struct memory *memory, size_t size)
{
    size_t n = granules(runs, size);
    uint8_t *run = take_free(runs, n);
    if (run == NULL)
        run = take_fresh(runs, n);
    if (run == NULL)
        run = take_cut(runs, n);
    if (run == NULL && grow(runs, memory, n))
        run = take_fresh(runs, n);
    return run;
}

void lpm_runs_give(struct lpm_runs *runs, void *run, size_t size)
{
    scrap(runs, run, granules(runs, size));
}

void lpm_runs_free(struct lpm_runs *runs, struct memory *memory)
{
    for (struct lpm_chunk *chunk = runs->chunks; chunk != NULL;) {
        struct lpm_chunk *next = chunk->next;
        memory_release(memory, chunk, chunk->size);
        chunk = next;
    }
    lpm_runs_init(runs, runs->granule);
}
