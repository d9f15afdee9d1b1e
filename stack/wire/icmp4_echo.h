/* Echo and Echo Reply.
 *
 *      0      1      2          4            6          8
 *     | 8, 0 | 0    | checksum | identifier | sequence | data ...
 *
 * RFC 792, RFC 1122 3.2.2.6. Who answers: icmp4/echo.h. */
#ifndef WIRE_ICMP4_ECHO_H
#define WIRE_ICMP4_ECHO_H

#include "tapir.h"

struct icmp4_echo {
    uint8_t type; /* ICMP4_ECHO or ICMP4_ECHO_REPLY */
    uint16_t identifier, sequence;
};

/* Reads a message that icmp4_parse found right. */
void icmp4_echo_parse(const uint8_t *message, struct icmp4_echo *echo);

/* Writes the 8 octets with code 0 and a checksum of zero; icmp4_finish follows when the data stands. */
void icmp4_echo_build(uint8_t *message, const struct icmp4_echo *echo);

#endif
