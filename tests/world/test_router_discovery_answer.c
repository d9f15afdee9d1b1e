/* Router discovery, RFC 1256, as a router: whom it answers, and its last word. */
#include "tests/table.h"
#include "tests/world/router_frames.h"

#define ALONE "set icmp.router_discovery on on a"

/* ---- solicitations ---- */

enum fault {
    NONE,
    SOURCE_ZERO,
    SOURCE_FOREIGN,
    BAD_SUM,
    CODE,
    SHORT,
    RESERVED,
    EXTRA,
    TO_US,
    TO_ALL_ONES
};

static const struct row {
    const char *sentence;
    enum fault fault;
    enum tapir_verdict verdict;
} rows[] = {
    {"a neighbor asks and is answered (RD-6, RD-7)", NONE, TAPIR_ICMP4_SOLICITED},
    {"one without an address asks and is answered (RD-6, IPR-11)", SOURCE_ZERO, TAPIR_ICMP4_SOLICITED},
    {"a source of another network (RD-6)", SOURCE_FOREIGN, TAPIR_ICMP4_SOLICITATION},
    {"a wrong checksum (RD-6)", BAD_SUM, TAPIR_ICMP4_CHECKSUM},
    {"a code (RD-6)", CODE, TAPIR_ICMP4_SOLICITATION},
    {"seven octets (RD-6)", SHORT, TAPIR_ICMP4_SHORT},
    {"reserved octets mean nothing (RD-6)", RESERVED, TAPIR_ICMP4_SOLICITED},
    {"more octets mean nothing (RD-6)", EXTRA, TAPIR_ICMP4_SOLICITED},
    {"asked alone it answers to all (RD-7)", TO_US, TAPIR_ICMP4_SOLICITED},
    {"asked by broadcast (RD-6)", TO_ALL_ONES, TAPIR_ICMP4_SOLICITED},
};

static struct frame faulty(enum fault fault)
{
    static const uint8_t seven[] = {10, 0, 0xf5, 0xff, 0, 0, 0};
    struct frame frame = solicitation();
    switch (fault) {
    case NONE:
        break;
    case SOURCE_ZERO:
        frame.from = ZERO;
        frame.from_mac = MAC_OF(HOST_A);
        break;
    case SOURCE_FOREIGN:
        frame.from = IP(10, 5, 5, 5);
        break;
    case BAD_SUM:
        frame.transport_sum_xor = 0x0100;
        break;
    case CODE:
        frame.icmp_code = 1;
        break;
    case SHORT:
        frame.carries = RAW;
        frame.protocol = 1;
        frame.bytes = seven;
        frame.data = sizeof seven;
        break;
    case RESERVED:
        frame.rest = 0xdeadbeef;
        break;
    case EXTRA:
        frame.data = 33;
        break;
    case TO_US:
        frame.to = DUT_A;
        frame.to_mac = MAC_A;
        break;
    case TO_ALL_ONES:
        frame.to = BROADCAST;
        frame.to_mac = MAC_BROADCAST;
        break;
    }
    return frame;
}

static void check_solicitation(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = faulty(row->fault), sound = solicitation();
    expect_verdict(bench, bench_send(bench, &frame), row->verdict);
    expect_nothing(bench); /* never at once */
    int64_t asked = bench->now_ns;
    bench_run(bench, 2 * SECONDS);
    if (row->verdict != TAPIR_ICMP4_SOLICITED) {
        expect_nothing(bench);
        bench_send(bench, &sound);
        asked = bench->now_ns;
        bench_run(bench, 2 * SECONDS);
    }
    const struct sight *sight = expect_advertisement(bench);
    assert_in_range(sight->at_ns - asked, 1, 2 * SECONDS);
    assert_int_equal(sight->view.to, ALL_HOSTS);
    expect_nothing(bench);
    bench_close(bench);
}

static void many_questions_have_one_answer(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = solicitation();
    for (int i = 0; i < 20; i++)
        bench_send(bench, &frame);
    bench_run(bench, 2 * SECONDS);
    expect_advertisement(bench);
    expect_nothing(bench);
    bench_close(bench);
}

/* The candidate is probed for some seconds; the answer comes within two. */
static void an_address_that_is_probed_is_not_listed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = solicitation();
    bench_do(bench, "set arp.acd on; address a 10.0.1.5/24");
    bench_send(bench, &frame);
    bench_run(bench, 2 * SECONDS);
    const struct sight *sight = expect_frame(bench);
    while (sight->view.type == 0x0806)
        sight = expect_frame(bench);
    assert_int_equal(sight->view.icmp_type, 9);
    assert_int_equal(sight->view.rest >> 24, 1);
    expect_entry(sight, 0, DUT_A, 0);
    bench_close(bench);
}

/* Asked a hundred times a second it still waits for 1 s on average. */
static void a_flood_of_questions_is_answered_once_a_second(void **state)
{
    (void)state;
    int answers = 0;
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = solicitation();
    for (int i = 0; i < 6000; i++) {
        bench_send(bench, &frame);
        bench_run(bench, 10 * MS);
    }
    while (bench_next(bench) != NULL)
        answers++;
    assert_in_range(answers, 30, 90);
    bench_close(bench);
}

