/* Source quench: never sent by default, obeyed by nobody; and as RFC 792 had it, for the laboratory. */
#include "tests/table.h"
#include "tests/world/bench.h"
#include "tests/world/sockets.h"

#define QUENCHES "set icmp.source_quench.send on"

enum {
    OUT = 512 /* frames in transit that wait for one interface */
};

/* Sends `n` echo requests through to host B, whose device takes none. Returns the number of the last. */
static uint64_t overflow(struct bench *bench, int n, int tos)
{
    uint64_t last = 0;
    tapir_pause(bench->stack, TAP_B, true);
    for (int i = 0; i < n; i++)
        last = bench_send(bench, &(struct frame){.to = HOST_B, .tos = tos, .id = i + 1});
    return last;
}

static void finish(struct bench *bench)
{
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, 1);
    bench_close(bench);
}

static void an_exit_without_room_earns_none(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    expect_verdict(bench, overflow(bench, OUT + 20, 0), TAPIR_OUT_FULL);
    expect_nothing(bench);
    bench_do(bench, QUENCHES); /* the control */
    bench_send(bench, &(struct frame){.to = HOST_B});
    expect_icmp_error(bench, 4, 0);
    finish(bench);
}

static void a_neighbor_without_room_earns_none(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.hold 1");
    uint64_t first = bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77)});
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77)});
    expect_verdict(bench, first, TAPIR_NEIGHBOR_OVERFLOW);
    expect_arp_request(bench, IP(10, 0, 2, 77));
    expect_nothing(bench);
    bench_close(bench);
}

static void switched_on_it_says_so_at_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, QUENCHES);
    uint64_t last = overflow(bench, OUT, 0);
    expect_nothing(bench);
    last = bench_send(bench, &(struct frame){.to = HOST_B, .tos = 0xb8});
    expect_verdict(bench, last, TAPIR_QUENCHED);
    expect_answer(bench, last, TAPIR_ANSWER_SENT);
    const struct sight *sight = expect_icmp_error(bench, 4, 0);
    assert_int_equal(sight->at_ns, bench->now_ns);
    assert_int_equal(sight->view.rest, 0);
    assert_int_equal(sight->view.to, HOST_A);
    assert_int_equal(sight->view.from, DUT_A);
    assert_int_equal(sight->view.ttl, 64);
    assert_int_equal(sight->view.tos, 0xb8); /* its precedence, not that of other errors */
    assert_int_equal(sight->view.data_size, 36);
    assert_memory_equal(sight->view.data, bench->frames[last].bytes + 14, 36);
    finish(bench);
}

static void the_oldest_that_waits_for_a_neighbor_is_told(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.hold 1; " QUENCHES);
    uint64_t first = bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77), .id = 7});
    expect_arp_request(bench, IP(10, 0, 2, 77));
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77), .id = 8});
    expect_verdict(bench, first, TAPIR_QUENCHED);
    assert_memory_equal(expect_icmp_error(bench, 4, 0)->view.data + 4, "\0\7", 2);
    bench_close(bench);
}

/* A packet that waits since we were a router; what we say ourselves pushes it out. A host copies the precedence alone. */
static void a_host_tells_with_the_precedence_of_the_packet(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.hold 1; " QUENCHES);
    uint64_t first = bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77), .tos = 0xb8});
    expect_arp_request(bench, IP(10, 0, 2, 77));
    bench_do(bench, "set forwarding off");
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
    assert_int_equal(say_to(bench, socket, IP(10, 0, 2, 77), 9), TAPIR_OK);
    expect_verdict(bench, first, TAPIR_QUENCHED);
    assert_int_equal(expect_icmp_error(bench, 4, 0)->view.tos, 0xa0);
    bench_close(bench);
}

/* One packet, one message: the sender has been told of the better way, or that its packet came by (RFC 1393). */
static void who_was_told_already_gets_no_quench(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, QUENCHES "; set icmp.traceroute1393 on");
    overflow(bench, OUT, 0);
    uint64_t traced = bench_send(
        bench,
        &(struct frame){.to = HOST_B, .options = "\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a", .options_size = 12});
    assert_int_equal(expect_frame(bench)->view.icmp_type, 30);
    expect_verdict(bench, traced, TAPIR_OUT_FULL);
    tapir_pause(bench->stack, TAP_A, true);
    for (int i = 0; i < OUT; i++)
        bench_send(bench, &(struct frame){.on = TAP_B, .to = HOST_A});
    uint64_t led_astray = bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1)});
    expect_verdict(bench, led_astray, TAPIR_OUT_FULL);
    expect_answer(bench, led_astray, TAPIR_ANSWER_SENT);
    tapir_pause(bench->stack, TAP_A, false);
    bench_run(bench, 1);
    expect_icmp_error(bench, 5, 1);
    finish(bench);
}

