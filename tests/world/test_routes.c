/* Routes that are chosen by more than the destination: by type of service (FWD-8, DU-5), by flow. */
#include "tests/world/trial.h"

#define NET(host) IP(10, 8, 0, host) /* behind next hops 10.0.2.11 to .14, by shared routes */

static const struct trial trials[] = {
    {.sentence = "a route for another TOS is none, which is told",
     .ids = "FWD-8 DU-5",
     .given = "route 10.8.0.0/16 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 11},
     .verdict = TAPIR_IP4_NO_TOS},
    {.sentence = "a route for one TOS is not for a second one",
     .ids = "FWD-8 DU-5",
     .given = "route 10.8.0.0/16 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1), .tos = 0x10},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 11},
     .verdict = TAPIR_IP4_NO_TOS},
    {.sentence = "a host's route for another TOS is none, which is told of the host",
     .ids = "DU-5",
     .given = "route 10.8.0.1/32 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 12},
     .verdict = TAPIR_IP4_NO_TOS_HOST},
    {.sentence = "a network of two hosts is a network still",
     .ids = "DU-5",
     .given = "route 10.8.0.0/31 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 11},
     .verdict = TAPIR_IP4_NO_TOS},
    {.sentence = "that is told even with TTL 1, for the route comes before the TTL",
     .ids = "FWD-2 DU-5",
     .given = "route 10.8.0.0/16 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1), .ttl = 1},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 11},
     .verdict = TAPIR_IP4_NO_TOS},
    {.sentence = "a route for its TOS is taken",
     .ids = "FWD-8",
     .given = "route 10.8.0.0/16 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1), .tos = 8},
     .expected = {.reaction = IS_FORWARDED, .next_hop = HOST_B}},
    {.sentence = "a route for its TOS is taken whatever the precedence and ECN",
     .ids = "FWD-8 FWD-6",
     .given = "route 10.8.0.0/16 via 10.0.2.10 tos 8",
     .frame = {.to = NET(1), .tos = 0xeb},
     .expected = {.reaction = IS_FORWARDED, .next_hop = HOST_B}},
    {.sentence = "a route for its TOS goes before a better one for any",
     .ids = "FWD-8",
     .given =
         "neighbor b 10.0.2.11; route 10.8.0.0/16 via 10.0.2.10 metric 9 tos 16; route 10.8.0.0/16 via 10.0.2.11",
     .frame = {.to = NET(1), .tos = 16},
     .expected = {.reaction = IS_FORWARDED, .next_hop = HOST_B}},
    {.sentence = "what has no route for its TOS takes one for any",
     .ids = "FWD-8",
     .given =
         "neighbor b 10.0.2.11; route 10.8.0.0/16 via 10.0.2.10 metric 9 tos 16; route 10.8.0.0/16 via 10.0.2.11",
     .frame = {.to = NET(1), .tos = 4},
     .expected = {.reaction = IS_FORWARDED, .next_hop = IP(10, 0, 2, 11)}},
    {.sentence = "the longest prefix is asked alone, before the TOS",
     .ids = "FWD-8 FWD-7",
     .given = "route default via 10.0.2.10; route 10.8.0.0/16 via 10.0.2.10 tos 16",
     .frame = {.to = NET(1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 11},
     .verdict = TAPIR_IP4_NO_TOS},
    {.sentence = "a host speaks to its own network without a gateway",
     .ids = "IPR-22",
     .bench = HOST,
     .frame = {.from = HOST_A},
     .expected = {.reaction = IS_ECHOED, .next_hop = HOST_A}},
    {.sentence = "a host speaks to the second of its networks without a gateway",
     .ids = "IPR-22",
     .bench = HOST,
     .given = "address a 10.7.0.1/22; neighbor a 10.7.3.254",
     .frame = {.from = IP(10, 7, 3, 254), .to = IP(10, 7, 0, 1)},
     .expected = {.reaction = IS_ECHOED, .next_hop = IP(10, 7, 3, 254)}},
    {.sentence = "a host speaks to others by its gateway",
     .ids = "IPR-22",
     .bench = HOST,
     .frame = {.from = IP(10, 0, 0, 10), .from_mac = MAC_OF(GATEWAY_2)},
     .expected = {.reaction = IS_ECHOED, .next_hop = GATEWAY_1}},
    {.sentence = "of two gateways a host takes the one that it prefers",
     .ids = "IPR-22",
     .bench = HOST,
     .given = "no route default via 10.0.1.254; route default via 10.0.1.254 metric 20; route default via "
              "10.0.1.253 metric 10",
     .frame = {.from = IP(11, 0, 0, 10), .from_mac = MAC_OF(GATEWAY_1)},
     .expected = {.reaction = IS_ECHOED, .next_hop = GATEWAY_2}},
    {.sentence = "without a gateway a host says nothing to others, and goes on with its own network",
     .ids = "IPR-22",
     .bench = HOST,
     .given = "no route default via 10.0.1.254",
     .frame = {.from = IP(11, 0, 0, 10), .from_mac = MAC_OF(GATEWAY_1)},
     .verdict = TAPIR_ICMP4_ECHOED,
     .control = {.from = HOST_A},
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "our own answer takes the route for its TOS",
     .ids = "FWD-8",
     .given = "route 10.8.0.0/16 via 10.0.1.254; route 10.8.0.0/16 via 10.0.1.2 tos 8",
     .frame = {.from = NET(1), .from_mac = MAC_OF(ROUTER_2), .tos = 8},
     .expected = {.reaction = IS_ECHOED, .next_hop = ROUTER_2}},
    {.sentence = "our own answer of another TOS takes the route for any",
     .ids = "FWD-8",
     .given = "route 10.8.0.0/16 via 10.0.1.254; route 10.8.0.0/16 via 10.0.1.2 tos 8",
     .frame = {.from = NET(1), .from_mac = MAC_OF(ROUTER_2), .tos = 4},
     .expected = {.reaction = IS_ECHOED, .next_hop = GATEWAY_1}},
};

/* ---- next hops that share ------------------------------------------------------------------------------ */

#define FOUR                                                                                             \
    "neighbor b 10.0.2.11; neighbor b 10.0.2.12; neighbor b 10.0.2.13; neighbor b 10.0.2.14; "           \
    "route 10.8.0.0/16 via 10.0.2.11; route 10.8.0.0/16 via 10.0.2.12; route 10.8.0.0/16 via 10.0.2.13;" \
    "route 10.8.0.0/16 via 10.0.2.14"

enum {
    FLOWS = 200,
    HOPS = 4
};

/* Which of the four a frame is handed to, from 0. */
static unsigned hop_of(struct bench *bench, const struct frame *frame)
{
    uint64_t number = bench_send(bench, frame);
    int64_t hop = expect_forwarded(bench, number)->view.to_mac - MAC_OF(IP(10, 0, 2, 11));
    assert_in_range(hop, 0, HOPS - 1);
    return (unsigned)hop;
}

/* Sends FLOWS frames that differ in one respect, each twice; returns how many next hops they saw. */
static unsigned spread(struct bench *bench, struct frame frame, void (*vary)(struct frame *frame, int i))
{
    unsigned seen = 0, n = 0;
    for (int i = 0; i < FLOWS; i++) {
        vary(&frame, i);
        unsigned hop = hop_of(bench, &frame);
        frame.id = i + 1;
        frame.ttl = 1 + i % 200 + 1;
        assert_int_equal(hop_of(bench, &frame), hop);
        seen |= 1U << hop;
    }
    for (; seen != 0; seen &= seen - 1)
        n++;
    return n;
}

static void by_source(struct frame *frame, int i)
{
    frame->from = IP(10, 0, 1, 10) + i;
    frame->from_mac = MAC_OF(HOST_A);
}

static void by_destination(struct frame *frame, int i)
{
    frame->to = NET(1) + i;
}

static void by_source_port(struct frame *frame, int i)
{
    frame->from_port = 1000 + i;
}

static void by_destination_port(struct frame *frame, int i)
{
    frame->to_port = 1000 + i;
}

static void by_protocol(struct frame *frame, int i)
{
    frame->protocol = 20 + i;
}

static void by_data(struct frame *frame, int i)
{
    frame->rest = (int64_t)i << 16 | 1;
    frame->sequence = i;
}

static void by_tos(struct frame *frame, int i)
{
    frame->tos = i;
}

static void a_flow_is_addresses_protocol_and_ports(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, FOUR);
    assert_int_equal(spread(bench, (struct frame){.to = NET(1)}, by_source), HOPS);
    assert_int_equal(spread(bench, (struct frame){.to = NET(1)}, by_destination), HOPS);
    assert_int_equal(spread(bench, (struct frame){.to = NET(1), .carries = RAW}, by_protocol), HOPS);
    for (enum carries carries = UDP; carries <= TCP; carries++) {
        assert_int_equal(spread(bench, (struct frame){.to = NET(1), .carries = carries}, by_source_port),
                         HOPS);
        assert_int_equal(spread(bench, (struct frame){.to = NET(1), .carries = carries}, by_destination_port),
                         HOPS);
        assert_int_equal(spread(bench, (struct frame){.to = NET(1), .carries = carries}, by_tos), 1);
    }
    assert_int_equal(spread(bench, (struct frame){.to = NET(1)}, by_data),
                     1); /* an echo request has no ports */
    assert_int_equal(spread(bench, (struct frame){.to = NET(1), .carries = TCP}, by_data), 1);
    bench_close(bench);
}

