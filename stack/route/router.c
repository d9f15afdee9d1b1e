#include "route/router.h"

#include "core/time.h"
#include "wire/addr.h"

static bool is_taken(const struct router *router)
{
    return !ip4_is_zero(router->address);
}

static void arm(struct routers *routers, struct timers *timers)
{
    tapir_instant first = TAPIR_NEVER;
    for (size_t i = 0; i < LIMIT_ROUTERS; i++)
        if (is_taken(&routers->list[i]))
            first = time_earlier(first, routers->list[i].expires);
    if (first.ns == TAPIR_NEVER.ns)
        timer_cancel(timers, &routers->timer);
    else
        timer_arm(timers, &routers->timer, first);
}

static bool are_equal(const struct router *a, const struct router *b)
{
    return a->iface == b->iface && ip4_equal(a->address, b->address);
}

/* Where `heard` stands or may stand: its own place, a free one, or that of the least preferred. */
static struct router *place_of(struct routers *routers, const struct router *heard)
{
    struct router *place = &routers->list[0];
    for (struct router *at = routers->list; at < routers->list + LIMIT_ROUTERS; at++) {
        if (are_equal(at, heard))
            return at;
        if (is_taken(place) && (!is_taken(at) || at->preference < place->preference))
            place = at;
    }
    return is_taken(place) && place->preference >= heard->preference ? NULL : place;
}

void router_learn(struct routers *routers, struct timers *timers, const struct router *heard,
                  tapir_instant now)
{
    struct router *place = place_of(routers, heard);
    if (place == NULL)
        return;
    if (!time_reached(now, heard->expires))
        *place = *heard;
    else if (are_equal(place, heard))
        *place = (struct router){0};
    arm(routers, timers);
}

void router_forget(struct routers *routers, struct timers *timers, unsigned iface)
{
    for (size_t i = 0; i < LIMIT_ROUTERS; i++)
        if (routers->list[i].iface == iface)
            routers->list[i] = (struct router){0};
    arm(routers, timers);
}

void router_review(struct routers *routers, struct timers *timers, const struct addresses *addresses)
{
    for (size_t i = 0; i < LIMIT_ROUTERS; i++) {
        struct router *at = &routers->list[i];
        if (is_taken(at) && address_towards(addresses, at->iface, at->address) == NULL)
            *at = (struct router){0};
    }
    arm(routers, timers);
}

void router_tick(struct routers *routers, struct timers *timers, tapir_instant now)
{
    for (size_t i = 0; i < LIMIT_ROUTERS; i++)
        if (time_reached(now, routers->list[i].expires))
            routers->list[i] = (struct router){0};
    arm(routers, timers);
}

bool router_is_listed(const struct routers *routers, unsigned iface, struct ip4 address)
{
    for (size_t i = 0; i < LIMIT_ROUTERS && timer_is_armed(&routers->timer); i++)
        if (routers->list[i].iface == iface && ip4_equal(routers->list[i].address, address))
            return true;
    return false;
}

/* What a router must exceed: what is configured and lives, or else the preference that means never. */
static int32_t rank_of(const struct route_table *routes, const struct route *route)
{
    return route == NULL || gateway_is_dead(&routes->gateways, route->iface, route->via) ? INT32_MIN : 0;
}

/* The best one above `rank`, dead ones left out or not. */
static const struct router *best_of(const struct routers *routers, const struct gateways *dead, int32_t rank)
{
    const struct router *best = NULL;
    for (size_t i = 0; i < LIMIT_ROUTERS; i++) {
        const struct router *router = &routers->list[i];
        if (!is_taken(router) || router->preference <= rank ||
            (dead != NULL && gateway_is_dead(dead, router->iface, router->address)))
            continue;
        best = router;
        rank = router->preference;
    }
    return best;
}

const struct router *router_choose(const struct routers *routers, const struct route_table *routes,
                                   const struct route *route)
{
    if (!timer_is_armed(&routers->timer))
        return NULL; /* the list is empty */
    if (route != NULL && (route->length != 0 || route->kind != TAPIR_ROUTE_UNICAST))
        return NULL;
    const struct router *best = best_of(routers, &routes->gateways, rank_of(routes, route));
    return best != NULL || route != NULL ? best : best_of(routers, NULL, INT32_MIN);
}

bool router_leads_back(const struct routers *routers, const struct route_table *routes, struct ip4 source,
                       uint32_t iface)
{
    enum route_absence absence;
    const struct route *route = route_lookup(routes, (struct route_query){source, 0}, &absence);
    const struct router *router = router_choose(routers, routes, route);
    return router != NULL && (iface == TAPIR_EVERYWHERE || router->iface == iface);
}
