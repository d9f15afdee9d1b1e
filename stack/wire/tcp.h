/* TCP headers and their checksum.
 *
 *      0             2                  4          8
 *     | source port | destination port | sequence | acknowledgment
 *      12       13      14       16         18       20
 *     | offset | flags | window | checksum | urgent | options ...
 *
 * Options stay bytes here. RFC 9293 3.1. Read before: wire/udp.h. */
#ifndef WIRE_TCP_H
#define WIRE_TCP_H

#include "tapir.h"

enum {
    TCP_HEADER = 20,     /* octets without options */
    TCP_HEADER_MAX = 60, /* octets with all the options that fit */

    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40, /* RFC 3168 */
    TCP_CWR = 0x80  /* RFC 3168 */
};

/* Offsets of fields, for those who read or change one in place. */
enum {
    TCP_AT_SEQUENCE = 4,
    TCP_AT_ACKNOWLEDGMENT = 8,
    TCP_AT_OFFSET = 12,
    TCP_AT_FLAGS = 13,
    TCP_AT_WINDOW = 14,
    TCP_AT_CHECKSUM = 16,
    TCP_AT_URGENT = 18
};

struct tcp_header {
    uint16_t source_port, destination_port;
    uint32_t sequence, acknowledgment;
    uint16_t window, urgent;
    uint8_t flags;
    uint8_t size; /* octets of header, 20 to 60, a multiple of 4 */
};

/* Reads a header at the start of a segment of `size` octets. TCP_SHORT: fewer than 20 octets, or a data
 * offset below 20 or beyond the segment. The fields are filled in from 20 octets on. */
enum tapir_verdict tcp_parse(const uint8_t *segment, size_t size, struct tcp_header *header);

/* The checksum over pseudo-header and the whole segment, at most 65535 octets, is right. */
bool tcp_checksum_holds(const uint8_t *segment, size_t size, struct ip4 source, struct ip4 destination);

/* Writes the fixed 20 octets, and the checksum over all `size` octets: options (header->size says up to
 * where) and data must stand already. */
void tcp_build(uint8_t *segment, size_t size, const struct tcp_header *header, struct ip4 source,
               struct ip4 destination);

#endif
