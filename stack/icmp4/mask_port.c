/* Address masks unasked: what an interface says at start, and what it learns. Lanes: -> originate */
#include "icmp4/icmp4.h"
#include "ip4/newcomer.h"
#include "wire/icmp4.h"
#include "wire/icmp4_mask.h"
#include "wire/ip4.h"

#define MASK_WAIT TIME_SECOND /* for the first answer; twice as long each time */

enum {
    MASK_LEAST = 8 /* ones of a sane mask: RFC 1122 3.2.2.9 */
};

static size_t ports_size(const struct mask_ports *ports)
{
    return ports->limit * sizeof *ports->list;
}

bool mask_init(struct mask_ports *ports, struct memory *memory, uint32_t limit)
{
    *ports = (struct mask_ports){.limit = limit};
    ports->list = memory_allocate(memory, ports_size(ports));
    for (uint32_t i = 0; ports->list != NULL && i < limit; i++)
        ports->list[i] = (struct mask_port){
            .timer.kind = TIMER_MASK, .event.event.iface = i, .iface = i, .role = IP4_MASK_OFF};
    return ports->list != NULL;
}

void mask_free(struct mask_ports *ports, struct memory *memory)
{
    memory_release(memory, ports->list, ports_size(ports));
}

/* ---- what is said ---- */

/* To everybody on the link of `iface`, from `source`; nothing when the store is full. */
static void say(struct core *core, unsigned iface, struct ip4 source, const struct icmp4_mask *mask)
{
    struct tapir_packet *packet = packet_bear(core, ICMP4_MASK_SIZE, NULL);
    if (packet == NULL)
        return;
    icmp4_mask_build(packet->data, mask);
    icmp4_finish(packet->data, packet->size);
    packet->within.tuple =
        (struct tapir_tuple){.source = source, .destination = {UINT32_MAX}, .protocol = IP4_ICMP};
    packet->within.exit = iface;
    lane_push(core, LANE_ORIGINATE, packet);
}

/* What this interface has to say unasked: IP4_MASK_OFF, nothing. */
static uint8_t role_of(const struct iface *iface)
{
    if (iface == NULL)
        return IP4_MASK_OFF;
    bool is_router = ip4_is_forwarding(&iface->settings);
    uint8_t role = (uint8_t)settings_get(&iface->settings, TAPIR_SET_ICMP_ADDRESS_MASK);
    if (role == IP4_MASK_AGENT && is_router &&
        !settings_is_on(&iface->settings, TAPIR_SET_ICMP_ADDRESS_MASK_ANNOUNCE))
        return IP4_MASK_OFF;
    return role == IP4_MASK_CLIENT && is_router ? IP4_MASK_OFF : role;
}

static bool is_done(const struct mask_port *port)
{
    if (port->role == IP4_MASK_CLIENT)
        return port->has_learnt || port->sent >= MASK_TRIES;
    return port->role == IP4_MASK_OFF || port->has_learnt || port->sent > 0;
}

void mask_review(struct icmp4_state *icmp4, struct core *core)
{
    for (uint32_t i = 0; i < icmp4->masks.limit; i++) {
        struct mask_port *port = &icmp4->masks.list[i];
        const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, i);
        uint8_t role = role_of(iface);
        if (iface == NULL)
            port->has_learnt = false;
        if (role != port->role) {
            port->role = role;
            port->sent = 0;
            port->identifier = (uint16_t)rand_below(&core->random, 0x10000);
        }
        if (is_done(port))
            timer_cancel(&core->timers, &port->timer);
        else if (iface->up && !timer_is_armed(&port->timer))
            timer_arm(&core->timers, &port->timer, core->now);
    }
}

/* One contains the other, and they are not the same. */
static bool do_overlap(struct ip4_prefix a, struct ip4_prefix b)
{
    uint8_t length = a.length < b.length ? a.length : b.length;
    return a.length != b.length && ip4_in_prefix(a.address, (struct ip4_prefix){b.address, length});
}

