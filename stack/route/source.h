/* Which of our addresses speaks: RFC 1122 3.3.4.3, RFC 1812 4.3.2.4. Next: ip4/output.h. */
#ifndef ROUTE_SOURCE_H
#define ROUTE_SOURCE_H

#include "route/address.h"

/* The source for a datagram that leaves by `iface` towards next hop `next_hop`: the address on the network of
 * the next hop, else the first of the interface, else any of ours (an unnumbered interface). Zero: we have
 * none. */
struct ip4 source_choose(const struct addresses *addresses, unsigned iface, struct ip4 next_hop);

#endif
