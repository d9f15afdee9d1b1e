#include <assert.h>

#include "route/lpm_runs.h"

enum {
    PAGE = 16384,
    SMALL = 4096,
    PLACES = PAGE / LPM_GRANULE,                /* granules of a page; a place is the number of one */
    PLACE_FIRST = PLACES / 8 / LPM_GRANULE + 2, /* behind struct page; even */
    CHUNK_FIRST = 4 * PAGE,
    CHUNK_LARGEST = 16 * PAGE
};

/* At the head of a page. The places of the bits count as used, and so does what a small page lacks. */
struct page {
    uint64_t free[PLACES / 64];
    uint32_t even; /* what it is for: the place of its lists */
};

/* A free run, in the list of its size. */
struct lpm_run {
    struct lpm_run *next, *previous;
};

struct lpm_chunk {
    struct lpm_chunk *next;
    size_t size;
};

static unsigned granules(size_t size)
{
    return (unsigned)((size + LPM_GRANULE - 1) / LPM_GRANULE);
}

/* ---- pages and their bits ------------------------------------------------------------------------------ */

static struct page *page_of(const struct lpm_runs *runs, void *run)
{
    uint8_t *at = run;
    if ((uintptr_t)at - (uintptr_t)runs->small < SMALL)
        return (void *)runs->small;
    return (void *)(at - ((uintptr_t)at & (PAGE - 1)));
}

