/* Redirect. Lanes: resolved -> send, originate */
#include "icmp4/redirect.h"

#include "icmp4/error.h"
#include "icmp4/message.h"
#include "wire/icmp4_redirect.h"
#include "wire/ip4_opt.h"

/* The values of icmp.redirect.send. */
enum {
    SEND_OFF,
    SEND_ON,
    SEND_AUTO /* when a router, and only a router has packets in transit */
};

static bool has_source_route(const struct tapir_packet *packet)
{
    struct ip4_opt opt = {0};
    while (ip4_opt_next(packet_ip4(packet), packet->within.tuple.header, &opt) == IP4_OPT_FOUND)
        if (opt.type == IP4_OPT_LSRR || opt.type == IP4_OPT_SSRR)
            return true;
    return false;
}

/* Source and next hop share a network, on the link where the packet came from and goes to. */
static bool is_detour(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    if (packet->within.role != ROLE_TRANSIT || packet->within.exit != packet->iface)
        return false;
    const struct address *address =
        address_towards(&ip4->addresses, packet->iface, packet->within.tuple.source);
    return address != NULL && ip4_in_prefix(packet->within.next_hop, address->prefix);
}

/* The exit chooses who speaks: our address on the network of the receiver. */
static enum tapir_verdict send(struct icmp4_state *icmp4, struct core *core, const struct settings *settings,
                               const struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    if (!limiter_take_redirect(&icmp4->limiter, core, settings, tuple->source, tuple->destination))
        return TAPIR_ANSWER_RATE_DESTINATION;
    uint8_t header[ICMP4_HEADER];
    struct icmp4_redirect redirect = {.code = ICMP4_REDIRECT_HOST, .gateway = packet->within.next_hop};
    icmp4_redirect_build(header, &redirect);
    return message_send(core, settings, packet, (struct ip4){0}, header);
}

static void consider(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet)
{
    if (!is_detour(icmp4->ip4, packet))
        return;
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    if (settings_get(settings, TAPIR_SET_ICMP_REDIRECT_SEND) == SEND_OFF || has_source_route(packet))
        return;
    if (icmp4_may_answer(packet) == TAPIR_UNSETTLED)
        settle_answer(core, packet, send(icmp4, core, settings, packet));
}

void redirect_output(struct icmp4_state *icmp4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_RESOLVED, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            consider(icmp4, core, packets[i]);
            lane_push(core, LANE_SEND, packets[i]);
        }
}
