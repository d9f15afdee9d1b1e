#include "core/marks.h"

static size_t bits_size(const struct marks *marks)
{
    return (marks->limit / 64 + 1) * sizeof(uint64_t);
}

static size_t words_size(const struct marks *marks)
{
    return (marks->limit / 4096 + 1) * sizeof(uint64_t);
}

bool marks_init(struct marks *marks, struct memory *memory, uint32_t limit)
{
    *marks = (struct marks){.limit = limit};
    marks->bits = memory_allocate(memory, bits_size(marks));
    marks->words = memory_allocate(memory, words_size(marks));
    return marks->bits != NULL && marks->words != NULL;
}

void marks_free(struct marks *marks, struct memory *memory)
{
    memory_release(memory, marks->bits, bits_size(marks));
    memory_release(memory, marks->words, words_size(marks));
}

static uint64_t bit(uint32_t number)
{
    return UINT64_C(1) << number % 64;
}

void marks_clear(struct marks *marks, uint32_t number)
{
    marks->bits[number / 64] &= ~bit(number);
    if (marks->bits[number / 64] == 0)
        marks->words[number / 4096] &= ~bit(number / 64);
}

/* The first bit from `from` on of `n` words; n * 64: there is none. */
static uint32_t next_bit(const uint64_t *words, uint32_t n, uint32_t from)
{
    for (uint32_t word = from / 64; word < n; word++) {
        uint64_t left = words[word];
        if (word == from / 64)
            left &= ~UINT64_C(0) << from % 64;
        if (left != 0)
            return word * 64 + (uint32_t)__builtin_ctzll(left);
    }
    return n * 64;
}

uint32_t marks_next(const struct marks *marks, uint32_t from)
{
    uint32_t n = marks->limit / 64 + 1;
    uint32_t here = next_bit(marks->bits + from / 64, 1, from % 64);
    if (here < 64)
        return from / 64 * 64 + here;
    uint32_t word = next_bit(marks->words, marks->limit / 4096 + 1, from / 64 + 1);
    return word < n ? word * 64 + (uint32_t)__builtin_ctzll(marks->bits[word]) : marks->limit;
}
