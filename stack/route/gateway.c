#include "route/gateway.h"

void gateway_list_init(struct gateways *gateways)
{
    *gateways = (struct gateways){.timer.kind = TIMER_GATEWAY};
}

static void arm(struct gateways *gateways, struct core *core)
{
    tapir_instant first = TAPIR_NEVER;
    for (uint32_t i = 0; i < gateways->count; i++)
        first = time_earlier(first, gateways->dead[i].until);
    if (gateways->count > 0)
        timer_arm(&core->timers, &gateways->timer, first);
    else
        timer_cancel(&core->timers, &gateways->timer);
}

static void drop(struct gateways *gateways, uint32_t place)
{
    gateways->dead[place] = gateways->dead[--gateways->count];
}

/* Its own place, a free one, or that of the one that would leave first. */
static struct gateway *place_for(struct gateways *gateways, unsigned iface, struct ip4 address)
{
    struct gateway *first = gateways->dead;
    for (uint32_t i = 0; i < gateways->count; i++) {
        struct gateway *at = &gateways->dead[i];
        if (at->iface == iface && ip4_equal(at->address, address))
            return at;
        if (time_before(at->until, first->until))
            first = at;
    }
    return gateways->count < LIMIT_DEAD_GATEWAYS ? &gateways->dead[gateways->count++] : first;
}

void gateway_learn(struct gateways *gateways, struct core *core, unsigned iface, struct ip4 address,
                   tapir_instant until)
{
    *place_for(gateways, iface, address) = (struct gateway){iface, address, until};
    arm(gateways, core);
}

void gateway_forget(struct gateways *gateways, struct core *core, unsigned iface, struct ip4_prefix network)
{
    for (uint32_t i = gateways->count; i-- > 0;)
        if (gateways->dead[i].iface == iface && ip4_in_prefix(gateways->dead[i].address, network))
            drop(gateways, i);
    arm(gateways, core);
}

void gateway_tick(struct gateways *gateways, struct core *core)
{
    for (uint32_t i = gateways->count; i-- > 0;)
        if (time_reached(core->now, gateways->dead[i].until))
            drop(gateways, i);
    arm(gateways, core);
}
