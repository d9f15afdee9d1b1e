/* Router discovery, RFC 1256, as a host: when it asks, and when it does not. */
#include "tests/table.h"
#include "tests/world/router_frames.h"

#define LEARNS "set icmp.router_discovery on"
#define ALONE  "no route default via 10.0.1.254; " LEARNS

/* ---- what it asks ---- */

static void three_solicitations_and_no_more(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, LEARNS);
    int64_t start = bench->now_ns;
    bench_run(bench, 100 * SECONDS);
    const struct sight *first = expect_solicitation(bench);
    assert_in_range(first->at_ns - start, 1, SECONDS);
    assert_int_equal(first->view.to, IP(224, 0, 0, 2));
    assert_int_equal(first->view.from, DUT_A);
    assert_memory_equal(first->view.payload, "\x0a\0\xf5\xff\0\0\0\0", 8);
    int64_t second = expect_solicitation(bench)->at_ns;
    assert_int_equal(second - first->at_ns, 3 * SECONDS);
    assert_int_equal(expect_solicitation(bench)->at_ns - second, 3 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

/* A replay goes on as long as there is something to say. */
static void it_is_idle_when_it_has_asked(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    assert_true(tapir_idle(bench->stack));
    bench_do(bench, LEARNS);
    assert_false(tapir_idle(bench->stack));
    bench_run(bench, 7 * SECONDS);
    assert_true(tapir_idle(bench->stack));
    bench_do(bench, "set forwarding on");
    bench_run(bench, 7 * SECONDS);
    assert_false(tapir_idle(bench->stack));
    bench_do(bench, "set icmp.router_discovery off");
    assert_true(tapir_idle(bench->stack));
    bench_close(bench);
}

static void the_first_comes_at_random(void **state)
{
    (void)state;
    int64_t least = INT64_MAX, most = 0;
    struct bench *bench = bench_open(HOST, "");
    for (int i = 0; i < 40; i++) {
        bench_do(bench, LEARNS);
        int64_t start = bench->now_ns;
        bench_run(bench, SECONDS);
        int64_t delay = expect_solicitation(bench)->at_ns - start;
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
        bench_do(bench, "set icmp.router_discovery off");
    }
    assert_in_range(least, 1, 250 * MS);
    assert_in_range(most, 750 * MS, SECONDS);
    bench_close(bench);
}

static void an_advertisement_ends_the_asking(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, LEARNS);
    bench_run(bench, 2 * SECONDS);
    expect_solicitation(bench);
    struct words wrong = {.count = 2, .lifetime = 1800, .entries = {10, 0, 1, 254}};
    struct frame frame = advertisement(&wrong);
    bench_send(bench, &frame); /* this one does not */
    bench_run(bench, 3 * SECONDS);
    expect_solicitation(bench);
    advertise(bench, 254, 0, 1800);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

static void it_asks_on_the_interface_that_learns(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set forwarding off; set icmp.router_discovery on on b");
    bench_run(bench, SECONDS);
    const struct sight *sight = expect_solicitation(bench);
    assert_int_equal(sight->on, TAP_B);
    assert_int_equal(sight->view.from, DUT_B);
    bench_close(bench);
}

/* What was not sent, for want of a slot, is no question. */
static void with_the_store_full_it_asks_later(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    bench_starve(bench);
    bench_do(bench, LEARNS);
    bench_run(bench, 10 * SECONDS);
    expect_nothing(bench);
    bench_feed(bench);
    bench_run(bench, 100 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_solicitation(bench);
    expect_nothing(bench);
    bench_close(bench);
}

static void asked_by_broadcast_when_so_set(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "set icmp.advertise.broadcast on; " LEARNS);
    bench_run(bench, SECONDS);
    assert_int_equal(expect_solicitation(bench)->view.to, BROADCAST);
    bench_close(bench);
}

static void a_new_link_asks_anew(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, ALONE);
    bench_run(bench, 7 * SECONDS);
    advertise(bench, 253, 0, 1800);
    assert_int_equal(way(bench), 253);
    bench_do(bench, "down a; up a");
    assert_int_equal(way(bench), 0); /* maybe another network */
    bench_run(bench, 10 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_solicitation(bench);
    expect_nothing(bench);
    bench_close(bench);
}

/* An address that is still probed can ask for nothing. */
static void it_asks_when_its_address_is_ready(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    bench_do(bench, "set arp.acd on; no route default via 10.0.1.254; no address a 10.0.1.1/24; " LEARNS);
    bench_do(bench, "address a 10.0.1.1/24");
    bench_run(bench, 30 * SECONDS);
    int asked = 0, probes = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;) {
        bool is_arp = sight->view.type == 0x0806;
        probes += is_arp && sight->view.sender == 0;
        asked += !is_arp;
        assert_true(is_arp || probes == 3);
    }
    assert_int_equal(asked, 3);
    bench_close(bench);
}