/* The first fragment has ports, the others have data in their place: they are not looked at in either. */
static void fragments_of_a_datagram_go_one_way(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, FOUR);
    static const int fragments[] = {IS_MF, IS_MF | 1, 2, 185};
    unsigned last = 0, moved = 0;
    for (int i = 0; i < FLOWS; i++) {
        struct frame frame = {.to = NET(1) + i, .carries = UDP, .from_port = 1000 + i, .fragment = IS_MF};
        unsigned hop = hop_of(bench, &frame);
        for (size_t n = 0; n < sizeof fragments / sizeof fragments[0]; n++) {
            frame.fragment = fragments[n];
            frame.from_port = 2000 + (int)n;
            assert_int_equal(hop_of(bench, &frame), hop);
        }
        moved += i > 0 && hop != last;
        last = hop;
    }
    assert_true(moved > FLOWS / 2);
    bench_close(bench);
}

static void by_four_octets(struct frame *frame, int i)
{
    static uint8_t ports[4];
    ports[1] = (uint8_t)i;
    frame->bytes = ports;
    frame->data = sizeof ports;
}

static void ports_are_read_where_nothing_follows_them(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, FOUR);
    assert_int_equal(
        spread(bench, (struct frame){.to = NET(1), .carries = RAW, .protocol = 17}, by_four_octets), HOPS);
    bench_close(bench);
}

