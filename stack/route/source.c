#include "route/source.h"

static struct ip4 first_ready(const struct addresses *addresses, const unsigned *iface)
{
    uint64_t cursor = 0;
    for (const struct address *a; (a = address_next(addresses, &cursor)) != NULL;)
        if (a->state == TAPIR_ADDRESS_READY && (iface == NULL || a->iface == *iface))
            return a->prefix.address;
    return (struct ip4){0};
}

struct ip4 source_choose(const struct addresses *addresses, unsigned iface, struct ip4 next_hop)
{
    const struct address *towards = address_towards(addresses, iface, next_hop);
    if (towards != NULL)
        return towards->prefix.address;
    struct ip4 own = first_ready(addresses, &iface);
    return ip4_is_zero(own) ? first_ready(addresses, NULL) : own;
}
