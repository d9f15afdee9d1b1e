/* Router discovery, RFC 1256, as a router: what is advertised, and when. */
#include "tests/table.h"
#include "tests/world/router_frames.h"

#define ALONE "set icmp.router_discovery on on a"

/* ---- what ---- */

static void an_advertisement_by_its_octets(void **state)
{
    (void)state;
    static const uint8_t message[] = {9, 0, 0xe3, 0xf4, 1, 2, 7, 8, 10, 0, 1, 1, 0, 0, 0, 0};
    struct bench *bench = bench_open(ROUTER, ALONE);
    bench_run(bench, 16 * SECONDS);
    const struct sight *sight = expect_advertisement(bench);
    assert_int_equal(sight->view.to, ALL_HOSTS);
    assert_int_equal(sight->view.to_mac, MAC_ALL_HOSTS);
    assert_int_equal(sight->view.from, DUT_A);
    assert_int_equal(sight->view.ttl, 1);
    assert_int_equal(sight->view.payload_size, sizeof message);
    assert_memory_equal(sight->view.payload, message, sizeof message);
    bench_close(bench);
}

static void an_address_without_the_flag_is_left_out(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "address a 10.0.1.5/24; address a 10.0.1.6/24; no advertise a 10.0.1.5; " ALONE);
    bench_run(bench, 16 * SECONDS);
    const struct sight *sight = expect_advertisement(bench);
    assert_int_equal(sight->view.rest >> 24, 2);
    expect_entry(sight, 0, DUT_A, 0);
    expect_entry(sight, 1, IP(10, 0, 1, 6), 0);
    bench_do(bench, "advertise a 10.0.1.5");
    bench_run(bench, 16 * SECONDS);
    assert_int_equal(expect_advertisement(bench)->view.rest >> 24, 3);
    bench_close(bench);
}

static void without_any_flag_nothing_is_sent(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "no advertise a 10.0.1.1; " ALONE);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "advertise a 10.0.1.1");
    bench_run(bench, 16 * SECONDS);
    expect_advertisement(bench);
    bench_close(bench);
}

static void the_group_may_be_all_ones(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.advertise.broadcast on; " ALONE);
    bench_run(bench, 16 * SECONDS);
    const struct sight *sight = expect_advertisement(bench);
    assert_int_equal(sight->view.to, BROADCAST);
    assert_int_equal(sight->view.to_mac, MAC_BROADCAST);
    bench_close(bench);
}

/* A table of its own, since the octets are the point. */
static const struct number {
    const char *sentence;
    const char *given;
    unsigned lifetime;
    int64_t preference;
} numbers[] = {
    {"30 minutes and preference 0 by default (RD-5)", "", 1800, 0},
    {"the lifetime follows the longest interval (RD-5)", "set icmp.advertise.max 4s", 12, 0},
    {"the longest interval of all (RD-5)", "set icmp.advertise.max 30min", 5400, 0},
    {"a lifetime of its own (RD-5)", "set icmp.advertise.lifetime 9000s", 9000, 0},
    {"a part of a second counts as a whole one (RD-5)", "set icmp.advertise.lifetime 2000000000001ns", 2001,
     0},
    {"a lifetime is never below the longest interval (RD-5)", "set icmp.advertise.lifetime 10s", 600, 0},
    {"a preference (RD-1)", "set icmp.advertise.preference 7", 1800, 7},
    {"a preference below zero (RD-1)", "set icmp.advertise.preference -2", 1800, 0xfffffffe},
    {"the largest preference (RD-1)", "set icmp.advertise.preference 2147483647", 1800, 0x7fffffff},
    {"the preference that means never (RD-12)", "set icmp.advertise.preference -2147483648", 1800,
     0x80000000},
};

static void check_numbers(void **state)
{
    const struct number *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    bench_do(bench, ALONE);
    bench_run(bench, 16 * SECONDS);
    const struct sight *sight = expect_advertisement(bench);
    assert_int_equal(lifetime_of(sight), row->lifetime);
    expect_entry(sight, 0, DUT_A, row->preference);
    bench_close(bench);
}

/* No more entries than fit the MTU: 68 octets hold 5. */
static void the_list_ends_with_the_mtu(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu a 68; " ALONE);
    for (int i = 30; i < 40; i++) {
        struct tapir_op op = {.kind = TAPIR_OP_ADDRESS, .address = {{(uint32_t)IP(10, 0, 1, i)}, 24}};
        assert_int_equal(tapir_apply(bench->stack, &op, 1, NULL, (tapir_instant){bench->now_ns}), TAPIR_OK);
    }
    bench_run(bench, 16 * SECONDS);
    assert_int_equal(expect_advertisement(bench)->view.rest >> 24, 5);
    bench_close(bench);
}

/* ---- when ---- */

