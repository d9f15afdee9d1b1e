/* ARP on the wire: RFC 826 with the guards of RFC 1122, RFC 1812 and RFC 5227. Rows ARP-1 to 8, 15, 16, 22,
 * 23 and ETH-8 to 10 of the ledger. Time is in test_neighbor.c, conflicts are in test_acd.c. */
#include "tests/world/arp_frames.h"

#define STRANGER IP(10, 0, 1, 77)
#define THIRD    IP(10, 0, 1, 78)
#define NEW_MAC  INT64_C(0x02beef000001)

/* ---- one ARP packet, and what it does ---- */

static const struct row {
    const char *sentence;
    enum bench_kind kind;
    const char *given;
    bool known; /* host A has made itself known before */
    struct arp_frame arp;
    enum tapir_verdict verdict;
    bool answered;
    int64_t believed; /* of the sender afterwards; 0: nothing new, ZERO: no entry */
} rows[] = {
    {"a request for us is answered and makes the sender known (ARP-2, ARP-5)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"the answer goes to the sender that ARP names, whoever sent the frame (ARP-2)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .from_mac = NEW_MAC},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"a unicast request for us is answered",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .to_mac = MAC_A},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"a request on the other wire is answered there",
     ROUTER,
     "",
     false,
     {.on = TAP_B},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(HOST_B)},
    {"a host answers too", HOST, "", false, {.sender = STRANGER}, TAPIR_ARP_ANSWERED, true, MAC_OF(STRANGER)},
    {"a request in an IEEE 802.3 frame is answered in Ethernet II",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .snap = true, .hardware = 6},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"the target MAC of a request means nothing",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target_mac = MAC_BROADCAST},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"a request for a third party moves a known sender (ARP-3)",
     ROUTER,
     "",
     true,
     {.target = THIRD, .sender_mac = NEW_MAC},
     TAPIR_ARP_LEARNED,
     false,
     NEW_MAC},
    {"a reply to a third party moves a known sender (ARP-3)",
     ROUTER,
     "",
     true,
     {.target = THIRD, .sender_mac = NEW_MAC, .operation = 2},
     TAPIR_ARP_LEARNED,
     false,
     NEW_MAC},
    {"an unknown operation moves a known sender before it is refused (ARP-3, ARP-6)",
     ROUTER,
     "",
     true,
     {.target = THIRD, .sender_mac = NEW_MAC, .operation = 9},
     TAPIR_ARP_OPCODE,
     false,
     NEW_MAC},
    {"a request for a third party makes nobody known (ARP-4)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = THIRD},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"a reply to a third party makes nobody known (ARP-4)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = THIRD, .operation = 2},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"an announcement of a stranger makes nobody known (ARP-4)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = STRANGER},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"an announcement of one we know moves it",
     ROUTER,
     "",
     true,
     {.target = HOST_A, .sender_mac = NEW_MAC},
     TAPIR_ARP_LEARNED,
     false,
     NEW_MAC},
    {"a reply to us makes its sender known",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .operation = 2},
     TAPIR_ARP_LEARNED,
     false,
     MAC_OF(STRANGER)},
    {"27 octets are no ARP packet (ARP-6)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .cut = 27},
     TAPIR_ARP_SHORT,
     false,
     0},
    {"a hardware type other than Ethernet is refused (ARP-6)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .hardware = 2},
     TAPIR_ARP_HARDWARE,
     false,
     0},
    {"hardware type 6 is for IEEE 802.3 frames alone (ARP-6)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .hardware = 6},
     TAPIR_ARP_HARDWARE,
     false,
     0},
    {"a protocol other than IPv4 is refused (ARP-6)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .protocol = 0x86dd},
     TAPIR_ARP_PROTOCOL,
     false,
     0},
    {"a trailer negotiation changes nothing (ETH-10)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .protocol = 0x1000, .operation = 2},
     TAPIR_ARP_PROTOCOL,
     false,
     0},
    {"a hardware length other than 6 is refused (ARP-6)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .hardware_length = 8},
     TAPIR_ARP_LENGTHS,
     false,
     0},
    {"a protocol length other than 4 is refused (ARP-6)",
     ROUTER,
     "",
     true,
     {.sender_mac = NEW_MAC, .protocol_length = 16},
     TAPIR_ARP_LENGTHS,
     false,
     0},
    {"operation 3 is neither a request nor a reply (ARP-6)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = THIRD, .operation = 3},
     TAPIR_ARP_OPCODE,
     false,
     ZERO},
    {"operation 0 is neither a request nor a reply (ARP-6)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = THIRD, .operation = ZERO},
     TAPIR_ARP_OPCODE,
     false,
     ZERO},
    {"nobody is at the broadcast MAC (ARP-7)",
     ROUTER,
     "",
     true,
     {.from_mac = MAC_OF(HOST_A), .sender_mac = MAC_BROADCAST, .operation = 2},
     TAPIR_ARP_SENDER_MAC,
     false,
     0},
    {"nobody is at a multicast MAC (ARP-7)",
     ROUTER,
     "",
     true,
     {.from_mac = MAC_OF(HOST_A), .sender_mac = INT64_C(0x01005e000005), .operation = 2},
     TAPIR_ARP_SENDER_MAC,
     false,
     0},
    {"nobody is at the zero MAC",
     ROUTER,
     "",
     true,
     {.from_mac = MAC_OF(HOST_A), .sender_mac = ZERO, .operation = 2},
     TAPIR_ARP_SENDER_MAC,
     false,
     0},
    {"a probe for our address is answered and teaches nothing (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = ZERO, .sender_mac = NEW_MAC},
     TAPIR_ARP_ANSWERED,
     true,
     ZERO},
    {"a probe for another address is nothing to us (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = ZERO, .sender_mac = NEW_MAC, .target = THIRD},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"a reply from nobody is refused (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = ZERO, .sender_mac = NEW_MAC, .operation = 2},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"the limited broadcast is nobody's address (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = BROADCAST, .sender_mac = NEW_MAC},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"the broadcast of the network is nobody's address (ARP-8, ARP-16)",
     ROUTER,
     "",
     false,
     {.sender = IP(10, 0, 1, 255), .sender_mac = NEW_MAC},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"the zero host of the network is nobody's address (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = IP(10, 0, 1, 0), .sender_mac = NEW_MAC},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"a group is nobody's address (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = IP(224, 0, 0, 5), .sender_mac = NEW_MAC},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"loopback is nobody's address on a wire (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = IP(127, 0, 0, 1), .sender_mac = NEW_MAC},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"class E is nobody's address (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = IP(240, 0, 0, 1), .sender_mac = NEW_MAC},
     TAPIR_ARP_SENDER_MARTIAN,
     false,
     ZERO},
    {"one off the subnet gets no answer (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = IP(10, 0, 7, 7)},
     TAPIR_ARP_OFF_SUBNET,
     false,
     ZERO},
    {"one of the other wire's subnet gets no answer on this one (ARP-8)",
     ROUTER,
     "",
     false,
     {.sender = HOST_B},
     TAPIR_ARP_OFF_SUBNET,
     false,
     ZERO},
    {"the address of the other interface is not answered for (ARP-15)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = DUT_B},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"with arp.any_interface it is (ARP-15)",
     ROUTER,
     "set arp.any_interface on",
     false,
     {.sender = STRANGER, .target = DUT_B},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"a second address is answered for",
     ROUTER,
     "address a 10.0.1.5/24",
     false,
     {.sender = STRANGER, .target = IP(10, 0, 1, 5)},
     TAPIR_ARP_ANSWERED,
     true,
     MAC_OF(STRANGER)},
    {"the broadcast address is not answered for (ARP-16)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = IP(10, 0, 1, 255)},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"the zero host is not answered for (ARP-16)",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .target = IP(10, 0, 1, 0)},
     TAPIR_ARP_OVERHEARD,
     false,
     ZERO},
    {"a packet of our own that comes back changes nothing (ARP-22)",
     ROUTER,
     "",
     false,
     {.sender = DUT_A, .sender_mac = MAC_A, .target = THIRD},
     TAPIR_ARP_OWN_ECHO,
     false,
     ZERO},
    {"our MAC with a foreign address is no neighbor either",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .sender_mac = MAC_A},
     TAPIR_ARP_OWN_ECHO,
     false,
     ZERO},
    {"an ARP packet for another host's MAC is not ours",
     ROUTER,
     "",
     false,
     {.sender = STRANGER, .to_mac = NEW_MAC},
     TAPIR_ETHER_NOT_OURS,
     false,
     ZERO},
};

