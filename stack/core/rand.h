/* The stack's randomness: a deterministic generator; the same seed gives the same sequence on every machine.
 *
 * ChaCha20 with a 128-bit key in plain counter mode, as its author defined it: the key stands twice, the
 * counter has 64 bits, the nonce is the stream. The block function is that of RFC 8439 2.3. Whoever sees
 * outputs cannot foretell others without the seed; no key is erased, since the seed stays with the caller
 * anyway. Streams are independent: a new user of one does not shift the numbers of another. Next:
 * core/siphash.h, its keys come from here. */
#ifndef CORE_RAND_H
#define CORE_RAND_H

#include <stddef.h>
#include <stdint.h>

struct rand_state {
    uint32_t input[16]; /* constants, key, counter, nonce */
    uint32_t block[16]; /* output of the last block */
    uint32_t used;      /* words of `block` that have been given out */
};

/* Starts stream `stream` of `seed`. */
void rand_init(struct rand_state *state, const uint8_t seed[16], uint8_t stream);

uint32_t rand_next32(struct rand_state *state);
uint64_t rand_next64(struct rand_state *state);

/* 0 to bound - 1, each as likely as the others; 0 for a bound of 0. */
uint32_t rand_below(struct rand_state *state, uint32_t bound);

/* low to high, both included, each as likely as the others; low when high is not above it. */
int64_t rand_between(struct rand_state *state, int64_t low, int64_t high);

/* Fills `size` octets: keys. */
void rand_bytes(struct rand_state *state, void *bytes, size_t size);

#endif