/* ---- off, and the other role ---- */

static void off_it_neither_asks_nor_believes(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "no route default via 10.0.1.254");
    struct words most = {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254, 0x7f, 255, 255, 255}};
    struct frame frame = advertisement(&most);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_DISCOVERY_OFF);
    assert_int_equal(way(bench), 0);
    bench_do(bench, LEARNS);
    bench_send(bench, &frame);
    assert_int_equal(way(bench), 254);
    bench_do(bench, "set icmp.router_discovery off on a");
    assert_int_equal(way(bench), 0); /* what was learnt is forgotten */
    bench_close(bench);
}

static void a_host_answers_no_solicitation(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, LEARNS);
    struct frame frame = {.to = IP(224, 0, 0, 2),
                          .to_mac = INT64_C(0x01005e000002),
                          .ttl = 1,
                          .carries = ICMP,
                          .icmp_type = 10,
                          .rest = ZERO,
                          .data = ZERO};
    bench_run(bench, 7 * SECONDS);
    while (bench_next(bench) != NULL) {
    }
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_IP4_GROUP);
    frame.to = DUT_A;
    frame.to_mac = MAC_A;
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_DISCOVERY_OFF);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "set forwarding on"); /* the control */
    bench_send(bench, &frame);
    bench_run(bench, 2 * SECONDS);
    assert_int_equal(expect_frame(bench)->view.icmp_type, 9);
    bench_close(bench);
}

/* A router that becomes a host says so, and asks. */
static void a_router_that_becomes_a_host(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.router_discovery on on a");
    bench_run(bench, 16 * SECONDS);
    assert_int_equal(expect_frame(bench)->view.icmp_type, 9);
    bench_do(bench, "set forwarding off");
    const struct sight *last = expect_frame(bench);
    assert_int_equal(last->view.icmp_type, 9);
    assert_int_equal(last->view.rest & 0xffff, 0);
    bench_run(bench, SECONDS);
    expect_solicitation(bench);
    advertise(bench, 254, 0, 1800);
    assert_int_equal(way(bench), 254);
    bench_do(bench, "set forwarding on");
    assert_int_equal(way(bench), 0);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("RD-13", three_solicitations_and_no_more),
        PROVES("RD-13", it_is_idle_when_it_has_asked),
        PROVES("RD-13", the_first_comes_at_random),
        PROVES("RD-13", an_advertisement_ends_the_asking),
        PROVES("RD-13", with_the_store_full_it_asks_later),
        PROVES("RD-13", it_asks_on_the_interface_that_learns),
        PROVES("RD-13", asked_by_broadcast_when_so_set),
        PROVES("RD-13", a_new_link_asks_anew),
        PROVES("RD-13", it_asks_when_its_address_is_ready),
        PROVES("RD-14", off_it_neither_asks_nor_believes),
        PROVES("RD-9", a_host_answers_no_solicitation),
        PROVES("RD-8", a_router_that_becomes_a_host),
    };
    return cmocka_run_group_tests_name("router solicitation", tests, NULL, NULL);
}
