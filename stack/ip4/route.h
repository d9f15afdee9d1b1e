/* What a route says about a datagram, in transit or ours. Next: ip4/forward.h, ip4/output.h. */
#ifndef IP4_ROUTE_H
#define IP4_ROUTE_H

#include "ip4/ip4.h"

/* The refusal that lies in the kind of `route`, or in its absence (`down`: there are some, but their interfaces are down);
 * UNSETTLED for UNICAST, CONNECTED, LOCAL and BROADCAST. RFC 1812 4.3.3.1, 5.2.7.1. */
enum tapir_verdict ip4_judge_route(const struct route *route, bool down);

/* Who gets a datagram for `destination` by this route: the next hop, or the destination itself. */
struct ip4 ip4_next_hop(const struct route *route, struct ip4 destination);

#endif
