/* Traceroute, retired: a datagram that wants to hear of each router on its way.
 *
 *     | 82 | 12 | identifier | hops out | hops back | originator |
 *       1    1    2            2          2           4
 *
 * On the way out `hops back` is 0xffff and each router counts up `hops out`; on the way back each counts up `hops back`,
 * from 0. It is not copied into later fragments. RFC 1393 2.2, 3.1; RFC 6814 2.3. Next: icmp4/traceroute1393.h. */
#ifndef WIRE_IP4_OPT_TRACEROUTE_H
#define WIRE_IP4_OPT_TRACEROUTE_H

#include "wire/ip4_opt.h"

enum {
    IP4_OPT_TRACEROUTE_SIZE = 12,
    IP4_TRACEROUTE_OUTBOUND = 0xffff /* hops back, of what has not come to its destination yet */
};

struct ip4_opt_traceroute {
    uint16_t identifier, hops_out, hops_back;
    struct ip4 originator;
};

/* The first one of a header of `size` octets, where it stands and what it says. False: there is none, or none of 12 octets. */
bool ip4_opt_traceroute_find(const uint8_t *header, uint8_t size, struct ip4_opt *opt,
                             struct ip4_opt_traceroute *traceroute);

/* Writes all of its octets. */
void ip4_opt_traceroute_build(uint8_t option[IP4_OPT_TRACEROUTE_SIZE],
                              const struct ip4_opt_traceroute *traceroute);

/* One router more. A count stays at its largest, so that a way back never looks like one out. */
void ip4_opt_traceroute_count(struct ip4_opt_traceroute *traceroute);

#endif
