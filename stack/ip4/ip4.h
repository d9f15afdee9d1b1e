/* The state of IPv4: addresses, routes, and what numbers our datagrams. Next: ip4/input.h. */
#ifndef IP4_IP4_H
#define IP4_IP4_H

#include "ip4/group.h"
#include "ip4/id.h"
#include "ip4/reass.h"
#include "link/link.h"
#include "route/exception.h"
#include "route/router.h"

struct ip4_state {
    struct link link; /* the layer below, with interfaces and their settings */
    struct addresses addresses;
    struct route_table routes;
    struct groups groups;
    struct exceptions exceptions;
    struct routers routers; /* default routers that advertised themselves */
    struct ip4_ids ids;
    const uint8_t *hash_key; /* core's: flows are spread by it over next hops that share */
    struct timer again;      /* for lane again */
    struct reass reass;
};

/* We forward what arrives on, or leaves by, an interface with these settings: there we are a router. */
static inline bool ip4_is_forwarding(const struct settings *settings)
{
    return settings_is_on(settings, TAPIR_SET_FORWARDING);
}

/* No packet to it may be on a wire: zero net, loopback, class E but for the limited broadcast. RFC 1812 5.3.7. */
static inline bool ip4_is_destination_martian(struct ip4 destination)
{
    return ip4_is_this_net(destination) || ip4_is_loopback(destination) ||
           (ip4_is_class_e(destination) && !ip4_is_limited_broadcast(destination));
}

/* An address of ours, as things stand. */
static inline bool ip4_is_ours(const struct ip4_state *ip4, struct ip4 address)
{
    return address_lookup(&ip4->addresses, address, 0, NULL) == ADDRESS_OURS;
}

#endif
