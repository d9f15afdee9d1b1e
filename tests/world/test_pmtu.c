/* The MTU of a path, as errors teach it to what we originate: PMTU-2 to PMTU-6, PMTU-8, PMTU-9. What a path takes is found
 * out by sending (tests/world/paths.h). What is cut for it, and forgers: test_pmtu_sent.c. */
#include <string.h>

#include "tests/world/paths.h"

/* ---- one error, one estimate ---- */

/* What an error may be about: our datagram of 1500 octets, and what looks like it. */
#define OUR_UDP .carries = UDP, .from = DUT_A, .to = FAR, .to_port = PEER
static const struct frame ours = {OUR_UDP, .from_port = OURS, .fragment = IS_DF};
static const struct frame may_be_cut = {OUR_UDP, .from_port = OURS};
static const struct frame first_piece = {OUR_UDP, .from_port = OURS, .fragment = IS_MF};
static const struct frame later_piece = {OUR_UDP, .from_port = OURS, .fragment = 185};
static const struct frame no_port = {OUR_UDP, .from_port = NEVER_SENT};
static const struct frame not_ours = {.carries = UDP, .from = IP(10, 0, 1, 77), .to = FAR, .from_port = OURS};
static const struct frame segment = {.carries = TCP, .from = DUT_A, .to = FAR, .from_port = OURS};
static const struct frame reply = {.carries = ICMP, .from = DUT_A, .to = FAR};

