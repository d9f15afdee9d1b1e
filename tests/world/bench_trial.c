/* Trials: a frame, its reaction, its verdict, and for silence the control. */
#include <stdlib.h>
#include <string.h>

#include "tests/world/bench_inside.h"
#include "tests/world/trial.h"

static int64_t either(int64_t wanted, int64_t otherwise)
{
    return wanted == ZERO ? 0 : wanted == 0 ? otherwise : wanted;
}

/* What one run of a trial is about. */
struct attempt {
    struct bench *bench;
    const struct frame *frame;
    const struct expected *expected;
    uint64_t number;
    const uint8_t *datagram; /* as it was sent */
    size_t size;             /* of it, as far as it arrived */
    int64_t from, to;
};

/* The station that the DUT must hand a datagram for `ip` to, by the map in bench.h. */
static int64_t hop_to(int64_t ip)
{
    if (ip >> 8 == DUT_A >> 8 || ip >> 8 == DUT_B >> 8)
        return ip;
    return ip >> 16 == IP(0, 0, 10, 9) ? ROUTER_2 : GATEWAY_1;
}

static void check_path(const struct attempt *try, const struct sight *sight, enum tap out, int64_t towards)
{
    assert_int_equal(sight->on, try->expected->out == 0 ? (int)out : try->expected->out - 1);
    assert_int_equal(sight->view.to_mac, MAC_OF(either(try->expected->next_hop, hop_to(towards))));
}

/* Source, destination, TTL and TOS of an answer. */
static void check_answer(const struct attempt *try, const struct sight *sight, int64_t tos)
{
    bool asked_us = bench_is_own(try->bench, try->to);
    int64_t source = asked_us ? try->to : sight->on == TAP_A ? DUT_A : DUT_B;
    assert_int_equal(sight->view.from, either(try->expected->source, source));
    assert_int_equal(sight->view.to, either(try->expected->to, try->from));
    assert_int_equal(sight->view.ttl, either(try->expected->ttl, 64));
    assert_int_equal(sight->view.tos, either(try->expected->tos, tos));
    check_path(try, sight, try->frame->on, either(try->expected->to, try->from));
}

static size_t header_of(const struct attempt *try)
{
    return (size_t)(try->datagram[0] & 15) * 4;
}

static void check_data(const struct attempt *try, const struct sight *sight)
{
    size_t before = header_of(try) + 8;
    size_t size = (size_t)either(try->expected->data, (int64_t)(try->size - before));
    assert_int_equal(sight->view.data_size, size);
    assert_memory_equal(sight->view.data, try->datagram + before, size);
}

static void check_echoed(const struct attempt *try)
{
    const struct sight *sight = expect_echo_reply(try->bench);
    check_answer(try, sight, try->frame->tos & 0xfc);
    check_data(try, sight);
    assert_memory_equal(sight->view.payload + 4, try->datagram + header_of(try) + 4, 4);
}

static void check_replied(const struct attempt *try)
{
    const struct expected *expected = try->expected;
    const struct sight *sight = expect_frame(try->bench);
    check_answer(try, sight, try->frame->tos & 0xfc);
    assert_int_equal(sight->view.protocol, 1);
    assert_int_equal(sight->view.icmp_type, expected->type);
    assert_int_equal(sight->view.icmp_code, expected->code);
    const uint8_t *asked = try->datagram + header_of(try) + 4;
    assert_int_equal(sight->view.rest, either(expected->rest, IP(asked[0], asked[1], asked[2], asked[3])));
    uint8_t octets[FRAME_MAX];
    size_t size = hex_read(expected->octets == NULL ? "" : expected->octets, octets);
    assert_int_equal(sight->view.data_size, size);
    assert_memory_equal(sight->view.data, octets, size);
}

static void check_udp_echoed(const struct attempt *try)
{
    const uint8_t *udp = try->datagram + header_of(try);
    const struct sight *sight = expect_udp(try->bench, (unsigned)udp[0] << 8 | udp[1]);
    check_answer(try, sight, try->frame->tos & 0xfc);
    check_data(try, sight);
    assert_int_equal(sight->view.from_port, 7);
}

static void check_error(const struct attempt *try)
{
    const struct expected *expected = try->expected;
    const struct sight *sight =
        expect_icmp_error(try->bench, (unsigned)expected->type, (unsigned)expected->code);
    check_answer(try, sight, try->bench->kind == ROUTER ? 0xc0 | (try->frame->tos & 0x1c) : 0);
    uint32_t rest = (uint32_t)expected->pointer << 24 | (uint32_t)expected->mtu;
    assert_int_equal(sight->view.rest, rest);
    size_t all = try->size < 548 ? try->size : 548;
    assert_int_equal(sight->view.data_size, either(expected->quote, (int64_t)all));
    assert_memory_equal(sight->view.data, try->datagram, sight->view.data_size);
}

