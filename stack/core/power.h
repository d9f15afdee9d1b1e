/* Sizes of hash tables: powers of two. Next: core/siphash.h. */
#ifndef CORE_POWER_H
#define CORE_POWER_H

#include <stdint.h>

/* The least power of two from 16 on that is not below `n`; `n` at most 2^31. */
static inline uint32_t power_above(uint32_t n)
{
    uint32_t power = 16;
    while (power < n)
        power *= 2;
    return power;
}

#endif
