/* The generator against RFC 8439, and against what chance must look like. The seeds are fixed: a sequence
 * that passes once passes always. */
#include "core/rand.h"

#include <string.h>

#include "tests/table.h"

static const uint8_t seed[16] = "a fixed seed...";

/* RFC 8439 2.3.2: key 00 01 .. 1f, nonce 00:00:00:09:00:00:00:4a:00:00:00:00, counter 1. */
static void test_rfc8439(void **state)
{
    (void)state;
    static const uint32_t expected[16] = {
        0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033, 0x9aaa2204, 0x4e6cd4c3,
        0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9, 0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2};
    struct rand_state generator = {.input = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0x03020100,
                                             0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514,
                                             0x1b1a1918, 0x1f1e1d1c, 0x00000001, 0x09000000, 0x4a000000,
                                             0x00000000},
                                   .used = 16};
    for (int i = 0; i < 16; i++)
        assert_int_equal(rand_next32(&generator), expected[i]);
}

static void test_counter_carries(void **state)
{
    (void)state;
    struct rand_state generator;
    rand_init(&generator, seed, 0);
    generator.input[12] = UINT32_MAX;
    rand_next32(&generator);
    assert_int_equal(generator.input[12], 0);
    assert_int_equal(generator.input[13], 1);
}

static void test_same_seed(void **state)
{
    (void)state;
    struct rand_state a, b;
    rand_init(&a, seed, 7);
    memset(&b, 0xff, sizeof b);
    rand_init(&b, seed, 7);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rand_next64(&a), rand_next64(&b));
}

static void test_streams_and_seeds_differ(void **state)
{
    (void)state;
    uint64_t first[256 + 128];
    struct rand_state generator;
    for (unsigned i = 0; i < 256 + 128; i++) {
        uint8_t other[16];
        memcpy(other, seed, 16);
        if (i >= 256)
            other[(i - 256) / 8] ^= (uint8_t)(1u << i % 8);
        rand_init(&generator, other, (uint8_t)(i < 256 ? i : 0));
        first[i] = rand_next64(&generator);
        for (unsigned k = 0; k < i; k++)
            assert_int_not_equal(first[k], first[i]);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    struct rand_state a, b;
    uint8_t bytes[12] = {[11] = 0xa5}, word[4];
    rand_init(&a, seed, 1);
    rand_init(&b, seed, 1);
    rand_bytes(&a, bytes, 11);
    assert_int_equal(bytes[11], 0xa5);
    for (size_t i = 0; i < 11; i++) {
        if (i % 4 == 0) {
            uint32_t value = rand_next32(&b);
            for (size_t k = 0; k < 4; k++)
                word[k] = (uint8_t)(value >> 8 * k);
        }
        assert_int_equal(bytes[i], word[i % 4]);
    }
}

/* Chi-square of `n` cells with `expected` hits each: mean n - 1, deviation sqrt(2 (n - 1)). */
static double chi_square(const uint32_t hits[], size_t n, double expected)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (hits[i] - expected) * (hits[i] - expected) / expected;
    return sum;
}

static const struct bound_row {
    const char *sentence;
    uint32_t bound, cells; /* each cell has bound / cells values */
} bounds[] = {
    {"a die is fair", 6, 6},
    {"a coin is fair", 2, 2},
    {"octets are spread evenly", 256, 256},
    {"ephemeral ports are spread evenly", 64512, 252},
    {"a bound of 3/4 of 2^32, where a plain remainder would favor the low third", 0xc0000000, 3},
    {"a bound just above 2^31, half of whose draws are thrown away", 0x80000004, 4},
};

/* 4 deviations above the mean is one chance in thousands; a bias that matters gives hundreds. */
static void check_bound(void **state)
{
    const struct bound_row *row = *state;
    struct rand_state generator;
    rand_init(&generator, seed, 3);
    uint32_t hits[256] = {0};
    for (uint32_t i = 0; i < 1000 * row->cells; i++) {
        uint32_t value = rand_below(&generator, row->bound);
        assert_true(value < row->bound);
        hits[value / (row->bound / row->cells)]++;
    }
    double excess = chi_square(hits, row->cells, 1000) - (row->cells - 1);
    assert_true(excess < 0 || excess * excess < 16 * 2.0 * (row->cells - 1));
}

static const struct range_row {
    const char *sentence;
    int64_t low, high;
} ranges[] = {
    {"a range around zero", -3, 3},
    {"a range of one value", 42, 42},
    {"the whole range of 64 bits", INT64_MIN, INT64_MAX},
    {"a range one short of all", INT64_MIN, INT64_MAX - 1},
    {"a range of nanoseconds beyond 32 bits", 1, 300 * INT64_C(1000000000)},
};

/* Stays inside; a small range is hit everywhere, a large one in both of its halves. */
static void check_range(void **state)
{
    const struct range_row *row = *state;
    struct rand_state generator;
    rand_init(&generator, seed, 4);
    unsigned low_half = 0, seen = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t value = rand_between(&generator, row->low, row->high);
        assert_true(value >= row->low && value <= row->high);
        low_half += value <= row->low / 2 + row->high / 2;
        if (row->high / 2 - row->low / 2 < 8)
            seen |= 1u << (value - row->low);
    }
    if (row->high / 2 - row->low / 2 < 8)
        assert_int_equal(seen, (1u << (row->high - row->low + 1)) - 1);
    else
        assert_in_range(low_half, 400, 600);
}

static void test_edges(void **state)
{
    (void)state;
    struct rand_state generator;
    rand_init(&generator, seed, 5);
    assert_int_equal(rand_below(&generator, 0), 0);
    assert_int_equal(rand_below(&generator, 1), 0);
    assert_int_equal(rand_between(&generator, 9, -9), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"the block function is that of RFC 8439 2.3.2", test_rfc8439, NULL, NULL, NULL},
        {"the block counter carries beyond 32 bits", test_counter_carries, NULL, NULL, NULL},
        {"the same seed and stream give the same sequence", test_same_seed, NULL, NULL, NULL},
        {"every stream, and every bit of the seed, gives another sequence", test_streams_and_seeds_differ,
         NULL, NULL, NULL},
        {"bytes are the words, lowest octet first, and no more than asked for", test_bytes, NULL, NULL, NULL},
        {"senseless bounds give the low end", test_edges, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL) + RUN_TABLE("rand_below", bounds, check_bound) +
           RUN_TABLE("rand_between", ranges, check_range);
}