static bool overlaps(const struct addresses *addresses, struct ip4_prefix prefix)
{
    uint64_t cursor = 0;
    for (const struct address *a; (a = address_next(addresses, &cursor)) != NULL;)
        if (do_overlap(a->prefix, prefix))
            return true;
    return false;
}

static void announce(struct icmp4_state *icmp4, struct core *core, struct mask_port *port)
{
    const struct addresses *addresses = &icmp4->ip4->addresses;
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, port->iface);
    uint64_t cursor = 0;
    port->sent++;
    for (const struct address *a; (a = address_next_ready(addresses, port->iface, &cursor)) != NULL;) {
        if (ip4_is_forwarding(&iface->settings) && overlaps(addresses, a->prefix))
            continue;
        say(core, port->iface, a->prefix.address,
            &(struct icmp4_mask){.type = ICMP4_ADDRESS_MASK_REPLY, .mask = ip4_mask(a->prefix.length)});
    }
}

static void ask(struct core *core, struct mask_port *port, struct ip4 source)
{
    say(core, port->iface, source,
        &(struct icmp4_mask){
            .type = ICMP4_ADDRESS_MASK, .identifier = port->identifier, .sequence = port->sent});
    if (++port->sent < MASK_TRIES)
        timer_arm(&core->timers, &port->timer, time_after(core->now, MASK_WAIT << (port->sent - 1)));
}

/* Without an address that is ready it is tried again; when the link is down mask_review goes on. What goes has no timer. */
void mask_tick(struct icmp4_state *icmp4, struct core *core, struct mask_port *port)
{
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, port->iface);
    uint64_t cursor = 0;
    if (!iface->up)
        return;
    const struct address *first = address_next_ready(&icmp4->ip4->addresses, port->iface, &cursor);
    if (first == NULL)
        timer_arm(&core->timers, &port->timer, time_after(core->now, MASK_WAIT));
    else if (port->role == IP4_MASK_CLIENT)
        ask(core, port, first->prefix.address);
    else
        announce(icmp4, core, port);
}

/* ---- what is learnt ---- */

/* With this mask our address still names one host. RFC 1122 3.2.2.9: not all ones; the first eight set (a mask of zero,
 * which it allows too, would be no network of ours). */
static bool is_sane(struct ip4_prefix prefix)
{
    if (prefix.length < MASK_LEAST || prefix.length == 32)
        return false;
    return !ip4_has_broadcast(prefix) || (!ip4_equal(prefix.address, ip4_network(prefix)) &&
                                          !ip4_equal(prefix.address, ip4_broadcast(prefix)));
}

/* A router does not pass a question for the mask of a link on, so whoever knows is on it: as we know it, or as he says. */
static bool is_neighbor(struct ip4_prefix known, struct ip4_prefix told, struct ip4 source)
{
    return ip4_in_prefix(source, known) || ip4_in_prefix(source, told);
}

enum tapir_verdict mask_learn(struct icmp4_state *icmp4, struct core *core, const struct tapir_packet *packet)
{
    struct mask_port *port = &icmp4->masks.list[packet->iface];
    uint64_t cursor = 0;
    const struct address *address = address_next_ready(&icmp4->ip4->addresses, port->iface, &cursor);
    if (port->role != IP4_MASK_CLIENT || port->has_learnt || address == NULL)
        return TAPIR_UNSETTLED;
    struct icmp4_mask mask;
    if (!icmp4_mask_parse(packet_payload(packet), packet_payload_size(packet), &mask))
        return TAPIR_ICMP4_SHORT;
    struct ip4_prefix prefix = {.address = address->prefix.address};
    if (!icmp4_mask_length(mask.mask, &prefix.length) || !is_sane(prefix) ||
        !is_neighbor(address->prefix, prefix, packet->within.tuple.source))
        return TAPIR_ICMP4_MASK_INSANE;
    port->has_learnt = true;
    timer_cancel(&core->timers, &port->timer);
    port->event.event.address = prefix.address;
    port->event.event.length = prefix.length;
    if (prefix.length != address->prefix.length)
        event_raise(&core->events, &port->event, TAPIR_EVENT_MASK);
    return TAPIR_ICMP4_MASK_LEARNT;
}