static void answers_come_at_random(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = solicitation();
    bench_run(bench, 48 * SECONDS);
    while (bench_next(bench) != NULL) {
    }
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < 40; i++) {
        bench_send(bench, &frame);
        int64_t asked = bench->now_ns;
        bench_run(bench, 5 * SECONDS);
        int64_t delay = expect_advertisement(bench)->at_ns - asked;
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    assert_in_range(least, 1, 500 * MS);
    assert_in_range(most, 1500 * MS, 2 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

/* What is due within 2 s stays due when icmp.advertise.max becomes another. */
static void an_answer_that_is_due_is_not_put_off(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = solicitation();
    bench_run(bench, 48 * SECONDS);
    while (bench_next(bench) != NULL) {
    }
    bench_send(bench, &frame);
    bench_do(bench, "set icmp.advertise.max 1800s");
    bench_run(bench, 2 * SECONDS);
    assert_int_equal(lifetime_of(expect_advertisement(bench)), 5400);
    bench_send(bench, &frame);
    bench_run(bench, 2 * SECONDS);
    expect_advertisement(bench);
    int64_t last = bench->now_ns;
    bench_run(bench, 1800 * SECONDS); /* and the new time between two holds */
    assert_in_range(expect_advertisement(bench)->at_ns - last, 1348 * SECONDS, 1800 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- the end ---- */

static const struct end {
    const char *sentence;
    const char *orders;
} ends[] = {
    {"discovery goes off (RD-8, RD-14)", "set icmp.router_discovery off on a"},
    {"forwarding goes off for the node (RD-8)", "set forwarding off; set icmp.router_discovery off on a"},
    {"forwarding goes off on the interface (RD-8)",
     "set forwarding off on a; set icmp.router_discovery off on a"},
    {"the only address is advertised no more (RD-8, RD-2)", "no advertise a 10.0.1.1"},
};

static void check_end(void **state)
{
    const struct end *row = *state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    bench_run(bench, 16 * SECONDS);
    expect_advertisement(bench);
    bench_do(bench, row->orders);
    const struct sight *sight = expect_advertisement(bench);
    assert_int_equal(sight->at_ns, bench->now_ns);
    assert_int_equal(lifetime_of(sight), 0);
    assert_int_equal(sight->view.rest >> 24, 1);
    expect_entry(sight, 0, DUT_A, 0);
    bench_run(bench, 2000 * SECONDS);
    expect_nothing(bench);
    struct frame frame = faulty(TO_US);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_DISCOVERY_OFF);
    bench_run(bench, 2 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

/* Only what had been advertised is taken back. */
static void one_address_of_two_goes(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address a 10.0.1.5/24; " ALONE);
    bench_run(bench, 16 * SECONDS);
    assert_int_equal(expect_advertisement(bench)->view.rest >> 24, 2);
    bench_do(bench, "no advertise a 10.0.1.5; address a 10.0.1.6/24; no advertise a 10.0.1.6");
    const struct sight *sight = expect_advertisement(bench);
    assert_int_equal(lifetime_of(sight), 0);
    assert_int_equal(sight->view.rest >> 24, 1);
    expect_entry(sight, 0, IP(10, 0, 1, 5), 0);
    expect_nothing(bench);
    bench_run(bench, 16 * SECONDS);
    sight = expect_advertisement(bench);
    assert_int_equal(lifetime_of(sight), 1800);
    expect_entry(sight, 0, DUT_A, 0);
    bench_close(bench);
}

static void a_link_that_comes_back_begins_anew(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ALONE);
    bench_run(bench, 100 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_advertisement(bench);
    bench_do(bench, "down a");
    bench_run(bench, 2000 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "up a");
    bench_run(bench, 48 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_advertisement(bench);
    expect_nothing(bench);
    bench_close(bench);
}

static void off_by_default(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    struct frame frame = solicitation();
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_DISCOVERY_OFF);
    bench_run(bench, 2000 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, ALONE);
    bench_send(bench, &frame);
    bench_run(bench, 2 * SECONDS);
    expect_advertisement(bench);
    bench_close(bench);
}

/* A router believes no other. */
static void a_router_believes_no_advertisement(void **state)
{
    (void)state;
    static const uint8_t entry[] = {10, 0, 1, 254, 0x7f, 0xff, 0xff, 0xff};
    struct bench *bench = bench_open(ROUTER, ALONE);
    struct frame frame = {.from = GATEWAY_1,
                          .to = ALL_HOSTS,
                          .to_mac = MAC_ALL_HOSTS,
                          .ttl = 1,
                          .carries = ICMP,
                          .icmp_type = 9,
                          .rest = 0x01020708,
                          .bytes = entry,
                          .data = sizeof entry};
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_DISCOVERY_OFF);
    bench_send(bench, &(struct frame){.from = IP(10, 5, 5, 5), .from_mac = MAC_OF(GATEWAY_1)});
    expect_nothing(bench);
    assert_int_equal(count_of(bench, TAPIR_IP4_NO_ROUTE, TAPIR_BORN), 1);
    bench_close(bench);
}

static void each_interface_speaks_for_itself(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.router_discovery on");
    bench_run(bench, 48 * SECONDS);
    int on[2] = {0};
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;) {
        expect_entry(sight, 0, sight->on == TAP_A ? DUT_A : DUT_B, 0);
        on[sight->on]++;
    }
    assert_int_equal(on[TAP_A], 3);
    assert_int_equal(on[TAP_B], 3);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("RD-7", many_questions_have_one_answer),
        PROVES("RD-7", a_flood_of_questions_is_answered_once_a_second),
        PROVES("RD-7", answers_come_at_random),
        PROVES("RD-7", an_answer_that_is_due_is_not_put_off),
        PROVES("ARP-19", an_address_that_is_probed_is_not_listed),
        PROVES("RD-8", one_address_of_two_goes),
        PROVES("RD-4", a_link_that_comes_back_begins_anew),
        PROVES("RD-14", off_by_default),
        PROVES("RD-9", a_router_believes_no_advertisement),
        PROVES("RD-2", each_interface_speaks_for_itself),
    };
    return cmocka_run_group_tests_name("router discovery answers", tests, NULL, NULL) +
           RUN_TABLE("solicitations", rows, check_solicitation) + RUN_TABLE("farewells", ends, check_end);
}
