/* When a neighbor is asked, believed, doubted and given up. Lanes: -> frame */
#include "link/neigh_ask.h"

#include "link/arp_output.h"
#include "link/neigh_hold.h"
#include "link/neigh_table.h"

enum {
    NEIGHBOR_SILENCE = 1 /* s that one who did not answer is refused at once */
};

static int64_t setting(const struct link *link, const struct core *core, const struct neighbor *neighbor,
                       enum tapir_setting setting)
{
    return settings_get(iface_settings(&link->ifaces, core, neighbor->iface), setting);
}

/* What could not be sent, for want of a slot or of an address of ours, counts too: nobody waits for ever. */
static void ask(struct link *link, struct core *core, struct neighbor *neighbor)
{
    const struct iface *iface = iface_lookup(&link->ifaces, neighbor->iface);
    bool unicast = neighbor->state == TAPIR_NEIGHBOR_PROBE;
    struct mac destination = unicast ? neighbor->mac : mac_broadcast();
    neighbor->asked++;
    if (iface == NULL || !arp_request(link, core, iface, neighbor->address, destination))
        return;
    neighbor->was_asked = true;
    neighbor->asked_at = core->now;
}

/* Asks when a second has passed since it was asked last, and comes back when the next one may be due. */
static void ask_in_pace(struct link *link, struct core *core, struct neighbor *neighbor)
{
    if (!neighbor_is_paced(neighbor, core->now))
        ask(link, core, neighbor);
    tapir_instant from = neighbor_is_paced(neighbor, core->now) ? neighbor->asked_at : core->now;
    timer_arm(&core->timers, &neighbor->timer, time_after(from, TIME_SECOND));
}

void neighbor_start_asking(struct link *link, struct core *core, struct neighbor *neighbor)
{
    neighbor->state = TAPIR_NEIGHBOR_INCOMPLETE;
    neighbor->is_forgotten = false;
    neighbor->asked = 0;
    neighbor_reclass(&link->neighbors, neighbor, CLASS_ASKED);
    ask_in_pace(link, core, neighbor);
}

void neighbor_forget(struct link *link, struct core *core, struct neighbor *neighbor)
{
    if (!neighbor_is_paced(neighbor, core->now)) {
        neighbor_leave(&link->neighbors, core, neighbor);
        return;
    }
    neighbor->state = TAPIR_NEIGHBOR_SILENT;
    neighbor->is_forgotten = true;
    neighbor_reclass(&link->neighbors, neighbor, CLASS_SILENT);
    timer_arm(&core->timers, &neighbor->timer, time_after(neighbor->asked_at, TIME_SECOND));
}

tapir_instant neighbor_expiry(const struct link *link, const struct core *core,
                              const struct neighbor *neighbor)
{
    if (neighbor->state == TAPIR_NEIGHBOR_PERMANENT)
        return TAPIR_NEVER;
    return time_after(neighbor->confirmed, setting(link, core, neighbor, TAPIR_SET_ARP_TIMEOUT));
}

bool neighbor_is_stale(const struct link *link, const struct core *core, const struct neighbor *neighbor)
{
    if (neighbor_is_known(neighbor))
        return time_reached(core->now, neighbor_expiry(link, core, neighbor));
    return neighbor->is_forgotten;
}

/* When to begin asking one in use: arp.retries seconds before it expires, but not before the last quarter of its life: who is
 * heard of in the meantime is not asked. */
static tapir_instant probe_time(const struct link *link, const struct core *core,
                                const struct neighbor *neighbor)
{
    int64_t timeout = setting(link, core, neighbor, TAPIR_SET_ARP_TIMEOUT);
    int64_t probing = setting(link, core, neighbor, TAPIR_SET_ARP_RETRIES) * TIME_SECOND;
    return time_after(neighbor->confirmed, probing > timeout / 4 ? timeout - timeout / 4 : timeout - probing);
}

void neighbor_confirm(struct link *link, struct core *core, struct neighbor *neighbor)
{
    neighbor->confirmed = core->now;
    neighbor->trusted = (tapir_instant){0};
    neighbor->asked = 0;
    neighbor->doubt = DOUBT_NONE;
    neighbor->is_forgotten = false;
    if (neighbor->class == CLASS_ASKED)
        neighbor_reclass(&link->neighbors, neighbor, CLASS_USED);
    else if (neighbor->class == CLASS_SILENT)
        neighbor_reclass(&link->neighbors, neighbor, CLASS_STRANGER);
    neighbor->state = TAPIR_NEIGHBOR_REACHABLE;
    timer_arm(&core->timers, &neighbor->timer, probe_time(link, core, neighbor));
}

static bool is_in_use(const struct neighbor *neighbor)
{
    return neighbor->class == CLASS_USED && !time_before(neighbor->used, neighbor->confirmed);
}

void neighbor_tick_known(struct link *link, struct core *core, struct neighbor *neighbor)
{
    tapir_instant expiry = neighbor_expiry(link, core, neighbor);
    bool expired = time_reached(core->now, expiry);
    if (neighbor->asked >= setting(link, core, neighbor, TAPIR_SET_ARP_RETRIES) ||
        (expired && neighbor->asked > 0)) {
        neighbor_start_asking(link, core, neighbor);
        return;
    }
    if (expired) {
        neighbor_forget(link, core, neighbor);
        return;
    }
    if (is_in_use(neighbor)) {
        neighbor->state = TAPIR_NEIGHBOR_PROBE;
        ask_in_pace(link, core, neighbor);
        return;
    }
    timer_arm(&core->timers, &neighbor->timer, time_earlier(expiry, time_after(core->now, TIME_SECOND)));
}

void neighbor_tick_incomplete(struct link *link, struct core *core, struct neighbor *neighbor)
{
    if (neighbor->asked < setting(link, core, neighbor, TAPIR_SET_ARP_RETRIES)) {
        ask_in_pace(link, core, neighbor);
        return;
    }
    neighbor->state = TAPIR_NEIGHBOR_SILENT;
    neighbor_reclass(&link->neighbors, neighbor, CLASS_SILENT);
    timer_arm(&core->timers, &neighbor->timer, time_after(core->now, NEIGHBOR_SILENCE * TIME_SECOND));
    if (neighbor->is_gateway)
        gateway_learn(&link->routes->gateways, core, neighbor->iface, neighbor->address,
                      time_after(core->now, setting(link, core, neighbor, TAPIR_SET_ARP_TIMEOUT)));
    neighbor_refuse_held(link, core, neighbor, TAPIR_NEIGHBOR_FAILED);
}
