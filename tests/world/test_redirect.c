/* Redirects that a router sends: RED-1 to RED-9 and FWD-33. The packet goes on in every row. */
#include <stdio.h>

#include "tests/table.h"
#include "tests/world/bench.h"

#define NEIGHBORHOOD                                                                \
    "neighbor a 10.0.1.50; address a 10.7.7.1/24; route 10.8.0.0/16 via 10.7.7.2; " \
    "neighbor a 10.7.7.2; neighbor a 10.7.7.9"

static const char loose_route[] = "\203\007\010\012\011\011\011\000";

static const struct row {
    const char *sentence;
    const char *given;
    struct frame frame;
    int64_t gateway; /* of the redirect; 0: none is sent */
    int64_t speaker; /* who sends it */
} rows[] = {
    {"a host that could ask the other router itself is told so (RED-1, RED-5)",
     "",
     {.to = IP(10, 9, 0, 1)},
     ROUTER_2,
     DUT_A},
    {"a host that could reach the other itself is told so (RED-5)",
     "",
     {.to = IP(10, 0, 1, 50)},
     IP(10, 0, 1, 50),
     DUT_A},
    {"another TOS does not change the code (RED-3, RED-2)",
     "",
     {.to = IP(10, 9, 0, 1), .tos = 0x10},
     ROUTER_2,
     DUT_A},
    {"the router speaks with its address on the network of the host (RED-6)",
     "",
     {.from = IP(10, 7, 7, 9), .to = IP(10, 8, 0, 1)},
     IP(10, 7, 7, 2),
     IP(10, 7, 7, 1)},
    {"what leaves by another interface needs none (RED-1)", "", {.to = HOST_B}, 0, 0},
    {"what leaves by another interface needs none, even if the networks overlap (RED-1)",
     "address a 10.0.99.1/16; neighbor a 10.0.5.5",
     {.from = IP(10, 0, 5, 5), .to = HOST_B},
     0,
     0},
    {"a source beyond another router is not told (RED-1)",
     "",
     {.from = IP(10, 9, 5, 5), .from_mac = MAC_OF(ROUTER_2), .to = IP(10, 9, 0, 1)},
     0,
     0},
    {"a host on another network of the link is not told of a router that it cannot reach (RED-1)",
     "",
     {.from = IP(10, 7, 7, 9), .to = IP(10, 9, 0, 1)},
     0,
     0},
    {"who sends us what we send back to him is not told of himself (RED-1, RED-5)",
     "",
     {.from = ROUTER_2, .to = IP(10, 9, 0, 1)},
     0,
     0},
    {"who writes to himself by us is not told of himself (RED-5)",
     "",
     {.from = IP(10, 0, 1, 50), .to = IP(10, 0, 1, 50)},
     0,
     0},
    {"a source that is a broadcast is told nothing, where martians pass (RED-7, ERR-12)",
     "set ip.martians off",
     {.from = IP(10, 0, 1, 255), .from_mac = MAC_OF(HOST_A), .to = IP(10, 9, 0, 1)},
     0,
     0},
    {"a source-routed packet goes where its sender wants (RED-4)",
     "set ip.option.lsrr ignore",
     {.to = IP(10, 9, 0, 1), .options = loose_route, .options_size = sizeof loose_route - 1},
     0,
     0},
    {"a later fragment earns none (RED-7)", "", {.to = IP(10, 9, 0, 1), .fragment = 8}, 0, 0},
    {"an ICMP error earns none (RED-7)",
     "",
     {.to = IP(10, 9, 0, 1), .carries = ICMP, .icmp_type = 3, .icmp_code = 1},
     0,
     0},
    {"an echo request earns one (RED-7)",
     "",
     {.to = IP(10, 9, 0, 1), .carries = ICMP, .icmp_type = 8},
     ROUTER_2,
     DUT_A},
    {"switched off, none is sent (RED-9)", "set icmp.redirect.send off", {.to = IP(10, 9, 0, 1)}, 0, 0},
    {"switched off for the interface, none is sent (RED-9)",
     "set icmp.redirect.send off on a",
     {.to = IP(10, 9, 0, 1)},
     0,
     0},
    {"switched on, one is sent (RED-9)",
     "set icmp.redirect.send on",
     {.to = IP(10, 9, 0, 1)},
     ROUTER_2,
     DUT_A},
};

static void check(void **state)
{
    const struct row *row = *state;
    char given[512];
    snprintf(given, sizeof given, "%s; %s", NEIGHBORHOOD, row->given);
    struct bench *bench = bench_open(ROUTER, given);
    uint64_t number = bench_send(bench, &row->frame);
    if (row->gateway != 0) {
        const struct view *view = &expect_icmp_error(bench, 5, 1)->view;
        assert_int_equal(view->rest, row->gateway);
        assert_int_equal(view->from, row->speaker);
        assert_int_equal(view->tos & 0xe0, 0xc0);
    }
    expect_forwarded(bench, number);
    expect_nothing(bench);
    expect_answer(bench, number, row->gateway != 0 ? TAPIR_ANSWER_SENT : TAPIR_UNSETTLED);
    bench_close(bench);
}

/* ---- what goes to many, or came to many ---- */

