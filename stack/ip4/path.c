#include "ip4/path.h"

/* The first hop that was learnt may stand in for the one that the routes name. */
static bool holds(const struct ip4_state *ip4, const struct exception *learnt,
                  const struct tapir_packet_private *within)
{
    if (ip4_is_zero(learnt->gateway) || learnt->exit != within->exit)
        return false;
    /* A better default router that appears is for other destinations: RFC 1256 5.3. */
    if (!ip4_equal(learnt->instead_of, within->next_hop) &&
        !router_is_listed(&ip4->routers, within->exit, within->next_hop))
        return false;
    return !gateway_is_dead(&ip4->routes.gateways, learnt->exit, learnt->gateway) &&
           address_towards(&ip4->addresses, learnt->exit, learnt->gateway) != NULL;
}

struct ip4 path_first_hop(const struct ip4_state *ip4, const struct core *core,
                          const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    if (within->to_many || ip4_equal(within->next_hop, within->tuple.destination))
        return within->next_hop;
    struct exception learnt = exception_lookup(&ip4->exceptions, core, within->tuple.destination);
    return holds(ip4, &learnt, within) ? learnt.gateway : within->next_hop;
}
