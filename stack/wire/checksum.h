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

/* The checksum after a 16-bit word of the data changed from `old` to `new`: RFC 1624, whose -x is 0xffff - x here. All three in
 * one order, that of the host or that of the wire. Equals a fresh sum for every value, also when a received checksum was 0xffff in
 * place of 0x0000. But the update knows the sum only modulo 0xffff, so all-zero data, whose checksum is 0xffff, looks like any data
 * that adds up to all ones and gets 0x0000. IPv4 headers and pseudo-headers are never all zero; an ICMP echo reply can
 * be: sum it afresh (icmp4_finish). The compiler makes a multiplication of the division. */
static inline uint16_t checksum_update(uint16_t checksum, uint16_t old, uint16_t new)
{
    return (uint16_t)((uint32_t)(checksum + old + (0xffff - new)) % 0xffff);
}

/* The same for two words at an even offset that change together, such as an address. */
static inline uint16_t checksum_update32(uint16_t checksum, uint32_t old, uint32_t new)
{
    return (uint16_t)(((uint64_t)checksum + old + (0xffffffff - new)) % 0xffff);
}

#endif
