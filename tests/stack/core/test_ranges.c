/* Ranges against a naive model: a flag for each place. */
#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

#include "core/ranges.h"
#include "tests/dice.h"

enum {
    PLACES = 200
};

static bool all(const bool *flags, uint32_t start, uint32_t end, bool value)
{
    while (start < end && flags[start] == value)
        start++;
    return start == end;
}

static uint32_t runs(const bool *flags)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < PLACES; i++)
        n += flags[i] && (i == 0 || !flags[i - 1]);
    return n;
}

static void check_same(const struct ranges *ranges, const bool *flags)
{
    assert_int_equal(ranges->n, runs(flags));
    uint32_t end = 0;
    for (uint32_t i = 0; i < ranges->n; i++) {
        assert_true(ranges->at[i].start >= end + (i > 0));
        assert_true(all(flags, end, ranges->at[i].start, false));
        assert_true(all(flags, ranges->at[i].start, ranges->at[i].end, true));
        end = ranges->at[i].end;
    }
    assert_int_equal(ranges_end(ranges), end);
    assert_true(all(flags, end, PLACES, false));
}

static void they_agree_with_a_flag_for_each_place(void **state)
{
    (void)state;
    struct dice dice = dice_of(815);
    for (int life = 0; life < 200; life++) {
        bool flags[PLACES] = {false};
        struct range room[8];
        struct ranges ranges = ranges_in(room, 8);
        for (int step = 0; step < 60; step++) {
            uint32_t start = dice_below(&dice, PLACES - 20), end = start + 1 + dice_below(&dice, 20);
            assert_int_equal(ranges_overlap(&ranges, start, end), !all(flags, start, end, false));
            assert_int_equal(ranges_cover(&ranges, start, end), all(flags, start, end, true));
            bool after[PLACES];
            memcpy(after, flags, sizeof after);
            memset(after + start, true, end - start);
            bool fits = runs(after) <= 8;
            assert_int_equal(ranges_add(&ranges, start, end), fits);
            if (fits)
                memcpy(flags, after, sizeof flags);
            check_same(&ranges, flags);
        }
    }
}

static void neighbors_become_one(void **state)
{
    (void)state;
    struct range room[2];
    struct ranges ranges = ranges_in(room, 2);
    assert_true(ranges_add(&ranges, 0, 8));
    assert_true(ranges_add(&ranges, 16, 24));
    assert_false(ranges_overlap(&ranges, 8, 16));
    assert_false(ranges_add(&ranges, 32, 40));
    assert_true(ranges_add(&ranges, 8, 16));
    assert_int_equal(ranges.n, 1);
    assert_true(ranges_cover(&ranges, 0, 24));
    assert_false(ranges_cover(&ranges, 0, 25));
}

static void nothing_is_covered_by_nothing(void **state)
{
    (void)state;
    struct range room[1];
    struct ranges ranges = ranges_in(room, 1);
    assert_false(ranges_cover(&ranges, 0, 1));
    assert_false(ranges_overlap(&ranges, 0, UINT32_MAX - 1));
    assert_int_equal(ranges_end(&ranges), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_agree_with_a_flag_for_each_place),
        cmocka_unit_test(neighbors_become_one),
        cmocka_unit_test(nothing_is_covered_by_nothing),
    };
    return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