static const struct row {
    const char *sentence;
    const char *given;
    unsigned sent; /* octets, before the error */
    int64_t claim; /* ZERO: the router does not say */
    int total;     /* quoted */
    const struct frame *quote;
    unsigned mtu; /* afterwards */
    enum tapir_verdict verdict;
} rows[] = {
    {"what a router says is believed at once (PMTU-2)", "", 1500, 1006, 0, &ours, 1006,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an octet less is less (PMTU-2)", "", 1500, 1499, 0, &ours, 1499, TAPIR_ICMP4_MTU_LEARNED},
    {"a datagram that might have been cut teaches too (PMTU-2)", "", 1500, 1006, 0, &may_be_cut, 1006,
     TAPIR_ICMP4_MTU_LEARNED},
    {"a first piece teaches too (PMTU-2)", "", 1500, 1006, 0, &first_piece, 1006, TAPIR_ICMP4_MTU_LEARNED},
    {"nobody talks us below the floor (PMTU-3)", "", 1500, 551, 0, &ours, 552, TAPIR_ICMP4_MTU_LEARNED},
    {"the floor itself is believed (PMTU-3)", "", 1500, 552, 0, &ours, 552, TAPIR_ICMP4_MTU_LEARNED},
    {"an MTU of 1 means the floor (PMTU-3)", "", 1500, 1, 0, &ours, 552, TAPIR_ICMP4_MTU_LEARNED},
    {"an MTU of 67 means the floor (PMTU-3)", "", 1500, 67, 0, &ours, 552, TAPIR_ICMP4_MTU_LEARNED},
    {"with pmtu.floor 68 an MTU of 68 is believed (PMTU-3)", "set pmtu.floor 68", 1500, 68, 0, &ours, 68,
     TAPIR_ICMP4_MTU_LEARNED},
    {"with pmtu.floor 68 an MTU of 67 means 68 (PMTU-3)", "set pmtu.floor 68", 1500, 67, 0, &ours, 68,
     TAPIR_ICMP4_MTU_LEARNED},
    {"with pmtu.floor 1280 an MTU of 1006 means 1280 (PMTU-3)", "set pmtu.floor 1280", 1500, 1006, 0, &ours,
     1280, TAPIR_ICMP4_MTU_LEARNED},
    {"a floor above the link raises nothing (PMTU-3)", "set pmtu.floor 9000", 1500, 1006, 0, &ours, 1500,
     TAPIR_ICMP4_NOTICED},
    {"the highest floor lets nothing be taught (PMTU-3)", "set pmtu.floor 65535", 1500, 1006, 0, &ours, 1500,
     TAPIR_ICMP4_NOTICED},
    {"the floor of the exit counts (PMTU-3)", "set pmtu.floor 700 on a", 1500, 68, 0, &ours, 700,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 1500 means 1006 (PMTU-4)", "", 1500, ZERO, 1500, &ours, 1006,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 1400 means 1006 (PMTU-4)", "", 1500, ZERO, 1400, &ours, 1006,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 1493 means 1492 (PMTU-4)", "", 1500, ZERO, 1493, &ours, 1492,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 1492 means 1006 (PMTU-4)", "", 1500, ZERO, 1492, &ours, 1006,
     TAPIR_ICMP4_MTU_LEARNED},
    {"one that added the header to 1493 means 1492 (PMTU-4)", "", 1500, ZERO, 1513, &ours, 1492,
     TAPIR_ICMP4_MTU_LEARNED},
    {"one that added the header to 1492 means 1006 (PMTU-4)", "", 1500, ZERO, 1512, &ours, 1006,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 1006 means the floor (PMTU-4)", "", 1500, ZERO, 1006, &ours, 552,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 1006 means 508 (PMTU-4)", "set pmtu.floor 68", 1500, ZERO, 1006, &ours, 508,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 508 means 296 (PMTU-4)", "set pmtu.floor 68", 1500, ZERO, 508, &ours, 296,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 296 means 68 (PMTU-4)", "set pmtu.floor 68", 1500, ZERO, 296, &ours, 68,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 20 means 68 (PMTU-4)", "set pmtu.floor 68", 1500, ZERO, 20, &ours, 68,
     TAPIR_ICMP4_MTU_LEARNED},
    {"an old router that quotes 65535 means a plateau that is too high (PMTU-4)", "", 1500, ZERO, 65535,
     &ours, 1500, TAPIR_ICMP4_MTU_DOUBTED},
    {"an MTU as large as what we sent is a lie (PMTU-9)", "", 1500, 1500, 0, &ours, 1500,
     TAPIR_ICMP4_MTU_DOUBTED},
    {"an MTU larger than what we sent is a lie (PMTU-9)", "", 1500, 9000, 0, &ours, 1500,
     TAPIR_ICMP4_MTU_DOUBTED},
    {"who never sent 1006 octets is not slowed by 1006 (PMTU-9)", "", 1005, 1006, 0, &ours, 1500,
     TAPIR_ICMP4_MTU_DOUBTED},
    {"who sent 1007 octets is (PMTU-9)", "", 1007, 1006, 0, &ours, 1006, TAPIR_ICMP4_MTU_LEARNED},
    {"an error about a port that we have not teaches nothing (PMTU-9)", "", 1500, 1006, 0, &no_port, 1500,
     TAPIR_ICMP4_NO_FLOW},
    {"an error about another's datagram teaches nothing (PMTU-9)", "", 1500, 1006, 0, &not_ours, 1500,
     TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"an error about a later piece teaches nothing (PMTU-9)", "", 1500, 1006, 0, &later_piece, 1500,
     TAPIR_ICMP4_QUOTE_FRAGMENT},
    {"an error about a segment that we did not send teaches nothing (PMTU-9)", "", 1500, 1006, 0, &segment,
     1500, TAPIR_ICMP4_NO_FLOW},
    {"an error about a reply that nobody remembers teaches nothing (PMTU-9)", "", 1500, 1006, 0, &reply, 1500,
     TAPIR_ICMP4_NO_FLOW},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(HOST, row->given);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, row->sent, true);
    assert_int_equal(expect_udp(bench, PEER)->view.total, row->sent);
    struct frame quote = *row->quote;
    quote.total = row->total;
    expect_verdict(bench, bench_send(bench, &(struct frame){TOO_BIG(row->claim, quote)}), row->verdict);
    if (row->verdict == TAPIR_ICMP4_MTU_LEARNED || row->verdict == TAPIR_ICMP4_MTU_DOUBTED ||
        row->verdict == TAPIR_ICMP4_NOTICED)
        expect_told(socket, row->claim == ZERO ? 0 : (unsigned)row->claim);
    expect_mtu(bench, socket, FAR, row->mtu);
    bench_close(bench);
}

/* ---- more than one ---- */

static void nothing_raises_the_estimate(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = taught(bench);
    static const struct {
        int64_t claim;
        enum tapir_verdict verdict;
        unsigned mtu;
    } claims[] = {{9000, TAPIR_ICMP4_MTU_DOUBTED, 1006}, {1400, TAPIR_ICMP4_NOTICED, 1006},
                  {1007, TAPIR_ICMP4_NOTICED, 1006},     {1006, TAPIR_ICMP4_NOTICED, 1006},
                  {1005, TAPIR_ICMP4_MTU_LEARNED, 1005}, {600, TAPIR_ICMP4_MTU_LEARNED, 600},
                  {1005, TAPIR_ICMP4_NOTICED, 600}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        expect_verdict(bench, bench_send(bench, &(struct frame){TOO_BIG(claims[i].claim, our_big)}),
                       claims[i].verdict);
        expect_told(socket, (unsigned)claims[i].claim);
        expect_mtu(bench, socket, FAR, claims[i].mtu);
    }
    bench_close(bench);
}

