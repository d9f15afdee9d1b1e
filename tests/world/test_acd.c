/* Address conflict detection, RFC 5227: probes and announcements in exact time, conflicts while probing and
 * in use. Rows ARP-19 to 22 of the ledger. */
#include "tests/world/arp_frames.h"

#define CANDIDATE IP(10, 0, 1, 5)
#define RIVAL     INT64_C(0x02beef000001)

/* A bench that begins to probe for the candidate now. */
static struct bench *open_probing(enum bench_kind kind)
{
    struct bench *bench = bench_open(kind, "set arp.acd on");
    bench_do(bench, "address a 10.0.1.5/24");
    return bench;
}

static enum tapir_address_state address_state(const struct bench *bench, int64_t ip)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1)
        if (row.address.address.address.value == ip)
            return row.address.state;
    fail_msg("the address is gone");
    return TAPIR_ADDRESS_CONFLICT;
}

/* A request by broadcast from `sender` (0: a probe) for `target`, with every field as RFC 5227 1.1 and 2.3
 * want it. */
static int64_t expect_claim(struct bench *bench, int64_t sender, int64_t target)
{
    const struct sight *sight = expect_arp_request(bench, target);
    assert_int_equal(sight->on, TAP_A);
    assert_int_equal(sight->view.to_mac, MAC_BROADCAST);
    assert_int_equal(sight->view.sender_mac, MAC_A);
    assert_int_equal(sight->view.sender, sender);
    assert_int_equal(sight->view.target_mac, 0);
    return sight->at_ns;
}

static void expect_event(struct bench *bench, uint32_t bits, int64_t ip)
{
    struct tapir_event event;
    assert_true(tapir_next_event(bench->stack, &event));
    assert_int_equal(event.bits, bits);
    assert_int_equal(event.address.value, ip);
    assert_int_equal(event.iface, TAP_A);
    if (bits & TAPIR_EVENT_CONFLICT)
        assert_int_equal(event.mac.octet[1], 0xbe);
    assert_false(tapir_next_event(bench->stack, &event));
}

static void expect_no_event(struct bench *bench)
{
    struct tapir_event event;
    assert_false(tapir_next_event(bench->stack, &event));
}

static uint64_t claim(struct bench *bench, int64_t sender)
{
    return bench_send_arp(bench,
                          &(struct arp_frame){.sender = sender, .sender_mac = RIVAL, .target = sender});
}

/* ---- before use ---- */

static void test_clean(void **state)
{
    (void)state;
    struct bench *bench = open_probing(ROUTER);
    int64_t start = bench->now_ns, at[3];
    bench_run(bench, 20 * SECONDS);
    for (int i = 0; i < 3; i++)
        at[i] = expect_claim(bench, 0, CANDIDATE);
    assert_in_range(at[0] - start, 0, SECONDS);
    assert_in_range(at[1] - at[0], SECONDS, 2 * SECONDS);
    assert_in_range(at[2] - at[1], SECONDS, 2 * SECONDS);
    int64_t announced = expect_claim(bench, CANDIDATE, CANDIDATE);
    assert_int_equal(announced - at[2], 2 * SECONDS);
    assert_int_equal(expect_claim(bench, CANDIDATE, CANDIDATE) - announced, 2 * SECONDS);
    expect_nothing(bench);
    assert_int_equal(address_state(bench, CANDIDATE), TAPIR_ADDRESS_READY);
    expect_event(bench, TAPIR_EVENT_READY, CANDIDATE);
    bench_close(bench);
}

static void test_times_differ(void **state)
{
    (void)state;
    struct bench *bench = open_probing(ROUTER);
    bench_do(bench, "address a 10.0.1.6/24");
    bench_run(bench, SECONDS);
    int64_t first = expect_frame(bench)->at_ns, second = expect_frame(bench)->at_ns;
    assert_int_not_equal(first, second); /* drawn at random each */
    bench_close(bench);
}

static void test_not_used_yet(void **state)
{
    (void)state;
    struct bench *bench = open_probing(HOST);
    expect_verdict(bench, bench_send(bench, &(struct frame){.to = CANDIDATE}), TAPIR_IP4_NOT_FORWARDING);
    expect_verdict(bench, bench_send_arp(bench, &(struct arp_frame){.target = CANDIDATE}),
                   TAPIR_ARP_OVERHEARD);
    expect_nothing(bench);
    while (bench->n_sights < 4) /* three probes and an announcement */
        bench_run(bench, 10 * MS);
    for (int i = 0; i < 4; i++)
        expect_frame(bench);
    bench_send(bench, &(struct frame){.to = CANDIDATE});
    assert_int_equal(expect_echo_reply(bench)->view.from, CANDIDATE); /* ARP-20: usable after the first */
    bench_send_arp(bench, &(struct arp_frame){.target = CANDIDATE});
    assert_int_equal(expect_frame(bench)->view.operation, 2);
    bench_close(bench);
}