/* A datagram that ends before its ports: what lies behind it in the frame is not read. */
static void ports_are_not_read_beyond_the_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, FOUR);
    for (int size = 0; size < 4; size++)
        for (int i = 0; i < FLOWS / 4; i++) {
            uint8_t junk[4] = {(uint8_t)i, (uint8_t)i, (uint8_t)i, (uint8_t)i};
            struct frame frame = {
                .to = NET(1), .carries = RAW, .protocol = 17, .bytes = junk, .data = size == 0 ? ZERO : size};
            unsigned hop = hop_of(bench, &frame);
            struct frame plain = {.to = NET(1), .carries = RAW, .protocol = 17, .data = ZERO};
            assert_int_equal(hop, hop_of(bench, &plain));
        }
    bench_close(bench);
}

static void when_a_next_hop_goes_its_flows_move_alone(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, FOUR);
    unsigned before[FLOWS], moved = 0;
    struct frame frame = {.to = NET(1), .carries = UDP};
    for (int i = 0; i < FLOWS; i++) {
        by_source_port(&frame, i);
        before[i] = hop_of(bench, &frame);
    }
    bench_do(bench, "no route 10.8.0.0/16 via 10.0.2.13");
    for (int i = 0; i < FLOWS; i++) {
        by_source_port(&frame, i);
        unsigned after = hop_of(bench, &frame);
        assert_int_equal(after == before[i], before[i] != 2);
        moved += after != before[i];
    }
    assert_in_range(moved, FLOWS / 8, FLOWS / 2);
    bench_close(bench);
}

