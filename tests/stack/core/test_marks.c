/* Sets of small numbers against a list of booleans. */
#include "core/marks.h"

#include "tests/dice.h"
#include "tests/stack/core/bare.h"
#include "tests/table.h"

enum {
    MOST = 9000
};

static const struct row {
    const char *sentence;
    uint32_t limit;
    unsigned crowd; /* one number in so many is put in at a time */
} rows[] = {
    {"one number", 1, 1},
    {"a word but one", 63, 3},
    {"a whole word", 64, 3},
    {"a word and one", 65, 3},
    {"4,096 numbers, few of them in", 4096, 900},
    {"4,096 numbers, half of them in", 4096, 2},
    {"more than one word of words", MOST, 2500},
};

static uint32_t naive_next(const bool in[], uint32_t limit, uint32_t from)
{
    while (from < limit && !in[from])
        from++;
    return from;
}

static void compare(const struct marks *marks, const bool in[], uint32_t limit)
{
    for (uint32_t from = 0; from <= limit; from++)
        assert_int_equal(marks_next(marks, from), naive_next(in, limit, from));
}

static void check(void **state)
{
    const struct row *row = *state;
    static bool in[MOST];
    struct bare *bare = bare_begin(1, 1, 1);
    struct marks marks;
    struct dice dice = dice_of(row->limit);
    memset(in, 0, sizeof in);
    assert_true(marks_init(&marks, &bare->core.memory, row->limit));
    for (unsigned round = 0; round < 20; round++) {
        for (uint32_t i = 0; i < row->limit / row->crowd + 1; i++) {
            uint32_t number = dice_below(&dice, row->limit);
            in[number] = !in[number];
            if (in[number])
                marks_set(&marks, number);
            else
                marks_clear(&marks, number);
        }
        compare(&marks, in, row->limit);
    }
    for (uint32_t number = 0; number < row->limit; number++) {
        in[number] = false;
        marks_clear(&marks, number);
    }
    compare(&marks, in, row->limit);
    marks_free(&marks, &bare->core.memory);
    bare_end(bare);
}

int main(void)
{
    return RUN_TABLE("marks", rows, check);
}