static void check_reset(const struct attempt *try)
{
    const uint8_t *tcp = try->datagram + header_of(try);
    const struct sight *sight = expect_reset(try->bench);
    check_answer(try, sight, 0);
    assert_int_equal(sight->view.flags, try->expected->flags);
    assert_int_equal(sight->view.sequence, try->expected->sequence);
    assert_int_equal(sight->view.acknowledgment, try->expected->acknowledgment);
    assert_int_equal(sight->view.from_port, tcp[2] << 8 | tcp[3]);
    assert_int_equal(sight->view.to_port, tcp[0] << 8 | tcp[1]);
    assert_int_equal(sight->view.data_size, 0);
}

static void check_forwarded(const struct attempt *try)
{
    const struct sight *sight = expect_forwarded(try->bench, try->number);
    check_path(try, sight, try->frame->on == TAP_A ? TAP_B : TAP_A, try->to);
}

static enum tapir_verdict check_reaction(const struct attempt *try)
{
    switch (try->expected->reaction) {
    case SILENCE:
        return TAPIR_UNSETTLED;
    case IS_ECHOED:
        check_echoed(try);
        return TAPIR_ICMP4_ECHOED;
    case IS_REPLIED:
        check_replied(try);
        return TAPIR_UNSETTLED;
    case IS_UDP_ECHOED:
        check_udp_echoed(try);
        return TAPIR_UDP_DELIVERED;
    case IS_FORWARDED:
        check_forwarded(try);
        return TAPIR_FORWARDED;
    case IS_ERROR:
        check_error(try);
        return TAPIR_UNSETTLED;
    case IS_RESET:
        check_reset(try);
        return TAPIR_TCP_CLOSED;
    case IS_DELIVERED:
        return TAPIR_UDP_DELIVERED;
    case IS_NOTICED:
        return TAPIR_ICMP4_NOTICED;
    }
    return TAPIR_UNSETTLED;
}

static int64_t read_ip(const uint8_t *at)
{
    return IP(at[0], at[1], at[2], at[3]);
}

static struct attempt send(struct bench *bench, const struct frame *frame, const struct expected *expected,
                           uint8_t bytes[FRAME_MAX])
{
    struct attempt try = {.bench = bench, .frame = frame, .expected = expected};
    size_t size = frame_build(frame, bytes);
    try.number = bench_send_bytes(bench, frame->on, bytes, size);
    try.datagram = bytes + 14 + frame->llc_size;
    size_t arrived = size - 14 - (size_t)frame->llc_size,
           total = (size_t)try.datagram[2] << 8 | try.datagram[3];
    try.size = size < 14 ? 0 : total < arrived ? total : arrived;
    try.from = read_ip(try.datagram + 12);
    try.to = read_ip(try.datagram + 16);
    bench_run(bench, SECONDS);
    return try;
}

/* Returns the number of the frame. */
static uint64_t attempt(struct bench *bench, const struct frame *frame, const struct expected *expected,
                        enum tapir_verdict verdict)
{
    uint8_t bytes[FRAME_MAX];
    struct attempt try = send(bench, frame, expected, bytes);
    enum tapir_verdict implied = check_reaction(&try);
    expect_nothing(bench);
    if (verdict == TAPIR_UNSETTLED)
        verdict = implied;
    if (verdict != TAPIR_UNSETTLED)
        expect_verdict(bench, try.number, verdict);
    return try.number;
}

static void check_ids(const char *ids)
{
    size_t n = 0;
    for (const char *at = ids; *at != '\0'; n++) {
        at += strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ4");
        assert_int_equal(*at++, '-');
        size_t digits = strspn(at, "0123456789");
        assert_in_range(digits, 1, 2);
        at += digits;
        at += *at == ' ';
    }
    assert_in_range(n, 1, 2);
}

void bench_try(void **state)
{
    const struct trial *trial = *state;
    const struct expected *expected = &trial->expected;
    bool earns = expected->reaction == IS_ERROR || expected->reaction == IS_RESET;
    check_ids(trial->ids);
    struct bench *bench = bench_open(trial->bench, trial->given);
    if (expected->reaction == SILENCE || expected->reaction == IS_ERROR || expected->reaction == IS_REPLIED)
        assert_int_not_equal(trial->verdict, TAPIR_UNSETTLED); /* such a row must say why */
    uint64_t number = attempt(bench, &trial->frame, expected, trial->verdict);
    expect_answer(bench, number,
                  trial->answer != TAPIR_UNSETTLED ? trial->answer
                  : earns                          ? TAPIR_ANSWER_SENT
                                                   : TAPIR_UNSETTLED);
    if (expected->reaction == SILENCE) {
        assert_int_not_equal(trial->control_expected.reaction, SILENCE); /* such a row must have a control */
        if (trial->control_given != NULL)
            bench_do(bench, trial->control_given);
        attempt(bench, &trial->control, &trial->control_expected, TAPIR_UNSETTLED);
    }
    bench_close(bench);
}
