/* Neighbors in time: when they are asked for and given up; what waits for them meanwhile. Rows ARP-11 to 13 and DU-2 of the
 * ledger. Times are exact: nothing fires early or late. How long they are believed is in test_neighbor_age.c, floods
 * are in test_neighbor_bounds.c. */
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

/* ---- one who does not answer ---- */

static const struct row {
    const char *sentence;
    const char *given;
    int retries;
} rows[] = {
    {"an absent neighbor is asked for at 0, 1 and 2 s and given up at 3 s (ARP-11, ARP-13)", "", 3},
    {"with arp.retries 1 it is asked for once and given up at 1 s (ARP-13)", "set arp.retries 1", 1},
    {"with arp.retries 5 it is asked for five times and given up at 5 s (ARP-11)", "set arp.retries 5", 5},
    {"with arp.retries 20 it is asked for twenty times and given up at 20 s (ARP-11)", "set arp.retries 20",
     20},
    {"the interface's own arp.retries counts", "set arp.retries 2 on b", 2},
};

static void check_absent(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    int64_t start = bench->now_ns;
    uint64_t first = send_to(bench, HOST_A, ABSENT);
    bench_run_until(bench, start + row->retries * SECONDS - 1);
    for (int i = 0; i < row->retries; i++)
        expect_request_at(bench, ABSENT, start, i * SECONDS, MAC_BROADCAST);
    expect_nothing(bench);
    expect_verdict(bench, first, TAPIR_UNSETTLED);
    assert_int_equal(bench->frames[first].holds, 1);

    bench_run_until(bench, start + row->retries * SECONDS);
    expect_verdict(bench, first, TAPIR_NEIGHBOR_FAILED);
    expect_icmp_error(bench, 3, 1);
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_SILENT);

    bench_run(bench, SECONDS - 1); /* for a second nobody is bothered */
    expect_verdict(bench, send_to(bench, HOST_A, ABSENT), TAPIR_NEIGHBOR_FAILED);
    expect_icmp_error(bench, 3, 1);
    expect_nothing(bench);
    bench_run(bench, 1);
    union tapir_row entry;
    assert_false(neighbor_row(bench, TAP_B, ABSENT, &entry));
    send_to(bench, HOST_A, ABSENT);
    expect_request_at(bench, ABSENT, start, (row->retries + 1) * SECONDS, MAC_BROADCAST);
    bench_close(bench);
}

static void test_request_rate(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited");
    unsigned requests = 0;
    for (int i = 0; i < 500; i++) {
        send_to(bench, HOST_A, ABSENT);
        bench_run(bench, 10 * MS);
    }
    int64_t last = -SECONDS;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;) {
        if (sight->view.type != 0x0806)
            continue;
        requests++;
        assert_true(sight->at_ns - last >= SECONDS);
        last = sight->at_ns;
    }
    assert_in_range(requests, 2, 6);
    bench_close(bench);
}

/* ---- what waits ---- */

static void test_held_in_order(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t number[4];
    for (int i = 0; i < 4; i++) {
        number[i] = send_to(bench, HOST_A, ABSENT);
        expect_verdict(bench, number[i], TAPIR_UNSETTLED);
        bench_run(bench, 100 * MS);
    }
    expect_arp_request(bench, ABSENT);
    expect_nothing(bench);
    union tapir_row entry;
    assert_true(neighbor_row(bench, TAP_B, ABSENT, &entry));
    assert_int_equal(entry.neighbor.state, TAPIR_NEIGHBOR_INCOMPLETE);
    assert_int_equal(entry.neighbor.held, 4);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(expect_forwarded(bench, number[i])->view.to_mac, MAC_OF(ABSENT));
        expect_verdict(bench, number[i], TAPIR_FORWARDED);
        assert_int_equal(bench->frames[number[i]].holds, 1);
    }
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_REACHABLE);
    bench_run(bench, 5 * SECONDS);
    expect_nothing(bench); /* no request comes after the answer */
    bench_close(bench);
}

/* Two packets more than a neighbor may hold: the two oldest go, the others leave in order when it answers. */
static const struct hold_row {
    const char *sentence;
    const char *given;
    size_t most;
} holds[] = {
    {"sixteen packets are held for a neighbor (ARP-12, ARP-14)", "", 16},
    {"of more than arp.hold the oldest goes (ARP-12, ARP-14)", "set arp.hold 4", 4},
    {"arp.hold 1 keeps the latest packet alone (ARP-12, ARP-14)", "set arp.hold 1", 1},
    {"arp.hold of one interface holds there (ARP-14)", "set arp.hold 3 on b", 3},
    {"arp.hold of another interface does not (ARP-14)", "set arp.hold 3 on a", 16},
};

