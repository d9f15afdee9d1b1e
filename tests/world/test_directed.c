/* Broadcasts of networks: ip.directed_broadcast (FWD-13, FWD-14, FWD-15, IPR-8, IPR-9, SEC-1). */
#include <string.h>

#include "tests/world/sockets.h"
#include "tests/world/trial.h"

#define BROADCAST_A IP(10, 0, 1, 255)
#define BROADCAST_B IP(10, 0, 2, 255)
#define TO_ALL      MAC_BROADCAST /* MAC_OF leaves it as it is */

static const struct trial trials[] = {
    {.sentence = "off, as it is by default: a router does not hear those of the link that it came by",
     .ids = "IPR-8",
     .frame = {.to = BROADCAST_A, .carries = UDP},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control = {.to = BROADCAST_A, .carries = UDP},
     .control_expected = {.reaction = IS_DELIVERED},
     .control_given = "set ip.directed_broadcast on"},
    {.sentence = "nor those in a broadcast frame",
     .ids = "IPR-8",
     .frame = {.to = BROADCAST_A, .to_mac = MAC_BROADCAST, .carries = UDP},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control = {.to = BROADCAST_A, .to_mac = MAC_BROADCAST, .carries = UDP},
     .control_expected = {.reaction = IS_DELIVERED},
     .control_given = "set ip.directed_broadcast on on a"},
    {.sentence = "off by order: it does not",
     .ids = "IPR-8",
     .given = "set ip.directed_broadcast on; set ip.directed_broadcast off on a",
     .frame = {.to = BROADCAST_A, .carries = UDP},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control = {.on = TAP_B, .to = BROADCAST_B, .carries = UDP},
     .control_expected = {.reaction = IS_DELIVERED}},
    {.sentence = "off: it does not forward them either",
     .ids = "FWD-13",
     .frame = {.to = BROADCAST_B, .carries = UDP},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control = {.to = BROADCAST_B, .carries = UDP},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL},
     .control_given = "set ip.directed_broadcast on"},
    {.sentence = "on: it leaves in a frame for all",
     .ids = "FWD-13",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = BROADCAST_B, .carries = UDP, .ttl = 2},
     .expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on where it leaves is enough",
     .ids = "FWD-13",
     .given = "set ip.directed_broadcast on on b",
     .frame = {.to = BROADCAST_B},
     .expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on where it arrives is nothing",
     .ids = "FWD-13",
     .given = "set ip.directed_broadcast on on a",
     .frame = {.to = BROADCAST_B},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL},
     .control_given = "set ip.directed_broadcast on on b"},
    {.sentence = "on: one that came to all on its link stays there",
     .ids = "FWD-10",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = BROADCAST_B, .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_IP4_LINK_BROADCAST,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on: one that came to a group of its link stays there",
     .ids = "FWD-11",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = BROADCAST_B, .to_mac = MAC_ALL_HOSTS},
     .verdict = TAPIR_IP4_LINK_BROADCAST,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on: its TTL ends without an error",
     .ids = "FWD-13 ERR-10",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = BROADCAST_B, .ttl = 1},
     .verdict = TAPIR_IP4_TTL,
     .answer = TAPIR_ANSWER_DESTINATION,
     .control = {.to = BROADCAST_B, .ttl = 2},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on: an echo request for the other network is not answered",
     .ids = "SEC-1 ECHO-3",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = BROADCAST_A},
     .verdict = TAPIR_ICMP4_ECHO_BROADCAST,
     .control = {0},
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "on: the old form stays what it is",
     .ids = "FWD-15",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = IP(10, 0, 2, 0), .carries = UDP},
     .verdict = TAPIR_IP4_BROADCAST_NET,
     .control = {.to = BROADCAST_B, .carries = UDP},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on: the old form of this network is not heard either",
     .ids = "IPR-9",
     .given = "set ip.directed_broadcast on",
     .frame = {.to = IP(10, 0, 1, 0), .carries = UDP},
     .verdict = TAPIR_IP4_BROADCAST_NET,
     .control = {.to = BROADCAST_A, .carries = UDP},
     .control_expected = {.reaction = IS_DELIVERED}},
    {.sentence = "on: a broadcast of a network that is not ours is for one host",
     .ids = "FWD-14",
     .given = "set ip.directed_broadcast on",
     .frame = {.on = TAP_B, .to = IP(10, 9, 255, 255), .carries = UDP},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "on: a /31 has none",
     .ids = "FWD-16",
     .given =
         "set ip.directed_broadcast on; no address b 10.0.2.1/24; address b 10.0.2.0/31; neighbor b 10.0.2.1",
     .frame = {.to = IP(10, 0, 2, 1)},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "on: the way back of its source is asked for",
     .ids = "FWD-25 FWD-13",
     .given = "set ip.directed_broadcast on; set ip.rpfilter strict",
     .frame = {.from = IP(10, 0, 2, 50), .from_mac = MAC_OF(HOST_A), .to = BROADCAST_B},
     .verdict = TAPIR_IP4_RPFILTER,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL}},
    {.sentence = "on: forwarding where it arrives is asked for",
     .ids = "FWD-1",
     .given = "set ip.directed_broadcast on; set forwarding off on a",
     .frame = {.to = BROADCAST_B},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL},
     .control_given = "set forwarding on on a"},
    {.sentence = "on: forwarding where it leaves is asked for",
     .ids = "FWD-1",
     .given = "set ip.directed_broadcast on; set forwarding off on b",
     .frame = {.to = BROADCAST_B},
     .verdict = TAPIR_IP4_NOT_FORWARDING,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL},
     .control_given = "set forwarding on on b"},
    {.sentence = "on: a link that is down is told to nobody",
     .ids = "ERR-10 FWD-31",
     .given = "set ip.directed_broadcast on; down b",
     .frame = {.to = BROADCAST_B},
     .verdict = TAPIR_IP4_ROUTE_DOWN,
     .answer = TAPIR_ANSWER_DESTINATION,
     .control = {.to = BROADCAST_B},
     .control_expected = {.reaction = IS_FORWARDED, .next_hop = TO_ALL},
     .control_given = "up b"},
    {.sentence = "a host hears those of its network without any setting",
     .ids = "IPR-7",
     .bench = HOST,
     .frame = {.to = BROADCAST_A, .to_mac = MAC_BROADCAST, .carries = UDP},
     .expected = {.reaction = IS_DELIVERED}},
};

