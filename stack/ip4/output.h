/* IPv4 born here: route, source, header, identification.
 *
 * Whoever bears a datagram leaves its payload in the packet and in within.tuple: protocol, destination,
 * source (0: choose), ttl (0: the setting), tos, fragment (IP4_DF or 0), header (20 and the octets of IPv4 options,
 * which stand before the payload; 0: there are none); for a broadcast or multicast destination within.exit too.
 * RFC 1122 3.3.1, 3.3.4. Next: ip4/decide.h. */
#ifndef IP4_OUTPUT_H
#define IP4_OUTPUT_H

#include "ip4/ip4.h"

void ip4_output(struct ip4_state *ip4, struct core *core);

/* The first packet of lane again is due: it arrives. */
void ip4_again(struct ip4_state *ip4, struct core *core);

#endif