static void check_hold(void **state)
{
    const struct hold_row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    uint64_t number[18];
    for (size_t i = 0; i < row->most + 2; i++)
        number[i] = send_to(bench, HOST_A, ABSENT);
    expect_arp_request(bench, ABSENT);
    expect_verdict(bench, number[0], TAPIR_NEIGHBOR_OVERFLOW);
    expect_verdict(bench, number[1], TAPIR_NEIGHBOR_OVERFLOW);
    bench_send_arp_reply(bench, TAP_B, ABSENT);
    for (size_t i = 2; i < row->most + 2; i++)
        expect_forwarded(bench, number[i]);
    expect_nothing(bench);
    bench_close(bench);
}

static void test_one_error_each(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "neighbor a 10.0.1.11");
    const int64_t from[] = {HOST_A, IP(10, 0, 1, 11), HOST_A, HOST_A, IP(10, 0, 1, 11)};
    uint64_t number[5];
    for (int i = 0; i < 5; i++)
        number[i] = send_to(bench, from[i], ABSENT);
    bench_run(bench, 500 * MS);
    expect_arp_request(bench, ABSENT);
    expect_nothing(bench); /* ARP-13: not for want of an entry */
    bench_run(bench, 3 * SECONDS);
    expect_arp_request(bench, ABSENT);
    expect_arp_request(bench, ABSENT);
    for (int i = 0; i < 2; i++) {
        const struct sight *sight = expect_icmp_error(bench, 3, 1);
        assert_int_equal(sight->cause, number[i]);
        assert_int_equal(sight->view.to, from[i]);
    }
    expect_nothing(bench);
    for (int i = 0; i < 5; i++) {
        expect_verdict(bench, number[i], TAPIR_NEIGHBOR_FAILED);
        expect_answer(bench, number[i], i < 2 ? TAPIR_ANSWER_SENT : TAPIR_ANSWER_TOLD);
    }
    bench_close(bench);
}

/* Two neighbors fail at the same time: each of two sources is told about either. */
static void test_one_error_for_each_neighbor(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "neighbor a 10.0.1.11");
    const int64_t from[] = {HOST_A, IP(10, 0, 1, 11)}, to[] = {ABSENT, IP(10, 0, 2, 98)};
    static const int first[] = {0, 1, 1, 0}; /* the second source speaks to the second neighbor first */
    for (int i = 0; i < 8; i++)              /* each twice */
        send_to(bench, from[first[i % 4]], to[i / 2 % 2]);
    bench_run(bench, 3 * SECONDS);
    for (int i = 0; i < 3; i++) {
        expect_arp_request(bench, ABSENT);
        expect_arp_request(bench, IP(10, 0, 2, 98));
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(expect_icmp_error(bench, 3, 1)->view.to, from[first[i]]);
    expect_nothing(bench);
    bench_close(bench);
}

/* Sends 4 octets from `socket` to port 9 of `to`. */
static void say(struct tapir_socket *socket, int64_t to)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(socket, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)to;
    message.destination_port = 9;
    assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
}

static void test_sockets_are_told(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *sockets[2];
    for (int i = 0; i < 2; i++) {
        sockets[i] = tapir_open(bench->stack, TAPIR_UDP, NULL);
        assert_non_null(sockets[i]);
        say(sockets[i], ABSENT);
    }
    bench_run(bench, 3 * SECONDS);
    for (int i = 0; i < 2; i++) { /* each of them, though both speak from one address */
        struct tapir_message message;
        assert_int_equal(tapir_peek(sockets[i], &message), TAPIR_OK);
        assert_int_equal(message.error, TAPIR_UNREACHABLE);
        assert_int_equal(message.icmp_type, 3);
        assert_int_equal(message.icmp_code, 1);
        assert_int_equal(message.destination.value, ABSENT);
    }
    assert_int_equal(count_of(bench, TAPIR_NEIGHBOR_FAILED, TAPIR_BORN), 2);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_NOTICE, TAPIR_BORN), 2);
    bench_close(bench);
}

static void test_next_hop(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; route 10.8.0.0/16 via 10.0.2.3");
    uint64_t number = send_to(bench, HOST_A, IP(10, 8, 1, 1));
    expect_arp_request(bench, IP(10, 0, 2, 3)); /* the gateway, not the destination */
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 3));
    assert_int_equal(expect_forwarded(bench, number)->view.to_mac, MAC_OF(IP(10, 0, 2, 3)));
    bench_close(bench);
}

