/* What a route says about a datagram, in transit or ours. Next: ip4/forward.h, ip4/output.h. */
#ifndef IP4_ROUTE_H
#define IP4_ROUTE_H

#include "ip4/ip4.h"

/* The first route of the longest prefix around the destination of each of `n` packets (NULL: none), at most LIMIT_BATCH of them:
 * all routes of a batch before any is looked at, so that their cache misses overlap. */
void ip4_find_routes(const struct ip4_state *ip4, struct tapir_packet *const packets[],
                     const struct route *firsts[], size_t n);

/* The rest of ip4_choose_route, where there is a choice, a refusal, or nothing. */
enum tapir_verdict ip4_choose_any(const struct ip4_state *ip4, struct tapir_packet *packet,
                                  const struct route *first, const struct route **route);

/* The way of a datagram by its tuple, from the `first` route that ip4_find_routes has found: destination, TOS and,
 * where next hops share, the flow, which is source, destination, protocol and the ports of UDP and TCP (read from the payload of `packet`, and not of
 * fragments, which must all go one way). Notes the route in packet->entry.
 *
 * UNSETTLED, and `*route` is of kind UNICAST, CONNECTED, LOCAL or BROADCAST; else the refusal that lies in the
 * kind of the route, or in its absence. RFC 1812 4.3.3.1, 5.2.4.3, 5.2.7.1. */
static inline enum tapir_verdict ip4_choose_route(const struct ip4_state *ip4, struct tapir_packet *packet,
                                                  const struct route *first, const struct route **route)
{
    if (!route_is_all(&ip4->routes, first))
        return ip4_choose_any(ip4, packet, first, route);
    *route = first;
    packet->entry = first->number;
    return TAPIR_UNSETTLED;
}

/* There is a way back to `source` as ip.rpfilter of `iface`, which is not off, wants it: a packet from there arrived by it. RFC
 * 1812 5.3.8, RFC 3704 2. */
bool ip4_has_way_back(const struct ip4_state *ip4, const struct iface *iface, struct ip4 source);

/* Who gets a datagram for `destination` by this route: the next hop, or the destination itself. */
static inline struct ip4 ip4_next_hop(const struct route *route, struct ip4 destination)
{
    return route->kind == TAPIR_ROUTE_UNICAST ? route->via : destination;
}

#endif
