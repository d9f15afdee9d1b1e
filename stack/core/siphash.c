#include "core/siphash.h"

struct sip {
    uint64_t v0, v1, v2, v3;
};

/* No loop: compilers see one load in this form, and a hash of two words takes 210 instructions instead of 365. */
static uint64_t load64(const uint8_t *o)
{
    return (uint64_t)o[0] | (uint64_t)o[1] << 8 | (uint64_t)o[2] << 16 | (uint64_t)o[3] << 24 |
           (uint64_t)o[4] << 32 | (uint64_t)o[5] << 40 | (uint64_t)o[6] << 48 | (uint64_t)o[7] << 56;
}

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static struct sip sip_begin(const uint8_t key[16])
{
    uint64_t k0 = load64(key), k1 = load64(key + 8);
    return (struct sip){k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                        k1 ^ 0x7465646279746573};
}

static void sip_add(struct sip *s, uint64_t block)
{
    s->v3 ^= block;
    sip_round(s);
    sip_round(s);
    s->v0 ^= block;
}

/* `tail`: the octets that fill no block. The last block carries the length in its highest octet. */
static uint64_t sip_end(struct sip *s, uint64_t tail, uint64_t size)
{
    sip_add(s, tail | size << 56);
    s->v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t siphash(const uint8_t key[16], const void *data, size_t size)
{
    const uint8_t *octets = data;
    struct sip s = sip_begin(key);
    size_t whole = size - size % 8;
    for (size_t i = 0; i < whole; i += 8)
        sip_add(&s, load64(octets + i));
    uint64_t tail = 0;
    for (size_t i = whole; i < size; i++)
        tail |= (uint64_t)octets[i] << 8 * (i - whole);
    return sip_end(&s, tail, size);
}

uint64_t siphash_words(const uint8_t key[16], const uint32_t words[], size_t n)
{
    struct sip s = sip_begin(key);
    for (size_t i = 0; i + 1 < n; i += 2)
        sip_add(&s, words[i] | (uint64_t)words[i + 1] << 32);
    return sip_end(&s, n % 2 != 0 ? words[n - 1] : 0, (uint64_t)n * 4);
}
