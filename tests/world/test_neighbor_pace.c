/* Nobody is asked twice within a second (ARP-11), whatever happens to his entry in between; and nobody is asked, or
 * believed, who must not be. */
#include "tests/world/arp_frames.h"

#define ABSENT IP(10, 0, 2, 99)

static uint64_t send_to(struct bench *bench, int64_t to)
{
    return bench_send(bench, &(struct frame){.to = to, .carries = UDP, .ttl = 9});
}

/* Requests for `target` that left since the last look. */
static unsigned requests_for(struct bench *bench, int64_t target)
{
    unsigned n = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
        n += sight->view.type == 0x0806 && sight->view.operation == 1 && sight->view.target == target;
    return n;
}

static enum tapir_address_state address_state(const struct bench *bench, int64_t ip)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1)
        if (row.address.address.address.value == (uint32_t)ip)
            return row.address.state;
    fail_msg("the address is gone");
    return TAPIR_ADDRESS_CONFLICT;
}

static void test_link_flaps(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    send_to(bench, ABSENT);
    assert_int_equal(requests_for(bench, ABSENT), 1);
    for (int i = 0; i < 20; i++) {
        bench_do(bench, "down b; up b");
        send_to(bench, ABSENT);
        bench_run(bench, 40 * MS);
    }
    assert_int_equal(requests_for(bench, ABSENT), 0);
    bench_run(bench, 200 * MS);
    assert_int_equal(requests_for(bench, ABSENT), 1); /* a second after the first */
    bench_close(bench);
}

static void test_given_up_after_a_flap(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.retries 2");
    send_to(bench, ABSENT);
    bench_do(bench, "down b; up b");
    for (int i = 0; i < 10; i++) { /* asked at 1 and 2 s, given up at 3 */
        bench_run(bench, 310 * MS);
        send_to(bench, ABSENT);
    }
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_SILENT);
    assert_int_equal(requests_for(bench, ABSENT), 3);
    bench_close(bench);
}

/* Entries that are taken, those that are only remembered among them. */
static uint64_t places(const struct bench *bench)
{
    union tapir_row row;
    for (uint64_t cursor = 0; tapir_list(bench->stack, TAPIR_TABLE_LIMITS, &cursor, &row, 1) == 1;)
        if (strcmp(row.limit.name, "neighbors") == 0)
            return row.limit.use;
    fail_msg("no limit of that name");
    return 0;
}

/* One who answered, and whose link flaps within the second of the question. */
static struct bench *flap_a_known_one(void)
{
    struct bench *bench = bench_open(ROUTER, "");
    send_to(bench, ABSENT);
    bench_run(bench, 100 * MS);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    bench_do(bench, "down b; up b");
    while (bench_next(bench) != NULL) {
    }
    return bench;
}

static void test_not_believed_after_a_flap(void **state)
{
    (void)state;
    struct bench *bench = flap_a_known_one();
    uint64_t number = send_to(bench, ABSENT);
    expect_verdict(bench, number, TAPIR_UNSETTLED);
    bench_run(bench, 900 * MS - 1);
    expect_nothing(bench);
    bench_run(bench, 1);
    expect_arp_request(bench, ABSENT);
    bench_close(bench);
}

static void test_believed_when_he_speaks_again(void **state)
{
    (void)state;
    struct bench *bench = flap_a_known_one();
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_REACHABLE);
    expect_forwarded(bench, send_to(bench, ABSENT));
    bench_close(bench);
}

static void test_remembered_for_a_second(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t before = places(bench);
    bench_close(bench);
    bench = flap_a_known_one();
    assert_int_equal(places(bench), before + 1);
    bench_run(bench, 900 * MS - 1);
    assert_int_equal(places(bench), before + 1);
    bench_run(bench, 1);
    assert_int_equal(places(bench), before);
    expect_nothing(bench);
    bench_close(bench);
}

static void test_unasked_is_not_remembered(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    const struct tapir_op down = {.kind = TAPIR_OP_LINK, .iface = TAP_B};
    uint64_t before = places(bench);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    assert_int_equal(places(bench), before + 1);
    assert_int_equal(tapir_apply(bench->stack, &down, 1, NULL, (tapir_instant){bench->now_ns}), TAPIR_OK);
    assert_int_equal(places(bench), before); /* before any timer can fire */
    bench_settle(bench);
    bench_close(bench);
}

static void test_not_asked_without_need(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    send_to(bench, ABSENT);
    bench_do(bench, "down b; up b");
    assert_int_equal(requests_for(bench, ABSENT), 1);
    bench_run(bench, 10 * SECONDS);
    assert_int_equal(requests_for(bench, ABSENT), 0);
    bench_close(bench);
}

