/* Timers against a naive model: a plain array that is searched for the least (deadline, arming) each time. */
#include "core/timer.h"

#include <stdlib.h>

#include "core/time.h"
#include "tests/table.h"

/* ---- instants ---- */

static const struct after_row {
    const char *sentence;
    int64_t at, ns, after;
} afters[] = {
    {"a second later", 5, TIME_SECOND, TIME_SECOND + 5},
    {"a millisecond earlier", 0, -TIME_MS, -1000000},
    {"past the end of time is never", INT64_MAX - 1, 2, INT64_MAX},
    {"never stays never, forwards", INT64_MAX, 1, INT64_MAX},
    {"never stays never, backwards", INT64_MAX, -TIME_US, INT64_MAX},
    {"before the beginning of time is the beginning", INT64_MIN + 1, -2, INT64_MIN},
    {"the longest step back from zero does not wrap", 0, INT64_MIN, INT64_MIN},
};

static void check_after(void **state)
{
    const struct after_row *row = *state;
    assert_int_equal(time_after((tapir_instant){row->at}, row->ns).ns, row->after);
}

static const struct between_row {
    const char *sentence;
    int64_t from, to, ns;
} betweens[] = {
    {"from earlier to later is positive", 3, 10, 7},
    {"from later to earlier is negative", 10, 3, -7},
    {"from the beginning to the end saturates", INT64_MIN, INT64_MAX, INT64_MAX},
    {"from the end to the beginning saturates", INT64_MAX, INT64_MIN, INT64_MIN},
    {"from the beginning to just before zero fits", INT64_MIN, -1, INT64_MAX},
    {"from the beginning to zero does not", INT64_MIN, 0, INT64_MAX},
};

static void check_between(void **state)
{
    const struct between_row *row = *state;
    assert_int_equal(time_between((tapir_instant){row->from}, (tapir_instant){row->to}), row->ns);
}

static void test_comparisons(void **state)
{
    (void)state;
    tapir_instant a = {1}, b = {2};
    assert_true(time_before(a, b));
    assert_false(time_before(a, a));
    assert_true(time_reached(a, a));
    assert_true(time_reached(b, a));
    assert_false(time_reached(a, b));
    assert_false(time_reached(TAPIR_NEVER, TAPIR_NEVER));
    assert_int_equal(time_earlier(a, b).ns, 1);
    assert_int_equal(time_earlier(b, a).ns, 1);
}

/* ---- the queue ---- */

static void test_life_of_one(void **state)
{
    (void)state;
    struct timers timers = {0};
    struct timer timer = {.kind = TIMER_NEIGHBOR};
    assert_int_equal(timer_deadline(&timers).ns, INT64_MAX);
    assert_null(timer_take_due(&timers, TAPIR_NEVER));
    timer_cancel(&timers, &timer);
    timer_arm(&timers, &timer, (tapir_instant){100});
    assert_true(timer_is_armed(&timer));
    assert_int_equal(timer_deadline(&timers).ns, 100);
    assert_null(timer_take_due(&timers, (tapir_instant){99}));
    assert_ptr_equal(timer_take_due(&timers, (tapir_instant){100}), &timer);
    assert_false(timer_is_armed(&timer));
    assert_int_equal(timer.kind, TIMER_NEIGHBOR);
    assert_int_equal(timer.deadline.ns, 100);
    assert_null(timer_take_due(&timers, TAPIR_NEVER));
}

static void test_never(void **state)
{
    (void)state;
    struct timers timers = {0};
    struct timer timer = {0};
    timer_arm(&timers, &timer, TAPIR_NEVER);
    assert_true(timer_is_armed(&timer));
    assert_null(timer_take_due(&timers, TAPIR_NEVER));
    timer_cancel(&timers, &timer);
    assert_false(timer_is_armed(&timer));
}

/* Armed in one order in memory, and in the reverse one: what fires first must not change. */
static void test_order_of_arming(void **state)
{
    (void)state;
    for (int reverse = 0; reverse < 2; reverse++) {
        struct timers timers = {0};
        struct timer timer[9] = {0};
        for (int i = 0; i < 9; i++)
            timer_arm(&timers, &timer[reverse ? 8 - i : i], (tapir_instant){7});
        timer_arm(&timers, &timer[4], (tapir_instant){7});
        for (int i = 0; i < 8; i++) {
            int place = i < 4 ? i : i + 1;
            assert_ptr_equal(timer_take_due(&timers, (tapir_instant){7}),
                             &timer[reverse ? 8 - place : place]);
        }
        assert_ptr_equal(timer_take_due(&timers, (tapir_instant){7}), &timer[4]);
    }
}

/* ---- against the model ---- */

