/* Paths whose MTU is learnt: what teaches it, and how to find out what is believed. By sending: so much leaves in one piece
 * when it may not be cut, and not an octet more. Next: tests/world/sockets.h. */
#ifndef TESTS_WORLD_PATHS_H
#define TESTS_WORLD_PATHS_H

#include "tests/world/sockets.h"

#define FAR IP(10, 9, 0, 1)

enum {
    OURS = 5353, /* the port of our socket, */
    PEER = 4000, /* and of whoever it speaks with */
    NEVER_SENT = 4444
};

/* Says a datagram of `total` octets of IPv4. */
static inline void say_total(struct bench *bench, struct tapir_socket *socket, int64_t to, size_t total,
                             bool whole)
{
    const struct tapir_message how = {
        .destination = ip4_of(to), .destination_port = PEER, .dont_fragment = whole};
    assert_int_equal(say(bench, socket, &how, NULL, total - 28), TAPIR_OK);
}

/* The next thing that the socket hears is that something was too large, for `mtu`. */
static inline void expect_told(struct tapir_socket *socket, unsigned mtu)
{
    struct tapir_message told;
    assert_int_equal(tapir_peek(socket, &told), TAPIR_OK);
    assert_int_equal(told.error, TAPIR_TOO_LARGE);
    assert_int_equal(told.icmp_type, 3);
    assert_int_equal(told.icmp_code, 4);
    assert_int_equal(told.mtu, mtu);
    tapir_consume(socket);
}

/* So much of what may not be cut reaches `to`, and not an octet more: the socket is told how much. */
static inline void expect_mtu(struct bench *bench, struct tapir_socket *socket, int64_t to, unsigned mtu)
{
    expect_silence(socket);
    say_total(bench, socket, to, mtu, true);
    const struct view *view = &expect_udp(bench, PEER)->view;
    assert_int_equal(view->total, mtu);
    assert_int_equal(view->fragment, IS_DF);
    say_total(bench, socket, to, mtu + 1, true);
    expect_nothing(bench);
    expect_told(socket, mtu);
}

#define TOO_BIG(claim, about) \
    .from = GATEWAY_1, .carries = ICMP, .icmp_type = 3, .icmp_code = 4, .rest = (claim), .quote = &(about)

static const struct frame our_big = {.carries = UDP,
                                     .from = DUT_A,
                                     .to = FAR,
                                     .from_port = OURS,
                                     .to_port = PEER,
                                     .total = 1500,
                                     .fragment = IS_DF};

/* A socket that has sent 1500 octets and was told that 1006 reach FAR. */
static inline struct tapir_socket *taught(struct bench *bench)
{
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, 1500, true);
    expect_udp(bench, PEER);
    expect_verdict(bench, bench_send(bench, &(struct frame){TOO_BIG(1006, our_big)}),
                   TAPIR_ICMP4_MTU_LEARNED);
    expect_told(socket, 1006);
    return socket;
}

#endif