static const struct ban {
    const char *sentence;
    struct frame frame;
    enum tapir_verdict verdict;
} bans[] = {
    {"a group beyond another router earns none (RED-7)",
     {.to = IP(239, 9, 0, 1), .to_mac = INT64_C(0x01005e090001)},
     TAPIR_IP4_GROUP},
    {"a broadcast of the link earns none (RED-7)",
     {.to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST},
     TAPIR_IP4_DIRECTED_BROADCAST},
    {"the limited broadcast earns none (RED-7)",
     {.to = BROADCAST, .to_mac = MAC_BROADCAST},
     TAPIR_ICMP4_ECHO_BROADCAST},
    {"what came in a broadcast frame earns none (RED-7)",
     {.to = IP(10, 9, 0, 1), .to_mac = MAC_BROADCAST},
     TAPIR_IP4_LINK_BROADCAST},
    {"what came in a multicast frame earns none (RED-7)",
     {.to = IP(10, 9, 0, 1), .to_mac = MAC_ALL_HOSTS},
     TAPIR_IP4_LINK_BROADCAST},
};

static void check_ban(void **state)
{
    const struct ban *ban = *state;
    struct bench *bench = bench_open(ROUTER, "");
    expect_verdict(bench, bench_send(bench, &ban->frame), ban->verdict);
    bench_run(bench, SECONDS);
    expect_nothing(bench);
    bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1)});
    expect_icmp_error(bench, 5, 1);
    bench_close(bench);
}

/* A host is no router, whatever icmp.redirect.send says. */
static void a_host_sends_none(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "set icmp.redirect.send on");
    const struct frame astray = {.to = IP(10, 9, 0, 1)};
    expect_verdict(bench, bench_send(bench, &astray), TAPIR_IP4_NOT_FORWARDING);
    bench_run(bench, SECONDS);
    expect_nothing(bench);
    bench_do(bench, "set icmp.redirect.send auto; set forwarding on");
    uint64_t number = bench_send(bench, &astray);
    assert_int_equal(expect_icmp_error(bench, 5, 1)->view.rest, GATEWAY_1);
    expect_forwarded(bench, number);
    bench_close(bench);
}

/* Whatever the route: to one host, to a network, by default; code 1 names the destination alone. */
static void the_code_is_always_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "route 10.9.0.1/32 via 10.0.1.2; route default via 10.0.1.2");
    static const int64_t to[] = {IP(10, 9, 0, 1), IP(10, 9, 0, 2), IP(10, 200, 0, 1)};
    for (int tos = 0; tos < 256; tos += 4)
        for (int i = 0; i < 3; i++) {
            uint64_t number = bench_send(bench, &(struct frame){.to = to[i], .tos = tos});
            expect_icmp_error(bench, 5, 1);
            expect_forwarded(bench, number);
            bench_run(bench, 20 * SECONDS); /* the limit is another story */
        }
    bench_close(bench);
}

/* ---- how many ---- */

/* Sends `n` packets of one pair, `gap` apart; returns how many redirects came. */
static int redirects(struct bench *bench, int n, int64_t gap)
{
    int told = 0;
    for (int i = 0; i < n; i++) {
        bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1)});
        for (const struct sight *s; (s = bench_next(bench)) != NULL;)
            told += s->view.protocol == 1 && s->view.icmp_type == 5;
        bench_run(bench, gap);
    }
    return told;
}

static void one_pair_is_told_six_times_at_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.rate 0");
    assert_int_equal(redirects(bench, 100, 9 * MS), 6);
    assert_int_equal(count_of(bench, TAPIR_FORWARDED, TAPIR_RECEIVED), 100);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_RATE_DESTINATION, TAPIR_RECEIVED), 94);
    bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 2)});
    expect_icmp_error(bench, 5, 1); /* another destination is another pair */
    bench_close(bench);
}

static void who_does_not_listen_is_left_alone_until_quiet(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    assert_int_equal(redirects(bench, 100, SECONDS), 9);
    bench_run(bench, 19 * SECONDS - 1); /* the last packet was a second before */
    assert_int_equal(redirects(bench, 1, 0), 0);
    bench_run(bench, 20 * SECONDS);
    assert_int_equal(redirects(bench, 1, 0), 1);
    bench_close(bench);
}

static void without_a_rate_only_heed_counts(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.redirect.rate 0");
    assert_int_equal(redirects(bench, 100, MS), 9);
    bench_close(bench);
}

static void the_burst_is_a_setting(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.redirect.burst 2; set icmp.redirect.rate 3");
    assert_int_equal(redirects(bench, 10, 1), 2);
    bench_run(bench, SECONDS);
    assert_int_equal(redirects(bench, 10, 1), 2);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("RED-8", one_pair_is_told_six_times_at_once),
        PROVES("RED-8", who_does_not_listen_is_left_alone_until_quiet),
        PROVES("RED-8", without_a_rate_only_heed_counts),
        PROVES("RED-8", the_burst_is_a_setting),
        PROVES("RED-9", a_host_sends_none),
        PROVES("RED-2", the_code_is_always_one),
    };
    return RUN_TABLE("redirect", rows, check) + RUN_TABLE("bans", bans, check_ban) +
           cmocka_run_group_tests_name("redirects", stories, NULL, NULL);
}