/* RFC 1191 5: the total length is believed unless it is not below the estimate of now. */
static void plateaus_go_down_one_by_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "set pmtu.floor 68");
    struct tapir_socket *socket = taught(bench);
    static const unsigned steps[] = {508, 296, 68};
    unsigned estimate = 1006;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct frame quote = our_big;
        quote.total = (int)estimate + (i == 0 ? 20 : 0); /* the first one adds the header */
        bench_send(bench, &(struct frame){TOO_BIG(ZERO, quote)});
        expect_told(socket, 0);
        expect_mtu(bench, socket, FAR, estimate = steps[i]);
    }
    bench_close(bench);
}

/* What is learnt from an old router that quotes so many octets, on a link of 65,535. */
static unsigned guess_about(int total)
{
    struct bench *bench = bench_open(HOST, "mtu a 65535; set pmtu.floor 68");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, 65535, true);
    expect_udp(bench, PEER);
    struct frame quote = our_big;
    quote.total = total;
    expect_verdict(bench, bench_send(bench, &(struct frame){TOO_BIG(ZERO, quote)}), TAPIR_ICMP4_MTU_LEARNED);
    union tapir_row learnt;
    uint64_t cursor = 0;
    assert_int_equal(tapir_list(bench->stack, TAPIR_TABLE_EXCEPTIONS, &cursor, &learnt, 1), 1);
    bench_close(bench);
    return learnt.exception.mtu;
}

/* RFC 1191 7.1. The first of its table, 65,535, is below no datagram. */
static void each_plateau_is_for_what_is_an_octet_larger(void **state)
{
    (void)state;
    static const int plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};
    assert_int_equal(guess_about(65535), 32000);
    for (size_t i = 0; i < sizeof plateaus / sizeof plateaus[0]; i++) {
        assert_int_equal(guess_about(plateaus[i] + 1), plateaus[i]);
        if (plateaus[i] > 68)
            assert_int_equal(guess_about(plateaus[i]), plateaus[i + 1]);
    }
}

/* All, ourselves, and who cannot be reached any more have no path. */
static void where_no_path_leads_none_is_learnt(void **state)
{
    (void)state;
    static const struct frame quotes[] = {
        {.carries = UDP, .from = DUT_A, .from_port = OURS, .to = IP(224, 0, 0, 9), .total = 1500},
        {.carries = UDP, .from = DUT_A, .from_port = OURS, .to = IP(10, 0, 1, 255), .total = 1500},
        {.carries = UDP, .from = DUT_A, .from_port = OURS, .to = BROADCAST, .total = 1500},
        {.carries = UDP, .from = DUT_A, .from_port = OURS, .to = DUT_A, .total = 1500},
        {.carries = UDP, .from = DUT_A, .from_port = OURS, .to = FAR, .total = 1500}};
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, 1500, true);
    expect_udp(bench, PEER);
    bench_do(bench, "no route default via 10.0.1.254");
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        expect_verdict(bench, bench_send(bench, &(struct frame){TOO_BIG(1006, quotes[i])}),
                       TAPIR_ICMP4_NOTICED);
        expect_told(socket, 1006);
    }
    union tapir_row learnt;
    uint64_t cursor = 0;
    assert_int_equal(tapir_list(bench->stack, TAPIR_TABLE_EXCEPTIONS, &cursor, &learnt, 1), 0);
    bench_close(bench);
}

static void other_destinations_are_other_paths(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = taught(bench);
    expect_mtu(bench, socket, FAR, 1006);
    expect_mtu(bench, socket, FAR + 1, 1500);
    expect_mtu(bench, socket, HOST_A, 1500);
    bench_close(bench);
}

static void all_who_use_the_path_learn_it(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    taught(bench);
    struct tapir_socket *other = tapir_open(bench->stack, TAPIR_UDP, NULL);
    expect_mtu(bench, other, FAR, 1006);
    bench_close(bench);
}

static void after_ten_minutes_the_link_is_tried_again(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = taught(bench);
    bench_run(bench, 600 * SECONDS - 1);
    expect_mtu(bench, socket, FAR, 1006);
    bench_run(bench, 1);
    expect_mtu(bench, socket, FAR, 1500);
    bench_send(bench, &(struct frame){TOO_BIG(1006, our_big)});
    expect_told(socket, 1006);
    expect_mtu(bench, socket, FAR, 1006);
    bench_close(bench);
}