static void test_pushed_out(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16");
    const int64_t first = IP(10, 3, 1, 0);
    for (int64_t i = 0; i < 140; i++)
        send_to(bench, first + i);
    assert_int_equal(requests_for(bench, first), 1);
    expect_verdict(bench, 1, TAPIR_NEIGHBOR_CROWDED);
    for (int i = 0; i < 9; i++) {
        bench_run(bench, 100 * MS);
        send_to(bench, first);
    }
    assert_int_equal(requests_for(bench, first), 0);
    bench_run(bench, 100 * MS);
    assert_int_equal(requests_for(bench, first), 1);
    bench_close(bench);
}

static void test_timeout_lowered(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    uint64_t number = send_to(bench, HOST_B);
    expect_arp_request(bench, HOST_B);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    expect_forwarded(bench, number);
    bench_run(bench, 30 * SECONDS);
    bench_do(bench, "set arp.timeout 10s");
    number = send_to(bench, HOST_B);
    expect_verdict(bench, number, TAPIR_UNSETTLED);
    expect_arp_request(bench, HOST_B);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    expect_forwarded(bench, number);
    bench_close(bench);
}

/* A request from 0.0.0.0 would be a probe: as if we wanted the target for ourselves (RFC 5227 1.1). */
static void test_no_address_to_ask_from(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; set arp.acd on; down a; down b; up a; up b");
    uint64_t number = send_to(bench, HOST_B);
    assert_int_equal(requests_for(bench, HOST_B), 0);
    expect_verdict(bench, number, TAPIR_IP4_NO_SOURCE);
    bench_run(bench, 20 * SECONDS); /* the control: probed by now */
    requests_for(bench, HOST_B);
    send_to(bench, HOST_B);
    expect_arp_request(bench, HOST_B);
    bench_close(bench);
}

/* RFC 5227 2.1: what nobody could hear is no probe. */
static void test_no_probe_without_link(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.acd on; down b; up b; down b");
    bench_run(bench, 30 * SECONDS);
    assert_int_equal(requests_for(bench, DUT_B), 0);
    assert_int_equal(address_state(bench, DUT_B), TAPIR_ADDRESS_TENTATIVE);
    bench_do(bench, "up b");
    bench_run(bench, 30 * SECONDS);
    assert_int_equal(requests_for(bench, DUT_B), 3 + 2); /* probes, announcements */
    assert_int_equal(address_state(bench, DUT_B), TAPIR_ADDRESS_READY);
    bench_close(bench);
}

static void claim(struct bench *bench)
{
    bench_send_arp(bench,
                   &(struct arp_frame){.on = TAP_B, .sender = DUT_B, .sender_mac = INT64_C(0x02beef000001)});
    bench_run(bench, SECONDS);
}

static void test_router_on_one_interface(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set forwarding off; set forwarding on on b");
    claim(bench);
    claim(bench);
    claim(bench);
    requests_for(bench, DUT_B);
    assert_int_equal(address_state(bench, DUT_B), TAPIR_ADDRESS_READY);
    bench_do(bench, "set forwarding off on b"); /* the control: a host gives up */
    claim(bench);
    requests_for(bench, DUT_B);
    assert_int_equal(address_state(bench, DUT_B), TAPIR_ADDRESS_CONFLICT);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a link that flaps does not make us ask more often (ARP-11)", test_link_flaps, NULL, NULL, NULL},
        {"one whose link flaps is given up in time (ARP-11)", test_given_up_after_a_flap, NULL, NULL, NULL},
        {"what was known before a flap is asked anew (ARP-11)", test_not_believed_after_a_flap, NULL, NULL,
         NULL},
        {"who speaks after a flap is known again", test_believed_when_he_speaks_again, NULL, NULL, NULL},
        {"who was asked is remembered for that second, and no longer", test_remembered_for_a_second, NULL,
         NULL, NULL},
        {"who was not asked is not remembered", test_unasked_is_not_remembered, NULL, NULL, NULL},
        {"after a flap nobody is asked for whom no packet waits", test_not_asked_without_need, NULL, NULL,
         NULL},
        {"who was pushed out is not asked again within his second (ARP-11)", test_pushed_out, NULL, NULL,
         NULL},
        {"a timeout that was lowered holds at once (ARP-9)", test_timeout_lowered, NULL, NULL, NULL},
        {"without an address of our own nobody is asked", test_no_address_to_ask_from, NULL, NULL, NULL},
        {"an address is not probed on a link that is down (ARP-19)", test_no_probe_without_link, NULL, NULL,
         NULL},
        {"who forwards on an interface defends its address there (ARP-21)", test_router_on_one_interface,
         NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("the pace of questions", tests, NULL, NULL);
}
