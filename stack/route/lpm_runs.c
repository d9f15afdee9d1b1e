#include "route/lpm_runs.h"

enum {
    PAGE = 4096,
    PLACES = PAGE / LPM_GRANULE, /* granules of a page; a place is the number of one */
    PLACE_FIRST = 2,             /* behind the bits */
    CHUNK_FIRST = 2 * PAGE,      /* holds one page wherever it begins */
    CHUNK_LARGEST = 64 * PAGE
};

/* At the head of a page. The places of the bits themselves count as used. */
struct page {
    uint64_t free[PLACES / 64];
};

/* A free run, in the list of its size. */
struct lpm_run {
    struct lpm_run *next, *previous;
};

struct lpm_chunk {
    struct lpm_chunk *next;
    size_t size;
};

/* ---- pages and their bits ------------------------------------------------------------------------------ */

static struct page *page_of(void *run)
{
    uint8_t *at = run;
    return (void *)(at - ((uintptr_t)at & (PAGE - 1)));
}

static unsigned place_of(const void *run)
{
    return (unsigned)((uintptr_t)run & (PAGE - 1)) / LPM_GRANULE;
}

static void *run_at(struct page *page, unsigned place)
{
    return (uint8_t *)page + place * LPM_GRANULE;
}

static bool is_free(const struct page *page, unsigned place)
{
    return place < PLACES && (page->free[place / 64] >> place % 64 & 1) != 0;
}

/* Marks `n` places that all were the other way. */
static void flip(struct page *page, unsigned place, unsigned n)
{
    while (n > 0) {
        unsigned from = place % 64, some = n < 64 - from ? n : 64 - from;
        page->free[place / 64] ^= ~UINT64_C(0) >> (64 - some) << from;
        place += some;
        n -= some;
    }
}

/* The first used place after the free ones from `place` on. */
static unsigned free_end(const struct page *page, unsigned place)
{
    uint64_t used = ~page->free[place / 64] >> place % 64 << place % 64;
    unsigned word = place / 64;
    while (used == 0 && ++word < PLACES / 64)
        used = ~page->free[word];
    return used == 0 ? PLACES : word * 64 + (unsigned)__builtin_ctzll(used);
}

/* The first of the free places that end before `place`. */
static unsigned free_begin(const struct page *page, unsigned place)
{
    unsigned word = (place - 1) / 64, beyond = 63 - (place - 1) % 64;
    uint64_t used = ~page->free[word] << beyond >> beyond;
    while (used == 0)
        used = ~page->free[--word];
    return word * 64 + 64 - (unsigned)__builtin_clzll(used);
}

/* ---- lists of free runs -------------------------------------------------------------------------------- */

static unsigned list_of(unsigned n)
{
    return n < LPM_RUN_SIZES ? n : LPM_RUN_SIZES;
}

static void link_run(struct lpm_runs *runs, void *at, unsigned n)
{
    struct lpm_run *run = at, **list = &runs->free[list_of(n)];
    if (n == 0)
        return;
    *run = (struct lpm_run){.next = *list};
    if (*list != NULL)
        (*list)->previous = run;
    *list = run;
    runs->sizes[list_of(n) / 64] |= UINT64_C(1) << list_of(n) % 64;
}

static void unlink_run(struct lpm_runs *runs, struct lpm_run *run, unsigned n)
{
    unsigned list = list_of(n);
    if (run->next != NULL)
        run->next->previous = run->previous;
    if (run->previous != NULL)
        run->previous->next = run->next;
    else
        runs->free[list] = run->next;
    if (runs->free[list] == NULL)
        runs->sizes[list / 64] &= ~(UINT64_C(1) << list % 64);
}

/* The smallest size from `n` on of which there is a free run; 0: none. */
static unsigned next_size(const struct lpm_runs *runs, unsigned n)
{
    unsigned word = n / 64;
    uint64_t there = n > LPM_RUN_SIZES ? 0 : runs->sizes[word] >> n % 64 << n % 64;
    while (there == 0 && ++word <= LPM_RUN_SIZES / 64)
        there = runs->sizes[word];
    return there == 0 ? 0 : word * 64 + (unsigned)__builtin_ctzll(there);
}

