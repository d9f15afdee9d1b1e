/* What an ICMP error says, and when: ERR, DU, PMTU-1, EXT-1. Who gets none: test_icmp4_silence.c. */
#include "tests/world/trial.h"

static const struct frame our_udp = {
    .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 7, .to_port = 5000};

static const struct trial contents[] = {
    {.sentence = "no listener on a UDP port earns port unreachable with octets 4 to 7 zero",
     .ids = "DU-4 ERR-4",
     .frame = {.carries = UDP, .to_port = 9999},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "no handler of a protocol earns protocol unreachable",
     .ids = "DU-3 DU-1",
     .frame = {.carries = RAW},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 2},
     .verdict = TAPIR_IP4_PROTOCOL},
    {.sentence = "no route earns net unreachable",
     .ids = "FWD-22 DU-1",
     .frame = {.to = IP(10, 200, 0, 1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 0},
     .verdict = TAPIR_IP4_NO_ROUTE},
    {.sentence = "a route of kind unreachable earns host unreachable",
     .ids = "DU-1",
     .given = "route 10.200.0.0/16 unreachable",
     .frame = {.to = IP(10, 200, 0, 1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 1},
     .verdict = TAPIR_IP4_UNREACHABLE},
    {.sentence = "a route of kind prohibit earns communication prohibited",
     .ids = "DU-1 DU-6",
     .given = "route 10.200.0.0/16 prohibit",
     .frame = {.to = IP(10, 200, 0, 1)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 13},
     .verdict = TAPIR_IP4_PROHIBITED},
    {.sentence = "a host says port unreachable like a router",
     .ids = "DU-4",
     .bench = HOST,
     .frame = {.carries = UDP, .to_port = 9999},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "a host says protocol unreachable like a router",
     .ids = "DU-3",
     .bench = HOST,
     .frame = {.carries = RAW},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 2},
     .verdict = TAPIR_IP4_PROTOCOL},
    {.sentence = "a TCP port without listener earns a reset, not an ICMP error",
     .ids = "DU-4 TCP-2",
     .frame = {.carries = TCP, .data = ZERO, .flags = SYN, .sequence = 100},
     .expected = {.reaction = IS_RESET, .flags = RST | ACK, .acknowledgment = 101}},
    {.sentence = "1,000 octets of UDP are quoted up to a total of 576",
     .ids = "ERR-5 SEC-2",
     .frame = {.carries = UDP, .to_port = 9999, .data = 972},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .quote = 548},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "549 octets are one too many for the quote",
     .ids = "ERR-5",
     .frame = {.carries = UDP, .to_port = 9999, .data = 521},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .quote = 548},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "548 octets are quoted whole",
     .ids = "ERR-5",
     .frame = {.carries = UDP, .to_port = 9999, .data = 520},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .quote = 548},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "40 octets of UDP are quoted whole, without padding",
     .ids = "ERR-5",
     .frame = {.carries = UDP, .to_port = 9999, .data = 12, .padded = 1},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .quote = 40},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "a datagram without data is quoted whole",
     .ids = "ERR-5",
     .frame = {.carries = UDP, .to_port = 9999, .data = ZERO},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .quote = 28},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "the quote holds the IP options as they came",
     .ids = "ERR-5 ERR-6",
     .frame = {.carries = UDP, .to_port = 9999, .options = "\x5e\x04\x01\x02", .options_size = 4},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .quote = 40},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "the quote of an expired packet shows the TTL as received",
     .ids = "ERR-6 TEX-1",
     .frame = {.to = HOST_B, .ttl = 1, .carries = UDP, .data = 600},
     .expected = {.reaction = IS_ERROR, .type = 11},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "the error has our TTL whatever the packet had",
     .ids = "ERR-13",
     .frame = {.carries = UDP, .to_port = 9999, .ttl = 3},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "the TTL of errors is a setting",
     .ids = "ERR-13 IPR-16",
     .given = "set ip.ttl 200",
     .frame = {.carries = UDP, .to_port = 9999},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .ttl = 200},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "an error in transit comes from the interface that it leaves by",
     .ids = "ERR-14 ERR-7",
     .frame = {.to = HOST_B, .ttl = 1},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .source = DUT_A},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "with the way back by the other interface, the error comes from that one",
     .ids = "ERR-14",
     .given = "route 10.8.0.0/16 via 10.0.2.10",
     .frame = {.from = IP(10, 8, 0, 5), .to = HOST_B, .ttl = 1},
     .expected =
         {.reaction = IS_ERROR, .type = 11, .code = 0, .source = DUT_B, .out = 1 + TAP_B, .next_hop = HOST_B},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "asked at the far address, we answer from the far address",
     .ids = "ERR-14 IPR-18",
     .frame = {.to = DUT_B, .carries = UDP, .to_port = 9999},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .source = DUT_B},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "asked at a second address, we answer from the second address",
     .ids = "ERR-14 IPR-18",
     .given = "address a 10.0.1.5/24",
     .frame = {.to = IP(10, 0, 1, 5), .carries = UDP, .to_port = 9999},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .source = IP(10, 0, 1, 5)},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "a router copies the TOS bits of the packet",
     .ids = "ERR-15",
     .frame = {.to = HOST_B, .ttl = 1, .tos = 0x10},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = 0xd0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "the copy of the TOS bits can be switched off",
     .ids = "ERR-15",
     .given = "set icmp.error.tos zero",
     .frame = {.to = HOST_B, .ttl = 1, .tos = 0x10},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = 0xc0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "a host sends errors with TOS zero",
     .ids = "ERR-15",
     .bench = HOST,
     .frame = {.carries = UDP, .to_port = 9999, .tos = 0x10},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 3, .tos = ZERO},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "errors of a router have precedence 6",
     .ids = "ERR-16",
     .frame = {.to = HOST_B, .ttl = 1},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = 0xc0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "the precedence of the packet is not copied to the error",
     .ids = "ERR-16",
     .frame = {.to = HOST_B, .ttl = 1, .tos = 0xe0},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = 0xc0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "precedence 7 can be chosen",
     .ids = "ERR-16",
     .given = "set icmp.error.precedence 7",
     .frame = {.to = HOST_B, .ttl = 1},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = 0xe0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "precedence 0 can be chosen",
     .ids = "ERR-16",
     .given = "set icmp.error.precedence 0",
     .frame = {.to = HOST_B, .ttl = 1},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = ZERO},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "congestion experienced is not copied to an error",
     .ids = "ERR-18",
     .frame = {.to = HOST_B, .ttl = 1, .tos = 0x03},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .tos = 0xc0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "a packet with three faults earns one error, that of the first fault",
     .ids = "ERR-23 FWD-2",
     .given = "mtu b 576",
     .frame = {.to = IP(10, 200, 0, 1), .ttl = 1, .data = 1472, .fragment = IS_DF},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 0},
     .verdict = TAPIR_IP4_NO_ROUTE},
    {.sentence = "too big for the next link earns its MTU in octets 6 and 7",
     .ids = "PMTU-1 FWD-24",
     .given = "mtu b 1006",
     .frame = {.to = HOST_B, .carries = UDP, .data = 1472, .fragment = IS_DF},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 4, .mtu = 1006},
     .verdict = TAPIR_IP4_TOO_BIG},
    {.sentence = "the smallest MTU is told as it is",
     .ids = "PMTU-1",
     .given = "mtu b 68",
     .frame = {.to = HOST_B, .data = 41, .fragment = IS_DF},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 4, .mtu = 68},
     .verdict = TAPIR_IP4_TOO_BIG},
    {.sentence = "what fits the next link exactly goes on",
     .ids = "PMTU-1",
     .given = "mtu b 1006",
     .frame = {.to = HOST_B, .carries = UDP, .data = 978, .fragment = IS_DF},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "errors carry no extensions: octet 5 is zero and the quote ends the message",
     .ids = "EXT-1",
     .frame = {.to = HOST_B, .ttl = 1, .carries = UDP, .data = 200},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0, .quote = 228},
     .verdict = TAPIR_IP4_TTL},
};

