/* Interfaces in life: paused, down, up again, removed, and a stack that closes; where each packet ends that
 * was on its way. Row FWD-31 of the ledger. */
#include "tests/world/arp_frames.h"

enum {
    OUT = 512 /* limits.out as it is by default */
};

static uint64_t send_to(struct bench *bench, int64_t to)
{
    return bench_send(bench, &(struct frame){.to = to, .carries = UDP});
}

static void apply(struct bench *bench, struct tapir_op op)
{
    struct tapir_fault fault = {0};
    if (tapir_apply(bench->stack, &op, 1, &fault, (tapir_instant){bench->now_ns}) != TAPIR_OK)
        fail_msg("%s", fault.why);
    bench_run(bench, 0);
}

static uint32_t waiting(const struct bench *bench, unsigned iface)
{
    union tapir_row row;
    for (uint64_t cursor = 0; tapir_list(bench->stack, TAPIR_TABLE_INTERFACES, &cursor, &row, 1) == 1;)
        if (row.interface.iface == iface)
            return row.interface.waiting;
    fail_msg("the interface is gone");
    return 0;
}

/* ---- paused ---- */

static void test_paused(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t number[3];
    tapir_pause(bench->stack, TAP_B, true);
    for (int i = 0; i < 3; i++)
        number[i] = send_to(bench, HOST_B);
    expect_nothing(bench);
    assert_int_equal(waiting(bench, TAP_B), 3);
    assert_false(tapir_idle(bench->stack));
    bench_send(bench, &(struct frame){0}); /* the other wire goes on */
    expect_echo_reply(bench);
    expect_verdict(bench, number[0], TAPIR_UNSETTLED);
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, 0);
    for (int i = 0; i < 3; i++)
        expect_forwarded(bench, number[i]);
    assert_true(tapir_idle(bench->stack));
    tapir_pause(bench->stack, 63, true); /* one that is not there: nothing happens */
    tapir_pause(bench->stack, 6300, true);
    bench_close(bench);
}

static void test_out_full(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    tapir_pause(bench->stack, TAP_B, true);
    uint64_t first = send_to(bench, HOST_B);
    for (int i = 1; i < OUT; i++)
        send_to(bench, HOST_B);
    uint64_t late = send_to(bench, HOST_B);
    expect_verdict(bench, first, TAPIR_UNSETTLED);
    expect_verdict(bench, late, TAPIR_OUT_FULL);
    bench_send(bench, &(struct frame){.on = TAP_B}); /* what we say ourselves has a band of its own */
    assert_int_equal(waiting(bench, TAP_B), OUT + 1);
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, 0);
    expect_echo_reply(bench); /* and leaves first */
    expect_forwarded(bench, first);
    bench_close(bench);
}

static void test_own_band_full(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    tapir_pause(bench->stack, TAP_A, true);
    for (int i = 0; i < OUT / 2; i++)
        bench_send(bench, &(struct frame){0});
    assert_int_equal(count_of(bench, TAPIR_OUT_FULL, TAPIR_BORN), 0);
    expect_verdict(bench, bench_send(bench, &(struct frame){0}), TAPIR_ICMP4_ECHOED);
    assert_int_equal(count_of(bench, TAPIR_OUT_FULL, TAPIR_BORN), 1);
    expect_verdict(bench, bench_send_arp(bench, &(struct arp_frame){.target = DUT_A}), TAPIR_ARP_ANSWERED);
    assert_int_equal(count_of(bench, TAPIR_OUT_FULL, TAPIR_BORN), 2);
    bench_close(bench);
}

/* ---- down and up ---- */

static void test_down(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    tapir_pause(bench->stack, TAP_B, true);
    uint64_t queued = send_to(bench, HOST_B);
    bench_do(bench, "down b");
    bench_run(bench, 0);
    expect_verdict(bench, queued, TAPIR_OUT_DOWN);
    tapir_pause(bench->stack, TAP_B, false);
    uint64_t late = send_to(bench, HOST_B);
    expect_verdict(bench, late, TAPIR_IP4_ROUTE_DOWN);
    expect_icmp_error(bench, 3, 0);
    expect_verdict(bench, bench_send(bench, &(struct frame){.on = TAP_B}), TAPIR_IFACE_DOWN);
    bench_send(bench, &(struct frame){.to = DUT_B}); /* its address is ours all the same */
    expect_echo_reply(bench);
    bench_do(bench, "up b");
    expect_forwarded(bench, send_to(bench, HOST_B));
    expect_nothing(bench);
    bench_close(bench);
}

