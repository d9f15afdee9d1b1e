/* IPv4 through us: may it pass, which way, and will it fit?
 *
 * The order of RFC 1812 5.2.1: options, route, TTL, size. Nothing is written here: exit, next hop and TTL are
 * decisions in the packet, and ip4/send writes them. Next: link/neigh.h, then ip4/send.h. */
#ifndef IP4_FORWARD_H
#define IP4_FORWARD_H

#include "ip4/ip4.h"

void ip4_forward(struct ip4_state *ip4, struct core *core);

#endif
