/* Time Exceeded.
 *
 *      0      1      2          4        8
 *     | 11   | code | checksum | 0      | quote ...
 *
 * RFC 792, RFC 1812 4.3.3.4. Who sends it: icmp4/error.h. */
#ifndef WIRE_ICMP4_TIME_EXCEEDED_H
#define WIRE_ICMP4_TIME_EXCEEDED_H

#include "tapir.h"

enum {
    ICMP4_TIME_EXCEEDED_TTL = 0,
    ICMP4_TIME_EXCEEDED_REASSEMBLY = 1
};

struct icmp4_time_exceeded {
    uint8_t code;
};

/* Reads a message that icmp4_parse found right. */
void icmp4_time_exceeded_parse(const uint8_t *message, struct icmp4_time_exceeded *exceeded);

/* Writes the 8 octets with a checksum of zero; icmp4_finish follows when the quote stands. */
void icmp4_time_exceeded_build(uint8_t *message, const struct icmp4_time_exceeded *exceeded);

#endif
