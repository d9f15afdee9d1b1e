/* How many ICMP errors: RATE-1, RATE-3 to RATE-5, in virtual time. */
#include "tests/world/bench.h"

static const struct frame probe = {.carries = UDP, .to_port = 9999};

/* `rate` frames a second for some seconds; returns how many errors left. */
static int flood(struct bench *bench, const struct frame *frame, int64_t rate, int64_t seconds)
{
    int errors = 0;
    int64_t start = bench->now_ns;
    for (int64_t i = 0; i < rate * seconds; i++) {
        bench_run_until(bench, start + i * SECONDS / rate);
        bench_send(bench, frame);
        for (const struct sight *s; (s = bench_next(bench)) != NULL;)
            errors += s->view.protocol == 1 && is_icmp_error(s->view.icmp_type);
    }
    return errors;
}

static void one_host_gets_six_at_once_and_one_a_second(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    assert_int_equal(flood(bench, &probe, 1000, 5), 6 + 4); /* full at 0 s, one more at 1, 2, 3 and 4 s */
    assert_int_equal(count_of(bench, TAPIR_ANSWER_RATE_DESTINATION, TAPIR_RECEIVED), 5000 - 10);
    expect_answer(bench, 1, TAPIR_ANSWER_SENT);
    expect_answer(bench, 7, TAPIR_ANSWER_RATE_DESTINATION);
    expect_verdict(bench, 7, TAPIR_UDP_PORT);
    bench_close(bench);
}

static void the_next_one_comes_to_the_nanosecond(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    int64_t start = bench->now_ns;
    for (int i = 0; i < 6; i++) {
        bench_send(bench, &probe);
        expect_icmp_error(bench, 3, 3);
    }
    bench_run_until(bench, start + SECONDS - 1);
    bench_send(bench, &probe);
    expect_nothing(bench);
    bench_run_until(bench, start + SECONDS);
    bench_send(bench, &probe);
    expect_icmp_error(bench, 3, 3);
    bench_send(bench, &probe);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_second_host_still_gets_its_error(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    flood(bench, &probe, 1000, 1);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9999, .from = ROUTER_2});
    assert_int_equal(expect_icmp_error(bench, 3, 3)->view.to, ROUTER_2);
    bench_close(bench);
}

/* A new source for each probe, so that only the common limit counts. */
static int scan(struct bench *bench, int n, int first)
{
    int errors = 0;
    for (int i = 0; i < n; i++) {
        struct frame frame = probe;
        frame.from = IP(10, 9, 0, 0) + first + i;
        bench_send(bench, &frame);
        while (bench_next(bench) != NULL)
            errors++;
    }
    return errors;
}

static void all_hosts_together_have_a_limit(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    int at_once = scan(bench, 1000, 1);
    assert_in_range(at_once, 50 - 12, 50);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_RATE, TAPIR_RECEIVED), (uint64_t)(1000 - at_once));
    int later = 0;
    for (int ms = 0; ms < 2000; ms++) {
        bench_run(bench, MS);
        later += scan(bench, 2, 2000 + 2 * ms);
    }
    assert_in_range(later, 1999, 2000); /* 1,000 a second */
    bench_close(bench);
}

/* RATE-5: who counts the answers to 200 probes cannot tell how many others got. */
static void the_common_burst_is_not_the_same_each_time(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    bool seen[64] = {0};
    int different = 0;
    for (int round = 0; round < 40; round++) {
        int errors = scan(bench, 200, 1 + 200 * round);
        assert_in_range(errors, 50 - 12, 50);
        different += !seen[errors];
        seen[errors] = true;
        bench_run(bench, 10 * SECONDS);
    }
    assert_in_range(different, 5, 13);
    assert_true(seen[50] && seen[50 - 12]);
    bench_close(bench);
}

/* RATE-3 */
static void path_mtu_discovery_survives_a_flood(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited; mtu b 576");
    flood(bench, &probe, 1000, 2);
    bench_send(bench, &probe);
    expect_nothing(bench);
    const struct frame big = {.to = HOST_B, .data = 1400, .fragment = IS_DF};
    bench_send(bench, &big);
    assert_int_equal(expect_icmp_error(bench, 3, 4)->view.rest, 576);
    bench_close(bench);
}

static void too_big_has_a_limit_of_its_own(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited; mtu b 576");
    const struct frame big = {.to = HOST_B, .data = 1400, .fragment = IS_DF};
    assert_int_equal(flood(bench, &big, 1000, 3), 6 + 2);
    bench_send(bench, &probe);
    expect_icmp_error(bench, 3, 3);
    bench_close(bench);
}