static struct tapir_op route_op(int64_t via, uint32_t metric)
{
    struct tapir_op op = {.kind = TAPIR_OP_ROUTE};
    op.route = (struct tapir_route){
        .prefix = {{(uint32_t)IP(10, 8, 0, 0)}, 16}, .via = {(uint32_t)via}, .metric = metric};
    return op;
}

static void test_alternate(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "address a 10.0.3.1/24; neighbor a 10.0.3.2; route default via 10.0.3.2");
    const int64_t far = IP(10, 8, 0, 1);
    apply(bench, route_op(HOST_B, 10));
    apply(bench, route_op(ROUTER_2, 20));
    assert_int_equal(expect_forwarded(bench, send_to(bench, far))->on, TAP_B);
    bench_do(bench, "down b");
    uint64_t number = send_to(bench, far);
    expect_icmp_error(bench, 5, 1); /* that way the host can go itself */
    const struct sight *sight = expect_forwarded(bench, number);
    assert_int_equal(sight->on, TAP_A); /* at once, the next metric */
    assert_int_equal(sight->view.to_mac, MAC_OF(ROUTER_2));
    sight = expect_forwarded(bench, send_to(bench, HOST_B));
    assert_int_equal(sight->view.to_mac, MAC_OF(IP(10, 0, 3, 2))); /* the next shorter prefix */
    bench_do(bench, "up b");
    assert_int_equal(expect_forwarded(bench, send_to(bench, far))->on, TAP_B);
    bench_close(bench);
}

static void test_answers_down(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)HOST_B;
    message.destination_port = 7;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK);
    bench_do(bench, "down b");
    bench_run(bench, 0);
    assert_int_equal(count_of(bench, TAPIR_IP4_ROUTE_DOWN, TAPIR_BORN), 1);
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)IP(224, 0, 0, 1);
    message.destination_port = 7;
    message.iface = TAP_B;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK); /* a group needs no route */
    bench_run(bench, 0);
    assert_int_equal(count_of(bench, TAPIR_OUT_DOWN, TAPIR_BORN), 1);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- removed ---- */

static void test_removed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; neighbor b 10.0.2.10");
    uint64_t held = send_to(bench, IP(10, 0, 2, 99));
    expect_arp_request(bench, IP(10, 0, 2, 99));
    tapir_pause(bench->stack, TAP_B, true);
    uint64_t queued = send_to(bench, HOST_B);
    bench_do(bench, "no neighbor b 10.0.2.10; no address b 10.0.2.1/24");
    bench_run(bench, 0);
    expect_verdict(bench, held, TAPIR_NEIGHBOR_FLUSHED);
    expect_verdict(bench, queued, TAPIR_UNSETTLED);
    apply(bench, (struct tapir_op){.kind = TAPIR_OP_INTERFACE, .iface = TAP_B, .remove = true});
    expect_verdict(bench, queued, TAPIR_OUT_DOWN);
    expect_verdict(bench, bench_send(bench, &(struct frame){.on = TAP_B}), TAPIR_IFACE_DOWN);
    expect_nothing(bench);
    bench_close(bench);
}

/* What waits and what is known outlives a list of operations that is taken back. */
static void test_taken_back(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    uint64_t first = send_to(bench, HOST_B);
    expect_arp_request(bench, HOST_B);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    expect_forwarded(bench, first);
    tapir_pause(bench->stack, TAP_B, true);
    uint64_t queued = send_to(bench, HOST_B);
    uint64_t held = send_to(bench, IP(10, 0, 2, 99));
    uint64_t piece = bench_send(
        bench, &(struct frame){.on = TAP_B, .carries = RAW, .protocol = 17, .data = 80, .fragment = IS_MF});
    const struct tapir_op ops[] = {
        {.kind = TAPIR_OP_ADDRESS, .remove = true, .iface = TAP_B, .address = {{(uint32_t)DUT_B}, 24}},
        {.kind = TAPIR_OP_INTERFACE, .remove = true, .iface = TAP_B},
        {.kind = TAPIR_OP_LINK, .iface = 9}};
    struct tapir_fault fault = {0};
    assert_int_equal(tapir_apply(bench->stack, ops, 3, &fault, (tapir_instant){bench->now_ns}),
                     TAPIR_MISSING);
    assert_int_equal(fault.op, 2);
    bench_run(bench, 0);
    expect_verdict(bench, queued, TAPIR_UNSETTLED);
    expect_verdict(bench, held, TAPIR_UNSETTLED);
    expect_verdict(bench, piece, TAPIR_UNSETTLED);
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, 0);
    expect_arp_request(bench, IP(10, 0, 2, 99));
    expect_forwarded(bench, queued);
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 99));
    expect_forwarded(bench, held);
    expect_forwarded(bench, send_to(bench, HOST_B)); /* it is known still */
    bench_close(bench);
}

