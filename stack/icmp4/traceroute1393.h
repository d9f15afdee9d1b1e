/* Traceroute by an option, where icmp.traceroute1393 is on: a packet in transit that carries option 82 goes on, its hops are
 * counted (ip4/options_write), and its originator, who stands in the option, is told.
 *
 * A packet earns one message at most: who got a redirect gets no other, and where there is no route the error says so. The same
 * packets as in icmp4/error.h earn nothing, and the same limits hold, for the originator. RFC 1393 3.3. Next:
 * ip4/options_reply.h, for what its destination does. */
#ifndef ICMP4_TRACEROUTE1393_H
#define ICMP4_TRACEROUTE1393_H

#include "icmp4/icmp4.h"

/* Tells the originator that `packet`, which has its exit, goes on; if it asked, and has earned nothing yet. */
void traceroute1393_tell(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet);

#endif
