/* SipHash-2-4: a hash that nobody without the key can steer. For tables whose keys come from the wire.
 *
 * J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012. Next: core/rand.h, where keys
 * come from. */
#ifndef CORE_SIPHASH_H
#define CORE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Hash of `size` octets. */
uint64_t siphash(const uint8_t key[16], const void *data, size_t size);

/* Hash of `n` words: siphash of their octets, lowest first, on every machine. */
uint64_t siphash_words(const uint8_t key[16], const uint32_t words[], size_t n);

#endif
