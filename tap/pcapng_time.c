#include "tap/pcapng_time.h"

#include <stdbool.h>

enum {
    BINARY = 0x80,    /* the bit that says: powers of two */
    NANO = 9,         /* 10^-9 seconds */
    POWER_OF_TEN = 19 /* the largest that 64 bits hold */
};

#define NS_PER_SECOND UINT64_C(1000000000)

static uint64_t power_of_ten(unsigned n)
{
    uint64_t power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

/* Seconds, and nanoseconds of the second, in units of 10^-n. */
static uint64_t split_decimal(uint64_t units, unsigned n, uint64_t *ns)
{
    uint64_t seconds = n > POWER_OF_TEN ? 0 : units / power_of_ten(n);
    uint64_t rest = n > POWER_OF_TEN ? units : units % power_of_ten(n);
    if (n <= NANO)
        *ns = rest * power_of_ten(NANO - n);
    else
        *ns = n - NANO > POWER_OF_TEN ? 0 : rest / power_of_ten(n - NANO);
    return seconds;
}

/* The same in units of 2^-n: rest times 10^9 has up to 94 bits, so it is made in two halves. */
static uint64_t split_binary(uint64_t units, unsigned n, uint64_t *ns)
{
    uint64_t seconds = n > 63 ? 0 : units >> n;
    uint64_t rest = n > 63 ? units : units & ((UINT64_C(1) << n) - 1);
    uint64_t low = (rest & UINT32_MAX) * NS_PER_SECOND;
    uint64_t high = (rest >> 32) * NS_PER_SECOND + (low >> 32);
    if (n < 32)
        *ns = low >> n;
    else
        *ns = n - 32 > 63 ? 0 : high >> (n - 32);
    return seconds;
}

int64_t pcapng_time(uint64_t units, uint8_t resolution, int64_t offset)
{
    uint64_t rest;
    uint64_t whole = (resolution & BINARY) != 0 ? split_binary(units, resolution & ~BINARY & 0xff, &rest)
                                                : split_decimal(units, resolution, &rest);
    int64_t seconds, ns;
    if (whole > INT64_MAX || __builtin_add_overflow((int64_t)whole, offset, &seconds))
        return INT64_MAX;
    bool beyond = __builtin_mul_overflow(seconds, (int64_t)NS_PER_SECOND, &ns) ||
                  __builtin_add_overflow(ns, (int64_t)rest, &ns);
    if (beyond)
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    return ns;
}
