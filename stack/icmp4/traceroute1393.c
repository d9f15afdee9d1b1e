/* The message of RFC 1393. Lanes: -> originate */
#include "icmp4/traceroute1393.h"

#include "icmp4/error.h"
#include "ip4/options.h"
#include "wire/icmp4.h"
#include "wire/icmp4_traceroute.h"
#include "wire/ip4.h"
#include "wire/ip4_opt_traceroute.h"

/* Nobody has told us how fast a link is. */
static struct icmp4_traceroute message_about(const struct ip4_state *ip4, const struct tapir_packet *packet,
                                             const struct ip4_opt_traceroute *asked)
{
    const struct iface *exit = iface_lookup(&ip4->link.ifaces, packet->within.exit);
    struct ip4_opt_traceroute counted = *asked;
    ip4_opt_traceroute_count(&counted);
    return (struct icmp4_traceroute){
        .identifier = counted.identifier,
        .hops_out = counted.hops_out,
        .hops_back = counted.hops_back,
        .mtu = exit == NULL ? 0 : exit->mtu,
    };
}

static enum tapir_verdict send(const struct ip4_state *ip4, struct core *core,
                               const struct tapir_packet *about, const struct ip4_opt_traceroute *asked)
{
    struct tapir_packet *packet = packet_bear(core, ICMP4_TRACEROUTE_SIZE, about);
    if (packet == NULL)
        return TAPIR_ANSWER_STORE_FULL;
    struct icmp4_traceroute message = message_about(ip4, about, asked);
    icmp4_traceroute_build(packet_payload(packet), &message);
    icmp4_finish(packet_payload(packet), ICMP4_TRACEROUTE_SIZE);
    packet->within.tuple = (struct tapir_tuple){.destination = asked->originator, .protocol = IP4_ICMP};
    lane_push(core, LANE_ORIGINATE, packet);
    return TAPIR_ANSWER_SENT;
}

void traceroute1393_tell(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    if (within->role != ROLE_TRANSIT || (within->edits & EDIT_HOPS) == 0 || packet->answer != TAPIR_UNSETTLED)
        return;
    struct ip4_opt opt;
    struct ip4_opt_traceroute asked;
    if (!ip4_opt_traceroute_find(packet_ip4(packet), within->tuple.header, &opt, &asked) ||
        icmp4_may_answer(icmp4->ip4, packet) != TAPIR_UNSETTLED)
        return;
    if (!icmp4_is_host(icmp4->ip4, packet->iface, asked.originator)) {
        settle_answer(core, packet, TAPIR_ANSWER_SOURCE);
        return;
    }
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    enum tapir_verdict answer =
        limiter_take(&icmp4->limiter, core, settings, asked.originator, LIMITER_ERRORS);
    settle_answer(core, packet, answer == TAPIR_UNSETTLED ? send(icmp4->ip4, core, packet, &asked) : answer);
}