static unsigned place_of(const struct page *page, const void *run)
{
    return (unsigned)((const uint8_t *)run - (const uint8_t *)page) / LPM_GRANULE;
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

static void link_run(struct lpm_runs *runs, struct page *page, unsigned place, unsigned n)
{
    if (n == 0)
        return;
    struct lpm_run_lists *lists = &runs->lists[page->even];
    struct lpm_run *run = run_at(page, place), **list = &lists->free[list_of(n)];
    *run = (struct lpm_run){.next = *list};
    if (*list != NULL)
        (*list)->previous = run;
    *list = run;
    lists->sizes[list_of(n) / 64] |= UINT64_C(1) << list_of(n) % 64;
}

static void unlink_run(struct lpm_runs *runs, struct page *page, unsigned place, unsigned n)
{
    struct lpm_run_lists *lists = &runs->lists[page->even];
    struct lpm_run *run = run_at(page, place), **list = &lists->free[list_of(n)];
    if (run->next != NULL)
        run->next->previous = run->previous;
    if (run->previous != NULL)
        run->previous->next = run->next;
    else
        *list = run->next;
    if (*list == NULL)
        lists->sizes[list_of(n) / 64] &= ~(UINT64_C(1) << list_of(n) % 64);
}

/* The smallest size from `n` on of which there is a free run; 0: none. */
static unsigned next_size(const struct lpm_run_lists *lists, unsigned n)
{
    unsigned word = n / 64;
    uint64_t there = n > LPM_RUN_SIZES ? 0 : lists->sizes[word] >> n % 64 << n % 64;
    while (there == 0 && ++word <= LPM_RUN_SIZES / 64)
        there = lists->sizes[word];
    return there == 0 ? 0 : word * 64 + (unsigned)__builtin_ctzll(there);
}

/* ---- taking -------------------------------------------------------------------------------------------- */

/* With `places` behind its head, all free. */
static void page_init(struct lpm_runs *runs, uint8_t *at, unsigned places, bool even)
{
    struct page *page = (void *)at;
    *page = (struct page){.even = even};
    flip(page, PLACE_FIRST, places);
    link_run(runs, page, PLACE_FIRST, places);
}

/* Takes a chunk and moves `*at` to the first multiple of `alignment` in it. Returns the octets from there on.
 */
static size_t new_chunk(struct lpm_runs *runs, struct memory *memory, size_t size, size_t alignment,
                        uint8_t **at)
{
    struct lpm_chunk *chunk = memory_allocate(memory, size);
    if (chunk == NULL)
        return 0;
    *chunk = (struct lpm_chunk){.next = runs->chunks, .size = size};
    runs->chunks = chunk;
    uint8_t *body = (uint8_t *)(chunk + 1);
    size_t skip = -(uintptr_t)body & (alignment - 1);
    *at = body + skip;
    return size - sizeof *chunk - skip;
}

/* The first chunk is the small page, the next ones hold whole pages. */
static bool grow(struct lpm_runs *runs, struct memory *memory, bool even)
{
    size_t overhead = sizeof(struct lpm_chunk) + LPM_GRANULE;
    if (runs->small == NULL) {
        if (new_chunk(runs, memory, SMALL + overhead, 2 * LPM_GRANULE, &runs->small) == 0)
            return false;
        page_init(runs, runs->small, SMALL / LPM_GRANULE - PLACE_FIRST, even);
        return true;
    }
    if (runs->pages == 0) {
        size_t last = runs->chunks->size;
        size_t size = last < CHUNK_FIRST ? (size_t)CHUNK_FIRST : last < CHUNK_LARGEST ? last * 2 : last;
        runs->pages = new_chunk(runs, memory, size, PAGE, &runs->fresh) / PAGE;
    }
    if (runs->pages == 0)
        return false;
    assert(runs->fresh != NULL); /* as long as there are pages */
    page_init(runs, runs->fresh, PLACES - PLACE_FIRST, even);
    runs->fresh += PAGE;
    runs->pages--;
    return true;
}

/* Cuts `n` places out of a free run of at least as many, from an even place on when asked. */
static void *cut(struct lpm_runs *runs, struct lpm_run *run, unsigned n, bool even)
{
    struct page *page = page_of(runs, run);
    unsigned place = place_of(page, run), end = free_end(page, place), skip = even ? place % 2 : 0;
    if (end - place < n + skip)
        return NULL;
    unlink_run(runs, page, place, end - place);
    link_run(runs, page, place, skip);
    link_run(runs, page, place + skip + n, end - place - skip - n);
    flip(page, place + skip, n);
    return run_at(page, place + skip);
}

/* The best fit in the pages for odd or even runs; the first of a list stands for all of it. */
static void *take_free(struct lpm_runs *runs, unsigned n, bool even, bool from)
{
    const struct lpm_run_lists *lists = &runs->lists[from];
    void *run = NULL;
    for (unsigned size = next_size(lists, n); size != 0 && run == NULL; size = next_size(lists, size + 1))
        run = cut(runs, lists->free[size], n, even);
    return run;
}

void lpm_runs_init(struct lpm_runs *runs)
{
    *runs = (struct lpm_runs){0};
}

void *lpm_runs_take(struct lpm_runs *runs, struct memory *memory, size_t size, bool even)
{
    unsigned n = granules(size);
    void *run = take_free(runs, n, even, even);
    if (run == NULL && runs->fresh == NULL) /* only the small page yet, which is for both */
        run = take_free(runs, n, even, !even);
    if (run == NULL && grow(runs, memory, even))
        run = take_free(runs, n, even, even);
    return run;
}

bool lpm_runs_extend(struct lpm_runs *runs, void *run, size_t size, size_t wanted)
{
    struct page *page = page_of(runs, run);
    unsigned end = place_of(page, run) + granules(size), more = granules(wanted) - granules(size);
    return more == 0 || (is_free(page, end) && cut(runs, run_at(page, end), more, false) != NULL);
}

/* ---- giving -------------------------------------------------------------------------------------------- */

void lpm_runs_shrink(struct lpm_runs *runs, void *run, size_t size, size_t wanted)
{
    struct page *page = page_of(runs, run);
    unsigned place = place_of(page, run) + granules(wanted), end = place_of(page, run) + granules(size);
    unsigned begin = place;
    if (begin == end)
        return;
    flip(page, place, end - place);
    if (is_free(page, end)) {
        unsigned beyond = free_end(page, end);
        unlink_run(runs, page, end, beyond - end);
        end = beyond;
    }
    if (is_free(page, place - 1)) {
        begin = free_begin(page, place);
        unlink_run(runs, page, begin, place - begin);
    }
    link_run(runs, page, begin, end - begin);
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
