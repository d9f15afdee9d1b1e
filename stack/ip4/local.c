/* IPv4 for us. Lanes: local -> icmp4, udp, tcp, forward */
#include "ip4/local.h"

#include "ip4/options.h"
#include "ip4/split.h"
#include "wire/ip4.h"

static void hand_up(struct core *core, struct tapir_packet *packet)
{
    switch (packet->within.tuple.protocol) {
    case IP4_ICMP:
        lane_push(core, LANE_ICMP4, packet);
        break;
    case IP4_UDP:
        lane_push(core, LANE_UDP, packet);
        break;
    case IP4_TCP:
        lane_push(core, LANE_TCP, packet);
        break;
    default:
        settle(core, packet, TAPIR_IP4_PROTOCOL);
    }
}

/* The datagram that a packet is, or that it makes whole; NULL: it waits, or was refused. The identification of one that
 * may not be fragmented means nothing (RFC 6864 4.1). */
static struct tapir_packet *whole_of(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    if (ip4_is_fragment(tuple->fragment))
        return reass_input(&ip4->reass, core, iface_settings(&ip4->link.ifaces, core, packet->iface), packet);
    if ((tuple->fragment & IP4_DF) == 0)
        reass_supersede(&ip4->reass, core, tuple);
    return packet;
}

/* A datagram that is whole, or that makes one whole. */
static void take(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    packet = whole_of(ip4, core, packet);
    if (packet != NULL)
        hand_up(core, packet);
}

/* Sockets get datagrams. All are born, or none. */
static void take_apart(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    struct ip4_segments segments;
    ip4_segments_init(&segments, packet);
    if (!ip4_split_has_room(&segments, &core->store)) {
        settle(core, packet, TAPIR_STORE_FULL);
        return;
    }
    uint32_t n = ip4_segments_count(&segments);
    for (uint32_t i = 0; i < n; i++)
        take(ip4, core, ip4_split_bear(core, &segments, i, packet));
    settle(core, packet, TAPIR_IP4_SEGMENTED);
}

/* What is inside a tunnel has a checksum that only its end would look at. */
static void complete_inner(struct tapir_packet *packet)
{
    if (packet->offload.start != packet->within.transport)
        ip4_complete_checksum(packet);
}

static void local(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    const struct settings *settings = iface_settings(&ip4->link.ifaces, core, packet->iface);
    enum tapir_verdict verdict = ip4_options_judge(ip4, settings, packet);
    if (verdict != TAPIR_UNSETTLED) {
        settle(core, packet, verdict);
        return;
    }
    if (packet->within.role == ROLE_TRANSIT) { /* by its source route */
        lane_push(core, LANE_FORWARD, packet);
        return;
    }
    complete_inner(packet);
    if (ip4_is_super(packet) && packet->offload.kind == TAPIR_OFFLOAD_UDP)
        take_apart(ip4, core, packet);
    else
        take(ip4, core, packet);
}

void ip4_local(struct ip4_state *ip4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_LOCAL, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            local(ip4, core, packets[i]);
}
