/* Bytes for the tests of wire formats: hex text in blocks of exactly their size, so that AddressSanitizer
 * sees a parser that reads one octet too far; and a checksum that is too plain to be wrong. */
#ifndef TESTS_STACK_WIRE_EXACT_H
#define TESTS_STACK_WIRE_EXACT_H

#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

struct exact {
    uint8_t *data;
    size_t size;
};

static inline struct exact exact_copy(const uint8_t *data, size_t size)
{
    struct exact exact = {malloc(size), size};
    assert_true(exact.data != NULL || size == 0);
    if (size > 0)
        memcpy(exact.data, data, size);
    return exact;
}

/* "0a 00 ff" */
static inline struct exact exact_hex(const char *text)
{
    uint8_t data[2048];
    size_t size = 0;
    char *end;
    for (const char *at = text; *at != '\0'; at = end + strspn(end, " ")) {
        unsigned long octet = strtoul(at, &end, 16);
        assert_true(end == at + 2 && size < sizeof data);
        data[size++] = (uint8_t)octet;
    }
    return exact_copy(data, size);
}

static inline void exact_free(struct exact exact)
{
    free(exact.data);
}

/* `size` octets are those of the hex text. */
static inline void exact_assert(const uint8_t *data, size_t size, const char *text)
{
    struct exact expected = exact_hex(text);
    assert_int_equal(size, expected.size);
    assert_memory_equal(data, expected.data, size);
    exact_free(expected);
}

/* RFC 1071 1, word by word: the checksum of data whose field is zero, going on from a sum. */
static inline uint16_t naive_checksum(uint32_t sum, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sum += (uint32_t)(i % 2 == 0 ? data[i] << 8 : data[i]);
        if (sum > 0xffff)
            sum -= 0xffff;
    }
    return (uint16_t)(0xffff - sum);
}

#endif
