/* ICMP errors that come to us: ERR-1 to ERR-4, ERR-20 to ERR-22, PP-5, SEC-8. */
#include "tests/world/trial.h"

/* What we said, for errors about it: a datagram of the echo service, an echo request, a segment, one that
 * lies. */
static const struct frame our_udp = {
    .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 7, .to_port = 5000};
static const struct frame our_echo = {.from = DUT_A, .to = HOST_A};
static const struct frame our_tcp = {.carries = TCP, .from = DUT_A, .to = HOST_A};
static const struct frame not_ours = {.carries = UDP, .from = IP(10, 0, 1, 77), .to = HOST_A, .from_port = 7};
static const struct frame our_later_piece = {
    .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 7, .to_port = 5000, .fragment = 100};

static const struct trial trials[] = {
    {.sentence = "net unreachable about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 0, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "host unreachable about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 1, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "protocol unreachable about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 2, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "port unreachable about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "too big about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 4, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED},
     .verdict = TAPIR_ICMP4_MTU_DOUBTED}, /* the service has sent nothing */
    {.sentence = "source route failed about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 5, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "prohibited about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 13, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "time exceeded in transit about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 11, .icmp_code = 0, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "time exceeded in reassembly about our datagram reaches its socket",
     .ids = "ERR-21 ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 11, .icmp_code = 1, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "parameter problem about our datagram reaches its socket",
     .ids = "PP-5",
     .frame = {.carries = ICMP, .icmp_type = 12, .icmp_code = 0, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "required option missing about our datagram reaches its socket",
     .ids = "PP-5",
     .frame = {.carries = ICMP, .icmp_type = 12, .icmp_code = 1, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "bad length about our datagram reaches its socket",
     .ids = "PP-5",
     .frame = {.carries = ICMP, .icmp_type = 12, .icmp_code = 2, .quote = &our_udp},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "what the unused octets of an error say is not looked at",
     .ids = "ERR-4",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp, .rest = 0xdeadbeef},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "8 octets behind the quoted header are enough",
     .ids = "ERR-2",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp, .quote_octets = 28},
     .expected = {.reaction = IS_NOTICED}},
    {.sentence = "7 octets behind the quoted header are too few",
     .ids = "ERR-2",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp, .quote_octets = 27},
     .verdict = TAPIR_ICMP4_QUOTE,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "a quote of 12 octets is no quote",
     .ids = "ERR-2",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp, .quote_octets = 12},
     .verdict = TAPIR_ICMP4_QUOTE,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "an error without a quote is ignored",
     .ids = "ERR-2",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp, .quote_octets = ZERO},
     .verdict = TAPIR_ICMP4_QUOTE,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "4 octets of ICMP are no message",
     .ids = "ERR-2",
     .frame = {.carries = RAW, .protocol = 1, .data = 4},
     .verdict = TAPIR_ICMP4_SHORT,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "no octets of ICMP are no message",
     .ids = "ERR-2",
     .frame = {.carries = RAW, .protocol = 1, .data = ZERO},
     .verdict = TAPIR_ICMP4_SHORT,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "an echo request of odd length is summed with a zero octet",
     .ids = "ERR-1",
     .frame = {.data = 7},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "a wrong ICMP checksum ends in silence",
     .ids = "ERR-1",
     .frame = {.transport_sum_xor = 1},
     .verdict = TAPIR_ICMP4_CHECKSUM,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "an error with a wrong checksum is ignored",
     .ids = "ERR-1",
     .frame =
         {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp, .transport_sum_xor = 0x8000},
     .verdict = TAPIR_ICMP4_CHECKSUM,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "type 1 is unknown and earns nothing",
     .ids = "ERR-3",
     .frame = {.carries = ICMP, .icmp_type = 1},
     .verdict = TAPIR_ICMP4_TYPE,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "type 2 is unknown and earns nothing",
     .ids = "ERR-3",
     .frame = {.carries = ICMP, .icmp_type = 2},
     .verdict = TAPIR_ICMP4_TYPE,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "type 7 is unknown and earns nothing",
     .ids = "ERR-3",
     .frame = {.carries = ICMP, .icmp_type = 7},
     .verdict = TAPIR_ICMP4_TYPE,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "type 44 is unknown and earns nothing",
     .ids = "ERR-3",
     .frame = {.carries = ICMP, .icmp_type = 44},
     .verdict = TAPIR_ICMP4_TYPE,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "type 253 is unknown and earns nothing",
     .ids = "ERR-3",
     .frame = {.carries = ICMP, .icmp_type = 253},
     .verdict = TAPIR_ICMP4_TYPE,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "type 255 is unknown and earns nothing",
     .ids = "ERR-3",
     .frame = {.carries = ICMP, .icmp_type = 255},
     .verdict = TAPIR_ICMP4_TYPE,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "an error about a packet that is not ours is ignored",
     .ids = "ERR-22 SEC-3",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &not_ours},
     .verdict = TAPIR_ICMP4_QUOTE_NOT_OURS,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "an error about a later fragment names no flow",
     .ids = "SEC-8",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_later_piece},
     .verdict = TAPIR_ICMP4_QUOTE_FRAGMENT,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "an error about a segment goes to TCP, which has no such connection",
     .ids = "ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_tcp},
     .verdict = TAPIR_ICMP4_NO_FLOW,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "an error about an echo request goes to echo, which has none out",
     .ids = "ERR-20",
     .frame = {.carries = ICMP, .icmp_type = 3, .icmp_code = 1, .quote = &our_echo},
     .verdict = TAPIR_ICMP4_NO_FLOW,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "a router accepts no redirect",
     .ids = "RED-14",
     .frame = {.from = ROUTER_2,
               .carries = ICMP,
               .icmp_type = 5,
               .icmp_code = 1,
               .rest = GATEWAY_1,
               .quote = &our_udp},
     .verdict = TAPIR_ICMP4_REDIRECT,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
    {.sentence = "source quench is obeyed by nobody",
     .ids = "SQ-2",
     .frame = {.carries = ICMP, .icmp_type = 4, .icmp_code = 0, .quote = &our_udp},
     .verdict = TAPIR_ICMP4_QUENCH,
     .control = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     .control_expected = {.reaction = IS_NOTICED}},
};

/* Alternate host, and what RFC 6918 3 has retired; to a router and a host, with codes. */
static void retired_types_earn_nothing(void **state)
{
    (void)state;
    static const int types[] = {6, 31, 32, 33, 34, 35, 36, 37, 38, 39};
    for (int kind = ROUTER; kind <= HOST; kind++) {
        struct bench *bench = bench_open((enum bench_kind)kind, NULL);
        for (size_t i = 0; i < 10; i++)
            for (int code = 0; code < 2; code++) {
                struct frame frame = {
                    .carries = ICMP, .icmp_type = types[i], .icmp_code = code, .quote = &our_udp};
                expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_TYPE);
            }
        bench_run(bench, SECONDS);
        expect_nothing(bench);
        bench_send(bench, &(struct frame){.data = 8});
        expect_echo_reply(bench);
        bench_close(bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("OTH-1", retired_types_earn_nothing),
    };
    return RUN_TABLE("ICMP errors received", trials, bench_try) +
           cmocka_run_group_tests_name("retired types", tests, NULL, NULL);
}
