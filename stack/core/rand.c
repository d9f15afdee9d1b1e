#include "core/rand.h"

enum {
    WORDS = 16,
    COUNTER_LOW = 12,
    COUNTER_HIGH = 13,
    NONCE = 14
};

static uint32_t load32(const uint8_t *octets)
{
    return octets[0] | (uint32_t)octets[1] << 8 | (uint32_t)octets[2] << 16 | (uint32_t)octets[3] << 24;
}

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

/* RFC 8439 2.1 */
static void quarter_round(uint32_t x[WORDS], unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 7);
}

/* RFC 8439 2.3: ten times columns and diagonals, then the input is added. */
static void next_block(struct rand_state *state)
{
    uint32_t *x = state->block;
    state->used = 0;
    for (unsigned i = 0; i < WORDS; i++)
        x[i] = state->input[i];
    for (int i = 0; i < 10; i++) {
        for (unsigned column = 0; column < 4; column++)
            quarter_round(x, column, 4 + column, 8 + column, 12 + column);
        for (unsigned column = 0; column < 4; column++)
            quarter_round(x, column, 4 + (column + 1) % 4, 8 + (column + 2) % 4, 12 + (column + 3) % 4);
    }
    for (unsigned i = 0; i < WORDS; i++)
        x[i] += state->input[i];
    if (++state->input[COUNTER_LOW] == 0)
        state->input[COUNTER_HIGH]++;
}

void rand_init(struct rand_state *state, const uint8_t seed[16], uint8_t stream)
{
    /* "expand 16-byte k" */
    *state = (struct rand_state){.input = {0x61707865, 0x3120646e, 0x79622d36, 0x6b206574}, .used = WORDS};
    for (unsigned i = 0; i < 4; i++)
        state->input[4 + i] = state->input[8 + i] = load32(seed + 4 * i);
    state->input[NONCE] = stream;
}

uint32_t rand_next32(struct rand_state *state)
{
    if (state->used >= WORDS)
        next_block(state);
    return state->block[state->used++];
}

uint64_t rand_next64(struct rand_state *state)
{
    uint64_t low = rand_next32(state);
    return low | (uint64_t)rand_next32(state) << 32;
}

/* The product's high word is the result. 2^32 mod bound of the low words would give some results once more
 * than others and are drawn again (Lemire, "Fast random integer generation in an interval", 2019). */
uint32_t rand_below(struct rand_state *state, uint32_t bound)
{
    if (bound == 0)
        return 0;
    uint64_t product = (uint64_t)rand_next32(state) * bound;
    if ((uint32_t)product < bound) {
        uint32_t surplus = (UINT32_MAX - bound + 1) % bound;
        while ((uint32_t)product < surplus)
            product = (uint64_t)rand_next32(state) * bound;
    }
    return (uint32_t)(product >> 32);
}

int64_t rand_between(struct rand_state *state, int64_t low, int64_t high)
{
    if (high <= low)
        return low;
    uint64_t span = (uint64_t)high - (uint64_t)low;
    uint64_t draw = rand_next64(state);
    if (span == UINT64_MAX)
        return (int64_t)draw;
    uint64_t values = span + 1;
    uint64_t last =
        UINT64_MAX - (UINT64_MAX - span) % values; /* beyond it begins an incomplete round of `values` */
    while (draw > last)
        draw = rand_next64(state);
    return (int64_t)((uint64_t)low + draw % values);
}

void rand_bytes(struct rand_state *state, void *bytes, size_t size)
{
    uint8_t *octets = bytes;
    uint32_t word = 0;
    for (size_t i = 0; i < size; i++) {
        word = i % 4 == 0 ? rand_next32(state) : word >> 8;
        octets[i] = (uint8_t)word;
    }
}
