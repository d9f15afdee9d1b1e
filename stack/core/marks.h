/* A set of small numbers in which the next member is found without looking at those between: bits, and above them a bit for
 * each word of 64 that has any. 4,096 numbers take two steps. Next: link/iface.h. */
#ifndef CORE_MARKS_H
#define CORE_MARKS_H

#include "core/memory.h"

struct marks {
    uint64_t *bits, *words;
    uint32_t limit;
};

/* An empty set for numbers 0 to `limit` - 1. False: no memory. */
bool marks_init(struct marks *marks, struct memory *memory, uint32_t limit);
void marks_free(struct marks *marks, struct memory *memory);

/* Puts a number in; takes it out. Either may be so already. */
static inline void marks_set(struct marks *marks, uint32_t number)
{
    marks->bits[number / 64] |= UINT64_C(1) << number % 64;
    marks->words[number / 4096] |= UINT64_C(1) << number / 64 % 64;
}

void marks_clear(struct marks *marks, uint32_t number);

/* The first member from `from` on, which is at most `limit`; `limit`: there is none. */
uint32_t marks_next(const struct marks *marks, uint32_t from);

#endif