static void replies_have_no_limit_and_use_up_none(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    for (int i = 0; i < 2000; i++) {
        bench_send(bench, &(struct frame){0});
        expect_echo_reply(bench);
    }
    bench_send(bench, &probe);
    expect_icmp_error(bench, 3, 3);
    bench_close(bench);
}

/* RATE-2: replies and errors do not know of each other. */
static void replies_can_have_a_limit_of_their_own(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited; set icmp.reply.rate 1000; set icmp.reply.burst 20");
    int64_t start = bench->now_ns;
    int replies = 0;
    for (int i = 0; i < 10000; i++) {
        bench_run_until(bench, start + i * SECONDS / 10000);
        uint64_t number = bench_send(bench, &(struct frame){0});
        bool replied = bench_next(bench) != NULL;
        expect_verdict(bench, number, replied ? TAPIR_ICMP4_ECHOED : TAPIR_ICMP4_REPLY_RATE);
        replies += replied;
    }
    assert_in_range(replies, 1018, 1020);
    assert_int_equal(count_of(bench, TAPIR_ICMP4_REPLY_RATE, TAPIR_RECEIVED), 10000 - replies);
    bench_send(bench, &probe);
    expect_icmp_error(bench, 3, 3);
    bench_close(bench);
}

static void a_flood_that_earns_errors_starves_no_reply(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited; set icmp.reply.rate 1; set icmp.reply.burst 1");
    assert_int_equal(flood(bench, &probe, 1000, 1), 6);
    bench_send(bench, &(struct frame){0});
    expect_echo_reply(bench);
    bench_send(bench, &(struct frame){0});
    expect_nothing(bench);
    bench_close(bench);
}

/* What may not be answered anyway does not use up the share of those who may. */
static void refused_answers_use_up_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    for (int i = 0; i < 100; i++)
        bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1, .fragment = 8});
    expect_nothing(bench);
    assert_int_equal(flood(bench, &probe, 1000, 1), 6);
    bench_close(bench);
}

static const struct rate_row {
    const char *sentence;
    const char *given;
    int64_t rate, seconds;
    int errors;
} rows[] = {
    {"rate 0 switches both limits off (RATE-4)", "set icmp.rate 0", 1000, 2, 2000},
    {"rate 0 for one host leaves the common limit (RATE-4)",
     "limited; set icmp.destination.rate 0; set icmp.burst 1", 1000, 1, 1000},
    {"a common rate of 10 with burst 1 (RATE-4)",
     "limited; set icmp.destination.rate 0; set icmp.rate 10; set icmp.burst 1", 1000, 2, 20},
    {"a common rate of a million with burst 1 (RATE-4)",
     "limited; set icmp.destination.rate 0; set icmp.rate 1000000; set icmp.burst 1", 5000, 1, 5000},
    {"a million a second for one host, 1 at once (RATE-4)",
     "limited; set icmp.rate 1000000; set icmp.destination.rate 1000000; set icmp.destination.burst 1", 5000,
     1, 5000},
    {"5 a second for one host, 2 at once (RATE-4)",
     "limited; set icmp.destination.rate 5; set icmp.destination.burst 2", 1000, 2, 2 + 9},
    {"below the rate nothing is lost (RATE-1)", "limited", 1, 30, 30},
    {"twice the rate: the burst, then every other one (RATE-1)", "limited", 2, 30, 35},
};

/* RATE-4 */
static void try_rate(void **state)
{
    const struct rate_row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    assert_int_equal(flood(bench, &probe, row->rate, row->seconds), row->errors);
    uint64_t spared = count_of(bench, TAPIR_ANSWER_RATE, TAPIR_RECEIVED) +
                      count_of(bench, TAPIR_ANSWER_RATE_DESTINATION, TAPIR_RECEIVED);
    assert_int_equal(spared, (uint64_t)(row->rate * row->seconds - row->errors));
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("RATE-1", one_host_gets_six_at_once_and_one_a_second),
        PROVES("RATE-1", the_next_one_comes_to_the_nanosecond),
        PROVES("RATE-1", a_second_host_still_gets_its_error),
        PROVES("RATE-1 RATE-4", all_hosts_together_have_a_limit),
        PROVES("RATE-5", the_common_burst_is_not_the_same_each_time),
        PROVES("RATE-3", path_mtu_discovery_survives_a_flood),
        PROVES("RATE-3", too_big_has_a_limit_of_its_own),
        cmocka_unit_test(replies_have_no_limit_and_use_up_none),
        cmocka_unit_test(refused_answers_use_up_nothing),
        PROVES("RATE-2 RATE-4", replies_can_have_a_limit_of_their_own),
        PROVES("RATE-2", a_flood_that_earns_errors_starves_no_reply),
    };
    return RUN_TABLE("rates that can be set", rows, try_rate) +
           cmocka_run_group_tests_name("rates of ICMP errors", stories, NULL, NULL);
}
