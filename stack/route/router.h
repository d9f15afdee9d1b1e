/* Default routers that advertise themselves: address, preference, and until when, RFC 1256 5.3.
 *
 * A short list of its own beside the routes: strangers fill it, no memory is taken for it. Full, the least preferred makes room
 * for a better one. One timer drops what is too old. A default route that was configured counts as preference 0 and comes first
 * among equals, unless ARP has given its gateway up; preference 0x80000000 is never used. Next: ip4/output.h, which asks; icmp4/router_solicit.h, which learns. */
#ifndef ROUTE_ROUTER_H
#define ROUTE_ROUTER_H

#include "core/limits.h"
#include "core/timer.h"
#include "route/address.h"
#include "route/table.h"

struct router {
    struct ip4 address; /* 0: a free place */
    unsigned iface;
    int32_t preference;
    tapir_instant expires;
};

struct routers {
    struct router list[LIMIT_ROUTERS];
    struct timer timer; /* of the first to expire */
};

/* Enters a router or renews it, preference and all; one that expires at `now` is forgotten. */
void router_learn(struct routers *routers, struct timers *timers, const struct router *heard,
                  tapir_instant now);

/* Forgets those of an interface. */
void router_forget(struct routers *routers, struct timers *timers, unsigned iface);

/* Addresses changed: forgets those that lie on no network of their interface any more. */
void router_review(struct routers *routers, struct timers *timers, const struct addresses *addresses);

/* The timer fired: drops what has expired. */
void router_tick(struct routers *routers, struct timers *timers, tapir_instant now);

/* It is one of them. */
bool router_is_listed(const struct routers *routers, unsigned iface, struct ip4 address);

/* The router to use where `routes` say `route` (NULL: nothing), one that answers ARP before one that does not; NULL: the route
 * stands. */
const struct router *router_choose(const struct routers *routers, const struct route_table *routes,
                                   const struct route *route);

/* What is sent to `source` goes by one of them that is on `iface` (TAPIR_EVERYWHERE: on any). */
bool router_leads_back(const struct routers *routers, const struct route_table *routes, struct ip4 source,
                       uint32_t iface);

#endif
