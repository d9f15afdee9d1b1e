/* Next hops that do not answer ARP: while one is listed here, routes prefer another of the same prefix.
 *
 * A gateway is listed when ARP gives it up, for arp.timeout or until ARP hears of it again; nobody is pinged, and when all
 * of a prefix are dead the first is used as if it lived (RFC 1122 3.3.1.4, 3.3.1.5). Bounded: LIMIT_DEAD_GATEWAYS, the one
 * that would leave first makes room. An empty list costs a lookup one comparison. Next: route/table.h. */
#ifndef ROUTE_GATEWAY_H
#define ROUTE_GATEWAY_H

#include "core/core.h"
#include "wire/addr.h"

struct gateway {
    unsigned iface;
    struct ip4 address;
    tapir_instant until; /* then it is believed alive again */
};

struct gateways {
    struct gateway dead[LIMIT_DEAD_GATEWAYS];
    uint32_t count;
    struct timer timer; /* for the first `until` */
};

/* Prepares an empty list, in place: it has a timer. */
void gateway_list_init(struct gateways *gateways);

/* `address` on interface `iface` does not answer: it is dead until `until`. */
void gateway_learn(struct gateways *gateways, struct core *core, unsigned iface, struct ip4 address,
                   tapir_instant until);

/* Those on interface `iface` in `network` live: ARP heard of them, or the link is a new one. */
void gateway_forget(struct gateways *gateways, struct core *core, unsigned iface, struct ip4_prefix network);

/* The timer fired. */
void gateway_tick(struct gateways *gateways, struct core *core);

/* Is the next hop `address` on interface `iface` given up? */
static inline bool gateway_is_dead(const struct gateways *gateways, unsigned iface, struct ip4 address)
{
    for (uint32_t i = 0; i < gateways->count; i++)
        if (gateways->dead[i].iface == iface && ip4_equal(gateways->dead[i].address, address))
            return true;
    return false;
}

#endif
