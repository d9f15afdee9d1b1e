/* Address masks that the bench hears unasked. */
#ifndef TESTS_WORLD_MASK_FRAMES_H
#define TESTS_WORLD_MASK_FRAMES_H

#include "tests/world/bench.h"

#define AGENT  "set icmp.address_mask agent"
#define CLIENT "set icmp.address_mask client"

static inline uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The next frame tells everybody on its link, or asks for, a mask. */
static inline void expect_mask(struct bench *bench, unsigned type, int64_t from, uint32_t mask)
{
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->view.icmp_type, type);
    assert_int_equal(sight->view.from, from);
    assert_int_equal(sight->view.to, BROADCAST);
    assert_int_equal(sight->on, from == DUT_B ? TAP_B : TAP_A);
    assert_int_equal(word(sight->view.data), mask);
}

#endif
