/* How long a neighbor is believed, when it is asked meanwhile, and how it moves. Rows ARP-9, ARP-10 and ARP-23 of the ledger.
 * Times are exact. Those who do not answer are in test_neighbor.c. */
#include "tests/world/arp_frames.h"

#define ABSENT IP(10, 0, 2, 99)

/* A datagram through the router to one who may not be there. */
static uint64_t send_to(struct bench *bench, int64_t from, int64_t to)
{
    return bench_send(bench,
                      &(struct frame){.from = from, .to = to, .carries = UDP, .from_mac = MAC_OF(HOST_A)});
}

/* The next frame is a request for `target`, sent at `at_ns` after `start`, to `to_mac`. */
static void expect_request_at(struct bench *bench, int64_t target, int64_t start, int64_t at_ns,
                              int64_t to_mac)
{
    const struct sight *sight = expect_arp_request(bench, target);
    assert_int_equal(sight->at_ns - start, at_ns);
    assert_int_equal(sight->view.to_mac, to_mac);
}

/* ---- believed, probed, expired ---- */

/* The neighbor has answered and one datagram went to it `used_ns` later; returns when it answered. */
static int64_t make_known(struct bench *bench, int64_t used_ns)
{
    int64_t start = bench->now_ns;
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    if (used_ns > 0) {
        bench_run(bench, used_ns);
        expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    }
    return start;
}

static void test_idle_expires(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    int64_t start = make_known(bench, 0);
    bench_run_until(bench, start + 60 * SECONDS - 1);
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_REACHABLE);
    bench_run(bench, 1);
    union tapir_row entry;
    assert_false(neighbor_row(bench, TAP_B, ABSENT, &entry));
    expect_nothing(bench); /* nobody asked for an idle one */
    bench_close(bench);
}

static void test_used_is_probed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    int64_t start = make_known(bench, 30 * SECONDS);
    bench_run_until(bench, start + 58 * SECONDS + 1);
    expect_request_at(bench, ABSENT, start, 57 * SECONDS, MAC_OF(ABSENT));
    expect_request_at(bench, ABSENT, start, 58 * SECONDS, MAC_OF(ABSENT));
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_PROBE);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT)); /* no packet waits meanwhile */
    bench_run(bench, 1);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_REACHABLE);
    start = bench->now_ns;
    bench_run_until(bench, start + 60 * SECONDS);
    expect_nothing(bench); /* not used since: it just expires */
    union tapir_row entry;
    assert_false(neighbor_row(bench, TAP_B, ABSENT, &entry));
    bench_close(bench);
}

/* Both within the second in which a further use is not noted. */
static void test_used_heard_used(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    make_known(bench, 30 * SECONDS);
    bench_run(bench, 100 * MS);
    int64_t start = bench->now_ns;
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    bench_run(bench, 100 * MS);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_run_until(bench, start + 57 * SECONDS);
    expect_request_at(bench, ABSENT, start, 57 * SECONDS, MAC_OF(ABSENT));
    bench_close(bench);
}

static void test_used_again_at_last(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    int64_t start = make_known(bench, 0);
    bench_run_until(bench, start + 58 * SECONDS + 500 * MS);
    expect_nothing(bench);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_run_until(bench, start + 60 * SECONDS - 1);
    expect_request_at(bench, ABSENT, start, 59 * SECONDS, MAC_OF(ABSENT)); /* it is looked at each second */
    expect_nothing(bench);
    bench_close(bench);
}

static void test_used_expires(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    int64_t start = make_known(bench, 30 * SECONDS);
    bench_run_until(bench, start + 60 * SECONDS - 1);
    for (int i = 57; i < 60; i++)
        expect_request_at(bench, ABSENT, start, i * SECONDS, MAC_OF(ABSENT));
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_run(bench, 1);
    uint64_t held = send_to(bench, HOST_A, ABSENT); /* ARP-10: even though it is in use */
    expect_verdict(bench, held, TAPIR_UNSETTLED);
    bench_run_until(bench, start + 63 * SECONDS);
    for (int i = 60; i < 63; i++)
        expect_request_at(bench, ABSENT, start, i * SECONDS, MAC_BROADCAST);
    expect_icmp_error(bench, 3, 1);
    expect_nothing(bench);
    expect_verdict(bench, held, TAPIR_NEIGHBOR_FAILED);
    bench_close(bench);
}