/* The packet goes on, and a copy of it is heard: one each, and both are accounted for. */
static void what_is_forwarded_is_heard_too(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.directed_broadcast on");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    uint64_t number = bench_send(bench, &(struct frame){.to = BROADCAST_B,
                                                        .to_port = 5353,
                                                        .carries = UDP,
                                                        .tos = 0x28,
                                                        .ttl = 9,
                                                        .data = 5,
                                                        .bytes = "hello"});
    assert_int_equal(expect_forwarded(bench, number)->view.to_mac, MAC_BROADCAST);
    expect_verdict(bench, number, TAPIR_FORWARDED);
    struct tapir_message message = hear(socket);
    assert_int_equal(message.source.value, HOST_A);
    assert_int_equal(message.destination.value, BROADCAST_B);
    assert_int_equal(message.ttl, 9);
    assert_int_equal(message.tos, 0x28);
    assert_int_equal(message.size, 5);
    assert_memory_equal(message.data, "hello", 5);
    expect_silence(socket);
    assert_int_equal(count_of(bench, TAPIR_UDP_DELIVERED, TAPIR_BORN), 1);
    expect_nothing(bench);
    bench_close(bench);
}

/* The copy earns no error, and the socket that has its source port is told nothing: it did not send it. */
static void the_copy_earns_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.directed_broadcast on");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5000);
    expect_forwarded(bench,
                     bench_send(bench, &(struct frame){.to = BROADCAST_B, .carries = UDP, .to_port = 9999}));
    expect_forwarded(bench,
                     bench_send(bench, &(struct frame){.to = BROADCAST_B, .carries = RAW, .protocol = 253}));
    assert_int_equal(count_of(bench, TAPIR_UDP_PORT, TAPIR_BORN), 1);
    assert_int_equal(count_of(bench, TAPIR_IP4_PROTOCOL, TAPIR_BORN), 1);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_DESTINATION, TAPIR_BORN), 2);
    expect_silence(socket);
    expect_nothing(bench);
    bench_close(bench);
}

