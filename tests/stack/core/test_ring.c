/* The ring of records against a queue that is too plain to be wrong: every record comes out whole, in order,
 * once. */
#include "core/ring.h"

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

enum {
    HEAD = 16,    /* octets that a record needs beside its own */
    QUEUE = 4096, /* records that the naive queue holds */
    STEPS = 20000,
    GUARD = 64
};

/* xorshift: the same numbers every time. */
static uint32_t chance(uint32_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % below;
}

/* ---- a ring between two guards, and its model ---- */

struct pair {
    struct ring ring;
    uint8_t *block; /* GUARD octets, the ring's memory, GUARD octets */
    struct {
        size_t size;
        uint8_t fill;
    } queue[QUEUE];
    size_t first, count;
    uint8_t next_fill;
};

static struct pair *pair_begin(size_t size)
{
    struct pair *pair = calloc(1, sizeof *pair);
    assert_non_null(pair);
    pair->block = aligned_alloc(16, size + 2 * GUARD);
    assert_non_null(pair->block);
    memset(pair->block, 0xcc, size + 2 * GUARD);
    pair->ring = (struct ring){.memory = pair->block + GUARD, .size = size};
    return pair;
}

static void pair_end(struct pair *pair)
{
    for (size_t i = 0; i < GUARD; i++) {
        assert_int_equal(pair->block[i], 0xcc);
        assert_int_equal(pair->block[GUARD + pair->ring.size + i], 0xcc);
    }
    free(pair->block);
    free(pair);
}

/* Reserves `reserved` octets, writes them all, commits `committed`. */
static bool put(struct pair *pair, size_t reserved, size_t committed)
{
    uint8_t *record = ring_reserve(&pair->ring, reserved);
    if (record == NULL)
        return false;
    assert_int_equal((uintptr_t)record % 16, 0);
    assert_true(record >= pair->ring.memory + HEAD &&
                record + reserved <= pair->ring.memory + pair->ring.size);
    memset(record, 0xee, reserved);
    memset(record, ++pair->next_fill, committed);
    ring_commit(&pair->ring, committed);
    size_t place = (pair->first + pair->count++) % QUEUE;
    pair->queue[place].size = committed;
    pair->queue[place].fill = pair->next_fill;
    return true;
}

static void check_front(struct pair *pair)
{
    size_t size = 0;
    const uint8_t *record = ring_peek(&pair->ring, &size);
    if (pair->count == 0) {
        assert_null(record);
        return;
    }
    assert_non_null(record);
    assert_int_equal(size, pair->queue[pair->first].size);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(record[i], pair->queue[pair->first].fill);
}

static void take(struct pair *pair)
{
    check_front(pair);
    ring_consume(&pair->ring);
    if (pair->count == 0)
        return;
    pair->first = (pair->first + 1) % QUEUE;
    pair->count--;
}

static void take_all(struct pair *pair)
{
    while (pair->count > 0)
        take(pair);
    take(pair);
}

/* ---- property ---- */

static const struct row {
    const char *sentence;
    size_t size;
    uint32_t most; /* records have fewer octets */
    uint32_t put_of_ten;
} rows[] = {
    {"a large ring of small records", 4096, 40, 5},
    {"a ring of a few large records", 1024, 600, 5},
    {"a ring that is full most of the time", 512, 120, 8},
    {"a ring that is empty most of the time", 512, 120, 2},
    {"records as large as the ring and larger", 256, 300, 5},
    {"a ring for one empty record", 16, 20, 5},
    {"a ring for two empty records", 32, 20, 5},
    {"a ring of three times sixteen octets", 48, 40, 5},
    {"a ring that is mostly gaps", 208, 100, 7},
    {"empty records alone", 160, 1, 6},
};

static void check_random(void **state)
{
    const struct row *row = *state;
    struct pair *pair = pair_begin(row->size);
    uint32_t seed = 20260729;
    for (unsigned step = 0; step < STEPS; step++) {
        size_t size = chance(&seed, row->most);
        if (chance(&seed, 10) >= row->put_of_ten) {
            take(pair);
        } else if (chance(&seed, 10) == 0) {
            ring_reserve(&pair->ring, size); /* forgotten */
            check_front(pair);
        } else if (!put(pair, size, chance(&seed, 3) == 0 ? size / 2 : size)) {
            assert_true(pair->count > 0 || !ring_can_hold(&pair->ring, size));
        }
        if (chance(&seed, 4) == 0)
            check_front(pair);
    }
    take_all(pair);
    pair_end(pair);
}

/* ---- corners ---- */

static void test_exactly_full(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(128);
    for (unsigned round = 0; round < 5; round++) {
        for (size_t i = 0; i < 4; i++)
            assert_true(put(pair, 16, 16)); /* 32 octets each */
        assert_false(put(pair, 0, 0));
        take(pair);
        assert_true(put(pair, 16, 16));
        assert_false(put(pair, 1, 1));
        take_all(pair);
    }
    pair_end(pair);
}

