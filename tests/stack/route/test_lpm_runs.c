/* Runs of memory for the trie: what is taken is nobody else's, what is free is joined, and memory comes in chunks that grow. */
#include "route/lpm_runs.h"

#include <stdlib.h>
#include <string.h>

#include "tests/dice.h"
#include "tests/table.h"

enum {
    G = LPM_GRANULE,
    LARGEST = LPM_RUN_SIZES * G,
    HEAD = 10, /* granules at the head of a page, for its bits */
    SMALL_ROOM = (4096 / G - HEAD) * G,
    RUNS_OF_PAGE = (16384 / G - HEAD) / LPM_RUN_SIZES
};

/* ---- memory that counts its blocks ---- */

static struct {
    size_t blocks, last, most;
} heap;

static void *take(void *context, size_t size)
{
    (void)context;
    if (heap.blocks == heap.most)
        return NULL;
    heap.blocks++;
    heap.last = size;
    return malloc(size);
}

static void give_back(void *context, void *block, size_t size)
{
    (void)context, (void)size;
    heap.blocks--;
    free(block);
}

static struct memory memory = {.from = {take, give_back, NULL, false}};
static struct lpm_runs runs;

static int begin(void **state)
{
    (void)state;
    heap.blocks = heap.last = 0;
    heap.most = SIZE_MAX;
    lpm_runs_init(&runs);
    return 0;
}

static int end(void **state)
{
    (void)state;
    lpm_runs_free(&runs, &memory);
    return heap.blocks == 0 ? 0 : -1;
}

static uint8_t *take_run(size_t granules, bool even)
{
    return lpm_runs_take(&runs, &memory, granules * G, even);
}

/* ---- stories ---- */

static void a_run_grows_into_what_is_free_behind_it(void **state)
{
    (void)state;
    uint8_t *run = take_run(4, false);
    assert_true(lpm_runs_extend(&runs, run, 4 * G, 9 * G));
    assert_ptr_equal(take_run(3, false), run + 9 * G);
    assert_false(lpm_runs_extend(&runs, run, 9 * G, 10 * G));
    assert_true(lpm_runs_extend(&runs, run, 9 * G - 5, 9 * G)); /* the granule is its own */
}

/* Three neighbors go in any order: what they leave is one run again, which the next one of their size gets. */
static void free_neighbors_are_joined(void **state)
{
    (void)state;
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        uint8_t *run[3] = {take_run(5, false), take_run(6, false), take_run(7, false)};
        uint8_t *fence = take_run(1, false);
        for (int k = 0; k < 3; k++) {
            int n = orders[i][k];
            lpm_runs_shrink(&runs, run[n], (size_t)(5 + n) * G, 0);
        }
        uint8_t *whole = take_run(18, false);
        assert_ptr_equal(whole, run[0]);
        lpm_runs_shrink(&runs, whole, 18 * G, 0);
        lpm_runs_shrink(&runs, fence, G, 0);
    }
}

static void what_a_run_leaves_at_its_end_is_free(void **state)
{
    (void)state;
    uint8_t *run = take_run(20, false), *fence = take_run(1, false);
    lpm_runs_shrink(&runs, run, 20 * G, 20 * G);
    assert_ptr_equal(fence, run + 20 * G);
    lpm_runs_shrink(&runs, run, 20 * G, 12 * G);
    assert_ptr_equal(take_run(8, false), run + 12 * G);
}

static void the_best_fit_is_taken(void **state)
{
    (void)state;
    uint8_t *large = take_run(90, false);
    take_run(1, false);
    uint8_t *fitting = take_run(70, false);
    take_run(1, false);
    lpm_runs_shrink(&runs, large, 90 * G, 0);
    lpm_runs_shrink(&runs, fitting, 70 * G, 0);
    assert_ptr_equal(take_run(66, false), fitting);
}

static void even_runs_are_aligned_to_two_granules(void **state)
{
    (void)state;
    for (size_t n = 1; n < 8; n++) {
        take_run(1, true);
        assert_int_equal((uintptr_t)take_run(n, true) % (2 * G), 0);
    }
}

