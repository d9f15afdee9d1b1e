/* The trail: the last steps of traced packets, oldest first. */
#include "tests/stack/core/bare.h"

static void note(struct trail *trail, uint64_t from, uint64_t to)
{
    for (uint64_t number = from; number < to; number++) {
        struct tapir_packet packet = {.number = number};
        trail_note(trail, &packet, lane_text(LANE_IP4), (tapir_instant){(int64_t)number * 10});
    }
}

static void expect(struct trail *trail, size_t max, uint64_t from, uint64_t to)
{
    struct tapir_step steps[LIMIT_TRAIL + 1];
    size_t n = trail_take(trail, steps, max);
    assert_int_equal(n, to - from);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(steps[i].number, from + i);
        assert_int_equal(steps[i].time.ns, (from + i) * 10);
        assert_string_equal(steps[i].lane, "ip4");
    }
}

static void test_order(void **state)
{
    (void)state;
    struct trail trail = {0};
    expect(&trail, 5, 0, 0);
    note(&trail, 1, 8);
    expect(&trail, 5, 1, 6);
    note(&trail, 8, 10);
    expect(&trail, 5, 6, 10);
    expect(&trail, 5, 0, 0);
}

static void test_full(void **state)
{
    (void)state;
    struct trail trail = {0};
    note(&trail, 1, LIMIT_TRAIL + 1);
    expect(&trail, LIMIT_TRAIL + 1, 1, LIMIT_TRAIL + 1);
}

static void test_overflow(void **state)
{
    (void)state;
    struct trail trail = {0};
    note(&trail, 1, 3 * LIMIT_TRAIL + 8);
    expect(&trail, 3, 2 * LIMIT_TRAIL + 8, 2 * LIMIT_TRAIL + 11);
    note(&trail, 3 * LIMIT_TRAIL + 8, 3 * LIMIT_TRAIL + 20);
    expect(&trail, LIMIT_TRAIL + 1, 2 * LIMIT_TRAIL + 20, 3 * LIMIT_TRAIL + 20);
}

static void test_origin(void **state)
{
    (void)state;
    struct trail trail = {0};
    struct tapir_packet born = {
        .number = 3, .verdict = TAPIR_NEIGHBOR_FAILED, .entry = 9, .within.origin = TAPIR_BORN};
    trail_note(&trail, &born, lane_text(LANE_ERROR), (tapir_instant){7});
    struct tapir_step step;
    assert_int_equal(trail_take(&trail, &step, 1), 1);
    assert_int_equal(step.origin, TAPIR_BORN);
    assert_int_equal(step.verdict, TAPIR_NEIGHBOR_FAILED);
    assert_int_equal(step.entry, 9);
    assert_string_equal(step.lane, "error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"steps come out in the order in which they were taken", test_order, NULL, NULL, NULL},
        {"as many as the trail holds are kept", test_full, NULL, NULL, NULL},
        {"beyond that the oldest make room", test_overflow, NULL, NULL, NULL},
        {"a step tells whose packet, which verdict and which entry", test_origin, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("trail", tests, NULL, NULL);
}