static const struct row {
    const char *sentence;
    int probes; /* that have left when it happens */
    struct arp_frame arp;
    enum tapir_verdict verdict;
    bool lost;
} rows[] = {
    {"a host that has the address answers before the first probe",
     0,
     {.sender = CANDIDATE, .sender_mac = RIVAL, .operation = 2},
     TAPIR_ARP_CONFLICT,
     true},
    {"a host that has the address answers the second probe (ARP-19)",
     2,
     {.sender = CANDIDATE, .sender_mac = RIVAL, .operation = 2},
     TAPIR_ARP_CONFLICT,
     true},
    {"a host that has the address speaks after the last probe",
     3,
     {.sender = CANDIDATE, .sender_mac = RIVAL, .target = HOST_A},
     TAPIR_ARP_CONFLICT,
     true},
    {"another probes for the same address (ARP-19)",
     1,
     {.sender = ZERO, .sender_mac = RIVAL, .target = CANDIDATE},
     TAPIR_ARP_CONFLICT,
     true},
    {"our own probe comes back (ARP-22)",
     1,
     {.sender = ZERO, .sender_mac = MAC_A, .target = CANDIDATE},
     TAPIR_ARP_OWN_ECHO,
     false},
    {"another probes for another address",
     1,
     {.sender = ZERO, .sender_mac = RIVAL, .target = IP(10, 0, 1, 66)},
     TAPIR_ARP_OVERHEARD,
     false},
    {"somebody asks who has the address", 1, {.target = CANDIDATE}, TAPIR_ARP_LEARNED, false},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = open_probing(HOST);
    bench_do(bench, "no neighbor a 10.0.1.10");
    bench_send_arp_reply(bench, TAP_A, HOST_A);
    while (bench->n_sights < (uint64_t)row->probes)
        bench_run(bench, 10 * MS);
    for (int i = 0; i < row->probes; i++)
        expect_claim(bench, 0, CANDIDATE);
    expect_verdict(bench, bench_send_arp(bench, &row->arp), row->verdict);
    bench_run(bench, 30 * SECONDS);
    if (row->lost) {
        expect_nothing(bench);
        assert_int_equal(address_state(bench, CANDIDATE), TAPIR_ADDRESS_CONFLICT);
        expect_event(bench, TAPIR_EVENT_CONFLICT | TAPIR_EVENT_LOST, CANDIDATE);
        expect_verdict(bench, bench_send(bench, &(struct frame){.to = CANDIDATE}), TAPIR_IP4_NOT_FORWARDING);
    } else {
        for (int i = row->probes; i < 3; i++)
            expect_claim(bench, 0, CANDIDATE);
        expect_claim(bench, CANDIDATE, CANDIDATE);
        assert_int_equal(address_state(bench, CANDIDATE), TAPIR_ADDRESS_READY);
        expect_event(bench, TAPIR_EVENT_READY, CANDIDATE);
    }
    bench_close(bench);
}

static void test_removed(void **state)
{
    (void)state;
    struct bench *bench = open_probing(ROUTER);
    bench_do(bench, "no address a 10.0.1.5/24");
    bench_run(bench, 20 * SECONDS);
    expect_nothing(bench);
    expect_no_event(bench);
    bench_close(bench);
}

static void test_lost_and_given_again(void **state)
{
    (void)state;
    struct bench *bench = open_probing(ROUTER);
    claim(bench, CANDIDATE);
    expect_event(bench, TAPIR_EVENT_CONFLICT | TAPIR_EVENT_LOST, CANDIDATE);
    bench_do(bench, "no address a 10.0.1.5/24; address a 10.0.1.5/24");
    bench_run(bench, 20 * SECONDS);
    assert_int_equal(address_state(bench, CANDIDATE), TAPIR_ADDRESS_READY);
    expect_event(bench, TAPIR_EVENT_READY, CANDIDATE);
    bench_close(bench);
}

/* ---- in use ---- */

