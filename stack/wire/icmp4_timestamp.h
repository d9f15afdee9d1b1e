/* Timestamp and Timestamp Reply.
 *
 *      0       1      2          4            6          8           12        16         20
 *     | 13, 14 | 0    | checksum | identifier | sequence | originate | receive | transmit |
 *
 * Times are milliseconds since midnight UT, or anything with the high bit set. RFC 792, RFC 1122 3.2.2.8. Who answers:
 * icmp4/timestamp.h. */
#ifndef WIRE_ICMP4_TIMESTAMP_H
#define WIRE_ICMP4_TIMESTAMP_H

#include "tapir.h"

enum {
    ICMP4_TIMESTAMP_SIZE = 20
};

struct icmp4_timestamp {
    uint8_t type; /* ICMP4_TIMESTAMP or ICMP4_TIMESTAMP_REPLY */
    uint16_t identifier, sequence;
    uint32_t originate, receive, transmit;
};

/* Reads a message of `size` octets that icmp4_parse found right. False: it is too short. */
bool icmp4_timestamp_parse(const uint8_t *message, size_t size, struct icmp4_timestamp *timestamp);

/* Writes the 20 octets with code 0 and a checksum of zero; icmp4_finish follows. */
void icmp4_timestamp_build(uint8_t message[ICMP4_TIMESTAMP_SIZE], const struct icmp4_timestamp *timestamp);

#endif
