/* Words for what should leave next. */
#include "tests/world/bench_inside.h"

const struct sight *bench_next(struct bench *bench)
{
    return bench->n_seen < bench->n_sights ? &bench->sights[bench->n_seen++] : NULL;
}

static void say(const struct sight *sight, const char *wanted)
{
    const struct view *view = &sight->view;
    if (view->type == 0x0806)
        fail_msg("%s expected, but ARP %s for %s left", wanted, view->operation == 1 ? "request" : "reply",
                 ip_text(view->target));
    fail_msg("%s expected, but %s -> %s left: protocol %u, first octets %u %u, %zu octets", wanted,
             ip_text(view->from), ip_text(view->to), view->protocol, view->payload[0], view->payload[1],
             view->total);
}

static const struct sight *next_frame(struct bench *bench, const char *wanted)
{
    const struct sight *sight = bench_next(bench);
    if (sight != NULL)
        return sight;
    uint64_t last = bench->n_frames;
    fail_msg("%s expected, but nothing left; the last frame ended as %s, %s", wanted,
             tapir_fate(verdict_of(bench, last))->name, tapir_fate(answer_of(bench, last))->name);
    return NULL;
}

const struct sight *expect_frame(struct bench *bench)
{
    return next_frame(bench, "a frame");
}

static bool is_protocol(const struct sight *sight, unsigned protocol)
{
    return sight->view.type == 0x0800 && !sight->forwarded && sight->view.protocol == protocol;
}

const struct sight *expect_icmp_error(struct bench *bench, unsigned type, unsigned code)
{
    const struct sight *sight = next_frame(bench, "an ICMP error");
    if (!is_protocol(sight, 1) || sight->view.icmp_type != type || sight->view.icmp_code != code)
        say(sight, "an ICMP error of another type or code");
    return sight;
}

const struct sight *expect_echo_reply(struct bench *bench)
{
    const struct sight *sight = next_frame(bench, "an echo reply");
    if (!is_protocol(sight, 1) || sight->view.icmp_type != 0 || sight->view.icmp_code != 0)
        say(sight, "an echo reply");
    return sight;
}

const struct sight *expect_udp(struct bench *bench, unsigned to_port)
{
    const struct sight *sight = next_frame(bench, "a UDP datagram");
    if (!is_protocol(sight, 17) || sight->view.to_port != to_port)
        say(sight, "a UDP datagram to another port");
    return sight;
}

const struct sight *expect_reset(struct bench *bench)
{
    const struct sight *sight = next_frame(bench, "a reset");
    if (!is_protocol(sight, 6) || (sight->view.flags & RST) == 0)
        say(sight, "a reset");
    return sight;
}

const struct sight *expect_arp_request(struct bench *bench, int64_t target)
{
    const struct sight *sight = next_frame(bench, "an ARP request");
    if (sight->view.type != 0x0806 || sight->view.operation != 1 || sight->view.target != target)
        say(sight, "an ARP request for another");
    return sight;
}

const struct sight *expect_forwarded(struct bench *bench, uint64_t number)
{
    const struct sight *sight = next_frame(bench, "the frame, forwarded,");
    if (!sight->forwarded || sight->number != number)
        say(sight, "the frame, forwarded,");
    return sight;
}

void expect_nothing(struct bench *bench)
{
    const struct sight *sight = bench_next(bench);
    if (sight != NULL)
        say(sight, "nothing");
}

void expect_verdict(const struct bench *bench, uint64_t number, enum tapir_verdict verdict)
{
    assert_string_equal(tapir_fate(verdict_of(bench, number))->name, tapir_fate(verdict)->name);
}

void expect_answer(const struct bench *bench, uint64_t number, enum tapir_verdict answer)
{
    assert_string_equal(tapir_fate(answer_of(bench, number))->name, tapir_fate(answer)->name);
}
