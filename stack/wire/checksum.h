/* The Internet checksum: ones' complement of the ones' complement sum of 16-bit words.
 *
 * Sums are 64 bits wide and hold words in the order in which the host loads them; only checksum_fold turns
 * them to wire order (RFC 1071 2B: the sum does not mind). Any length, any alignment. RFC 1071, RFC 1624.
 * Next: wire/ether.h. */
#ifndef WIRE_CHECKSUM_H
#define WIRE_CHECKSUM_H

#include "tapir.h"

/* Adds `size` octets to a partial sum; begin with 0. All pieces but the last must have an even length. */
uint64_t checksum_add(uint64_t sum, const uint8_t *data, size_t size);

/* The sum of the pseudo-header of UDP and TCP, to begin with: RFC 768, RFC 9293 3.1. `length`: of header and
 * data. */
uint64_t checksum_pseudo(struct ip4 source, struct ip4 destination, uint8_t protocol, uint16_t length);

/* The checksum of a sum, for bytes_put16. 0xffff comes out for all-zero data alone. */
uint16_t checksum_fold(uint64_t sum);

/* The checksum of one piece, in which the checksum field is zero. */
uint16_t checksum(const uint8_t *data, size_t size);

/* The sum over everything, checksum field included, is all ones. So 0xffff passes where 0x0000 was computed,
 * and the other way round: RFC 1624 5. All-zero data does not pass: its checksum is 0xffff. */
bool checksum_holds(const uint8_t *data, size_t size);

/* A sum in 16 bits, 0 only for 0. */
static inline uint16_t checksum_reduce(uint64_t sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)(sum + (sum >> 16));
}

/* The complement of a sum that was brought up to date. Zero comes from a received 0xffff alone, and then stands for all ones. */
static inline uint16_t checksum_after(uint16_t sum)
{
    return sum == 0 ? 0 : (uint16_t)~sum;
}

/* The checksum after a 16-bit word of the data changed from `old` to `new`: RFC 1624 equation 3. Equals a
 * fresh sum for every value, also when a received checksum was 0xffff in place of 0x0000. But the update
 * knows the sum only modulo 0xffff, so all-zero data, whose checksum is 0xffff, looks like any data that adds
 * up to all ones and gets 0x0000. IPv4 headers and pseudo-headers are never all zero; an ICMP echo reply can
 * be: sum it afresh (icmp4_finish). */
static inline uint16_t checksum_update(uint16_t checksum, uint16_t old, uint16_t new)
{
    uint32_t sum = (uint32_t)(uint16_t)~checksum + (uint16_t)~old + new;
    sum = (sum & 0xffff) + (sum >> 16);
    return checksum_after((uint16_t)(sum + (sum >> 16)));
}

/* The same for two words at an even offset that change together, such as an address. */
static inline uint16_t checksum_update32(uint16_t checksum, uint32_t old, uint32_t new)
{
    return checksum_after(checksum_reduce((uint64_t)(uint16_t)~checksum + (uint64_t)~old + new));
}

#endif