/* Few runs need one small page, whatever their kind; the rest lie in pages of their kind, in chunks that double. */
static void memory_comes_in_chunks_that_double(void **state)
{
    (void)state;
    assert_non_null(take_run(SMALL_ROOM / G / 2 - 1, false));
    assert_non_null(take_run(SMALL_ROOM / G / 2 - 1, true));
    assert_int_equal(heap.blocks, 1);
    assert_in_range(heap.last, 4096, 4096 + 64);
    static const size_t chunks[] = {65536, 131072, 262144, 262144};
    for (size_t i = 0, before = 1; i < sizeof chunks / sizeof chunks[0]; i++, before = heap.blocks) {
        size_t runs_taken = 0;
        for (; heap.blocks == before; runs_taken++)
            assert_non_null(take_run(LPM_RUN_SIZES, false));
        assert_int_equal(heap.last, chunks[i]);
        size_t pages = i == 0 ? 0 : chunks[i - 1] / 16384; /* one of them is lost to alignment at most */
        assert_in_range(runs_taken, pages < 2 ? 1 : (pages - 1) * RUNS_OF_PAGE, 1 + pages * RUNS_OF_PAGE);
    }
}

static void odd_and_even_runs_do_not_share_pages(void **state)
{
    (void)state;
    while (heap.blocks < 2)
        take_run(LPM_RUN_SIZES, false);
    uint8_t *odd = take_run(1, false), *even = take_run(2, true), *after = take_run(1, false);
    assert_int_not_equal((uintptr_t)odd / 16384, (uintptr_t)even / 16384);
    assert_int_equal((uintptr_t)odd / 16384, (uintptr_t)after / 16384);
}

static void without_memory_there_is_no_run(void **state)
{
    (void)state;
    heap.most = 0;
    assert_null(take_run(1, false));
    heap.most = 1;
    while (take_run(LPM_RUN_SIZES, false) != NULL)
        ;
    assert_int_equal(heap.blocks, 1);
    heap.most = 2;
    assert_non_null(take_run(LPM_RUN_SIZES, false));
}

/* ---- any order of everything, against a list of who has what ---- */

enum {
    OWNERS = 300
};

static struct owner {
    uint8_t *run;
    size_t size;
} owners[OWNERS];

static bool is_intact(const struct owner *owner, uint8_t mark)
{
    for (size_t i = 0; i < owner->size; i++)
        if (owner->run[i] != mark)
            return false;
    return true;
}

static void change(struct dice *dice, struct owner *owner, uint8_t mark)
{
    size_t size = 1 + dice_below(dice, LARGEST);
    if (owner->run == NULL) {
        *owner = (struct owner){lpm_runs_take(&runs, &memory, size, mark % 2 == 0), size};
        assert_int_equal((uintptr_t)owner->run % (mark % 2 == 0 ? 2 * G : G), 0);
    } else if (size < owner->size || dice_below(dice, 4) == 0) {
        size = dice_below(dice, 2) == 0 ? 0 : size < owner->size ? size : owner->size;
        lpm_runs_shrink(&runs, owner->run, owner->size, size);
        *owner = size == 0 ? (struct owner){0} : (struct owner){owner->run, size};
    } else if (lpm_runs_extend(&runs, owner->run, owner->size, size)) {
        owner->size = size;
    }
    if (owner->run != NULL)
        memset(owner->run, mark, owner->size);
}

static void nobody_writes_into_the_run_of_another(void **state)
{
    (void)state;
    struct dice dice = dice_of(7);
    memset(owners, 0, sizeof owners);
    for (int step = 0; step < 60000; step++) {
        unsigned n = (unsigned)dice_below(&dice, OWNERS);
        assert_true(is_intact(&owners[n], (uint8_t)n));
        change(&dice, &owners[n], (uint8_t)n);
    }
    for (unsigned n = 0; n < OWNERS; n++)
        if (owners[n].run != NULL)
            lpm_runs_shrink(&runs, owners[n].run, owners[n].size, 0);
    size_t blocks =
        heap.blocks; /* all is free and in one piece for each page: the same room once more takes no chunk */
    for (int n = 0; n < 7; n++)
        take_run(LPM_RUN_SIZES, n % 2 == 0);
    assert_int_equal(heap.blocks, blocks);
}

#define STORY(function)                                                                       \
    {                                                                                         \
        .name = #function, .test_func = (function), .setup_func = begin, .teardown_func = end \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_run_grows_into_what_is_free_behind_it), STORY(free_neighbors_are_joined),
        STORY(what_a_run_leaves_at_its_end_is_free),    STORY(the_best_fit_is_taken),
        STORY(even_runs_are_aligned_to_two_granules),   STORY(memory_comes_in_chunks_that_double),
        STORY(odd_and_even_runs_do_not_share_pages),    STORY(without_memory_there_is_no_run),
        STORY(nobody_writes_into_the_run_of_another),
    };
    return cmocka_run_group_tests_name("runs of the trie", tests, NULL, NULL);
}
