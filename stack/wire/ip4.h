/* IPv4 headers.
 *
 *      0        1     2       4    6          8     9          10         12       16            20
 *     | ver|len | tos | total | id | fragment | ttl | protocol | checksum | source | destination | options ...
 *
 * RFC 791 3.1, RFC 1812 5.2.2. Whether the addresses make sense is asked in ip4/. Next: wire/ip4_opt.h. */
#ifndef WIRE_IP4_H
#define WIRE_IP4_H

#include "wire/addr.h"
#include "wire/checksum.h"

enum {
    IP4_HEADER = 20,     /* octets without options */
    IP4_HEADER_MAX = 60, /* octets with all the options that fit */
    IP4_TOTAL_MAX = 65535,

    IP4_RESERVED = 0x8000, /* bits of the field `fragment` */
    IP4_DF = 0x4000,
    IP4_MF = 0x2000,
    IP4_OFFSET = 0x1fff, /* in units of 8 octets */

    IP4_ICMP = 1, /* protocols */
    IP4_TCP = 6,
    IP4_UDP = 17
};

/* Offsets of the fields, for those who change one in place. */
enum {
    IP4_AT_VERSION = 0,
    IP4_AT_TOS = 1,
    IP4_AT_TOTAL = 2,
    IP4_AT_ID = 4,
    IP4_AT_FRAGMENT = 6,
    IP4_AT_TTL = 8,
    IP4_AT_PROTOCOL = 9,
    IP4_AT_CHECKSUM = 10,
    IP4_AT_SOURCE = 12,
    IP4_AT_DESTINATION = 16,
    IP4_AT_OPTIONS = 20
};

struct ip4_header {
    struct ip4 source, destination;
    uint16_t total, id, fragment, checksum;
    uint8_t tos, ttl, protocol;
    uint8_t size; /* octets of header, 20 to 60, a multiple of 4 */
};

/* The fields of the first 20 octets. */
static inline void ip4_read(const uint8_t *data, struct ip4_header *header)
{
    *header = (struct ip4_header){
        .source = ip4_get(data + IP4_AT_SOURCE),
        .destination = ip4_get(data + IP4_AT_DESTINATION),
        .total = bytes_get16(data + IP4_AT_TOTAL),
        .id = bytes_get16(data + IP4_AT_ID),
        .fragment = bytes_get16(data + IP4_AT_FRAGMENT),
        .checksum = bytes_get16(data + IP4_AT_CHECKSUM),
        .tos = data[IP4_AT_TOS],
        .ttl = data[IP4_AT_TTL],
        .protocol = data[IP4_AT_PROTOCOL],
        .size = (uint8_t)((data[IP4_AT_VERSION] & 0x0f) * 4),
    };
}

/* A word of 32 bits of a header, in the order of the wire. */
static inline uint64_t ip4_word(const uint8_t *data, size_t n)
{
    uint32_t word;
    memcpy(&word, data + 4 * n, sizeof word);
    return word;
}

/* checksum_holds for 20 octets, which are never all zero: 2^16 leaves 1 when it is divided by 0xffff, so a sum of all ones is a
 * multiple of it, whatever the width of the words and their order. The compiler makes a multiplication of the division. */
static inline bool ip4_sum_holds(const uint8_t *data)
{
    uint64_t sum =
        ip4_word(data, 0) + ip4_word(data, 1) + ip4_word(data, 2) + ip4_word(data, 3) + ip4_word(data, 4);
    return sum % 0xffff == 0;
}

/* A header without options, at the start of `size` octets, with nothing wrong: as nearly all. ip4_parse says what is wrong. */
static inline bool ip4_is_usual(const uint8_t *data, size_t size)
{
    if (size < IP4_HEADER || data[IP4_AT_VERSION] != (0x40 | IP4_HEADER / 4))
        return false;
    size_t total = bytes_get16(data + IP4_AT_TOTAL);
    return total >= IP4_HEADER && total <= size && ip4_sum_holds(data);
}

/* Reads a header at the start of `size` octets. In this order: IP4_SHORT, IP4_VERSION, IP4_HEADER_LENGTH
 * (below 20 or beyond `size`), IP4_TOTAL_LENGTH, IP4_CHECKSUM, IP4_TRUNCATED. The fields are filled in unless
 * it is short; they can be trusted when nothing is wrong, and for TRUNCATED, so that an error can be sent. */
enum tapir_verdict ip4_parse(const uint8_t *data, size_t size, struct ip4_header *header);

/* Writes the fixed 20 octets, and the checksum over header->size octets: options must stand already. The
 * field `checksum` is not read. */
void ip4_build(uint8_t *data, const struct ip4_header *header);

/* A part of a datagram, the first one included. */
static inline bool ip4_is_fragment(uint16_t fragment)
{
    return (fragment & (IP4_MF | IP4_OFFSET)) != 0;
}

/* Not the first part: it has no transport header. */
static inline bool ip4_is_later_fragment(uint16_t fragment)
{
    return (fragment & IP4_OFFSET) != 0;
}

#endif
