/* A frame taken apart for tests, octet by octet and without the stack's own parsers: the oracle of random
 * tests.
 *
 * It believes nothing: every offset is checked against the size of the frame. Next: storm.h. */
#ifndef TESTS_DISSECT_H
#define TESTS_DISSECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dissected {
    uint64_t to, from;   /* MAC addresses as numbers */
    uint16_t type;       /* EtherType, also behind SNAP */
    size_t network;      /* offset of what follows the link header */
    bool is_arp, is_ip4; /* of at least 28 and 20 octets */

    /* IPv4 */
    size_t header, total; /* octets, as claimed */
    bool is_whole;        /* both claims lie within the frame */
    bool is_header_sum_right;
    uint32_t source, destination;
    uint16_t fragment;
    uint8_t protocol, ttl, tos;

    /* what IPv4 carries, cut at the end of the frame; the rest only when it is no later fragment */
    size_t transport, transport_size;
    bool is_transport_sum_right;
    uint8_t icmp_type, icmp_code, tcp_flags;
    uint16_t source_port, destination_port;
};

/* Takes `size` octets apart. False: shorter than an Ethernet header. */
bool dissect(const uint8_t *frame, size_t size, struct dissected *d);

static inline bool dissect_is_later_fragment(const struct dissected *d)
{
    return (d->fragment & 0x1fff) != 0;
}

/* RFC 1122 3.2.2 forbids an error about it: not one of the queries and replies that ICMP knows. */
bool dissect_is_icmp_error(const struct dissected *d);

uint32_t dissect_get(const uint8_t *at, size_t octets);
void dissect_put16(uint8_t *at, uint32_t value);

/* RFC 1071, the slow way. */
uint16_t dissect_sum(const uint8_t *bytes, size_t size, uint32_t start);

/* Makes the checksums of an IPv4 frame right, header and transport, as far as its lengths make sense. */
void dissect_mend(uint8_t *frame, size_t size);

#endif