static void it_is_limited_like_other_errors(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited; " QUENCHES);
    overflow(bench, OUT + 100, 0);
    for (int i = 0; i < 6; i++)
        expect_icmp_error(bench, 4, 0);
    expect_nothing(bench);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_RATE_DESTINATION, TAPIR_RECEIVED), 94);
    finish(bench);
}

static void it_is_a_matter_of_the_interface_of_arrival(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, QUENCHES " on b");
    expect_verdict(bench, overflow(bench, OUT + 1, 0), TAPIR_OUT_FULL);
    expect_nothing(bench);
    finish(bench);
}

static void no_quench_about_an_error(void **state)
{
    (void)state;
    const struct frame about = {.from = HOST_B, .to = HOST_A};
    struct bench *bench = bench_open(ROUTER, QUENCHES);
    overflow(bench, OUT, 0);
    uint64_t error = bench_send(
        bench,
        &(struct frame){
            .to = HOST_B, .carries = ICMP, .icmp_type = 3, .icmp_code = 1, .rest = ZERO, .quote = &about});
    expect_verdict(bench, error, TAPIR_QUENCHED);
    expect_answer(bench, error, TAPIR_ANSWER_ABOUT_ERROR);
    expect_nothing(bench);
    finish(bench);
}

/* Its redirect was sent before its exit had no room. */
static void no_quench_about_what_earned_a_redirect(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, QUENCHES);
    tapir_pause(bench->stack, TAP_A, true);
    for (int i = 0; i < OUT; i++)
        bench_send(bench, &(struct frame){
                              .from = IP(10, 5, 5, 5), .from_mac = MAC_OF(HOST_A), .to = IP(10, 9, 0, 1)});
    uint64_t last = bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1)});
    expect_verdict(bench, last, TAPIR_OUT_FULL);
    expect_answer(bench, last, TAPIR_ANSWER_SENT);
    tapir_pause(bench->stack, TAP_A, false);
    bench_run(bench, 1);
    const struct sight *sight = expect_icmp_error(bench, 5, 1);
    assert_int_equal(sight->cause, last);
    bench_close(bench);
}

/* A service that is told to be quiet answers as before, at once. */
static void a_quench_received_changes_nothing(void **state)
{
    (void)state;
    const struct frame ours = {.from = DUT_A, .to = HOST_A, .carries = UDP, .from_port = 7, .to_port = 5000};
    struct bench *bench = bench_open(HOST, "");
    for (int i = 0; i < 50; i++) {
        uint64_t quench = bench_send(
            bench, &(struct frame){
                       .carries = ICMP, .icmp_type = 4, .icmp_code = ZERO, .rest = ZERO, .quote = &ours});
        expect_verdict(bench, quench, TAPIR_ICMP4_QUENCH);
        expect_nothing(bench);
        bench_send(bench, &(struct frame){.carries = UDP});
        assert_int_equal(expect_udp(bench, 5000)->at_ns, bench->now_ns);
    }
    assert_int_equal(count_of(bench, TAPIR_ICMP4_QUENCH, TAPIR_RECEIVED), 50);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("ERR-23", who_was_told_already_gets_no_quench),
        PROVES("SQ-1", an_exit_without_room_earns_none),
        PROVES("SQ-1", a_neighbor_without_room_earns_none),
        PROVES("SQ-2", a_quench_received_changes_nothing),
        PROVES("SQ-3", switched_on_it_says_so_at_once),
        PROVES("SQ-3", the_oldest_that_waits_for_a_neighbor_is_told),
        PROVES("SQ-3", a_host_tells_with_the_precedence_of_the_packet),
        PROVES("SQ-3", it_is_limited_like_other_errors),
        PROVES("SQ-3", it_is_a_matter_of_the_interface_of_arrival),
        PROVES("SQ-3", no_quench_about_an_error),
        PROVES("SEC-2 ERR-23", no_quench_about_what_earned_a_redirect),
    };
    return cmocka_run_group_tests_name("source quench", tests, NULL, NULL);
}