static void test_idle_is_asked_again(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.timeout 2s");
    make_known(bench, 0);
    bench_run(bench, 1500 * MS);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT)); /* the control: believed still */
    bench_close(bench);
    bench = bench_open(ROUTER, "set arp.timeout 2s");
    make_known(bench, 0);
    bench_run(bench, 3 * SECONDS);
    uint64_t number = send_to(bench, HOST_A, ABSENT);
    expect_arp_request(bench, ABSENT);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    expect_forwarded(bench, number);
    bench_close(bench);
}

/* RFC 3927 2.5: so that all notice a conflict over it. */
static void test_link_local_asks_all(void **state)
{
    (void)state;
    const int64_t peer = IP(169, 254, 7, 7);
    struct bench *bench = bench_open(ROUTER, "address b 169.254.1.1/16");
    int64_t start = bench->now_ns;
    bench_send_arp(bench, &(struct arp_frame){.on = TAP_B, .sender = peer, .target = IP(169, 254, 1, 1)});
    expect_frame(bench);
    bench_run(bench, SECONDS);
    bench_send(bench, &(struct frame){.on = TAP_B, .from = peer, .to = IP(169, 254, 1, 1)});
    expect_echo_reply(bench);
    bench_run_until(bench, start + 57 * SECONDS);
    expect_request_at(bench, peer, start, 57 * SECONDS, MAC_BROADCAST);
    bench_close(bench);
}

/* A quarter of it is for the question by unicast; the one by broadcast keeps the pace. */
static void test_short_timeout(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.timeout 2s");
    int64_t start = make_known(bench, 500 * MS);
    bench_run_until(bench, start + 2500 * MS - 1);
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_PROBE); /* until the next question */
    bench_run_until(bench, start + 5 * SECONDS);
    expect_request_at(bench, ABSENT, start, 1500 * MS, MAC_OF(ABSENT));
    for (int i = 2; i < 5; i++)
        expect_request_at(bench, ABSENT, start, i * SECONDS + 500 * MS, MAC_BROADCAST);
    expect_nothing(bench);
    bench_close(bench);
}

/* Asked by unicast at 1.5 s, it has until 2.5 s to answer; but packets go to it until it expires only, whenever the last one did. */
static void test_used_just_before_expiry(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.timeout 2s");
    int64_t start = make_known(bench, 500 * MS);
    bench_run_until(bench, start + 1900 * MS);
    expect_request_at(bench, ABSENT, start, 1500 * MS, MAC_OF(ABSENT));
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_run_until(bench, start + 2 * SECONDS - 1);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_run(bench, 1);
    expect_verdict(bench, send_to(bench, HOST_A, ABSENT), TAPIR_UNSETTLED);
    bench_close(bench);
}

/* In the second of its last use, in which nothing of it is asked but its MAC. */
static void test_timeout_shortened(void **state)
{
    (void)state;
    static const char *const orders[] = {"set arp.timeout 10s", "set arp.timeout 10s on b"};
    for (int i = 0; i < 2; i++) {
        struct bench *bench = bench_open(ROUTER, "");
        make_known(bench, 30 * SECONDS);
        bench_do(bench, orders[i]);
        expect_verdict(bench, send_to(bench, HOST_A, ABSENT), TAPIR_UNSETTLED);
        bench_close(bench);
    }
}

/* It was asked in this second, so that its entry stays. */
static void test_flushed_in_use(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t number = send_to(bench, HOST_A, ABSENT);
    expect_arp_request(bench, ABSENT);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    expect_forwarded(bench, number);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_do(bench, "down b; up b");
    expect_verdict(bench, send_to(bench, HOST_A, ABSENT), TAPIR_UNSETTLED);
    bench_close(bench);
}

/* With a timeout of 2 s, who says something each second is not asked; when he falls silent he is, in use or not. */
static void test_short_timeout_refreshed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.timeout 2s");
    make_known(bench, 100 * MS);
    for (int i = 0; i < 100; i++) {
        bench_run(bench, 100 * MS);
        if (i % 10 == 8)
            bench_send_arp(bench,
                           &(struct arp_frame){.on = TAP_B, .sender = ABSENT, .target = IP(10, 0, 2, 33)});
        expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    }
    expect_nothing(bench);
    for (int i = 0; i < 20; i++) {
        bench_run(bench, 100 * MS);
        send_to(bench, HOST_A, ABSENT);
    }
    unsigned asked = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
        asked += sight->view.type == 0x0806;
    assert_true(asked > 0);
    bench_close(bench);
}

