#include "ip4/id.h"

#include <string.h>

#include "core/siphash.h"

void ip4_id_init(struct ip4_ids *ids, struct rand_state *random)
{
    *ids = (struct ip4_ids){0};
    rand_bytes(random, ids->key, sizeof ids->key);
    for (size_t i = 0; i < IP4_ID_COUNTERS; i++)
        ids->counter[i] = (uint16_t)rand_next32(random);
}

/* A Feistel network over two halves of 8 bits: a permutation of 0 to 65535, another one for each `secret`. */
static uint16_t permute(uint16_t value, uint64_t secret)
{
    uint32_t left = value >> 8, right = value & 0xff;
    for (unsigned round = 0; round < 6; round++) {
        uint32_t key = (uint32_t)(secret >> (round * 8)) & 0xffff;
        uint32_t mixed = (right + key) * UINT32_C(0x9e3779b1) + key * UINT32_C(0x85ebca6b);
        uint32_t next = left ^ (mixed >> 24);
        left = right;
        right = next;
    }
    return (uint16_t)(left << 8 | right);
}

uint16_t ip4_id_next(struct ip4_ids *ids, struct ip4 source, struct ip4 destination, uint8_t protocol)
{
    const uint32_t triple[] = {source.value, destination.value, protocol};
    if (memcmp(triple, ids->triple, sizeof triple) != 0) { /* who is talked to is mostly who was talked to */
        memcpy(ids->triple, triple, sizeof triple);
        ids->secret = siphash_words(ids->key, triple, 3);
    }
    return permute(ids->counter[ids->secret >> 56]++, ids->secret);
}
