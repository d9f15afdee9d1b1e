#include "link/arp_proxy.h"

/* One host that may be behind a router: groups are not (RFC 1027 2.4), nor is what no router forwards (RFC 3927 2.7). */
static bool may_be_behind(struct ip4 target)
{
    return !ip4_is_this_net(target) && !ip4_is_loopback(target) && !ip4_is_link_local(target) &&
           !ip4_is_multicast(target) && !ip4_is_class_e(target);
}

/* A way to somebody (RFC 1027 2.2, 2.3). Our own addresses and broadcasts have routes of other kinds; what the default
 * route covers is known to nobody. */
static bool leads_to_host(const struct route *route)
{
    if (route == NULL || route->length == 0)
        return false;
    return route->kind == TAPIR_ROUTE_UNICAST || route->kind == TAPIR_ROUTE_CONNECTED;
}

bool arp_proxy_answers(const struct link *link, const struct core *core, const struct iface *iface,
                       const struct arp *request)
{
    if (!settings_is_on(&iface->settings, TAPIR_SET_ARP_PROXY) ||
        !settings_is_on(&iface->settings, TAPIR_SET_FORWARDING))
        return false;
    if (!may_be_behind(request->target) || ip4_equal(request->sender, request->target))
        return false; /* an announcement: the answer would be a conflict (RFC 5227 2.4) */
    enum route_absence absence;
    const struct route *route =
        route_lookup(link->routes, (struct route_query){request->target, 0}, &absence);
    if (!leads_to_host(route) || route_leads_back(link->routes, request->target, iface->number, 0))
        return false; /* nor when it is one of several ways that it leads out where the question came in */
    return settings_is_on(iface_settings(&link->ifaces, core, route->iface), TAPIR_SET_FORWARDING);
}