/* ---- what takes an end to waiting ---- */

static void apply(struct bench *bench, struct tapir_op op)
{
    assert_int_equal(tapir_apply(bench->stack, &op, 1, NULL, (tapir_instant){bench->now_ns}), TAPIR_OK);
    bench_settle(bench);
}

static void test_made_permanent(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t number = send_to(bench, HOST_A, ABSENT);
    expect_arp_request(bench, ABSENT);
    bench_do(bench, "neighbor b 10.0.2.99");
    bench_run(bench, 0);
    expect_forwarded(bench, number);
    bench_run(bench, 200 * SECONDS);
    expect_nothing(bench);
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_PERMANENT);
    bench_close(bench);
}

/* Asked within this second, flushed, and so remembered; what was set by hand since is no memory. */
static void test_made_permanent_when_forgotten(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    send_to(bench, HOST_A, ABSENT);
    expect_arp_request(bench, ABSENT);
    bench_do(bench, "down b");
    bench_do(bench, "up b");
    bench_run(bench, 100 * MS);
    bench_do(bench, "neighbor b 10.0.2.99");
    assert_int_equal(state_of(bench, TAP_B, ABSENT), TAPIR_NEIGHBOR_PERMANENT);
    expect_forwarded(bench, send_to(bench, HOST_A, ABSENT));
    bench_close(bench);
}

static void test_address_removed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t number = send_to(bench, HOST_A, ABSENT);
    bench_do(bench, "no address b 10.0.2.1/24");
    bench_run(bench, 0);
    expect_verdict(bench, number, TAPIR_NEIGHBOR_FLUSHED);
    union tapir_row entry;
    assert_false(neighbor_row(bench, TAP_B, ABSENT, &entry));
    expect_arp_request(bench, ABSENT);
    expect_nothing(bench);
    bench_close(bench);
}

static void test_link_down(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t number = send_to(bench, HOST_A, ABSENT);
    bench_do(bench, "down b");
    bench_run(bench, 0);
    expect_verdict(bench, number, TAPIR_NEIGHBOR_FLUSHED);
    assert_int_equal(state_of(bench, TAP_B, HOST_B), TAPIR_NEIGHBOR_PERMANENT); /* kept: set by hand */
    expect_arp_request(bench, ABSENT);
    expect_nothing(bench);
    bench_close(bench);
}

/* The interface that a held packet came by is gone when its neighbor fails. */
static void test_arrival_removed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    uint64_t number = send_to(bench, HOST_A, ABSENT);
    expect_arp_request(bench, ABSENT);
    bench_do(bench, "no route 10.9.0.0/16 via 10.0.1.2; no address a 10.0.1.1/24");
    apply(bench, (struct tapir_op){.kind = TAPIR_OP_INTERFACE, .iface = TAP_A, .remove = true});
    bench_run(bench, 5 * SECONDS);
    expect_verdict(bench, number, TAPIR_NEIGHBOR_FAILED);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"500 packets in 5 s to an absent host make one request a second (ARP-11)", test_request_rate, NULL,
         NULL, NULL},
        {"packets wait for the MAC and go on in order, under their numbers (ARP-12)", test_held_in_order,
         NULL, NULL, NULL},
        {"each source is told once that the neighbor failed (ARP-13, DU-2)", test_one_error_each, NULL, NULL,
         NULL},
        {"each source is told once of each neighbor that failed (ARP-13, DU-2)",
         test_one_error_for_each_neighbor, NULL, NULL, NULL},
        {"each socket of ours is told that the neighbor failed", test_sockets_are_told, NULL, NULL, NULL},
        {"the next hop is asked for, not the destination", test_next_hop, NULL, NULL, NULL},
        {"a neighbor set by hand lets go what waited for it", test_made_permanent, NULL, NULL, NULL},
        {"a neighbor set by hand right after it was flushed is known", test_made_permanent_when_forgotten,
         NULL, NULL, NULL},
        {"what waits on the network of an address goes with the address", test_address_removed, NULL, NULL,
         NULL},
        {"what waits on a link goes with the link", test_link_down, NULL, NULL, NULL},
        {"a packet may fail whose interface of arrival is gone", test_arrival_removed, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("neighbor", tests, NULL, NULL) +
           RUN_TABLE("absent", rows, check_absent) + RUN_TABLE("held", holds, check_hold);
}
