#include "icmp4/router_discovery.h"

#include "icmp4/router_advertise.h"
#include "icmp4/router_solicit.h"

static size_t size_of(uint32_t interfaces)
{
    return interfaces * sizeof(struct discovery);
}

bool discovery_init(struct icmp4_state *icmp4, struct memory *memory, uint32_t interfaces)
{
    icmp4->n_discoveries = interfaces;
    icmp4->discoveries = memory_allocate(memory, size_of(interfaces));
    for (uint32_t i = 0; icmp4->discoveries != NULL && i < interfaces; i++)
        icmp4->discoveries[i] = (struct discovery){.timer.kind = TIMER_DISCOVERY, .iface = i};
    return icmp4->discoveries != NULL;
}

void discovery_free(struct icmp4_state *icmp4, struct memory *memory)
{
    memory_release(memory, icmp4->discoveries, size_of(icmp4->n_discoveries));
}

static bool has_address(const struct ip4_state *ip4, unsigned iface, bool to_advertise)
{
    uint64_t cursor = 0;
    for (const struct address *a; (a = address_next(&ip4->addresses, &cursor)) != NULL;)
        if (a->iface == iface && a->state == TAPIR_ADDRESS_READY && !(to_advertise && a->unadvertised))
            return true;
    return false;
}

static enum discovery_role role_for(const struct ip4_state *ip4, const struct iface *iface)
{
    if (iface == NULL || !iface->up || !settings_is_on(&iface->settings, TAPIR_SET_ICMP_ROUTER_DISCOVERY))
        return DISCOVERY_NONE;
    bool router = ip4_is_forwarding(&iface->settings);
    if (!has_address(ip4, iface->number, router))
        return DISCOVERY_NONE;
    return router ? DISCOVERY_ADVERTISES : DISCOVERY_SOLICITS;
}

static void begin(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery,
                  enum discovery_role role)
{
    discovery->role = role;
    discovery->sent = 0;
    discovery->is_asked = false;
    switch (role) {
    case DISCOVERY_NONE:
        return;
    case DISCOVERY_ADVERTISES:
        advertise_start(icmp4, core, discovery);
        return;
    case DISCOVERY_SOLICITS:
        solicit_start(core, discovery);
        return;
    }
}

void discovery_review(struct icmp4_state *icmp4, struct core *core)
{
    struct ip4_state *ip4 = icmp4->ip4;
    for (uint32_t i = 0; i < icmp4->n_discoveries; i++) {
        struct discovery *discovery = &icmp4->discoveries[i];
        const struct iface *iface = iface_lookup(&ip4->link.ifaces, i);
        enum discovery_role role = role_for(ip4, iface);
        advertise_review(icmp4, core, discovery, role == DISCOVERY_ADVERTISES);
        if (role == discovery->role)
            continue;
        timer_cancel(&core->timers, &discovery->timer);
        if (discovery->role == DISCOVERY_SOLICITS)
            router_forget(&ip4->routers, &core->timers, i);
        begin(icmp4, core, discovery, role);
    }
    router_review(&ip4->routers, &core->timers, &ip4->addresses);
}

bool discovery_is_idle(const struct icmp4_state *icmp4)
{
    for (uint32_t i = 0; i < icmp4->n_discoveries; i++)
        if (timer_is_armed(&icmp4->discoveries[i].timer))
            return false;
    return true;
}

/* One without a role has no timer. */
void discovery_tick(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery)
{
    if (discovery->role == DISCOVERY_ADVERTISES)
        advertise_tick(icmp4, core, discovery);
    else
        solicit_tick(icmp4, core, discovery);
}