static void test_router_defends(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    for (int i = 0; i < 5; i++) {
        expect_verdict(bench, claim(bench, DUT_A), TAPIR_ARP_CONFLICT);
        bench_run(bench, SECONDS);
    }
    expect_claim(bench, DUT_A, DUT_A);
    expect_nothing(bench); /* ARP-21: one announcement in 10 s */
    bench_run(bench, 5 * SECONDS - 1);
    claim(bench, DUT_A);
    expect_nothing(bench);
    bench_run(bench, 1);
    claim(bench, DUT_A);
    expect_claim(bench, DUT_A, DUT_A);
    assert_int_equal(address_state(bench, DUT_A), TAPIR_ADDRESS_READY);
    expect_event(bench, TAPIR_EVENT_CONFLICT, DUT_A);
    bench_send(bench, &(struct frame){0});
    expect_echo_reply(bench);
    bench_close(bench);
}

static void test_host_gives_up(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    claim(bench, DUT_A);
    expect_claim(bench, DUT_A, DUT_A); /* it may defend once */
    expect_event(bench, TAPIR_EVENT_CONFLICT, DUT_A);
    bench_run(bench, 10 * SECONDS - 1);
    bench_send(bench, &(struct frame){0});
    expect_echo_reply(bench);
    claim(bench, DUT_A);
    expect_event(bench, TAPIR_EVENT_CONFLICT | TAPIR_EVENT_LOST, DUT_A);
    assert_int_equal(address_state(bench, DUT_A), TAPIR_ADDRESS_CONFLICT);
    expect_verdict(bench, bench_send(bench, &(struct frame){0}), TAPIR_IP4_NOT_FORWARDING);
    bench_send_arp(bench, &(struct arp_frame){0});
    claim(bench, DUT_A);
    expect_nothing(bench);
    expect_no_event(bench);
    bench_close(bench);
}

static void test_host_defends_again(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    for (int i = 0; i < 5; i++) {
        claim(bench, DUT_A);
        expect_claim(bench, DUT_A, DUT_A);
        bench_run(bench, 10 * SECONDS);
    }
    assert_int_equal(address_state(bench, DUT_A), TAPIR_ADDRESS_READY);
    bench_close(bench);
}

static void test_own_echo(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    const struct arp_frame own = {.sender = DUT_A, .sender_mac = MAC_A, .target = DUT_A};
    for (int i = 0; i < 3; i++)
        expect_verdict(bench, bench_send_arp(bench, &own), TAPIR_ARP_OWN_ECHO);
    expect_nothing(bench);
    expect_no_event(bench);
    claim(bench, DUT_A); /* the control: a foreign one is a conflict */
    expect_claim(bench, DUT_A, DUT_A);
    bench_close(bench);
}

/* A claim of our address on the other wire is no conflict: nobody there could be confused by it. */
static void test_other_wire(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    const struct arp_frame far = {.on = TAP_B, .sender = DUT_A, .sender_mac = RIVAL, .target = DUT_A};
    expect_verdict(bench, bench_send_arp(bench, &far), TAPIR_ARP_SENDER_MARTIAN);
    expect_nothing(bench);
    expect_no_event(bench);
    bench_close(bench);
}

static void test_one_interface(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "set arp.acd on on a; address a 10.0.1.5/24; address b 10.0.2.5/24");
    assert_int_equal(address_state(bench, CANDIDATE), TAPIR_ADDRESS_TENTATIVE);
    assert_int_equal(address_state(bench, IP(10, 0, 2, 5)), TAPIR_ADDRESS_READY);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"three probes, 2 s of silence, two announcements (ARP-19, ARP-20)", test_clean, NULL, NULL, NULL},
        {"two addresses are probed at times of their own", test_times_differ, NULL, NULL, NULL},
        {"an address is not used until its first announcement (ARP-20)", test_not_used_yet, NULL, NULL, NULL},
        {"an address removed while it is probed is forgotten", test_removed, NULL, NULL, NULL},
        {"an address lost in a conflict may be given again", test_lost_and_given_again, NULL, NULL, NULL},
        {"a router defends its address for ever, once in 10 s (ARP-21)", test_router_defends, NULL, NULL,
         NULL},
        {"a host gives up at the second conflict within 10 s (ARP-21)", test_host_gives_up, NULL, NULL, NULL},
        {"a host defends again 10 s later", test_host_defends_again, NULL, NULL, NULL},
        {"our own packets that come back are no conflict (ARP-22)", test_own_echo, NULL, NULL, NULL},
        {"an interface alone may probe", test_one_interface, NULL, NULL, NULL},
        {"a claim on another wire is no conflict", test_other_wire, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("acd", tests, NULL, NULL) + RUN_TABLE("probing", rows, check);
}
