/* Destination Unreachable.
 *
 *      0      1      2          4        6               8
 *     | 3    | code | checksum | 0      | next-hop MTU  | quote ...
 *
 * The MTU belongs to code 4 alone: RFC 1191 4. RFC 792, RFC 1812 4.3.3.1. Who sends it: icmp4/unreach. */
#ifndef WIRE_ICMP4_UNREACH_H
#define WIRE_ICMP4_UNREACH_H

#include "tapir.h"

enum {
    ICMP4_UNREACH_NET = 0, /* 0 to 5: RFC 792 */
    ICMP4_UNREACH_HOST = 1,
    ICMP4_UNREACH_PROTOCOL = 2,
    ICMP4_UNREACH_PORT = 3,
    ICMP4_UNREACH_TOO_BIG = 4, /* fragmentation needed and DF set */
    ICMP4_UNREACH_SOURCE_ROUTE = 5,
    ICMP4_UNREACH_NET_UNKNOWN = 6, /* 6 to 12: RFC 1122 3.2.2.1 */
    ICMP4_UNREACH_HOST_UNKNOWN = 7,
    ICMP4_UNREACH_ISOLATED = 8, /* retired by RFC 1812 4.3.3.1 */
    ICMP4_UNREACH_NET_PROHIBITED = 9,
    ICMP4_UNREACH_HOST_PROHIBITED = 10,
    ICMP4_UNREACH_NET_TOS = 11,
    ICMP4_UNREACH_HOST_TOS = 12,
    ICMP4_UNREACH_PROHIBITED = 13, /* 13 to 15: RFC 1812 5.2.7.1 */
    ICMP4_UNREACH_PRECEDENCE = 14,
    ICMP4_UNREACH_PRECEDENCE_CUTOFF = 15
};

struct icmp4_unreach {
    uint8_t code;
    uint16_t mtu; /* of code 4, octets of IPv4; 0: not told. Other codes have none */
};

/* Reads a message that icmp4_parse found right. */
void icmp4_unreach_parse(const uint8_t *message, struct icmp4_unreach *unreach);

/* Writes the 8 octets with a checksum of zero; icmp4_finish follows when the quote stands. */
void icmp4_unreach_build(uint8_t *message, const struct icmp4_unreach *unreach);

#endif
