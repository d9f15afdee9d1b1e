/* Extended Echo, RFC 8335: PRB-1 to PRB-10. */
#include <string.h>

#include "tests/world/trial.h"

#define ON \
    "set icmp.probe.answer on; set icmp.probe.name on; set icmp.probe.index on; set icmp.probe.address on"
#define REMOTE       ON "; set icmp.probe.remote on"
#define ASK          .carries = ICMP, .icmp_type = 42
#define LOCAL        ASK, .rest = 0x12345601
#define NEAR         ASK, .rest = 0x12345600
#define HEAD         "20 00 00 00 "            /* version 2, no checksum */
#define BY_NAME      "00 08 03 01 74 61 70 42" /* tapB */
#define BY_INDEX     "00 08 03 02 00 00 00 02"
#define BY_IP4(host) "00 0c 03 03 00 01 04 00 0a 00 02 " host
#define TOLD(code_, seen) \
    .reaction = IS_REPLIED, .type = 43, .code = (code_), .rest = 0x12345600 | (seen), .ttl = 255, .tos = ZERO

/* A malformed query, with its control. */
#define MALFORMED(words, octets)                                                         \
    {                                                                                    \
        .sentence = words, .ids = "PRB-6", .given = ON, .frame = {LOCAL, .hex = octets}, \
        .expected = {TOLD(1, 0)}, .verdict = TAPIR_ICMP4_PROBED                          \
    }

