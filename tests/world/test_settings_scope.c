/* A setting that stands in an interface holds there alone: the same frame, mirrored, arrives at tap A, where it was set, and at
 * tap B, where it was not. */
#include <stdio.h>

#include "tests/world/bench.h"

#define OPTIONS(text) .options = (text), .options_size = sizeof(text) - 1
#define FAR           IP(10, 66, 0, 1) /* behind a route that prohibits it */
#define PROBES \
    "set icmp.probe.answer on; set icmp.probe.name on; set icmp.probe.index on; set icmp.probe.address on"
#define PROBE(octets) .carries = ICMP, .icmp_type = 42, .rest = 0x12345601, .hex = "20 00 00 00 " octets
#define BY_NAME       "00 08 03 01 74 61 70 42"
#define BY_INDEX      "00 08 03 02 00 00 00 02"
#define BY_ADDRESS    "00 0c 03 03 00 01 04 00 0a 00 02 01"

enum whom {
    US,     /* our address on the interface of arrival */
    ACROSS, /* the host on the other side */
    BEHIND  /* our address on the other side */
};

/* What becomes of the frame. */
struct outcome {
    enum tapir_verdict verdict, answer; /* answer 0: not looked at */
    unsigned tos;                       /* of what leaves; 0: not looked at */
};

