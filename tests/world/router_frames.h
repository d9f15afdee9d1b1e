/* Frames of router discovery, RFC 1256, and what a bench does about them. */
#ifndef TESTS_WORLD_ROUTER_FRAMES_H
#define TESTS_WORLD_ROUTER_FRAMES_H

#include <string.h>

#include "tests/world/bench.h"

#define ALL_HOSTS   IP(224, 0, 0, 1)
#define ALL_ROUTERS IP(224, 0, 0, 2)
#define FAR         IP(10, 5, 5, 5)

/* ---- from a router ---- */

static inline const struct sight *expect_advertisement(struct bench *bench)
{
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->view.type, 0x0800);
    assert_int_equal(sight->view.protocol, 1);
    assert_int_equal(sight->view.icmp_type, 9);
    assert_int_equal(sight->on, TAP_A);
    return sight;
}

static inline unsigned lifetime_of(const struct sight *sight)
{
    return sight->view.rest & 0xffff;
}

/* Entry `index` says this address and these four octets of preference. */
static inline void expect_entry(const struct sight *sight, unsigned index, int64_t address,
                                int64_t preference)
{
    const uint8_t *at = sight->view.data + 8 * (size_t)index;
    assert_true(sight->view.data_size >= 8 * (size_t)index + 8);
    assert_int_equal(IP(at[0], at[1], at[2], at[3]), address);
    assert_int_equal(IP(at[4], at[5], at[6], at[7]), preference);
}

static inline struct frame solicitation(void)
{
    return (struct frame){.to = ALL_ROUTERS,
                          .to_mac = INT64_C(0x01005e000002),
                          .ttl = 1,
                          .carries = ICMP,
                          .icmp_type = 10,
                          .rest = ZERO,
                          .data = ZERO};
}

/* ---- to a host, and from one ---- */

static inline const struct sight *expect_solicitation(struct bench *bench)
{
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->view.type, 0x0800);
    assert_int_equal(sight->view.protocol, 1);
    assert_int_equal(sight->view.icmp_type, 10);
    return sight;
}

/* An advertisement in the hands of a test: its head, and octets of entries. */
struct words {
    int code, count, words, lifetime; /* words: 2, unless told */
    uint8_t entries[32];
    int size; /* of `entries`: 8 */
    int64_t from;
    int64_t to;
    int ttl, sum_xor;
};

static inline struct frame advertisement(const struct words *words)
{
    int64_t to = words->to == 0 ? ALL_HOSTS : words->to;
    struct frame frame = {
        .from = words->from == 0 ? GATEWAY_1 : words->from,
        .from_mac = MAC_OF(GATEWAY_1),
        .to = to,
        .to_mac = to == ALL_HOSTS   ? MAC_ALL_HOSTS
                  : to == BROADCAST ? MAC_BROADCAST
                                    : 0,
        .ttl = words->ttl == 0 ? 1 : words->ttl,
        .carries = ICMP,
        .icmp_type = 9,
        .icmp_code = words->code,
        .rest = (int64_t)words->count << 24 | (int64_t)(words->words == 0 ? 2 : words->words) << 16 |
                words->lifetime,
        .bytes = words->entries,
        .data = words->size == 0 ? 8 : words->size,
        .transport_sum_xor = words->sum_xor,
    };
    if (frame.rest == 0)
        frame.rest = ZERO;
    return frame;
}

/* Router `last` of the network says this preference, for so long. */
static inline void advertise(struct bench *bench, int last, uint32_t preference, int lifetime)
{
    struct words words = {.count = 1,
                          .lifetime = lifetime,
                          .from = IP(10, 0, 1, last),
                          .entries = {10, 0, 1, (uint8_t)last, (uint8_t)(preference >> 24),
                                      (uint8_t)(preference >> 16), (uint8_t)(preference >> 8),
                                      (uint8_t)preference}};
    struct frame frame = advertisement(&words);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_ADVERTISED);
}

/* By whom a datagram to another network goes: the last octet of a router, or 0 when it does not. */
static inline int way_to(struct bench *bench, int64_t far)
{
    while (bench_next(bench) != NULL) {
    }
    bench_send(bench, &(struct frame){.from = far, .from_mac = MAC_OF(HOST_A)});
    const struct sight *sight = bench_next(bench);
    return sight == NULL ? 0 : (int)(sight->view.to_mac & 0xff);
}

static inline int way(struct bench *bench)
{
    return way_to(bench, FAR);
}

#endif