static const struct trial trials[] = {
    {.sentence = "extended echo is off by default",
     .ids = "PRB-1 SEC-4",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .verdict = TAPIR_ICMP4_PROBE_OFF,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)},
     .control_given = ON},
    {.sentence = "the master switch alone allows no query by name",
     .ids = "PRB-1 PRB-5",
     .given = "set icmp.probe.answer on; set icmp.probe.index on; set icmp.probe.address on",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .verdict = TAPIR_ICMP4_PROBE_KIND,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)},
     .control_given = "set icmp.probe.name on"},
    {.sentence = "the master switch alone allows no query by index",
     .ids = "PRB-1 PRB-5",
     .given = "set icmp.probe.answer on; set icmp.probe.name on; set icmp.probe.address on",
     .frame = {LOCAL, .hex = HEAD BY_INDEX},
     .verdict = TAPIR_ICMP4_PROBE_KIND,
     .control = {LOCAL, .hex = HEAD BY_INDEX},
     .control_expected = {TOLD(0, 6)},
     .control_given = "set icmp.probe.index on"},
    {.sentence = "the master switch alone allows no query by address",
     .ids = "PRB-1 PRB-5",
     .given = "set icmp.probe.answer on; set icmp.probe.name on; set icmp.probe.index on",
     .frame = {LOCAL, .hex = HEAD BY_IP4("01")},
     .verdict = TAPIR_ICMP4_PROBE_KIND,
     .control = {LOCAL, .hex = HEAD BY_IP4("01")},
     .control_expected = {TOLD(0, 6)},
     .control_given = "set icmp.probe.address on"},
    {.sentence = "our neighbors are told of on a switch of its own",
     .ids = "PRB-1 PRB-5",
     .given = ON,
     .frame = {NEAR, .hex = HEAD BY_IP4("0a")},
     .verdict = TAPIR_ICMP4_PROBE_SCOPE,
     .control = {NEAR, .hex = HEAD BY_IP4("0a")},
     .control_expected = {TOLD(0, 0x40)},
     .control_given = "set icmp.probe.remote on"},
    {.sentence = "our interfaces too",
     .ids = "PRB-1",
     .given = ON "; set icmp.probe.local off",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .verdict = TAPIR_ICMP4_PROBE_SCOPE,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)},
     .control_given = "set icmp.probe.local on"},
    {.sentence = "an interface may be deaf to it",
     .ids = "PRB-1",
     .given = ON "; set icmp.probe.answer off on a",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .verdict = TAPIR_ICMP4_PROBE_OFF,
     .control = {LOCAL, .on = TAP_B, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "who is not in the prefix may not ask by name",
     .ids = "PRB-1 PRB-5",
     .given = ON "; set icmp.probe.name_from 10.9.0.0/16",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .control = {LOCAL, .hex = HEAD BY_NAME, .from = IP(10, 9, 0, 1), .from_mac = MAC_OF(ROUTER_2)},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "who is not in the prefix may not ask by index",
     .ids = "PRB-1 PRB-5",
     .given = ON "; set icmp.probe.index_from 10.9.0.0/16",
     .frame = {LOCAL, .hex = HEAD BY_INDEX},
     .verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "who is not in the prefix may not ask by address",
     .ids = "PRB-1 PRB-5",
     .given = ON "; set icmp.probe.address_from 10.9.0.0/16",
     .frame = {LOCAL, .hex = HEAD BY_IP4("01")},
     .verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .control = {LOCAL, .hex = HEAD BY_INDEX},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "a prefix of 32 bits is one host: it may ask by name",
     .ids = "PRB-5",
     .given = ON "; set icmp.probe.name_from 10.0.1.10/32",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "its neighbor may not",
     .ids = "PRB-5",
     .given = ON "; set icmp.probe.name_from 10.0.1.10/32; set icmp.probe.index_from 10.0.1.2/32",
     .frame = {LOCAL, .hex = HEAD BY_NAME, .from = ROUTER_2},
     .verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .control = {LOCAL, .hex = HEAD BY_INDEX, .from = ROUTER_2},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "the last prefix of all has nobody in it",
     .ids = "PRB-5",
     .given = ON "; set icmp.probe.address_from 255.255.255.255/32; set icmp.probe.name_from 0.0.0.0/0",
     .frame = {LOCAL, .hex = HEAD BY_IP4("01")},
     .verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "an extended echo to everybody is not answered",
     .ids = "PRB-5",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_NAME, .to = BROADCAST, .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_ICMP4_QUERY_BROADCAST,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "an extended echo to all hosts is not answered",
     .ids = "PRB-5",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_NAME, .to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS},
     .verdict = TAPIR_ICMP4_QUERY_BROADCAST,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "an extended echo from a group is not answered",
     .ids = "PRB-5",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_NAME, .from = IP(224, 0, 0, 5), .from_mac = MAC_OF(HOST_A)},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},

    {.sentence = "an interface by name is active and runs IPv4",
     .ids = "PRB-8 PRB-10",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "an interface by index, from 1",
     .ids = "PRB-8 PRB-10",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 08 03 02 00 00 00 01"},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "an interface by its address",
     .ids = "PRB-8 PRB-10",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_IP4("01")},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a host answers too",
     .ids = "PRB-8",
     .bench = HOST,
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 08 03 01 74 61 70 41"},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "an interface that is down is not active, nor is its IPv4",
     .ids = "PRB-8",
     .given = ON "; down b",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .expected = {TOLD(0, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "down by index as well",
     .ids = "PRB-8",
     .given = ON "; down b",
     .frame = {LOCAL, .hex = HEAD BY_INDEX},
     .expected = {TOLD(0, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "an interface without an address runs no IPv4",
     .ids = "PRB-8",
     .given = ON "; no address b 10.0.2.1/24",
     .frame = {LOCAL, .hex = HEAD BY_NAME},
     .expected = {TOLD(0, 4)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "code and reserved bits of a request mean nothing",
     .ids = "PRB-2 PRB-3",
     .given = ON,
     .frame = {ASK, .icmp_code = 9, .rest = 0x123456ff, .hex = HEAD BY_NAME},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "identifier and a sequence of eight bits come back",
     .ids = "PRB-2 PRB-3",
     .given = ON,
     .frame = {ASK, .rest = 0xfedcff01, .hex = HEAD BY_NAME},
     .expected = {.reaction = IS_REPLIED, .type = 43, .rest = 0xfedcff06, .ttl = 255, .tos = ZERO},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "the reply has TOS 0 and TTL 255, whatever was asked with",
     .ids = "PRB-4",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_NAME, .tos = 0xb8, .ttl = 3},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a right checksum of the extension is right",
     .ids = "PRB-6",
     .given = ON,
     .frame = {LOCAL, .hex = "20 00 f8 52 " BY_NAME},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "an object of another class is passed over",
     .ids = "PRB-6",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 06 02 01 aa bb " BY_NAME " 00 04 07 01"},
     .expected = {TOLD(0, 6)},
     .verdict = TAPIR_ICMP4_PROBED},

    MALFORMED("no extension structure", ""),
    MALFORMED("half an extension structure", "20 00"),
    MALFORMED("an extension structure without an object", "20 00 00 00"),
    MALFORMED("an extension structure of version 1", "10 00 00 00 " BY_NAME),
    MALFORMED("an extension structure with a wrong checksum", "20 00 f8 53 " BY_NAME),
    MALFORMED("only an object of another class", HEAD "00 08 02 01 74 61 70 42"),
    MALFORMED("two objects", HEAD BY_NAME " " BY_INDEX),
    MALFORMED("a c-type that nobody knows", HEAD "00 08 03 04 74 61 70 42"),
    MALFORMED("a c-type of 0", HEAD "00 08 03 00 74 61 70 42"),
    MALFORMED("an object of length 0", HEAD "00 00 03 01 74 61 70 42"),
    MALFORMED("an object of length 3", HEAD "00 03 03 01 74 61 70 42"),
    MALFORMED("an object beyond the end", HEAD "00 0c 03 01 74 61 70 42"),
    MALFORMED("something behind the object", HEAD BY_NAME " 00 00"),
    MALFORMED("no name", HEAD "00 04 03 01"),
    MALFORMED("a name of nothing", HEAD "00 08 03 01 00 00 00 00"),
    MALFORMED("a name with a NUL in it", HEAD "00 08 03 01 74 00 70 42"),
    MALFORMED("a name without its padding", HEAD "00 07 03 01 74 61 70"),
    MALFORMED("a name with a word of padding", HEAD "00 0c 03 01 74 61 70 42 00 00 00 00"),
    MALFORMED("an index of two octets", HEAD "00 06 03 02 00 02"),
    MALFORMED("an index of eight octets", HEAD "00 0c 03 02 00 00 00 00 00 00 00 02"),
    MALFORMED("an address without one", HEAD "00 08 03 03 00 01 04 00"),
    MALFORMED("an address of length 0", HEAD "00 08 03 03 00 01 00 00"),
    MALFORMED("an IPv4 address of three octets", HEAD "00 0c 03 03 00 01 03 00 0a 00 02 01"),
    MALFORMED("an IPv6 address of four octets", HEAD "00 0c 03 03 00 02 04 00 0a 00 02 01"),
    MALFORMED("an address without its header", HEAD "00 06 03 03 00 01"),
    {.sentence = "a neighbor has no name",
     .ids = "PRB-6",
     .given = REMOTE,
     .frame = {NEAR, .hex = HEAD BY_NAME},
     .expected = {TOLD(1, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a neighbor has no index",
     .ids = "PRB-6",
     .given = REMOTE,
     .frame = {NEAR, .hex = HEAD BY_INDEX},
     .expected = {TOLD(1, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a malformed query by name needs the switch for names",
     .ids = "PRB-5 PRB-6",
     .given = ON "; set icmp.probe.name off",
     .frame = {LOCAL, .hex = HEAD "00 08 03 01 00 00 00 00"},
     .verdict = TAPIR_ICMP4_PROBE_KIND,
     .control = {LOCAL, .hex = HEAD BY_INDEX},
     .control_expected = {TOLD(0, 6)}},

    {.sentence = "no interface has that name",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 08 03 01 6e 6f 70 65"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "the beginning of a name is no name",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 08 03 01 74 61 70 00"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a name with more behind it is another",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 0c 03 01 74 61 70 42 42 00 00 00"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "no interface has index 0",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 08 03 02 00 00 00 00"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "no interface has index 3",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 08 03 02 00 00 00 03"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a neighbor's address is no interface of ours",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD BY_IP4("0a")},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "no interface has an IPv6 address",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 18 03 03 00 02 10 00 fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "no interface has an address of another family",
     .ids = "PRB-7",
     .given = ON,
     .frame = {LOCAL, .hex = HEAD "00 10 03 03 40 05 06 00 02 da 00 00 00 02 00 00"},
     .expected = {TOLD(2, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a host that we never spoke with is in no table",
     .ids = "PRB-7",
     .given = REMOTE,
     .frame = {NEAR, .hex = HEAD BY_IP4("63")},
     .expected = {TOLD(3, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "our own address is no neighbor",
     .ids = "PRB-7",
     .given = REMOTE,
     .frame = {NEAR, .hex = HEAD BY_IP4("01")},
     .expected = {TOLD(3, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "an IPv6 neighbor is in no table",
     .ids = "PRB-7",
     .given = REMOTE,
     .frame = {NEAR, .hex = HEAD "00 18 03 03 00 02 10 00 fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01"},
     .expected = {TOLD(3, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a neighbor that two interfaces know is several",
     .ids = "PRB-7",
     .given = REMOTE "; neighbor a 10.0.2.10",
     .frame = {NEAR, .hex = HEAD BY_IP4("0a")},
     .expected = {TOLD(4, 0)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "a neighbor that is known is reachable",
     .ids = "PRB-9",
     .given = REMOTE,
     .frame = {NEAR, .hex = HEAD BY_IP4("0a")},
     .expected = {TOLD(0, 0x40)},
     .verdict = TAPIR_ICMP4_PROBED},
    {.sentence = "7 octets are no extended echo",
     .ids = "PRB-3",
     .given = ON,
     .frame = {LOCAL, .data = ZERO, .total_more = -1},
     .verdict = TAPIR_ICMP4_SHORT,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
    {.sentence = "an extended echo reply that nobody waits for is dropped",
     .ids = "PRB-3",
     .given = ON,
     .frame = {.carries = ICMP, .icmp_type = 43, .data = ZERO},
     .verdict = TAPIR_ICMP4_STRAY,
     .control = {LOCAL, .hex = HEAD BY_NAME},
     .control_expected = {TOLD(0, 6)}},
};

/* ---- neighbors that come and go ---- */

/* The state that the DUT tells of 10.0.2.`host`. */
static unsigned ask(struct bench *bench, const char *hex)
{
    bench_send(bench, &(struct frame){NEAR, .hex = hex});
    for (;;) {
        const struct sight *sight = expect_frame(bench);
        if (sight->view.type != 0x0800 || sight->view.icmp_type != 43)
            continue;
        assert_int_equal(sight->view.icmp_code, 0);
        return (sight->view.rest & 0xff) >> 5;
    }
}

static void a_neighbor_is_incomplete_then_reachable_then_failed(void **state)
{
    (void)state;
    static const char about[] = HEAD BY_IP4("4d");
    struct bench *bench = bench_open(ROUTER, "strangers; neighbor a 10.0.1.10; " REMOTE);
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77), .carries = UDP});
    assert_int_equal(ask(bench, about), 1);
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 77));
    assert_int_equal(ask(bench, about), 2);
    bench_run(bench, 58 * SECONDS);
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77), .carries = UDP});
    assert_int_equal(ask(bench, about), 5); /* about to expire, in use: asked by unicast */
    for (int i = 0; i < 12; i++) {
        bench_run(bench, SECONDS / 2);
        bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 77), .carries = UDP});
    }
    while (bench_next(bench) != NULL)
        ;
    bench_close(bench);
}

static void a_neighbor_that_does_not_answer_has_failed(void **state)
{
    (void)state;
    static const char about[] = HEAD BY_IP4("4e");
    struct bench *bench = bench_open(ROUTER, "strangers; neighbor a 10.0.1.10; " REMOTE);
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 78), .carries = UDP});
    bench_run(bench, 3 * SECONDS);
    assert_int_equal(ask(bench, about), 6);
    bench_run(bench, 10 * SECONDS);
    bench_send(bench, &(struct frame){NEAR, .hex = about});
    while (bench_next(bench) != NULL)
        ;
    bench_close(bench);
}

static void two_interfaces_of_one_name_are_several(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ON);
    struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = 5};
    op.interface.mtu = 1500;
    memcpy(op.interface.name, "tapB", 5);
    memcpy(op.interface.mac.octet, "\2\0\0\0\0\5", 6);
    assert_int_equal(tapir_apply(bench->stack, &op, 1, NULL, (tapir_instant){bench->now_ns}), TAPIR_OK);
    bench_send(bench, &(struct frame){LOCAL, .hex = HEAD BY_NAME});
    assert_int_equal(expect_frame(bench)->view.icmp_code, 4);
    bench_send(bench, &(struct frame){LOCAL, .hex = HEAD BY_INDEX});
    assert_int_equal(expect_frame(bench)->view.icmp_code, 0);
    bench_close(bench);
}

