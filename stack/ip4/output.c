/* IPv4 born here. Lanes: originate -> resolve, again
 *                 Lanes: again -> ip4
 */
#include "ip4/output.h"

#include "ip4/decide.h"
#include "ip4/path.h"
#include "ip4/route.h"
#include "route/source.h"
#include "wire/ether.h"
#include "wire/ip4.h"

/* A packet to ourselves takes time like any other, so that virtual time moves. */
#define AGAIN_DELAY TIME_US

/* What is too large is sent in pieces by ip4/send, unless its sender forbids it or no datagram is so long. */
static enum tapir_verdict judge_size(struct tapir_packet *packet, uint16_t mtu)
{
    uint32_t total = packet->size + IP4_HEADER;
    if (total <= mtu)
        return TAPIR_UNSETTLED;
    packet->within.mtu = mtu;
    bool may_not = (packet->within.tuple.fragment & IP4_DF) != 0 || total > IP4_TOTAL_MAX;
    return may_not ? TAPIR_IP4_TOO_BIG : TAPIR_UNSETTLED;
}

/* Completes the tuple from the settings of the exit, RFC 1122 3.2.1.7. */
static enum tapir_verdict complete(struct ip4_state *ip4, const struct core *core, const struct iface *exit,
                                   struct tapir_packet *packet)
{
    struct tapir_packet_private *within = &packet->within;
    struct tapir_tuple *tuple = &within->tuple;
    if (ip4_is_zero(tuple->source))
        tuple->source = source_choose(&ip4->addresses, exit->number, within->next_hop);
    if (!ip4_is_ours(ip4, tuple->source))
        return TAPIR_IP4_NO_SOURCE;
    if (tuple->ttl == 0)
        tuple->ttl = ip4_is_multicast(tuple->destination)
                         ? 1
                         : (uint8_t)settings_get(&exit->settings, TAPIR_SET_IP_TTL);
    if (tuple->header == 0)
        tuple->header = IP4_HEADER;
    tuple->id = ip4_id_next(&ip4->ids, tuple->source, tuple->destination, tuple->protocol);
    bool loops = ip4_is_ours(ip4, tuple->destination);
    return judge_size(packet, loops ? IP4_TOTAL_MAX : path_mtu(ip4, core, exit, tuple->destination));
}

static void write_header(struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    struct ip4_header header = {
        .source = tuple->source,
        .destination = tuple->destination,
        .total = (uint16_t)(packet->size + IP4_HEADER),
        .id = tuple->id,
        .fragment = tuple->fragment,
        .tos = tuple->tos,
        .ttl = tuple->ttl,
        .protocol = tuple->protocol,
        .size = tuple->header,
    };
    ip4_build(packet_prepend(packet, IP4_HEADER), &header);
    packet->within.network = 0;
    packet->within.ethertype = ETHERTYPE_IP4;
}

static void loop(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    packet->iface = packet->within.exit;
    packet->within.looped = true;
    packet->arrived = time_after(core->now, AGAIN_DELAY);
    lane_push(core, LANE_AGAIN, packet);
    if (!timer_is_armed(&ip4->again))
        timer_arm(&core->timers, &ip4->again, packet->arrived);
}

static void output(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet,
                   const struct route *first)
{
    enum tapir_verdict verdict = ip4_decide_by(ip4, packet, first);
    const struct iface *exit = iface_lookup(&ip4->link.ifaces, packet->within.exit);
    if (verdict == TAPIR_UNSETTLED)
        verdict = complete(ip4, core, exit, packet);
    if (verdict != TAPIR_UNSETTLED) {
        settle(core, packet, verdict);
        return;
    }
    write_header(packet);
    if (ip4_is_ours(ip4, packet->within.tuple.destination)) {
        loop(ip4, core, packet);
        return;
    }
    packet->within.next_hop = path_first_hop(ip4, core, packet);
    lane_push(core, LANE_RESOLVE, packet);
}

void ip4_output(struct ip4_state *ip4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    const struct route *routes[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_ORIGINATE, packets, LIMIT_BATCH)) > 0;) {
        ip4_find_routes(ip4, packets, routes, n);
        for (size_t i = 0; i < n; i++)
            output(ip4, core, packets[i], routes[i]);
    }
}

void ip4_again(struct ip4_state *ip4, struct core *core)
{
    struct lane *again = &core->lanes[LANE_AGAIN];
    struct tapir_packet *packet;
    while (!lane_is_empty(again) && time_reached(core->now, again->head->arrived))
        if (lane_take(core, LANE_AGAIN, &packet, 1) == 1)
            lane_push(core, LANE_IP4, packet);
    if (!lane_is_empty(again))
        timer_arm(&core->timers, &ip4->again, again->head->arrived);
}
