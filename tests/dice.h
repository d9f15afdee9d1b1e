/* Chance for tests: xorshift64*, so that a seed says everything. */
#ifndef TESTS_DICE_H
#define TESTS_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline struct dice dice_of(uint64_t seed)
{
    return (struct dice){(seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1};
}

static inline uint64_t dice_next(struct dice *dice)
{
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return dice->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* 0 to n - 1. */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
    return (uint32_t)((dice_next(dice) >> 32) * n >> 32);
}

/* True once in n. */
static inline bool dice_once_in(struct dice *dice, uint32_t n)
{
    return dice_below(dice, n) == 0;
}

static inline void dice_fill(struct dice *dice, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = dice_next(dice);
        for (size_t k = i; k < size && k < i + 8; k++, word >>= 8)
            bytes[k] = (uint8_t)word;
    }
}

#define DICE_PICK(dice, array) ((array)[dice_below(dice, sizeof(array) / sizeof((array)[0]))])

#endif
