/* Address conflict detection. Lanes: -> frame */
#include "link/acd.h"

#include "link/arp_output.h"

/* RFC 5227 1.1. */
#define PROBE_WAIT      TIME_SECOND
#define PROBE_MIN       TIME_SECOND
#define PROBE_MAX       (2 * TIME_SECOND)
#define ANNOUNCE_WAIT   (2 * TIME_SECOND)
#define DEFEND_INTERVAL (10 * TIME_SECOND)

enum {
    PROBES = 3,
    ANNOUNCEMENTS = 2
};

static void arm_between(struct core *core, struct address *address, int64_t low, int64_t high)
{
    timer_arm(&core->timers, &address->timer, time_after(core->now, rand_between(&core->random, low, high)));
}

void acd_start(struct core *core, struct address *address)
{
    arm_between(core, address, 0, PROBE_WAIT);
}

void acd_restart(struct link *link, struct core *core, const struct iface *iface)
{
    uint64_t cursor = 0;
    if (!settings_is_on(&iface->settings, TAPIR_SET_ARP_ACD))
        return;
    for (struct address *a; (a = address_next(link->addresses, &cursor)) != NULL;) {
        if (a->iface != iface->number)
            continue;
        address_become(link->addresses, a, TAPIR_ADDRESS_TENTATIVE);
        acd_start(core, a);
    }
}

/* Only what was sent counts; with the store full it is tried again a second later. */
static void probe(struct core *core, const struct iface *iface, struct address *address)
{
    if (!arp_probe(core, iface, address->prefix.address) || ++address->sent < PROBES)
        arm_between(core, address, PROBE_MIN, PROBE_MAX);
    else
        arm_between(core, address, ANNOUNCE_WAIT, ANNOUNCE_WAIT);
}

static void announce(struct core *core, const struct iface *iface, struct address *address)
{
    if (!arp_announce(core, iface, address->prefix.address) || ++address->sent < ANNOUNCEMENTS)
        arm_between(core, address, ANNOUNCE_WAIT, ANNOUNCE_WAIT);
}

void acd_tick(struct link *link, struct core *core, struct address *address)
{
    const struct iface *iface = iface_lookup(&link->ifaces, address->iface);
    if (iface == NULL || !iface->up)
        return; /* acd_restart goes on */
    if (address->state == TAPIR_ADDRESS_TENTATIVE && address->sent < PROBES) {
        probe(core, iface, address);
        return;
    }
    if (address->state == TAPIR_ADDRESS_TENTATIVE) {
        address_become(link->addresses, address, TAPIR_ADDRESS_READY);
        event_raise(&core->events, &address->event, TAPIR_EVENT_READY);
    }
    announce(core, iface, address);
}

static void give_up(struct link *link, struct core *core, struct address *address)
{
    timer_cancel(&core->timers, &address->timer);
    address_become(link->addresses, address, TAPIR_ADDRESS_CONFLICT);
    event_raise(&core->events, &address->event, TAPIR_EVENT_LOST);
}

/* RFC 5227 2.4: (b) for hosts, (c) for routers. */
static void defend(struct link *link, struct core *core, const struct iface *iface, struct address *address)
{
    bool recently = address->defended && time_between(address->conflict, core->now) < DEFEND_INTERVAL;
    if (recently && !settings_is_on(&iface->settings, TAPIR_SET_FORWARDING))
        give_up(link, core, address);
    if (recently)
        return;
    address->defended = true;
    address->conflict = core->now;
    arp_announce(core, iface, address->prefix.address);
}

static void note_conflict(struct link *link, struct core *core, const struct iface *iface,
                          struct address *address, struct mac mac)
{
    address->event.event.mac = mac;
    event_raise(&core->events, &address->event, TAPIR_EVENT_CONFLICT);
    if (address->state == TAPIR_ADDRESS_TENTATIVE)
        give_up(link, core, address);
    else
        defend(link, core, iface, address);
}

bool acd_claimed(struct link *link, struct core *core, const struct iface *iface, struct ip4 sender,
                 struct mac mac)
{
    struct address *address = address_find(link->addresses, iface->number, sender);
    if (address == NULL || address->state == TAPIR_ADDRESS_CONFLICT)
        return false;
    note_conflict(link, core, iface, address, mac);
    return true;
}

bool acd_probed(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                struct mac mac)
{
    struct address *address = address_find(link->addresses, iface->number, target);
    if (address == NULL || address->state != TAPIR_ADDRESS_TENTATIVE)
        return false;
    note_conflict(link, core, iface, address, mac);
    return true;
}