/* ---- taking -------------------------------------------------------------------------------------------- */

static bool new_page(struct lpm_runs *runs)
{
    if (runs->pages == 0)
        return false;
    struct page *page = (void *)runs->fresh;
    runs->fresh += PAGE;
    runs->pages--;
    *page = (struct page){{0}};
    flip(page, PLACE_FIRST, PLACES - PLACE_FIRST);
    link_run(runs, run_at(page, PLACE_FIRST), PLACES - PLACE_FIRST);
    return true;
}

static bool new_chunk(struct lpm_runs *runs, struct memory *memory)
{
    size_t size = runs->chunks == NULL ? (size_t)CHUNK_FIRST : runs->chunks->size * 2;
    size = size > CHUNK_LARGEST ? CHUNK_LARGEST : size;
    struct lpm_chunk *chunk = memory_allocate(memory, size);
    if (chunk == NULL)
        return false;
    *chunk = (struct lpm_chunk){.next = runs->chunks, .size = size};
    runs->chunks = chunk;
    uint8_t *body = (uint8_t *)(chunk + 1);
    size_t skip = -(uintptr_t)body & (PAGE - 1);
    runs->fresh = body + skip;
    runs->pages = (size - sizeof *chunk - skip) / PAGE;
    return true;
}

/* Cuts `n` places out of a free run of at least as many, from an even place on when asked. */
static void *cut(struct lpm_runs *runs, struct lpm_run *run, unsigned n, bool even)
{
    struct page *page = page_of(run);
    unsigned place = place_of(run), end = free_end(page, place), skip = even ? place % 2 : 0;
    if (end - place < n + skip)
        return NULL;
    unlink_run(runs, run, end - place);
    link_run(runs, run, skip);
    link_run(runs, run_at(page, place + skip + n), end - place - skip - n);
    flip(page, place + skip, n);
    return run_at(page, place + skip);
}

/* The best fit; the first of a list stands for all of it. */
static void *take_free(struct lpm_runs *runs, unsigned n, bool even)
{
    void *run = NULL;
    for (unsigned size = next_size(runs, n); size != 0 && run == NULL; size = next_size(runs, size + 1))
        run = cut(runs, runs->free[size], n, even);
    return run;
}

void lpm_runs_init(struct lpm_runs *runs)
{
    *runs = (struct lpm_runs){0};
}

void *lpm_runs_take(struct lpm_runs *runs, struct memory *memory, size_t size, bool even)
{
    unsigned n = (unsigned)((size + LPM_GRANULE - 1) / LPM_GRANULE);
    void *run = take_free(runs, n, even);
    if (run != NULL)
        return run;
    if (!new_page(runs) && (!new_chunk(runs, memory) || !new_page(runs)))
        return NULL;
    return take_free(runs, n, even);
}

/* ---- giving -------------------------------------------------------------------------------------------- */

void lpm_runs_give(struct lpm_runs *runs, void *run, size_t size)
{
    struct page *page = page_of(run);
    unsigned place = place_of(run), end = place + (unsigned)((size + LPM_GRANULE - 1) / LPM_GRANULE);
    unsigned begin = place;
    flip(page, place, end - place);
    if (is_free(page, end)) {
        unsigned beyond = free_end(page, end);
        unlink_run(runs, run_at(page, end), beyond - end);
        end = beyond;
    }
    if (is_free(page, place - 1)) {
        begin = free_begin(page, place);
        unlink_run(runs, run_at(page, begin), place - begin);
    }
    link_run(runs, run_at(page, begin), end - begin);
}

void lpm_runs_free(struct lpm_runs *runs, struct memory *memory)
{
    for (struct lpm_chunk *chunk = runs->chunks; chunk != NULL;) {
        struct lpm_chunk *next = chunk->next;
        memory_release(memory, chunk, chunk->size);
        chunk = next;
    }
    lpm_runs_init(runs);
}
