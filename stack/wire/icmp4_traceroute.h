/* Traceroute, retired: a router tells the originator of a datagram that it came by.
 *
 *      0    1      2          4            6   8          10          12           16    20
 *     | 30 | code | checksum | identifier | 0 | hops out | hops back | link speed | MTU |
 *
 * Code 0: sent on; code 1: no route, which is told by Destination Unreachable here. Speed in octets a second and MTU are those
 * of the link ahead; 0: not known. RFC 1393 2.3, RFC 6918 2.6. Who sends it: icmp4/traceroute1393.h. */
#ifndef WIRE_ICMP4_TRACEROUTE_H
#define WIRE_ICMP4_TRACEROUTE_H

#include "tapir.h"

enum {
    ICMP4_TRACEROUTE_SIZE = 20
};

struct icmp4_traceroute {
    uint8_t code;
    uint16_t identifier, hops_out, hops_back;
    uint32_t speed, mtu;
};

/* Reads a message of `size` octets that icmp4_parse found right. False: it is too short. */
bool icmp4_traceroute_parse(const uint8_t *message, size_t size, struct icmp4_traceroute *traceroute);

/* Writes the 20 octets with a checksum of zero; icmp4_finish follows. */
void icmp4_traceroute_build(uint8_t message[ICMP4_TRACEROUTE_SIZE],
                            const struct icmp4_traceroute *traceroute);

#endif
