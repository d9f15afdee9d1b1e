#include "ip4/decide.h"

#include "ip4/route.h"
#include "route/source.h"

static enum tapir_verdict decide_group(const struct ip4_state *ip4, struct tapir_packet_private *within)
{
    within->next_hop = within->tuple.destination;
    within->to_many = true;
    return iface_lookup(&ip4->link.ifaces, within->exit) == NULL ? TAPIR_IP4_NO_ROUTE : TAPIR_UNSETTLED;
}

/* What is for a wire itself is given to no router, RFC 3927 2.6.2. */
static enum tapir_verdict judge_next_hop(const struct tapir_packet_private *within)
{
    struct ip4 destination = within->tuple.destination;
    bool is_direct = within->next_hop.value == destination.value;
    return ip4_is_link_local(destination) && !is_direct ? TAPIR_IP4_NO_ROUTE : TAPIR_UNSETTLED;
}

enum tapir_verdict ip4_decide(const struct ip4_state *ip4, struct tapir_packet *packet)
{
    const struct route *first;
    ip4_find_routes(ip4, &packet, &first, 1);
    return ip4_decide_by(ip4, packet, first);
}

enum tapir_verdict ip4_decide_by(const struct ip4_state *ip4, struct tapir_packet *packet,
                                 const struct route *first)
{
    struct tapir_packet_private *within = &packet->within;
    struct ip4 destination = within->tuple.destination;
    if (ip4_is_destination_martian(destination))
        return TAPIR_IP4_DESTINATION_MARTIAN;
    if (ip4_is_limited_broadcast(destination) || ip4_is_multicast(destination))
        return decide_group(ip4, within);
    const struct route *route;
    enum tapir_verdict verdict = ip4_choose_route(ip4, packet, first, &route);
    bool is_open =
        verdict == TAPIR_UNSETTLED || verdict == TAPIR_IP4_NO_ROUTE || verdict == TAPIR_IP4_ROUTE_DOWN;
    const struct router *router = is_open ? router_choose(&ip4->routers, &ip4->routes, route) : NULL;
    if (router != NULL) {
        within->exit = router->iface;
        within->next_hop = router->address;
        packet->entry = 0; /* no route decided */
        return judge_next_hop(within);
    }
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    within->exit = route->iface;
    within->next_hop = ip4_next_hop(route, destination);
    within->to_many = route->kind == TAPIR_ROUTE_BROADCAST;
    return judge_next_hop(within);
}

struct ip4 ip4_source_for(const struct ip4_state *ip4, struct ip4 destination, unsigned exit)
{
    struct tapir_packet packet = {.within = {.tuple.destination = destination, .exit = exit}};
    if (ip4_decide(ip4, &packet) != TAPIR_UNSETTLED)
        return (struct ip4){0};
    if (ip4_is_ours(ip4, destination))
        return destination;
    return source_choose(&ip4->addresses, packet.within.exit, packet.within.next_hop);
}