static const struct row {
    const char *name, *set, *given;
    enum whom whom;
    struct frame frame;
    struct outcome here, elsewhere;
} rows[] = {
    {.name = "ip.martians",
     .set = "off",
     .whom = ACROSS,
     .frame = {.from = IP(240, 0, 0, 1)},
     .here.verdict = TAPIR_FORWARDED,
     .elsewhere.verdict = TAPIR_IP4_SOURCE_MARTIAN},
    {.name = "ip.strong_host",
     .set = "on",
     .whom = BEHIND,
     .here.verdict = TAPIR_IP4_OTHER_IFACE,
     .elsewhere.verdict = TAPIR_ICMP4_ECHOED},
    {.name = "ip.bogons",
     .set = "on",
     .whom = ACROSS,
     .frame = {.from = IP(192, 0, 2, 1)},
     .here.verdict = TAPIR_IP4_BOGON,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.lsrr",
     .set = "ignore",
     .whom = ACROSS,
     .frame = {OPTIONS("\x83\x07\x08\x0a\x00\x03\x01\x00")},
     .here.verdict = TAPIR_FORWARDED,
     .elsewhere.verdict = TAPIR_IP4_OPTION_SOURCE_ROUTE},
    {.name = "ip.option.ssrr",
     .set = "ignore",
     .whom = ACROSS,
     .frame = {OPTIONS("\x89\x07\x08\x0a\x00\x03\x01\x00")},
     .here.verdict = TAPIR_FORWARDED,
     .elsewhere.verdict = TAPIR_IP4_OPTION_SOURCE_ROUTE},
    {.name = "ip.option.rr",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x07\x07\x08\x0a\x00\x03\x01\x00")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.ts",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x44\x08\x05\x00\x00\x00\x00\x00")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.experimental",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x1e\x04\x00\x00")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.stream_id",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x88\x04\x00\x01")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.router_alert",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x94\x04\x00\x00")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.security",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x82\x04\x00\x00")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "ip.option.unknown",
     .set = "drop",
     .whom = ACROSS,
     .frame = {OPTIONS("\x5d\x04\x00\x00")},
     .here.verdict = TAPIR_IP4_OPTION_DROPPED,
     .elsewhere.verdict = TAPIR_FORWARDED},
    {.name = "icmp.echo.answer",
     .set = "off",
     .here.verdict = TAPIR_ICMP4_ECHO_OFF,
     .elsewhere.verdict = TAPIR_ICMP4_ECHOED},
    {.name = "icmp.echo.broadcast",
     .set = "on",
     .given = "amplifies",
     .frame = {.to = BROADCAST, .to_mac = MAC_BROADCAST},
     .here.verdict = TAPIR_ICMP4_ECHOED,
     .elsewhere.verdict = TAPIR_ICMP4_ECHO_BROADCAST},
    {.name = "icmp.parameter_problem",
     .set = "off",
     .frame = {OPTIONS("\x07\x00\x04\x00")},
     .here = {.verdict = TAPIR_IP4_OPTION_LENGTH, .answer = TAPIR_ANSWER_OFF},
     .elsewhere = {.verdict = TAPIR_IP4_OPTION_LENGTH, .answer = TAPIR_ANSWER_SENT}},
    {.name = "icmp.time_exceeded",
     .set = "off",
     .whom = ACROSS,
     .frame = {.ttl = 1},
     .here = {.verdict = TAPIR_IP4_TTL, .answer = TAPIR_ANSWER_OFF},
     .elsewhere = {.verdict = TAPIR_IP4_TTL, .answer = TAPIR_ANSWER_SENT}},
    {.name = "icmp.prohibited",
     .set = "off",
     .given = "route 10.66.0.0/16 prohibit",
     .frame = {.to = FAR},
     .here = {.verdict = TAPIR_IP4_PROHIBITED, .answer = TAPIR_ANSWER_OFF},
     .elsewhere = {.verdict = TAPIR_IP4_PROHIBITED, .answer = TAPIR_ANSWER_SENT}},
    {.name = "icmp.error.precedence",
     .set = "7",
     .whom = ACROSS,
     .frame = {.ttl = 1},
     .here = {TAPIR_IP4_TTL, TAPIR_ANSWER_SENT, 0xe0},
     .elsewhere = {TAPIR_IP4_TTL, TAPIR_ANSWER_SENT, 0xc0}},
    {.name = "icmp.error.tos",
     .set = "zero",
     .whom = ACROSS,
     .frame = {.ttl = 1, .tos = 0x10},
     .here = {TAPIR_IP4_TTL, TAPIR_ANSWER_SENT, 0xc0},
     .elsewhere = {TAPIR_IP4_TTL, TAPIR_ANSWER_SENT, 0xd0}},
    {.name = "icmp.timestamp",
     .set = "off",
     .frame = {.carries = ICMP, .icmp_type = 13, .hex = "00 00 00 01 00 00 00 00 00 00 00 00"},
     .here.verdict = TAPIR_ICMP4_TIMESTAMP_OFF,
     .elsewhere.verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.name = "icmp.information",
     .set = "on",
     .frame = {.carries = ICMP, .icmp_type = 15, .hex = ""},
     .here.verdict = TAPIR_ICMP4_INFORMED,
     .elsewhere.verdict = TAPIR_ICMP4_INFORMATION_OFF},
    {.name = "icmp.address_mask",
     .set = "agent",
     .frame = {.carries = ICMP, .icmp_type = 17, .hex = "00 00 00 00"},
     .here.verdict = TAPIR_ICMP4_MASK_TOLD,
     .elsewhere.verdict = TAPIR_ICMP4_MASK_OFF},
    {.name = "icmp.redirect.accept",
     .set = "on",
     .frame = {.carries = ICMP, .icmp_type = 5, .icmp_code = 9, .hex = ""},
     .here.verdict = TAPIR_ICMP4_REDIRECT_CODE,
     .elsewhere.verdict = TAPIR_ICMP4_REDIRECT},
    {.name = "icmp.router_discovery",
     .set = "on",
     .frame = {.carries = ICMP, .icmp_type = 10, .rest = ZERO, .hex = ""},
     .here.verdict = TAPIR_ICMP4_SOLICITED,
     .elsewhere.verdict = TAPIR_ICMP4_DISCOVERY_OFF},
    {.name = "icmp.probe.answer",
     .set = "off",
     .given = PROBES,
     .frame = {PROBE(BY_NAME)},
     .here.verdict = TAPIR_ICMP4_PROBE_OFF,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.local",
     .set = "off",
     .given = PROBES,
     .frame = {PROBE(BY_NAME)},
     .here.verdict = TAPIR_ICMP4_PROBE_SCOPE,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.name",
     .set = "off",
     .given = PROBES,
     .frame = {PROBE(BY_NAME)},
     .here.verdict = TAPIR_ICMP4_PROBE_KIND,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.index",
     .set = "off",
     .given = PROBES,
     .frame = {PROBE(BY_INDEX)},
     .here.verdict = TAPIR_ICMP4_PROBE_KIND,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.address",
     .set = "off",
     .given = PROBES,
     .frame = {PROBE(BY_ADDRESS)},
     .here.verdict = TAPIR_ICMP4_PROBE_KIND,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.name_from",
     .set = "10.9.0.0/16",
     .given = PROBES,
     .frame = {PROBE(BY_NAME)},
     .here.verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.index_from",
     .set = "10.9.0.0/16",
     .given = PROBES,
     .frame = {PROBE(BY_INDEX)},
     .here.verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "icmp.probe.address_from",
     .set = "10.9.0.0/16",
     .given = PROBES,
     .frame = {PROBE(BY_ADDRESS)},
     .here.verdict = TAPIR_ICMP4_PROBE_SOURCE,
     .elsewhere.verdict = TAPIR_ICMP4_PROBED},
    {.name = "udp.checksum",
     .set = "required",
     .frame = {.carries = UDP, .transport_sum = ZERO},
     .here.verdict = TAPIR_UDP_CHECKSUM_NONE,
     .elsewhere.verdict = TAPIR_UDP_DELIVERED},
};

static int64_t destination(const struct row *row, enum tap on)
{
    if (row->frame.to != 0 || row->whom == US)
        return row->frame.to;
    if (row->whom == ACROSS)
        return on == TAP_A ? HOST_B : HOST_A;
    return on == TAP_A ? DUT_B : DUT_A;
}

static void arrive(struct bench *bench, const struct row *row, enum tap on, const struct outcome *outcome)
{
    struct frame frame = row->frame;
    frame.on = on;
    frame.to = destination(row, on);
    uint64_t number = bench_send(bench, &frame);
    bench_settle(bench);
    expect_verdict(bench, number, outcome->verdict);
    if (outcome->answer != TAPIR_UNSETTLED)
        expect_answer(bench, number, outcome->answer);
    if (outcome->tos != 0)
        assert_int_equal(expect_frame(bench)->view.tos, outcome->tos);
    while (bench_next(bench) != NULL)
        ;
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    char order[96];
    snprintf(order, sizeof order, "set %s %s on a", row->name, row->set);
    bench_do(bench, order);
    arrive(bench, row, TAP_A, &row->here);
    arrive(bench, row, TAP_B, &row->elsewhere);
    bench_close(bench);
}

int main(void)
{
    return RUN_TABLE("settings of one interface", rows, check);
}