static void a_name_of_255_octets_is_nobodys(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ON);
    uint8_t extension[4 + 4 + 256] = {0x20, 0, 0, 0, 1, 4, 3, 1};
    memset(extension + 8, 'x', 255);
    bench_send(bench, &(struct frame){LOCAL, .bytes = extension, .data = sizeof extension});
    assert_int_equal(expect_frame(bench)->view.icmp_code, 2);
    bench_close(bench);
}

/* ---- how often ---- */

static int flood(struct bench *bench, int n)
{
    int replies = 0;
    int64_t start = bench->now_ns;
    for (int i = 0; i < n; i++) {
        bench_run_until(bench, start + i * SECONDS / n);
        uint64_t number = bench_send(bench, &(struct frame){LOCAL, .hex = HEAD BY_NAME});
        bool replied = bench_next(bench) != NULL;
        expect_verdict(bench, number, replied ? TAPIR_ICMP4_PROBED : TAPIR_ICMP4_PROBE_RATE);
        replies += replied;
    }
    return replies;
}

static void a_flood_is_answered_a_hundred_times_a_second(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ON);
    assert_int_equal(flood(bench, 2000), 50 + 99); /* the hundredth more would be due after the last probe */
    bench_send(bench, &(struct frame){0});         /* echo has no part in it */
    expect_echo_reply(bench);
    bench_close(bench);
}

static void the_rate_can_be_set(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ON "; set icmp.probe.rate 10; set icmp.probe.burst 3");
    assert_in_range(flood(bench, 1000), 12, 13);
    bench_do(bench, "set icmp.probe.rate 0");
    assert_int_equal(flood(bench, 1000), 1000);
    bench_do(bench, "set icmp.probe.rate 1000000; set icmp.probe.burst 1");
    assert_int_equal(flood(bench, 1000), 1000);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("PRB-9", a_neighbor_is_incomplete_then_reachable_then_failed),
        PROVES("PRB-9", a_neighbor_that_does_not_answer_has_failed),
        PROVES("PRB-7", two_interfaces_of_one_name_are_several),
        PROVES("PRB-7", a_name_of_255_octets_is_nobodys),
        PROVES("PRB-10", a_flood_is_answered_a_hundred_times_a_second),
        PROVES("PRB-10 RATE-4", the_rate_can_be_set),
    };
    return RUN_TABLE("extended echo", trials, bench_try) +
           cmocka_run_group_tests_name("extended echo, in time", stories, NULL, NULL);
}
