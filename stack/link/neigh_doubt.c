/* A neighbor that somebody else claims to be. Lanes: -> frame */
#include "link/neigh_doubt.h"

#include "link/arp_output.h"
#include "link/neigh_ask.h"
#include "link/neigh_table.h"

#define PATIENCE TIME_SECOND

static void report(struct core *core, struct iface *iface, const struct neighbor *neighbor, struct mac mac,
                   uint32_t bits)
{
    iface->event.event.address = neighbor->address;
    iface->event.event.mac = mac;
    event_raise(&core->events, &iface->event, bits);
}

void neighbor_move(struct link *link, struct core *core, struct iface *iface, struct neighbor *neighbor,
                   struct mac mac)
{
    if (neighbor_is_known(neighbor) && !mac_equal(neighbor->mac, mac))
        report(core, iface, neighbor, mac, TAPIR_EVENT_MOVED);
    neighbor->mac = mac;
    neighbor_confirm(link, core, neighbor);
}

/* Asks the old MAC as soon as the pace allows (RFC 1122 2.3.2.1); what could not be sent is tried again. */
static void ask(struct link *link, struct core *core, const struct iface *iface, struct neighbor *neighbor)
{
    tapir_instant from = core->now;
    if (neighbor_is_paced(neighbor, core->now)) {
        from = neighbor->asked_at;
    } else if (arp_request(link, core, iface, neighbor->address, neighbor->mac)) {
        neighbor->doubt = DOUBT_ASKED;
        neighbor->was_asked = true;
        neighbor->asked_at = core->now;
    }
    timer_arm(&core->timers, &neighbor->timer, time_after(from, PATIENCE));
}

void neighbor_doubt(struct link *link, struct core *core, struct iface *iface, struct neighbor *neighbor,
                    struct mac mac)
{
    if (neighbor->doubt != DOUBT_NONE)
        return;
    report(core, iface, neighbor, mac, TAPIR_EVENT_CLAIMED);
    neighbor->doubt = DOUBT_NEW;
    neighbor->claimed = mac;
    ask(link, core, iface, neighbor);
}

void neighbor_tick_doubted(struct link *link, struct core *core, struct neighbor *neighbor)
{
    struct iface *iface = iface_lookup(&link->ifaces, neighbor->iface);
    if (iface == NULL || neighbor_is_stale(link, core, neighbor))
        neighbor_forget(link, core, neighbor); /* older than arp.timeout: who asks next learns anew */
    else if (neighbor->doubt == DOUBT_ASKED)
        neighbor_move(link, core, iface, neighbor, neighbor->claimed);
    else
        ask(link, core, iface, neighbor);
}