/* ARP-2, ARP-23: every field of the answer, sent to one host. */
static void expect_reply(struct bench *bench, const struct row *row)
{
    int64_t sender = arp_or(row->arp.sender, row->arp.on == TAP_A ? HOST_A : HOST_B);
    int64_t sender_mac = arp_or(row->arp.sender_mac, MAC_OF(sender));
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->on, row->arp.on);
    assert_int_equal(sight->view.type, 0x0806);
    assert_int_equal(sight->view.operation, 2);
    assert_int_equal(sight->view.to_mac, sender_mac);
    assert_int_equal(sight->view.sender_mac, row->arp.on == TAP_A ? MAC_A : MAC_B);
    assert_int_equal(sight->view.sender, arp_or(row->arp.target, row->arp.on == TAP_A ? DUT_A : DUT_B));
    assert_int_equal(sight->view.target_mac, sender_mac);
    assert_int_equal(sight->view.target, sender);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(row->kind, "strangers");
    bench_do(bench, row->given);
    if (row->known)
        bench_send_arp_reply(bench, TAP_A, HOST_A);
    unsigned entries = neighbors_in(bench, TAPIR_NEIGHBOR_REACHABLE);
    expect_verdict(bench, bench_send_arp(bench, &row->arp), row->verdict);
    if (row->answered)
        expect_reply(bench, row);
    expect_nothing(bench);
    int64_t sender = arp_or(row->arp.sender, row->arp.on == TAP_A ? HOST_A : HOST_B);
    int64_t believed = row->believed == 0 && row->known ? MAC_OF(sender) : arp_or(row->believed, 0);
    assert_int_equal(mac_known(bench, row->arp.on, sender), believed);
    if (row->known || believed == 0)
        assert_int_equal(neighbors_in(bench, TAPIR_NEIGHBOR_REACHABLE), entries);
    bench_close(bench);
}

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
        {"a request comes from our address on the network that it looks on", test_sender_of_request, NULL,
         NULL, NULL},
        {"whoever asked us need not be asked (ARP-3, ARP-5)", test_no_request_after_theirs, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("arp requests", tests, NULL, NULL) + RUN_TABLE("arp", rows, check) +
           RUN_TABLE("groups", group_rows, check_group);
}
