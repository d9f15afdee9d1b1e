/* Information Request and Reply: which network am I on? Retired by RFC 6918.
 *
 *      0       1      2          4            6          8
 *     | 15, 16 | 0    | checksum | identifier | sequence |
 *
 * The answer lies in the addresses of the reply alone. RFC 792. Who answers: icmp4/information.h. */
#ifndef WIRE_ICMP4_INFORMATION_H
#define WIRE_ICMP4_INFORMATION_H

#include "tapir.h"
#include "wire/icmp4.h"

struct icmp4_information {
    uint8_t type; /* ICMP4_INFORMATION or ICMP4_INFORMATION_REPLY */
    uint16_t identifier, sequence;
};

/* Reads a message that icmp4_parse found right. */
void icmp4_information_parse(const uint8_t *message, struct icmp4_information *information);

/* Writes the 8 octets with code 0 and a checksum of zero; icmp4_finish follows. */
void icmp4_information_build(uint8_t message[ICMP4_HEADER], const struct icmp4_information *information);

#endif
