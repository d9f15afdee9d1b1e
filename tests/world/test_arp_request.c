/* What we ask by ARP, octet by octet, and what needs no asking: rows ARP-1, ARP-3, ARP-5, ETH-8 and ETH-9 of the ledger. */
#include "tests/world/arp_frames.h"

#define THIRD   IP(10, 0, 1, 78)
#define NEW_MAC INT64_C(0x02beef000001)

/* ---- what we ask ---- */

static void test_request(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    static const uint8_t expected[60] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0xda, 0, 0, 0, 1, 0x08, 0x06, /* Ethernet */
        0,    1,    8,    0,    6,    4,    0,    1,                            /* Ethernet, IPv4, request */
        0x02, 0xda, 0,    0,    0,    1,    10,   0,    1, 1,                   /* own MAC and address */
        0,    0,    0,    0,    0,    0,    10,   0,    1, 10}; /* whom we look for, then padding */
    bench_send(bench, &(struct frame){0});
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->size, sizeof expected);
    assert_memory_equal(sight->bytes, expected, sizeof expected);
    bench_close(bench);
}

static void test_sender_of_request(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; address a 10.0.5.1/24");
    bench_send(bench, &(struct frame){.from = IP(10, 0, 5, 9)});
    assert_int_equal(expect_arp_request(bench, IP(10, 0, 5, 9))->view.sender, IP(10, 0, 5, 1));
    bench_close(bench);
}

static void test_no_request_after_theirs(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    bench_send_arp(bench, &(struct arp_frame){0});
    expect_frame(bench);
    bench_send(bench, &(struct frame){0});
    expect_echo_reply(bench); /* ARP-5: at once */
    bench_send_arp(bench, &(struct arp_frame){.target = THIRD, .sender_mac = NEW_MAC});
    bench_send(bench, &(struct frame){0});
    assert_int_equal(expect_echo_reply(bench)->view.to_mac, NEW_MAC); /* ARP-3: at its new place */
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- groups ---- */

static const struct group_row {
    const char *sentence;
    int64_t destination, mac;
} group_rows[] = {
    {"all hosts are at 01:00:5e:00:00:01, unasked (ETH-8)", IP(224, 0, 0, 1), INT64_C(0x01005e000001)},
    {"of a group 23 bits count (ETH-8)", IP(239, 255, 1, 2), INT64_C(0x01005e7f0102)},
    {"the limited broadcast is at ff:ff:ff:ff:ff:ff, unasked (ETH-8)", BROADCAST, MAC_BROADCAST},
    {"the broadcast of a network is at ff:ff:ff:ff:ff:ff, unasked (ETH-8)", IP(10, 0, 1, 255), MAC_BROADCAST},
};

static void check_group(void **state)
{
    const struct group_row *row = *state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)row->destination;
    message.destination_port = 4000;
    message.iface = TAP_A;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK);
    bench_run(bench, MS);
    const struct sight *sight = expect_udp(bench, 4000);
    assert_int_equal(sight->on, TAP_A);
    assert_int_equal(sight->view.to_mac, row->mac);
    assert_int_equal(sight->view.to, row->destination);
    expect_nothing(bench);
    assert_int_equal(neighbors_in(bench, TAPIR_NEIGHBOR_INCOMPLETE), 0);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a request is exactly what RFC 826 draws (ARP-1)", test_request, NULL, NULL, NULL},
        {"a request comes from our address on the network that it looks on (ARP-1)", test_sender_of_request,
         NULL, NULL, NULL},
        {"whoever asked us need not be asked (ARP-3, ARP-5)", test_no_request_after_theirs, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("arp requests", tests, NULL, NULL) +
           RUN_TABLE("groups", group_rows, check_group);
}