/* A second address on the network keeps the network, and what waits on it. */
static void test_secondary(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address b 10.0.2.5/24");
    uint64_t held = send_to(bench, IP(10, 0, 2, 99));
    expect_arp_request(bench, IP(10, 0, 2, 99));
    bench_do(bench, "no address b 10.0.2.1/24");
    bench_run(bench, 0);
    expect_verdict(bench, held, TAPIR_UNSETTLED);
    expect_verdict(bench, bench_send(bench, &(struct frame){.to = DUT_B}),
                   TAPIR_UNSETTLED); /* a host like any other */
    expect_arp_request(bench, DUT_B);
    expect_forwarded(bench, send_to(bench, HOST_B));
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 5)});
    expect_echo_reply(bench);
    bench_close(bench);
}

static void test_short_networks(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address b 10.4.0.0/31; neighbor b 10.4.0.1; address a "
                                             "10.6.0.255/32; route 10.7.0.0/16 via 10.4.0.1");
    bench_send(bench, &(struct frame){.to = IP(10, 4, 0, 0)});
    assert_int_equal(expect_echo_reply(bench)->view.from, IP(10, 4, 0, 0));
    assert_int_equal(expect_forwarded(bench, send_to(bench, IP(10, 4, 0, 1)))->view.to_mac,
                     MAC_OF(IP(10, 4, 0, 1)));
    assert_int_equal(expect_forwarded(bench, send_to(bench, IP(10, 7, 0, 1)))->view.to_mac,
                     MAC_OF(IP(10, 4, 0, 1)));
    bench_send(bench, &(struct frame){.to = IP(10, 6, 0, 255)});
    assert_int_equal(expect_echo_reply(bench)->view.from, IP(10, 6, 0, 255));
    bench_close(bench);
}

/* ---- closed ---- */

static void test_close(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.acd on; address a 10.0.1.5/24");
    tapir_pause(bench->stack, TAP_B, true);
    tapir_pause(bench->stack, TAP_A, true);
    uint64_t number[] = {send_to(bench, IP(10, 0, 2, 99)), send_to(bench, HOST_B)};
    uint64_t echo = bench_send(bench, &(struct frame){0});
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)DUT_A; /* to ourselves: it waits in lane again */
    message.destination_port = 9999;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK);
    tapir_close(bench->stack, (tapir_instant){bench->now_ns});
    bench_run(bench, 0);
    for (size_t i = 0; i < 2; i++)
        expect_verdict(bench, number[i], TAPIR_STACK_CLOSED);
    expect_verdict(bench, echo, TAPIR_ICMP4_ECHOED);
    assert_int_equal(count_of(bench, TAPIR_STACK_CLOSED, TAPIR_BORN),
                     3); /* a request, the reply, the datagram */
    assert_int_equal(count_of(bench, TAPIR_ARP_ANSWERED, TAPIR_RECEIVED), 0);
    tapir_pause(bench->stack, TAP_A, false);
    expect_verdict(bench, bench_send(bench, &(struct frame){0}), TAPIR_STACK_CLOSED);
    bench_run(bench, 10 * SECONDS);
    expect_nothing(bench); /* a closed stack says nothing, not even of addresses that it was probing */
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"frames wait for a paused device and go on in order", test_paused, NULL, NULL, NULL},
        {"512 frames of transit wait, the next one is refused, our own come first", test_out_full, NULL, NULL,
         NULL},
        {"half as many frames of our own wait, the next one is refused", test_own_band_full, NULL, NULL,
         NULL},
        {"a link that goes down refuses what waits and what comes (FWD-31)", test_down, NULL, NULL, NULL},
        {"the next metric and the next shorter prefix serve at once (FWD-31)", test_alternate, NULL, NULL,
         NULL},
        {"what we send ourselves ends at a link that is down", test_answers_down, NULL, NULL, NULL},
        {"an interface that is removed takes along what waits for it", test_removed, NULL, NULL, NULL},
        {"a list of operations that fails harms nothing that waits", test_taken_back, NULL, NULL, NULL},
        {"a network outlives one of its two addresses", test_secondary, NULL, NULL, NULL},
        {"both ends of a /31 are hosts, and so is a /32 (FWD-16)", test_short_networks, NULL, NULL, NULL},
        {"a stack that closes settles all it has, and is silent", test_close, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("interfaces", tests, NULL, NULL);
}
