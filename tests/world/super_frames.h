/* Super-frames on the bench: from host A to host B unless they say otherwise. Next: tests/supers.h. */
#ifndef TESTS_WORLD_SUPER_FRAMES_H
#define TESTS_WORLD_SUPER_FRAMES_H

#include <string.h>

#include "tests/dissect.h"
#include "tests/supers.h"
#include "tests/world/bench.h"

#define TAKES_ALL "takes b checksum tcp udp"

enum {
    ETHER = 14,
    PSH = 8
};

/* The Ethernet header of what arrives: at tap B from its network, else at tap A. */
static inline void super_link(uint8_t *frame)
{
    bool is_b = dissect_get(frame + ETHER + 12, 4) >> 8 == DUT_B >> 8;
    uint64_t to = is_b ? MAC_B : MAC_A, from = (uint64_t)MAC_OF(0) | dissect_get(frame + ETHER + 12, 4);
    for (int i = 0; i < 6; i++) {
        frame[i] = (uint8_t)(to >> (8 * (5 - i)));
        frame[6 + i] = (uint8_t)(from >> (8 * (5 - i)));
    }
    dissect_put16(frame + 12, 0x0800);
}

/* Makes the super-frame; `frame` has room for ETHER + SUPER_MAX octets. */
static inline struct arrival super_arrival(const struct super *super, uint8_t *frame)
{
    struct arrival arrival = {.bytes = frame};
    arrival.size = ETHER + super_whole(super, frame + ETHER, &arrival.offload);
    super_link(frame);
    return arrival;
}

/* The same as single frame `i`, complete. */
static inline struct arrival single_arrival(const struct super *super, size_t i, uint8_t *frame)
{
    struct arrival arrival = {.bytes = frame};
    arrival.size = ETHER + super_single(super, i, frame + ETHER);
    super_link(frame);
    return arrival;
}

/* One datagram whose checksum is left to the device. */
static inline struct arrival partial_arrival(const struct super *super, uint8_t *frame)
{
    struct arrival arrival = super_arrival(super, frame);
    arrival.offload.segment = 0;
    arrival.offload.kind = TAPIR_OFFLOAD_CHECKSUM;
    return arrival;
}

static inline uint64_t send_super(struct bench *bench, const struct super *super)
{
    static uint8_t frame[ETHER + SUPER_MAX];
    struct arrival arrival = super_arrival(super, frame);
    return bench_send_batch(bench, TAP_A, &arrival, 1);
}

static inline uint64_t send_partial(struct bench *bench, const struct super *super)
{
    static uint8_t frame[ETHER + SUPER_MAX];
    struct arrival arrival = partial_arrival(super, frame);
    return bench_send_batch(bench, TAP_A, &arrival, 1);
}

/* Segment `i` as it leaves: a hop further. */
static inline size_t single_ahead(const struct super *super, size_t i, uint8_t *datagram)
{
    struct super further = *super;
    further.ttl = (super->ttl == 0 ? 64 : super->ttl) - 1;
    return super_single(&further, i, datagram);
}

/* The next frame to leave is segment `i`, octet by octet. */
static inline void expect_single(struct bench *bench, const struct super *super, size_t i)
{
    static uint8_t right[SUPER_MAX];
    size_t size = single_ahead(super, i, right);
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->offload.segment, 0);
    assert_int_equal(sight->view.total, size);
    assert_memory_equal(sight->view.datagram, right, size);
}

static inline void expect_singles(struct bench *bench, const struct super *super)
{
    for (size_t i = 0; i < super_count(super); i++)
        expect_single(bench, super, i);
}

/* The next frame to leave is the super-frame, with its header and segments as they should be. */
static inline const struct sight *expect_super(struct bench *bench, const struct super *super)
{
    static uint8_t right[SUPER_MAX];
    struct super further = *super;
    struct tapir_offload offload;
    further.ttl = (super->ttl == 0 ? 64 : super->ttl) - 1;
    size_t size = super_whole(&further, right, &offload);
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->view.total, size);
    assert_memory_equal(sight->view.datagram, right, size);
    assert_int_equal(sight->offload.kind, offload.kind);
    assert_int_equal(sight->offload.segment, offload.segment);
    assert_int_equal(sight->offload.start, offload.start);
    assert_int_equal(sight->offload.offset, offload.offset);
    assert_int_equal(sight->offload.one_id, offload.one_id);
    assert_true(sight->offload.partial);
    return sight;
}

#endif