/* One of two next hops lies behind each interface. */
static void when_a_link_falls_the_other_takes_all(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "route 10.8.0.0/16 via 10.0.2.10; route 10.8.0.0/16 via 10.0.1.2");
    struct frame frame = {
        .from = IP(10, 9, 0, 5), .from_mac = MAC_OF(ROUTER_2), .to = NET(1), .carries = UDP};
    unsigned by_b[2] = {0};
    for (int down = 0; down < 2; down++) {
        for (int i = 0; i < FLOWS; i++) {
            by_source_port(&frame, i);
            by_b[down] += expect_forwarded(bench, bench_send(bench, &frame))->on == TAP_B;
        }
        bench_do(bench, "down b");
    }
    assert_in_range(by_b[0], FLOWS / 4, FLOWS * 3 / 4);
    assert_int_equal(by_b[1], 0);
    bench_close(bench);
}

/* One of two next hops does not answer ARP: what is new goes by the other, until it is heard of again. */
static void a_next_hop_that_does_not_answer_shares_no_more(void **state)
{
    (void)state;
    struct bench *bench = bench_open(
        ROUTER, "neighbor b 10.0.2.11; route 10.8.0.0/16 via 10.0.2.11; route 10.8.0.0/16 via 10.0.2.12");
    struct frame frame = {.to = NET(1), .carries = UDP};
    for (int i = 0; i < FLOWS; i++) {
        by_source_port(&frame, i);
        bench_send(bench, &frame);
    }
    bench_run(bench, 4 * SECONDS);
    while (bench_next(bench) != NULL)
        continue;
    for (int i = 0; i < FLOWS; i++) {
        by_source_port(&frame, i);
        assert_int_equal(hop_of(bench, &frame), 0);
    }
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 12));
    unsigned seen = 0;
    for (int i = 0; i < FLOWS; i++) {
        by_source_port(&frame, i);
        seen |= 1U << hop_of(bench, &frame);
    }
    assert_int_equal(seen, 3);
    bench_close(bench);
}

/* What we send ourselves is spread as well: answers to many hosts, and each host's always one way. */
static void our_own_datagrams_are_shared_too(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, FOUR);
    unsigned seen = 0, ports = 0;
    for (int i = 0; i < FLOWS; i++) {
        struct frame echo = {.on = TAP_B, .from = NET(1) + i, .from_mac = MAC_OF(HOST_B)};
        bench_send(bench, &echo);
        int64_t first = expect_echo_reply(bench)->view.to_mac;
        bench_send(bench, &echo);
        assert_int_equal(expect_echo_reply(bench)->view.to_mac, first);
        seen |= 1U << (first - MAC_OF(IP(10, 0, 2, 11)));
        struct frame udp = {
            .on = TAP_B, .from = NET(1), .from_mac = MAC_OF(HOST_B), .carries = UDP, .from_port = 1000 + i};
        bench_send(bench, &udp);
        bench_settle(bench);
        ports |= 1U << (expect_udp(bench, 1000 + (unsigned)i)->view.to_mac - MAC_OF(IP(10, 0, 2, 11)));
    }
    assert_int_equal(seen, 15);
    assert_int_equal(ports, 15);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(a_flow_is_addresses_protocol_and_ports),
        cmocka_unit_test(fragments_of_a_datagram_go_one_way),
        cmocka_unit_test(ports_are_read_where_nothing_follows_them),
        cmocka_unit_test(ports_are_not_read_beyond_the_datagram),
        cmocka_unit_test(when_a_next_hop_goes_its_flows_move_alone),
        PROVES("FWD-31", when_a_link_falls_the_other_takes_all),
        PROVES("IPR-23", a_next_hop_that_does_not_answer_shares_no_more),
        cmocka_unit_test(our_own_datagrams_are_shared_too),
    };
    return RUN_TABLE("routes", trials, bench_try) +
           cmocka_run_group_tests_name("next hops that share", stories, NULL, NULL);
}