/* ---- what takes more than one frame ---- */

/* Five packets from one host and one from another wait for a host that is not there. */
static void silent_neighbor_is_told_once_to_each_source(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint64_t numbers[6];
    for (int i = 0; i < 6; i++)
        numbers[i] =
            bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 99), .from = i == 3 ? ROUTER_2 : HOST_A});
    int64_t start = bench->now_ns;
    expect_arp_request(bench, IP(10, 0, 2, 99));
    bench_run_until(bench, start + 3 * SECONDS - 1);
    expect_arp_request(bench, IP(10, 0, 2, 99));
    expect_arp_request(bench, IP(10, 0, 2, 99));
    expect_nothing(bench);
    bench_run(bench, 10 * SECONDS);
    const struct sight *first = expect_icmp_error(bench, 3, 1), *second = expect_icmp_error(bench, 3, 1);
    assert_int_equal(first->view.to, HOST_A);
    assert_int_equal(second->view.to, ROUTER_2);
    assert_int_equal(first->at_ns, start + 3 * SECONDS);
    expect_nothing(bench);
    for (int i = 0; i < 6; i++) {
        expect_verdict(bench, numbers[i], TAPIR_NEIGHBOR_FAILED);
        expect_answer(bench, numbers[i], i == 0 || i == 3 ? TAPIR_ANSWER_SENT : TAPIR_ANSWER_TOLD);
        assert_int_equal(bench->frames[numbers[i]].holds, 1);
    }
    bench_close(bench);
}

static void unreachable_is_a_hint_and_traffic_goes_on(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame ask = {.carries = UDP};
    bench_send(bench, &ask);
    expect_udp(bench, 5000);
    uint64_t error = bench_send(
        bench, &(struct frame){.carries = ICMP, .icmp_type = 3, .icmp_code = 1, .quote = &our_udp});
    expect_verdict(bench, error, TAPIR_ICMP4_NOTICED);
    bench_send(bench, &ask);
    expect_udp(bench, 5000);
    expect_nothing(bench);
    bench_close(bench);
}

/* Two that answer each other's errors would never stop: what the stack says comes back to it as if from its
 * peer. */
static void errors_about_errors_end_at_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9999});
    const struct sight *error = expect_icmp_error(bench, 3, 3);
    uint8_t echo[FRAME_MAX];
    assert_true(error->size <= sizeof echo);
    struct frame back = {
        .carries = RAW, .protocol = 1, .bytes = error->view.payload, .data = (int)error->view.payload_size};
    uint64_t number = bench_send(bench, &back);
    expect_nothing(bench);
    expect_verdict(bench, number, TAPIR_ICMP4_QUOTE_NOT_OURS);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("DU-2 ARP-13", silent_neighbor_is_told_once_to_each_source),
        PROVES("ERR-21", unreachable_is_a_hint_and_traffic_goes_on),
        PROVES("SEC-3 ERR-8", errors_about_errors_end_at_once),
    };
    return RUN_TABLE("ICMP errors", contents, bench_try) +
           cmocka_run_group_tests_name("errors over time", stories, NULL, NULL);
}
