/* Bytes for the tests of wire formats: hex text that ends where the memory ends, so that a parser that reads one octet too far
 * crashes in every build; and a checksum that is too plain to be wrong. */
#ifndef TESTS_STACK_WIRE_EXACT_H
#define TESTS_STACK_WIRE_EXACT_H

#include "tests/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    EXACT_PAGE = 4096,
    EXACT_ROOM = 16 * EXACT_PAGE, /* octets before the page that nobody may touch */
    EXACT_SPARE = 8
};

struct exact {
    uint8_t *data;
    size_t size;
};

/* The ends of rooms that wait for their next use. */
struct exact_spare {
    uint8_t *end[EXACT_SPARE];
    size_t n;
};

static inline struct exact_spare *exact_spare(void)
{
    static struct exact_spare spare;
    return &spare;
}

static inline uint8_t *exact_room(void)
{
    struct exact_spare *spare = exact_spare();
    if (spare->n > 0)
        return spare->end[--spare->n];
    uint8_t *room =
        mmap(NULL, EXACT_ROOM + EXACT_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(room != MAP_FAILED);
    assert_int_equal(mprotect(room + EXACT_ROOM, EXACT_PAGE, PROT_NONE), 0);
    return room + EXACT_ROOM;
}

static inline struct exact exact_new(size_t size)
{
    assert_true(size <= EXACT_ROOM);
    return (struct exact){exact_room() - size, size};
}

static inline struct exact exact_copy(const uint8_t *data, size_t size)
{
    struct exact exact = exact_new(size);
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
    struct exact_spare *spare = exact_spare();
    uint8_t *end = exact.data + exact.size;
    if (spare->n < EXACT_SPARE)
        spare->end[spare->n++] = end;
    else
        assert_int_equal(munmap(end - EXACT_ROOM, EXACT_ROOM + EXACT_PAGE), 0);
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
