/* A naive model of the trie, a hash table of prefixes that is asked once for each length; and chance. Next: lpm_pair.h. */
#ifndef TESTS_STACK_ROUTE_LPM_MODEL_H
#define TESTS_STACK_ROUTE_LPM_MODEL_H

#include <stdlib.h>
#include <string.h>

#include "route/lpm.h"
#include "tests/table.h"

enum {
    PREFIXES = 100000,
    MODEL_SLOTS = 1 << 19 /* as many as the hash has values */
};

/* ---- the model ----------------------------------------------------------------------------------------- */

struct entry {
    uint32_t address, value; /* value 0: removed */
    uint8_t length;
    bool used;
};

static struct entry model[MODEL_SLOTS];
static uint32_t model_count;

static inline uint32_t cut(uint32_t address, unsigned length)
{
    return length == 0 ? 0 : address & ~(uint32_t)0 << (32 - length);
}

static inline struct entry *model_at(uint32_t address, unsigned length)
{
    uint32_t at = ((cut(address, length) ^ length) * 2654435761u) >> 13;
    for (; model[at].used; at = (at + 1) % MODEL_SLOTS)
        if (model[at].address == cut(address, length) && model[at].length == length)
            break;
    return &model[at];
}

static inline void model_set(uint32_t address, unsigned length, uint32_t value)
{
    struct entry *entry = model_at(address, length);
    model_count += value != 0;
    model_count -= entry->value != 0;
    *entry = (struct entry){cut(address, length), value, (uint8_t)length, true};
}

static inline uint32_t model_lookup(uint32_t address)
{
    for (unsigned length = 33; length-- > 0;) {
        const struct entry *entry = model_at(address, length);
        if (entry->value != 0)
            return entry->value;
    }
    return 0;
}

/* ---- chance -------------------------------------------------------------------------------------------- */

static uint64_t random_state;

static inline uint32_t random32(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(random_state >> 32);
}

/* All lengths, mostly /16 to /24; one address in six crowds in a few networks so that prefixes nest. */
static inline struct ip4_prefix random_prefix(void)
{
    static const uint8_t common[16] = {24, 24, 24, 24, 24, 23, 22, 21, 20, 19, 18, 16, 32, 31, 30, 29};
    uint32_t length = random32() % 8 == 0 ? random32() % 33 : common[random32() % 16];
    uint32_t address = random32();
    if (random32() % 6 == 0)
        address = 0x0a000000 | (address & 0x000703ff);
    return (struct ip4_prefix){{cut(address, length)}, (uint8_t)length};
}

#endif
