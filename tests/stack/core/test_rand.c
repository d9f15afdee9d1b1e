/* The generator against RFC 8439, and against what chance must look like. The seeds are fixed: a sequence
 * that passes once passes always. */
#include "core/rand.h"

#include <stdbool.h>
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
    rand_bytes(&a, bytes, 12); /* three words, and no more are used up */
    for (int i = 0; i < 3; i++)
        rand_next32(&b);
    assert_int_equal(rand_next32(&a), rand_next32(&b));
}

/* ---- the very numbers: by a program of its own in another language, seed as above, stream 7 ---- */

static void test_words(void **state)
{
    (void)state;
    static const struct {
        unsigned place;
        uint32_t word;
    } words[] = {{0, 0x20f6211b},  {1, 0x63e0c8c2},  {2, 0xfd27cb1e},  {3, 0x1dfa329f}, {15, 0x1af8e196},
                 {16, 0x2d52df37}, {31, 0x24ba8658}, {32, 0x3eb8e317}, {34, 0xfee91b0b}};
    struct rand_state generator;
    rand_init(&generator, seed, 7);
    for (unsigned i = 0, k = 0; k < sizeof words / sizeof words[0]; i++) {
        uint32_t word = rand_next32(&generator);
        if (i == words[k].place)
            assert_int_equal(word, words[k++].word);
    }
}

/* ---- drawn by hand ---- */

/* The generator gives these words first. */
static struct rand_state loaded(const uint32_t words[], size_t n)
{
    struct rand_state generator;
    rand_init(&generator, seed, 7);
    generator.used = 0;
    memcpy(generator.block, words, n * sizeof words[0]);
    return generator;
}

static const struct below_row {
    const char *sentence;
    uint32_t bound, words[3], value;
    unsigned used;
} belows[] = {
    {"of 6, where 2^32 is 4 too many: products that end in 0 and 2 are drawn again, in 4 not",
     6,
     {0, 715827883, 1431655766},
     2,
     3},
    {"of 6, a product that ends in 8", 6, {715827884}, 1, 1},
    {"of 2^31 nothing is drawn again, not 0", 0x80000000, {0}, 0, 1},
    {"nor all ones", 0x80000000, {0xffffffff}, 0x7fffffff, 1},
    {"of 2^31 + 1, where 2^31 - 1 are too many, the last of them", 0x80000001, {0x7ffffffe, 5}, 2, 2},
    {"and the first behind them", 0x80000001, {0xffffffff}, 0x80000000, 1},
    {"of 1", 1, {0xffffffff}, 0, 1},
    {"of 0 nothing is drawn", 0, {7}, 0, 0},
};

static void check_below(void **state)
{
    const struct below_row *row = *state;
    struct rand_state generator = loaded(row->words, 3);
    assert_int_equal(rand_below(&generator, row->bound), row->value);
    assert_int_equal(generator.used, row->used);
}

static const struct between_row {
    const char *sentence;
    int64_t low, high;
    uint64_t draws[2];
    int64_t value;
    unsigned used; /* words: two for each draw */
} betweens[] = {
    {"of 3 values, where 2^64 is one too many, the last is drawn again",
     0,
     2,
     {UINT64_MAX, UINT64_MAX - 1},
     2,
     4},
    {"and the one before it is not", -1, 1, {UINT64_MAX - 1}, 1, 2},
    {"of 2 values nothing is drawn again", 4, 5, {UINT64_MAX}, 5, 2},
    {"of 2^63 + 1 values nearly half is",
     -1,
     INT64_MAX,
     {(UINT64_C(1) << 63) + 1, UINT64_C(1) << 63},
     INT64_MAX,
     4},
    {"of all but one, the last one",
     INT64_MIN,
     INT64_MAX - 1,
     {UINT64_MAX, UINT64_MAX - 1},
     INT64_MAX - 1,
     4},
    {"of all values each draw is one",
     INT64_MIN,
     INT64_MAX,
     {UINT64_C(0xfedcba9876543210)},
     -0x123456789abcdf0,
     2},
    {"of one value nothing is drawn", 7, 7, {0}, 7, 0},
};

static void check_between(void **state)
{
    const struct between_row *row = *state;
    uint32_t words[4];
    for (int i = 0; i < 4; i++)
        words[i] = (uint32_t)(row->draws[i / 2] >> 32 * (i % 2));
    struct rand_state generator = loaded(words, 4);
    assert_int_equal(rand_between(&generator, row->low, row->high), row->value);
    assert_int_equal(generator.used, row->used);
}

/* ---- what chance must look like ---- */

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
    uint32_t bound, cells;
    bool by_rest; /* cells by value % cells, not by value / (bound / cells) */
} bounds[] = {
    {"a die is fair", 6, 6, false},
    {"a coin is fair", 2, 2, false},
    {"octets are spread evenly", 256, 256, false},
    {"ephemeral ports are spread evenly", 64512, 252, false},
    {"a bound of 3/4 of 2^32, where a plain remainder would favor the low third", 0xc0000000, 3, false},
    {"a bound of 3/4 of 2^32, where a plain product would favor every third", 0xc0000000, 3, true},
    {"a bound just above 2^31, half of whose draws are thrown away", 0x80000004, 4, false},
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
        hits[row->by_rest ? value % row->cells : value / (row->bound / row->cells)]++;
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
        {"the words are those of the block function, key, stream and counter in their places", test_words,
         NULL, NULL, NULL},
        {"every stream, and every bit of the seed, gives another sequence", test_streams_and_seeds_differ,
         NULL, NULL, NULL},
        {"bytes are the words, lowest octet first, and no more than asked for", test_bytes, NULL, NULL, NULL},
        {"senseless bounds give the low end", test_edges, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL) + RUN_TABLE("rand_below", bounds, check_bound) +
           RUN_TABLE("rand_below of words by hand", belows, check_below) +
           RUN_TABLE("rand_between of words by hand", betweens, check_between) +
           RUN_TABLE("rand_between", ranges, check_range);
}
