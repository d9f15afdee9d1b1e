/* The way of what we originate, where the network taught us more than the routes know. Forwarding never asks.
 * Next: route/exception.h. */
#ifndef IP4_PATH_H
#define IP4_PATH_H

#include "ip4/ip4.h"

/* The first hop of a datagram that ip4_decide found a way for: the one that a redirect taught us, as long as the routes name
 * the hop that it replaces, it answers ARP and is a neighbor; else the next hop by the routes. RFC 1122 3.3.1.2. */
struct ip4 path_first_hop(const struct ip4_state *ip4, const struct core *core,
                          const struct tapir_packet *packet);

#endif