static void test_one_fills_all(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(128);
    for (unsigned round = 0; round < 3; round++) {
        assert_true(ring_can_hold(&pair->ring, 112));
        assert_true(put(pair, 112, 112));
        assert_false(put(pair, 0, 0));
        take_all(pair);
        assert_false(ring_can_hold(&pair->ring, 113));
        assert_false(put(pair, 113, 113));
    }
    pair_end(pair);
}

static void test_gap_of_a_head(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(112);
    assert_true(put(pair, 16, 16));
    assert_true(put(pair, 16, 16));
    assert_true(put(pair, 16, 16)); /* tail at 96: a head fits behind it, no octet more */
    take(pair);
    assert_true(put(pair, 16, 16)); /* begins at 0 */
    take(pair);
    take(pair);
    take(pair);
    take_all(pair);
    pair_end(pair);
}

static void test_end_is_the_end(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(96);
    for (size_t i = 0; i < 3; i++)
        assert_true(put(pair, 16, 16)); /* tail at the very end: no gap, no head to read there */
    take(pair);
    assert_true(put(pair, 16, 16));
    take(pair);
    take(pair);
    check_front(pair);
    take_all(pair);
    pair_end(pair);
}

static void test_empty_at_the_end(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(112);
    assert_true(put(pair, 16, 16));
    assert_true(put(pair, 16, 16));
    assert_true(put(pair, 16, 16));
    assert_true(put(pair, 0, 0)); /* just its head, up to the end */
    take(pair);
    assert_true(put(pair, 5, 5));
    take_all(pair);
    pair_end(pair);
}

static void test_shorter_at_the_wrap(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(160);
    assert_true(put(pair, 48, 48)); /* 0 to 64 */
    assert_true(put(pair, 32, 32)); /* 64 to 112: 48 are left */
    take(pair);
    assert_true(put(pair, 40, 8)); /* reserved at 0 since 56 do not fit behind; stays there */
    take(pair);
    check_front(pair);
    assert_true(put(pair, 60, 1));
    take_all(pair);
    pair_end(pair);
}

static void test_forgotten(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(160);
    assert_true(put(pair, 48, 48));
    assert_true(put(pair, 48, 48));
    take(pair);
    assert_non_null(ring_reserve(&pair->ring, 40)); /* would leave a gap */
    assert_true(put(pair, 16, 16));                 /* leaves none */
    take(pair);
    check_front(pair);
    assert_null(ring_reserve(&pair->ring, 200));
    take_all(pair);
    pair_end(pair);
}

/* A reader may drain the ring while a record is reserved: its place stays what it was. */
static void test_drained_meanwhile(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(160);
    assert_true(put(pair, 48, 48));
    assert_true(put(pair, 48, 48));
    take(pair);
    uint8_t *record = ring_reserve(&pair->ring, 40);
    assert_non_null(record);
    take(pair);
    memset(record, 0x5a, 40);
    ring_commit(&pair->ring, 40);
    size_t size = 0;
    assert_ptr_equal(ring_peek(&pair->ring, &size), record);
    assert_int_equal(size, 40);
    ring_consume(&pair->ring);
    check_front(pair);
    assert_true(put(pair, 144, 144)); /* all of it is free again */
    take_all(pair);
    pair_end(pair);
}

static void test_huge(void **state)
{
    (void)state;
    struct pair *pair = pair_begin(64);
    for (size_t less = 0; less < 40; less++) {
        assert_false(ring_can_hold(&pair->ring, SIZE_MAX - less));
        assert_null(ring_reserve(&pair->ring, SIZE_MAX - less));
    }
    struct ring none = {0};
    assert_false(ring_can_hold(&none, 0));
    assert_null(ring_reserve(&none, 0));
    pair_end(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a ring can be filled to the last octet", test_exactly_full, NULL, NULL, NULL},
        {"one record may fill all of the ring", test_one_fills_all, NULL, NULL, NULL},
        {"a gap of just a head is skipped", test_gap_of_a_head, NULL, NULL, NULL},
        {"a record that ends with the memory is followed by the first one", test_end_is_the_end, NULL, NULL,
         NULL},
        {"an empty record fits where just a head does", test_empty_at_the_end, NULL, NULL, NULL},
        {"a record committed shorter than reserved keeps its place", test_shorter_at_the_wrap, NULL, NULL,
         NULL},
        {"a reservation that was forgotten leaves no gap", test_forgotten, NULL, NULL, NULL},
        {"a ring drained while a record is reserved gives that record", test_drained_meanwhile, NULL, NULL,
         NULL},
        {"sizes beyond all memory are refused", test_huge, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("ring", tests, NULL, NULL) +
           RUN_TABLE("ring property", rows, check_random);
}
