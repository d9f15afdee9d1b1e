/* Sets of small numbers against a list of booleans. */
#include "core/marks.h"

#include "tests/dice.h"
#include "tests/stack/heap.h"
#include "tests/stack/wire/exact.h"
#include "tests/table.h"

enum {
    MOST = 9000
};

/* Memory that ends where a block does. */
static void *exact_allocate(void *context, size_t size)
{
    (void)context;
    return exact_new(size).data;
}

static void exact_release(void *context, void *block, size_t size)
{
    (void)context;
    exact_free((struct exact){block, size});
}

static struct memory exact_memory(void)
{
    return (struct memory){.from = {exact_allocate, exact_release, NULL, false}};
}

static const struct row {
    const char *sentence;
    uint32_t limit;
    unsigned crowd; /* one number in so many is put in at a time */
} rows[] = {
    {"one number", 1, 1},
    {"a word but one", 63, 3},
    {"a whole word", 64, 3},
    {"a word and one", 65, 3},
    {"4,096 numbers but one", 4095, 900},
    {"4,096 numbers, few of them in", 4096, 900},
    {"4,096 numbers, half of them in", 4096, 2},
    {"more than one word of words", MOST, 2500},
};

static void compare(const struct marks *marks, const bool in[], uint32_t limit)
{
    uint32_t next = limit;
    for (uint32_t from = limit;; from--) {
        if (from < limit && in[from])
            next = from;
        assert_int_equal(marks_next(marks, from), next);
        if (from == 0)
            return;
    }
}

static void turn(struct marks *marks, bool in[], uint32_t number)
{
    in[number] = !in[number];
    if (in[number])
        marks_set(marks, number);
    else
        marks_clear(marks, number);
}

static void check(void **state)
{
    const struct row *row = *state;
    static bool in[MOST];
    struct memory memory = exact_memory();
    struct marks marks;
    struct dice dice = dice_of(row->limit);
    memset(in, 0, sizeof in);
    assert_true(marks_init(&marks, &memory, row->limit));
    for (unsigned round = 0; round < 20; round++) {
        for (uint32_t i = 0; i < row->limit / row->crowd + 1; i++)
            turn(&marks, in, dice_below(&dice, row->limit));
        compare(&marks, in, row->limit);
    }
    for (uint32_t number = 0; number < row->limit; number++) {
        in[number] = false;
        marks_clear(&marks, number);
    }
    compare(&marks, in, row->limit);
    marks_free(&marks, &memory);
    assert_int_equal(memory.used, 0);
}

/* Where a word of numbers, or of words, begins and ends. */
static void test_seams(void **state)
{
    (void)state;
    static const uint32_t seams[] = {0, 63, 64, 65, 4095, 4096, 4097, 8127, 8191, 8192, 8193, 8255, MOST - 1};
    const size_t n = sizeof seams / sizeof *seams;
    static bool in[MOST];
    struct memory memory = exact_memory();
    struct marks marks;
    assert_true(marks_init(&marks, &memory, MOST));
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < n; b++) {
            turn(&marks, in, seams[a]);
            turn(&marks, in, seams[b]);
            compare(&marks, in, MOST);
        }
        memset(in, 0, sizeof in);
        for (size_t b = 0; b < n; b++)
            marks_clear(&marks, seams[b]);
        compare(&marks, in, MOST);
    }
    marks_free(&marks, &memory);
}

static void test_size(void **state)
{
    (void)state;
    const uint32_t numbers = 1 << 24;
    struct memory memory = heap_memory();
    struct marks marks;
    assert_true(marks_init(&marks, &memory, numbers));
    assert_in_range(memory.used, numbers / 8 + numbers / 8 / 64, numbers / 8 + numbers / 8 / 64 + 16);
    marks_free(&marks, &memory);
    assert_int_equal(memory.used, 0);
}

static void test_dry(void **state)
{
    (void)state;
    const size_t room[] = {1, MOST / 8 + 8}; /* octets: for neither, for the bits alone */
    for (size_t i = 0; i < 2; i++) {
        struct memory memory = heap_memory();
        memory.limit = room[i];
        struct marks marks;
        assert_false(marks_init(&marks, &memory, MOST));
        marks_free(&marks, &memory);
        assert_int_equal(memory.used, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"members where words and words of words meet", test_seams, NULL, NULL, NULL},
        {"16 million numbers take a bit each, a 64th more and two words", test_size, NULL, NULL, NULL},
        {"without memory for both levels there is no set", test_dry, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("marks", tests, NULL, NULL) + RUN_TABLE("marks", rows, check);
}
