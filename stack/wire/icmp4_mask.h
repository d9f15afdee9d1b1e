/* Address Mask Request and Reply: which mask has this network? Retired by RFC 6918.
 *
 *      0       1      2          4            6          8              12
 *     | 17, 18 | 0    | checksum | identifier | sequence | address mask |
 *
 * RFC 950 Appendix I, RFC 1122 3.2.2.9. Who asks and answers: icmp4/mask.h. */
#ifndef WIRE_ICMP4_MASK_H
#define WIRE_ICMP4_MASK_H

#include "tapir.h"

enum {
    ICMP4_MASK_SIZE = 12
};

struct icmp4_mask {
    uint8_t type; /* ICMP4_ADDRESS_MASK or ICMP4_ADDRESS_MASK_REPLY */
    uint16_t identifier, sequence;
    struct ip4 mask; /* of a request: 0 */
};

/* Reads a message of `size` octets that icmp4_parse found right. False: it is too short. */
bool icmp4_mask_parse(const uint8_t *message, size_t size, struct icmp4_mask *mask);

/* Writes the 12 octets with code 0 and a checksum of zero; icmp4_finish follows. */
void icmp4_mask_build(uint8_t message[ICMP4_MASK_SIZE], const struct icmp4_mask *mask);

/* The prefix length of a mask of ones, then zeros. False: it is none. */
bool icmp4_mask_length(struct ip4 mask, uint8_t *length);

#endif