static void test_any_packet_confirms(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.timeout 10s");
    make_known(bench, SECONDS);
    for (int i = 0; i < 20; i++) { /* ARP-10: it is heard asking for others, by broadcast */
        bench_run(bench, 5 * SECONDS);
        bench_send_arp(bench, &(struct arp_frame){.on = TAP_B, .sender = ABSENT, .target = IP(10, 0, 2, 33)});
        expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    }
    expect_nothing(bench);
    bench_run(bench, 8 * SECONDS);
    expect_arp_request(bench, ABSENT);
    bench_close(bench);
}

/* ---- moved, permanent ---- */

static void test_moved(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    struct tapir_event event;
    make_known(bench, 0);
    assert_false(tapir_next_event(bench->stack, &event));
    bench_send_arp(bench, &(struct arp_frame){
                              .on = TAP_B, .sender = ABSENT, .sender_mac = 0x02beef000001, .operation = 2});
    assert_true(tapir_next_event(bench->stack, &event));
    assert_int_equal(event.bits, TAPIR_EVENT_MOVED);
    assert_int_equal(event.iface, TAP_B);
    assert_int_equal(event.address.value, ABSENT);
    assert_int_equal(event.mac.octet[1], 0xbe);
    assert_int_equal(expect_forwarded(bench, send_to(bench, HOST_A, ABSENT))->view.to_mac, 0x02beef000001);
    bench_close(bench);
}

static void test_permanent(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    struct tapir_event event;
    const struct arp_frame lie = {.on = TAP_B, .sender_mac = 0x02beef000001, .operation = 2};
    expect_verdict(bench, bench_send_arp(bench, &lie), TAPIR_ARP_PERMANENT);
    bench_run(bench, 1000 * SECONDS);
    assert_int_equal(mac_known(bench, TAP_B, HOST_B), MAC_OF(HOST_B));
    assert_int_equal(expect_forwarded(bench, send_to(bench, HOST_A, HOST_B))->view.to_mac, MAC_OF(HOST_B));
    assert_false(tapir_next_event(bench->stack, &event));
    bench_do(bench, "no neighbor b 10.0.2.10");
    send_to(bench, HOST_A, HOST_B);
    expect_arp_request(bench, HOST_B);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an idle neighbor is asked for again when its timeout is over (ARP-9)", test_idle_is_asked_again,
         NULL, NULL, NULL},
        {"a neighbor of a link-local address of ours is asked by broadcast alone (ARP-23)",
         test_link_local_asks_all, NULL, NULL, NULL},
        {"an idle neighbor expires at arp.timeout, unasked (ARP-9)", test_idle_expires, NULL, NULL, NULL},
        {"one in use is asked by unicast in the last 3 s, and no packet waits (ARP-9)", test_used_is_probed,
         NULL, NULL, NULL},
        {"one that is used, heard and used again in a second is in use", test_used_heard_used, NULL, NULL,
         NULL},
        {"one that is used again in its last 3 s is asked after all", test_used_again_at_last, NULL, NULL,
         NULL},
        {"one in use that does not answer expires all the same (ARP-10)", test_used_expires, NULL, NULL,
         NULL},
        {"of a short timeout a quarter is for the question by unicast (ARP-9)", test_short_timeout, NULL,
         NULL, NULL},
        {"one in use that was used just before it expires, expires (ARP-10)", test_used_just_before_expiry,
         NULL, NULL, NULL},
        {"a shorter arp.timeout holds for the next packet (ARP-9)", test_timeout_shortened, NULL, NULL, NULL},
        {"one in use that is flushed is asked before the next packet goes there", test_flushed_in_use, NULL,
         NULL, NULL},
        {"with a short timeout a word each second is enough (ARP-10)", test_short_timeout_refreshed, NULL,
         NULL, NULL},
        {"any ARP packet of a neighbor confirms it (ARP-10)", test_any_packet_confirms, NULL, NULL, NULL},
        {"a neighbor that moves is believed and reported (ARP-3)", test_moved, NULL, NULL, NULL},
        {"a permanent neighbor never changes and never ages", test_permanent, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("how long a neighbor is believed", tests, NULL, NULL);
}