/* TTL 1 ends the way of the packet, and not that of the copy: for us the TTL is not asked for (FWD-3). */
static void it_is_heard_though_its_ttl_ends(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.directed_broadcast on");
    uint64_t number = bench_send(bench, &(struct frame){.to = BROADCAST_B, .carries = UDP, .ttl = 1});
    expect_verdict(bench, number, TAPIR_IP4_TTL);
    assert_int_equal(count_of(bench, TAPIR_UDP_DELIVERED, TAPIR_BORN), 1);
    expect_nothing(bench);
    bench_close(bench);
}

/* A third interface lies on the network of tapB. When tapB is down the way leads by it, and there the setting is off. */
static void where_the_way_leads_now_decides(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.directed_broadcast on on b");
    struct tapir_op ops[] = {{.kind = TAPIR_OP_INTERFACE, .iface = 2},
                             {.kind = TAPIR_OP_ADDRESS, .iface = 2, .address = {{0x0a00024d}, 24}}};
    ops[0].interface.mac.octet[5] = 3;
    ops[0].interface.mac.octet[0] = 2;
    ops[0].interface.mtu = 1500;
    memcpy(ops[0].interface.name, "tapC", 5);
    tapir_instant now = {bench->now_ns};
    assert_int_equal(tapir_apply(bench->stack, ops, 2, NULL, now), TAPIR_OK);
    expect_forwarded(bench, bench_send(bench, &(struct frame){.to = BROADCAST_B, .carries = UDP}));
    bench_do(bench, "down b");
    uint64_t number = bench_send(bench, &(struct frame){.to = BROADCAST_B, .carries = UDP});
    expect_verdict(bench, number, TAPIR_IP4_DIRECTED_BROADCAST);
    expect_nothing(bench);
    bench_close(bench);
}

/* The copy that we hear came where the frame did, with its octets and no more. */
static void what_is_heard_is_what_came(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "set ip.directed_broadcast on; set icmp.echo.broadcast on; amplifies");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    const struct frame said = {.on = TAP_B, .to = BROADCAST_A, .carries = UDP, .to_port = 5353, .ttl = 9};
    expect_forwarded(bench, bench_send(bench, &said));
    struct tapir_message heard = hear(socket);
    assert_int_equal(heard.iface, TAP_B);
    assert_int_equal(heard.ttl, 9);
    assert_int_equal(heard.size, 8);
    bench_send(bench, &(struct frame){.to = BROADCAST_B, .data = 24});
    unsigned replies = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
        if (sight->view.protocol == 1 && sight->view.icmp_type == 0) {
            replies++;
            assert_int_equal(sight->view.total, 20 + 8 + 24);
        }
    assert_int_equal(replies, 1);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("FWD-13", what_is_forwarded_is_heard_too),  PROVES("ERR-10 DU-4", the_copy_earns_nothing),
        PROVES("FWD-3", it_is_heard_though_its_ttl_ends),  cmocka_unit_test(what_is_heard_is_what_came),
        PROVES("FWD-13", where_the_way_leads_now_decides),
    };
    return RUN_TABLE("broadcasts of networks", trials, bench_try) +
           cmocka_run_group_tests_name("heard and forwarded", stories, NULL, NULL);
}