static void how_long_is_a_setting(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        int64_t seconds;
    } times[] = {
        {"set pmtu.timeout 5s", 5}, {"set pmtu.timeout 24h", 86400}, {"set pmtu.timeout 7s on a", 7}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct bench *bench = bench_open(HOST, times[i].given);
        struct tapir_socket *socket = taught(bench);
        bench_run(bench, times[i].seconds * SECONDS - 1);
        expect_mtu(bench, socket, FAR, 1006);
        bench_run(bench, 1);
        expect_mtu(bench, socket, FAR, 1500);
        bench_close(bench);
    }
}

static void without_a_timeout_it_is_for_ever(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "set pmtu.timeout 0");
    struct tapir_socket *socket = taught(bench);
    bench_run(bench, 1000000 * SECONDS);
    expect_mtu(bench, socket, FAR, 1006);
    bench_close(bench);
}

/* What teaches nothing new does not put off the next try. */
static void a_smaller_claim_begins_the_time_anew(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "set pmtu.timeout 10s");
    struct tapir_socket *socket = taught(bench);
    bench_run(bench, 6 * SECONDS);
    bench_send(bench, &(struct frame){TOO_BIG(800, our_big)});
    expect_told(socket, 800);
    bench_run(bench, 5 * SECONDS);
    bench_send(bench, &(struct frame){TOO_BIG(800, our_big)});
    expect_told(socket, 800);
    expect_mtu(bench, socket, FAR, 800);
    bench_run(bench, 5 * SECONDS);
    expect_mtu(bench, socket, FAR, 1500);
    bench_close(bench);
}

static void a_link_that_shrinks_is_the_path(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "mtu a 800");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, 800, true);
    expect_udp(bench, PEER);
    bench_send(bench, &(struct frame){TOO_BIG(1006, our_big)});
    expect_told(socket, 1006);
    expect_mtu(bench, socket, FAR, 800);
    bench_send(bench, &(struct frame){TOO_BIG(700, our_big)});
    expect_told(socket, 700);
    expect_mtu(bench, socket, FAR, 700);
    bench_close(bench);
}

/* A ping that was too large teaches UDP, and is told. */
static void a_ping_learns_for_all(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS),
                        *ping = tapir_open(bench->stack, TAPIR_ICMP, NULL);
    struct tapir_message query;
    assert_int_equal(tapir_bind(ping, (struct ip4){0}, 77), TAPIR_OK);
    assert_int_equal(tapir_reserve(ping, 1500 - 26, &query), TAPIR_OK);
    memset(query.data, 0, query.size);
    query.destination = ip4_of(FAR);
    query.dont_fragment = true;
    query.icmp_type = 8;
    assert_int_equal(tapir_commit(ping, &query), TAPIR_OK);
    bench_settle(bench);
    assert_int_equal(expect_frame(bench)->view.total, 1500);
    const struct frame sent = {.from = DUT_A, .to = FAR, .carries = ICMP, .icmp_type = 8, .rest = 77 << 16};
    expect_verdict(bench, bench_send(bench, &(struct frame){TOO_BIG(1006, sent)}), TAPIR_ICMP4_MTU_LEARNED);
    expect_told(ping, 1006);
    expect_mtu(bench, socket, FAR, 1006);
    bench_close(bench);
}

static void transit_goes_by_the_link(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    taught(bench);
    uint64_t number = bench_send(
        bench, &(struct frame){.on = TAP_B, .to = FAR, .carries = UDP, .data = 1472, .fragment = IS_DF});
    expect_forwarded(bench, number);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("PMTU-3", nothing_raises_the_estimate),
        PROVES("PMTU-4", plateaus_go_down_one_by_one),
        PROVES("PMTU-4", each_plateau_is_for_what_is_an_octet_larger),
        PROVES("PMTU-9", where_no_path_leads_none_is_learnt),
        PROVES("PMTU-2", other_destinations_are_other_paths),
        PROVES("PMTU-6", all_who_use_the_path_learn_it),
        PROVES("PMTU-5", after_ten_minutes_the_link_is_tried_again),
        PROVES("PMTU-5", how_long_is_a_setting),
        PROVES("PMTU-5", without_a_timeout_it_is_for_ever),
        PROVES("PMTU-5", a_smaller_claim_begins_the_time_anew),
        PROVES("PMTU-3", a_link_that_shrinks_is_the_path),
        PROVES("PMTU-6", a_ping_learns_for_all),
        cmocka_unit_test(transit_goes_by_the_link),
    };
    return RUN_TABLE("the MTU of a path", rows, check) +
           cmocka_run_group_tests_name("path MTU", stories, NULL, NULL);
}
