#include "tests/stack/wire/exact.h"
#include "wire/addr.h"
#include "wire/checksum.h"

enum {
    LENGTHS = 2048,
    ALIGNMENTS = 16
};

/* xorshift32: the same numbers each time. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

static void fill_random(uint8_t *data, size_t size)
{
    uint32_t seed = 0x7a91;
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(next_random(&seed) >> 11);
}

/* ---- known sums ---- */

static const struct known {
    const char *sentence;
    const char *data;
    uint16_t checksum;
} known[] = {
    {"the example of RFC 1071 3 sums to ddf2", "00 01 f2 03 f4 f5 f6 f7", 0x220d},
    {"no data has checksum ffff", "", 0xffff},
    {"all-zero data has checksum ffff", "00 00 00 00", 0xffff},
    {"all-ones data has checksum 0000", "ff ff ff ff", 0x0000},
    {"a single octet is the high one of its pair", "12", 0xedff},
    {"a carry comes back in", "ff ff 00 01", 0xfffe},
    {"two carries come back in", "80 00 80 00 80 00 80 00 00 01", 0xfffc},
    {"a carry of 32 bits makes the next one", "ff ff ff ff 00 00 01 00", 0xfeff},
    {"a carry of 32 bits makes the next one, the other octet first", "00 01 00 00 ff ff ff ff", 0xfffe},
};

static void check_known(void **state)
{
    const struct known *row = *state;
    struct exact data = exact_hex(row->data);
    assert_int_equal(checksum(data.data, data.size), row->checksum);
    assert_int_equal(naive_checksum(0, data.data, data.size), row->checksum);
    exact_free(data);
}

static const struct held {
    const char *sentence;
    const char *data;
    bool holds;
} held[] = {
    {"a right header passes", "45 10 00 20 12 34 40 00 40 11 12 7f 0a 00 01 0a 0a 00 01 01", true},
    {"one bit wrong fails", "45 10 00 20 12 34 40 00 40 11 12 7e 0a 00 01 0a 0a 00 01 01", false},
    {"computed 0000 passes", "45 00 00 20 64 c3 00 00 40 11 00 00 0a 00 01 0a 0a 00 01 01", true},
    {"computed 0000 and sent as ffff passes", "45 00 00 20 64 c3 00 00 40 11 ff ff 0a 00 01 0a 0a 00 01 01",
     true},
    {"all-zero data with checksum 0000 fails", "00 00 00 00 00 00 00 00", false},
    {"all-zero data with checksum ffff passes", "00 00 ff ff 00 00 00 00", true},
};

static void check_held(void **state)
{
    const struct held *row = *state;
    struct exact data = exact_hex(row->data);
    assert_int_equal(checksum_holds(data.data, data.size), row->holds);
    exact_free(data);
}

/* ---- against the naive model ---- */

/* Each length and alignment in a block that ends with the data. */
static void compare_all(const uint8_t *source)
{
    for (size_t size = 0; size <= LENGTHS; size++) {
        uint16_t expected = naive_checksum(0, source, size);
        for (size_t skip = 0; skip < ALIGNMENTS; skip++) {
            uint8_t *block = malloc(skip + size);
            if (size > 0)
                memcpy(block + skip, source, size);
            if (skip + size > 0 && checksum(block + skip, size) != expected)
                fail_msg("%zu octets at alignment %zu", size, skip);
            free(block);
        }
    }
}

static void random_data(void **state)
{
    (void)state;
    uint8_t data[LENGTHS];
    fill_random(data, sizeof data);
    compare_all(data);
}

static void ones(void **state)
{
    (void)state;
    uint8_t data[LENGTHS];
    memset(data, 0xff, sizeof data);
    compare_all(data);
}

static void zeros(void **state)
{
    (void)state;
    uint8_t data[LENGTHS] = {0};
    compare_all(data);
}

static void large(void **state)
{
    (void)state;
    struct exact data = exact_new(65535);
    memset(data.data, 0xff, data.size);
    assert_int_equal(checksum(data.data, data.size), naive_checksum(0, data.data, data.size));
    fill_random(data.data, data.size);
    assert_int_equal(checksum(data.data, data.size), naive_checksum(0, data.data, data.size));
    exact_free(data);
}

static void pieces(void **state)
{
    (void)state;
    uint8_t data[LENGTHS];
    uint32_t seed = 0x51ce;
    fill_random(data, sizeof data);
    for (int round = 0; round < 2000; round++) {
        size_t size = next_random(&seed) % (LENGTHS + 1), at = 0;
        uint64_t sum = 0;
        while (at < size) {
            size_t piece = next_random(&seed) % 128 * 2;
            if (piece > size - at)
                piece = size - at;
            sum = checksum_add(sum, data + at, piece);
            at += piece;
        }
        assert_int_equal(checksum_fold(sum), naive_checksum(0, data, size));
    }
}

static void pseudo(void **state)
{
    (void)state;
    uint32_t seed = 0x9e3d;
    for (int round = 0; round < 10000; round++) {
        struct ip4 source = {next_random(&seed)}, destination = {next_random(&seed)};
        uint8_t protocol = (uint8_t)next_random(&seed);
        uint16_t length = (uint16_t)next_random(&seed);
        const uint8_t octets[12] = {(uint8_t)(source.value >> 24),
                                    (uint8_t)(source.value >> 16),
                                    (uint8_t)(source.value >> 8),
                                    (uint8_t)source.value,
                                    (uint8_t)(destination.value >> 24),
                                    (uint8_t)(destination.value >> 16),
                                    (uint8_t)(destination.value >> 8),
                                    (uint8_t)destination.value,
                                    0,
                                    protocol,
                                    (uint8_t)(length >> 8),
                                    (uint8_t)length};
        assert_int_equal(checksum_fold(checksum_pseudo(source, destination, protocol, length)),
                         naive_checksum(0, octets, sizeof octets));
    }
}