enum {
    N = 200,
    STEPS = 100000
};

static struct model {
    bool armed;
    int64_t deadline;
    int serial;
} model[N];

static uint32_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)(*seed >> 33);
}

/* The place of the first armed one; -1: none is. */
static int model_first(void)
{
    int first = -1;
    for (int i = 0; i < N; i++) {
        if (!model[i].armed)
            continue;
        if (first < 0 || model[i].deadline < model[first].deadline ||
            (model[i].deadline == model[first].deadline && model[i].serial < model[first].serial))
            first = i;
    }
    return first;
}

static const struct mix_row {
    const char *sentence;
    uint32_t arm, cancel, spread; /* in 100 steps; the rest takes. Deadlines lie in the next `spread` ns. */
} mixes[] = {
    {"mostly armed, few deadlines: nearly all are equal", 60, 10, 3},
    {"mostly armed, many deadlines", 60, 10, 100000},
    {"mostly re-armed, hardly ever taken, as by a busy neighbor", 97, 2, 1000},
    {"mostly cancelled", 45, 45, 50},
    {"mostly taken, often empty", 40, 2, 20},
    {"never cancelled", 50, 0, 1000},
};

static void check_mix(void **state)
{
    const struct mix_row *row = *state;
    struct timers timers = {0};
    static struct timer timer[N];
    uint64_t seed = 1;
    int64_t now = 0;
    for (int i = 0; i < N; i++) {
        timer[i] = (struct timer){0};
        model[i] = (struct model){0};
    }
    for (int step = 0; step < STEPS; step++) {
        uint32_t dice = draw(&seed) % 100, i = draw(&seed) % N;
        if (dice < row->arm) {
            int64_t deadline = now + draw(&seed) % row->spread;
            timer_arm(&timers, &timer[i], (tapir_instant){deadline});
            model[i] = (struct model){true, deadline, step};
        } else if (dice < row->arm + row->cancel) {
            timer_cancel(&timers, &timer[i]);
            model[i].armed = false;
        } else {
            now += draw(&seed) % (row->spread / 8 + 2);
            int first = model_first();
            bool due = first >= 0 && model[first].deadline <= now;
            assert_ptr_equal(timer_take_due(&timers, (tapir_instant){now}), due ? &timer[first] : NULL);
            if (due)
                model[first].armed = false;
        }
        int first = model_first();
        assert_int_equal(timer_deadline(&timers).ns, first < 0 ? INT64_MAX : model[first].deadline);
        assert_int_equal(timer_is_armed(&timer[i]), model[i].armed);
    }
}

/* A million that are armed in falling order, in rising order and at random come out sorted; nothing overflows
 * a stack. */
static void test_million(void **state)
{
    (void)state;
    enum {
        MILLION = 1000000
    };
    struct timer *timer = calloc(MILLION, sizeof *timer);
    assert_non_null(timer);
    for (int order = 0; order < 3; order++) {
        struct timers timers = {0};
        uint64_t seed = 2;
        for (int i = 0; i < MILLION; i++) {
            int64_t deadline = order == 0   ? (int64_t)MILLION - i
                               : order == 1 ? (int64_t)i
                                            : (int64_t)(draw(&seed) % (MILLION / 8));
            timer_arm(&timers, &timer[i], (tapir_instant){deadline});
        }
        for (int i = 0; i < MILLION; i += 3)
            timer_cancel(&timers, &timer[i]);
        struct timer *last = NULL;
        int taken = 0;
        for (struct timer *next; (next = timer_take_due(&timers, (tapir_instant){MILLION})) != NULL;
             taken++) {
            if (last != NULL && last->deadline.ns == next->deadline.ns)
                assert_true(last < next);
            else if (last != NULL)
                assert_true(last->deadline.ns < next->deadline.ns);
            last = next;
        }
        assert_int_equal(taken, MILLION - (MILLION + 2) / 3);
        assert_int_equal(timers.planted, 0);
    }
    free(timer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"now is reached, later is not, never never is", test_comparisons, NULL, NULL, NULL},
        {"a timer fires at its deadline, once", test_life_of_one, NULL, NULL, NULL},
        {"a timer armed for never does not fire", test_never, NULL, NULL, NULL},
        {"equal deadlines fire in the order of arming, whatever their addresses", test_order_of_arming, NULL,
         NULL, NULL},
        {"a million timers fire in order", test_million, NULL, NULL, NULL},
    };
    return RUN_TABLE("time_after", afters, check_after) + RUN_TABLE("time_between", betweens, check_between) +
           cmocka_run_group_tests(tests, NULL, NULL) +
           RUN_TABLE("timers against a sorted list", mixes, check_mix);
}