/* RFC 1256 4.1: 16 s at most; and a quarter of it is left to chance, as it is by default of the longest interval. */
static void the_first_three_come_soon(void **state)
{
    (void)state;
    int64_t least = INT64_MAX, most = 0;
    struct bench *bench = bench_open(ROUTER, "");
    for (int round = 0; round < 10; round++) {
        bench_do(bench, ALONE);
        int64_t before = bench->now_ns;
        bench_run(bench, 48 * SECONDS);
        for (int i = 0; i < 3; i++) {
            int64_t at = expect_advertisement(bench)->at_ns, gap = at - before;
            least = gap < least ? gap : least;
            most = gap > most ? gap : most;
            before = at;
        }
        expect_nothing(bench);
        bench_do(bench, "set icmp.router_discovery off on a");
        expect_advertisement(bench); /* the last word */
    }
    bench_close(bench);
    assert_in_range(least, 12 * SECONDS, 13 * SECONDS);
    assert_in_range(most, 15 * SECONDS, 16 * SECONDS);
}

static void an_interval_of_16_s_is_soon_enough(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "set icmp.advertise.max 16s; set icmp.advertise.min 16s; " ALONE);
    bench_run(bench, 80 * SECONDS);
    int64_t before = expect_advertisement(bench)->at_ns;
    for (int i = 0; i < 4; i++) {
        int64_t at = expect_advertisement(bench)->at_ns;
        assert_int_equal(at - before, 16 * SECONDS);
        before = at;
    }
    bench_close(bench);
}

/* Gaps of `n` advertisements after the first three lie between the bounds, and are not all the same. */
static void check_gaps(struct bench *bench, int n, int64_t low, int64_t high)
{
    int64_t last = 0, least = INT64_MAX, most = 0;
    bench_run(bench, (n + 3) * high);
    for (int i = 0; i < 3; i++)
        last = expect_advertisement(bench)->at_ns;
    for (int i = 0; i < n; i++) {
        int64_t at = expect_advertisement(bench)->at_ns, gap = at - last;
        least = gap < least ? gap : least;
        most = gap > most ? gap : most;
        last = at;
    }
    assert_in_range(least, low, high);
    assert_in_range(most, low, high);
    assert_true(most - least > (high - low) / 2);
}

static void intervals_lie_between_the_settings(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.advertise.max 4s; set icmp.advertise.min 3s; " ALONE);
    check_gaps(bench, 50, 3 * SECONDS, 4 * SECONDS);
    bench_close(bench);
}

static void intervals_are_three_quarters_by_default(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    check_gaps(bench, 40, 450 * SECONDS, 600 * SECONDS);
    bench_close(bench);
}

static void the_shortest_interval_is_bounded(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.advertise.max 10s; set icmp.advertise.min 1s; " ALONE);
    check_gaps(bench, 50, 3 * SECONDS, 10 * SECONDS);
    while (bench_next(bench) != NULL) {
    }
    bench_do(bench, "set icmp.advertise.min 30min"); /* never above the longest */
    bench_run(bench, 30 * SECONDS);
    expect_advertisement(bench); /* drawn before */
    int64_t first = expect_advertisement(bench)->at_ns;
    assert_int_equal(expect_advertisement(bench)->at_ns - first, 10 * SECONDS);
    bench_close(bench);
}

static void a_new_longest_interval_holds_at_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    bench_run(bench, 48 * SECONDS);
    while (bench_next(bench) != NULL) {
    }
    bench_do(bench, "set icmp.advertise.max 4s");
    bench_run(bench, 4 * SECONDS);
    assert_int_equal(lifetime_of(expect_advertisement(bench)), 12);
    bench_close(bench);
}

/* Tried again each second. */
static void with_the_store_full_it_comes_later(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    bench_starve(bench);
    bench_run(bench, 16 * SECONDS);
    expect_nothing(bench);
    bench_feed(bench);
    bench_run(bench, SECONDS);
    expect_advertisement(bench);
    bench_close(bench);
}

/* Each list of operations lets the interfaces be looked at again. */
static void orders_about_other_things_do_not_put_it_off(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.advertise.max 4s; " ALONE);
    for (int i = 0; i < 15; i++) {
        bench_run(bench, SECONDS);
        bench_do(bench, i % 2 == 0 ? "route 10.8.0.0/16 prohibit" : "no route 10.8.0.0/16 prohibit");
    }
    for (int i = 0; i < 3; i++)
        expect_advertisement(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("RD-1 RD-5", an_advertisement_by_its_octets),
        PROVES("RD-2", an_address_without_the_flag_is_left_out),
        PROVES("RD-2", without_any_flag_nothing_is_sent),
        PROVES("RD-2", the_group_may_be_all_ones),
        PROVES("RD-1", the_list_ends_with_the_mtu),
        PROVES("RD-4", the_first_three_come_soon),
        PROVES("RD-4", an_interval_of_16_s_is_soon_enough),
        PROVES("RD-3", intervals_lie_between_the_settings),
        PROVES("RD-3", intervals_are_three_quarters_by_default),
        PROVES("RD-3", the_shortest_interval_is_bounded),
        PROVES("RD-3", a_new_longest_interval_holds_at_once),
        PROVES("RD-4", with_the_store_full_it_comes_later),
        PROVES("RD-3", orders_about_other_things_do_not_put_it_off),
    };
    return cmocka_run_group_tests_name("router discovery", tests, NULL, NULL) +
           RUN_TABLE("advertised numbers", numbers, check_numbers);
}