/* ---- updates: RFC 1624 ---- */

static const struct header {
    const char *sentence;
    const char *data; /* checksum field, octets 10 and 11, zero */
} headers[] = {
    {"in a common UDP header", "45 10 00 20 12 34 40 00 40 11 00 00 0a 00 01 0a 0a 00 01 01"},
    {"in a header with checksum 0000", "45 00 00 20 64 c3 00 00 40 11 00 00 0a 00 01 0a 0a 00 01 01"},
    {"in a fragment with TTL 0", "45 00 00 24 be ef 20 b9 00 01 00 00 0a 00 01 0a e0 00 00 01"},
    {"in a header with words of all ones", "45 ff ff ff ff ff ff ff ff ff 00 00 ff ff ff ff ff ff ff ff"},
    {"in a header with one word that is not zero",
     "45 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
    {"in a header of options", "46 00 00 18 00 00 40 00 40 01 00 00 7f 00 00 01 80 00 80 00 94 04 00 00"},
};

/* A fresh checksum with the word at `at` replaced. */
static uint16_t fresh(struct exact header, size_t at, uint16_t word)
{
    header.data[at] = (uint8_t)(word >> 8);
    header.data[at + 1] = (uint8_t)word;
    return naive_checksum(0, header.data, header.size);
}

/* From the word that stands at `at` to each value and back: the sum must be the fresh one, never its other
 * zero. */
static void update_word(struct exact header, size_t at)
{
    uint16_t word = (uint16_t)(header.data[at] << 8 | header.data[at + 1]);
    uint16_t before = naive_checksum(0, header.data, header.size);
    for (uint32_t value = 0; value <= 0xffff; value++) {
        uint16_t after = fresh(header, at, (uint16_t)value);
        if (checksum_update(before, word, (uint16_t)value) != after)
            fail_msg("at %zu from %04x to %04x", at, word, value);
        if (checksum_update(after, (uint16_t)value, word) != before)
            fail_msg("at %zu from %04x back to %04x", at, value, word);
        if (before == 0 && checksum_update(0xffff, word, (uint16_t)value) != after)
            fail_msg("at %zu from %04x to %04x, received as ffff", at, word, value);
        if (after == 0 && checksum_update(0xffff, (uint16_t)value, word) != before)
            fail_msg("at %zu from %04x back to %04x, received as ffff", at, value, word);
    }
    fresh(header, at, word);
}

static void check_update(void **state)
{
    const struct header *row = *state;
    struct exact header = exact_hex(row->data);
    /* Word 0 stays: version and length make a header more than zeros. */
    for (size_t at = 2; at < header.size; at += 2)
        if (at != 10)
            update_word(header, at);
    exact_free(header);
}

static void check_update32(void **state)
{
    const struct header *row = *state;
    static const uint32_t edges[] = {0, 1, 0xffff, 0x10000, 0xffff0000, 0xfffffffe, 0xffffffff, 0x0a000001};
    struct exact header = exact_hex(row->data);
    uint32_t seed = 0x1624;
    for (size_t i = 0; i < 20000; i++) {
        uint32_t old = i < 64 ? edges[i / 8] : next_random(&seed);
        uint32_t new = i < 64 ? edges[i % 8] : next_random(&seed);
        fresh(header, 12, (uint16_t)(old >> 16));
        uint16_t before = fresh(header, 14, (uint16_t)old);
        fresh(header, 12, (uint16_t)(new >> 16));
        uint16_t after = fresh(header, 14, (uint16_t) new);
        if (checksum_update32(before, old, new) != after)
            fail_msg("from %08x to %08x", old, new);
    }
    exact_free(header);
}

static void rfc1624_example(void **state)
{
    (void)state;
    assert_int_equal(checksum_update(0xdd2f, 0x5555, 0x3285), 0x0000);
}

static void update_to_all_zero(void **state)
{
    (void)state;
    const uint8_t reply[8] = {0};
    uint16_t request = 0xf7ff; /* of an echo request with identifier and sequence 0 */
    assert_int_equal(checksum(reply, sizeof reply), 0xffff);
    assert_int_equal(checksum_update(request, 0x0800, 0x0000), 0x0000);
}

int main(void)
{
    const struct CMUnitTest model[] = {
        {"random data of 0 to 2048 octets at every alignment", random_data, NULL, NULL, NULL},
        {"all ones of 0 to 2048 octets at every alignment", ones, NULL, NULL, NULL},
        {"all zeros of 0 to 2048 octets at every alignment", zeros, NULL, NULL, NULL},
        {"65535 octets", large, NULL, NULL, NULL},
        {"pieces of even length add up to the whole", pieces, NULL, NULL, NULL},
        {"the pseudo-header is summed as if it were written", pseudo, NULL, NULL, NULL},
        {"the example of RFC 1624 4 gives 0000, not ffff", rfc1624_example, NULL, NULL, NULL},
        {"an update to all-zero data cannot know it and gives 0000", update_to_all_zero, NULL, NULL, NULL},
    };
    return RUN_TABLE("checksum: known", known, check_known) + RUN_TABLE("checksum: holds", held, check_held) +
           cmocka_run_group_tests_name("checksum: model", model, NULL, NULL) +
           RUN_TABLE("checksum: each value of each word changes", headers, check_update) +
           RUN_TABLE("checksum: an address changes", headers, check_update32);
}
