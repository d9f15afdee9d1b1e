/* The token bucket: sentences with hand-counted answers, then long random histories against a model that
 * counts tokens in exact integers of another kind. */
#include "core/bucket.h"

#include "core/time.h"
#include "tests/table.h"

/* `taken` of `tries` at each of up to 4 moments. */
static const struct row {
    const char *sentence;
    uint32_t rate, burst;
    struct {
        int64_t at;
        unsigned tries, taken;
    } steps[4];
} rows[] = {
    {"a new bucket is full", 1, 6, {{0, 10, 6}}},
    {"a new bucket is full at any time", 1, 6, {{INT64_C(1) << 62, 10, 6}}},
    {"a new bucket is full before the origin of time, and refills from there",
     1,
     2,
     {{-5 * TIME_SECOND, 3, 2}, {-4 * TIME_SECOND, 3, 1}}},
    {"a token a second comes back after a second", 1, 6, {{0, 6, 6}, {TIME_SECOND, 5, 1}}},
    {"but not a nanosecond earlier", 1, 6, {{0, 6, 6}, {TIME_SECOND - 1, 5, 0}, {TIME_SECOND, 5, 1}}},
    {"three a second: one comes after a third of a second, rounded up to a nanosecond",
     3,
     1,
     {{0, 2, 1}, {333333333, 1, 0}, {333333334, 1, 1}, {666666668, 1, 1}}},
    {"no more than the burst is saved up", 1000, 50, {{0, 50, 50}, {3600 * TIME_SECOND, 1000, 50}}},
    {"half a token is kept until the other half comes",
     1,
     1,
     {{0, 1, 1}, {TIME_SECOND / 2, 1, 0}, {TIME_SECOND, 1, 1}}},
    {"asking in vain costs nothing", 1, 1, {{0, 100, 1}, {TIME_SECOND / 2, 100, 0}, {TIME_SECOND, 100, 1}}},
    {"a rate of 0 never refills", 0, 3, {{0, 9, 3}, {INT64_MAX, 9, 0}}},
    {"a burst of 0 gives nothing", 1000, 0, {{0, 9, 0}, {TIME_SECOND, 9, 0}}},
    {"a million a second: one each microsecond",
     1000000,
     1,
     {{0, 2, 1}, {999, 1, 0}, {1000, 2, 1}, {2000, 2, 1}}},
    {"a million a second after an eternity overflows nothing",
     1000000,
     1000000,
     {{INT64_MIN, 1000001, 1000000}, {INT64_MAX, 1000001, 1000000}}},
    {"time that goes back refills nothing", 1, 1, {{TIME_SECOND, 2, 1}, {0, 2, 0}, {2 * TIME_SECOND, 2, 1}}},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct bucket bucket = {0};
    for (size_t i = 0; i < 4 && row->steps[i].tries != 0; i++) {
        unsigned taken = 0;
        tapir_instant now = {row->steps[i].at};
        for (unsigned n = 0; n < row->steps[i].tries; n++) {
            bool has = bucket_has(&bucket, row->rate, row->burst, now);
            bool took = bucket_take(&bucket, row->rate, row->burst, now);
            assert_int_equal(has, took);
            taken += took;
        }
        assert_int_equal(taken, row->steps[i].taken);
    }
}

static uint32_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)(*seed >> 33);
}

/* The model walks nanosecond by nanosecond in its mind: level in billionths, one addition a step, capped. */
static void test_model(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int history = 0; history < 200; history++) {
        struct bucket bucket = {0};
        uint32_t rate = draw(&seed) % 1000000 + 1, burst = draw(&seed) % 20 + 1;
        uint64_t full = burst * UINT64_C(1000000000), level = full;
        int64_t now = 0;
        for (int i = 0; i < 500; i++) {
            uint32_t step = draw(&seed) % 2000;
            for (uint32_t ns = 0; ns < step && level < full; ns++)
                level = level + rate < full ? level + rate : full;
            now += step;
            bool has = level >= 1000000000;
            assert_int_equal(bucket_take(&bucket, rate, burst, (tapir_instant){now}), has);
            level -= has ? 1000000000 : 0;
        }
    }
}

static void test_no_drift(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    unsigned taken = 0;
    for (int64_t ns = 0; ns <= 1000 * TIME_SECOND; ns += 7777777)
        taken += bucket_take(&bucket, 7, 1, (tapir_instant){ns});
    assert_in_range(taken, 6700,
                    7001); /* a late visit loses what is beyond the burst, never a fraction below it */
    struct bucket deep = {0};
    taken = 0;
    for (int64_t ns = 0; ns <= 1000 * TIME_SECOND; ns += 7777777)
        taken += bucket_take(&deep, 7, 2, (tapir_instant){ns});
    assert_int_equal(taken, 7001);
}

static void test_lowered_burst(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    for (int i = 0; i < 1000; i++)
        assert_true(bucket_take(&bucket, 1, 1000, (tapir_instant){0}));
    assert_false(bucket_take(&bucket, 1, 2, (tapir_instant){0}));
    assert_true(bucket_take(&bucket, 1, 2, (tapir_instant){TIME_SECOND}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"random histories agree with a model that counts each nanosecond", test_model, NULL, NULL, NULL},
        {"a rate that divides nothing does not drift", test_no_drift, NULL, NULL, NULL},
        {"a lowered burst does not leave an old debt", test_lowered_burst, NULL, NULL, NULL},
    };
    return RUN_TABLE("bucket", rows, check) + cmocka_run_group_tests(tests, NULL, NULL);
}
