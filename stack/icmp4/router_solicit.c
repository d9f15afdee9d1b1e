/* Router Solicitation. Lanes: -> originate */
#include "icmp4/router_solicit.h"

#include "wire/icmp4_router.h"
#include "wire/ip4.h"

/* RFC 1256 6. */
#define FIRST_DELAY TIME_SECOND
#define INTERVAL    (3 * TIME_SECOND)

#define ALL_ROUTERS UINT32_C(0xe0000002)

enum {
    SOLICITATIONS = 3
};

static bool send(struct core *core, const struct iface *iface)
{
    struct tapir_packet *packet = packet_bear(core, ICMP4_HEADER, NULL);
    if (packet == NULL)
        return false;
    icmp4_solicitation_build(packet->data);
    bool broadcast = settings_is_on(&iface->settings, TAPIR_SET_ICMP_ADVERTISE_BROADCAST);
    packet->within.exit = iface->number;
    packet->within.tuple = (struct tapir_tuple){
        .destination = {broadcast ? UINT32_MAX : ALL_ROUTERS}, .protocol = IP4_ICMP, .ttl = 1};
    lane_push(core, LANE_ORIGINATE, packet);
    return true;
}

void solicit_start(struct core *core, struct discovery *discovery)
{
    int64_t delay = rand_between(&core->random, 1, FIRST_DELAY);
    timer_arm(&core->timers, &discovery->timer, time_after(core->now, delay));
}

/* Only what was sent counts; with the store full it is tried again. */
void solicit_tick(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery)
{
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, discovery->iface);
    if (!send(core, iface) || ++discovery->sent < SOLICITATIONS)
        timer_arm(&core->timers, &discovery->timer, time_after(core->now, INTERVAL));
}

/* Only a neighbor can be a router of ours. */
static void learn(struct ip4_state *ip4, struct core *core, unsigned iface, const struct icmp4_router *entry,
                  uint16_t lifetime)
{
    if (address_lookup(&ip4->addresses, entry->address, iface, NULL) != ADDRESS_NOTHING ||
        address_towards(&ip4->addresses, iface, entry->address) == NULL)
        return;
    struct router heard = {.address = entry->address,
                           .iface = iface,
                           .preference = entry->preference,
                           .expires = time_after(core->now, lifetime * TIME_SECOND)};
    router_learn(&ip4->routers, &core->timers, &heard, core->now);
}

enum tapir_verdict solicit_input(struct icmp4_state *icmp4, struct core *core,
                                 const struct tapir_packet *packet)
{
    struct discovery *discovery = &icmp4->discoveries[packet->iface];
    struct ip4_state *ip4 = icmp4->ip4;
    if (discovery->role != DISCOVERY_SOLICITS)
        return TAPIR_ICMP4_DISCOVERY_OFF;
    struct icmp4_advertisement heard;
    enum tapir_verdict verdict =
        icmp4_advertisement_parse(packet_payload(packet), packet_payload_size(packet), &heard);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (address_towards(&ip4->addresses, packet->iface, packet->within.tuple.source) == NULL)
        return TAPIR_ICMP4_ADVERTISEMENT;
    timer_cancel(&core->timers, &discovery->timer);
    for (unsigned i = 0; i < heard.count; i++) {
        struct icmp4_router entry = icmp4_advertisement_entry(packet_payload(packet), &heard, i);
        learn(ip4, core, packet->iface, &entry, heard.lifetime);
    }
    return TAPIR_ICMP4_ADVERTISED;
}
