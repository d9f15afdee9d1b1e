/* IPv4 arrives. Lanes: ip4 -> local, forward */
#include "ip4/input.h"

#include <string.h>

#include "core/promise.h"
#include "ip4/newcomer.h"
#include "ip4/route.h"
#include "ip4/segment.h"
#include "wire/ip4.h"

/* Whom a destination means, as seen from the interface of arrival. */
enum target {
    TARGET_OURS,
    TARGET_LIMITED,   /* 255.255.255.255 */
    TARGET_BROADCAST, /* of a network that is connected */
    TARGET_ZERO_HOST, /* the old form of a broadcast */
    TARGET_GROUP,
    TARGET_OTHER
};

/* First octets of networks with a meaning of their own, here or in ip4/forward: 0/8, 127/8, 169.254/16, 192.0.0/24, 192.0.2/24,
 * 198.51.100/24, 203.0.113/24, 224/3. */
#define EIGHT 1, 1, 1, 1, 1, 1, 1, 1
static const uint8_t special[256] = {
    [0] = 1, [127] = 1, [169] = 1, [192] = 1, [198] = 1, [203] = 1, [224] = EIGHT, EIGHT, EIGHT, EIGHT};

/* Both are those of one host, as far as anybody knows, as nearly all. */
static bool are_ordinary(struct ip4 source, struct ip4 destination)
{
    return (special[source.value >> 24] | special[destination.value >> 24]) == 0;
}

static inline void note(struct tapir_packet *packet, const struct ip4_header *header)
{
    struct tapir_packet_private *within = &packet->within;
    struct tapir_tuple *tuple = &within->tuple;
    within->transport = within->network + header->size;
    within->end = within->network + header->total;
    tuple->source = header->source;
    tuple->destination = header->destination;
    tuple->source_port = tuple->destination_port = 0;
    tuple->id = header->id;
    tuple->fragment = header->fragment;
    tuple->ttl = header->ttl;
    tuple->protocol = header->protocol;
    tuple->tos = header->tos;
    tuple->header = header->size;
    within->ordinary = are_ordinary(header->source, header->destination);
}

static enum target target_of(const struct ip4_state *ip4, const struct iface *iface, struct ip4 destination,
                             const struct address **address)
{
    if (ip4_is_limited_broadcast(destination))
        return TARGET_LIMITED;
    if (ip4_is_zero(destination) && !ip4_is_forwarding(&iface->settings))
        return TARGET_LIMITED; /* the oldest form of it, RFC 1122 3.2.1.3 */
    if (ip4_is_multicast(destination))
        return TARGET_GROUP;
    switch (address_lookup(&ip4->addresses, destination, iface->number, address)) {
    case ADDRESS_OURS:
        return TARGET_OURS;
    case ADDRESS_BROADCAST:
        return TARGET_BROADCAST;
    case ADDRESS_ZERO_HOST:
        return TARGET_ZERO_HOST;
    case ADDRESS_NOTHING:
        break;
    }
    return TARGET_OTHER;
}

/* Sources that no host can have: RFC 1812 5.3.7, RFC 1122 3.2.1.3. Nobody, loopback and ourselves never come from a
 * wire, not even in transit where ip.martians is off; nobody may speak to us while it has no address yet. */
static enum tapir_verdict judge_source(const struct ip4_state *ip4, const struct iface *iface,
                                       const struct tapir_packet *packet)
{
    struct ip4 source = packet->within.tuple.source;
    bool is_local = packet->within.role == ROLE_LOCAL;
    if (is_local && ip4_is_this_net(source) && ip4_is_newcomer(&iface->settings, packet))
        return TAPIR_UNSETTLED;
    if (ip4_is_zero(source) || ip4_is_loopback(source))
        return TAPIR_IP4_SOURCE_MARTIAN;
    enum address_kind kind = address_lookup(&ip4->addresses, source, iface->number, NULL);
    if (kind == ADDRESS_OURS)
        return TAPIR_IP4_SOURCE_OURS;
    if (!is_local && !settings_is_on(&iface->settings, TAPIR_SET_IP_MARTIANS))
        return TAPIR_UNSETTLED;
    if (ip4_is_this_net(source) || ip4_is_multicast(source) || ip4_is_class_e(source))
        return TAPIR_IP4_SOURCE_MARTIAN;
    return kind == ADDRESS_NOTHING ? TAPIR_UNSETTLED : TAPIR_IP4_SOURCE_BROADCAST;
}

/* A broadcast of a network: for a host its own, on the interface that it lies on; for a router neither. */
static enum tapir_verdict judge_network_broadcast(const struct iface *iface, const struct address *address,
                                                  enum tapir_verdict refusal)
{
    return ip4_is_forwarding(&iface->settings) || address->iface != iface->number ? refusal : TAPIR_UNSETTLED;
}

/* The same where ip.directed_broadcast of the interface of the network is on: a router receives it, and sends
 * one for another network on, unless it came to all on its link (RFC 2644, RFC 1812 5.3.4, 5.3.5.2). */
static enum tapir_verdict judge_directed_broadcast(const struct ip4_state *ip4, const struct iface *iface,
                                                   struct tapir_packet *packet, const struct address *address)
{
    const struct iface *exit = iface_at(&ip4->link.ifaces, address->iface);
    if (!ip4_is_forwarding(&iface->settings) ||
        !settings_is_on(&exit->settings, TAPIR_SET_IP_DIRECTED_BROADCAST))
        return judge_network_broadcast(iface, address, TAPIR_IP4_DIRECTED_BROADCAST);
    if (exit == iface)
        return TAPIR_UNSETTLED;
    if (packet->within.link_broadcast || packet->within.link_multicast)
        return TAPIR_IP4_LINK_BROADCAST;
    packet->within.role = ROLE_TRANSIT;
    return TAPIR_UNSETTLED;
}

static enum tapir_verdict judge_target(const struct ip4_state *ip4, const struct iface *iface,
                                       enum target target, struct tapir_packet *packet,
                                       const struct address *address)
{
    switch (target) {
    case TARGET_OURS:
        return address->iface != iface->number && settings_is_on(&iface->settings, TAPIR_SET_IP_STRONG_HOST)
                   ? TAPIR_IP4_OTHER_IFACE
                   : TAPIR_UNSETTLED;
    case TARGET_LIMITED:
    case TARGET_OTHER:
        break;
    case TARGET_BROADCAST:
        return judge_directed_broadcast(ip4, iface, packet, address);
    case TARGET_ZERO_HOST:
        return judge_network_broadcast(iface, address, TAPIR_IP4_BROADCAST_NET);
    case TARGET_GROUP:
        return group_is_joined(&ip4->groups, iface, packet->within.tuple.destination) ? TAPIR_UNSETTLED
                                                                                      : TAPIR_IP4_GROUP;
    }
    return TAPIR_UNSETTLED;
}

/* Sources that are to be reached where they come from: those of what is for one host, us or another. Who has no
 * address yet cannot be. RFC 1812 5.3.8, RFC 3704 2. */
static enum tapir_verdict judge_path(const struct ip4_state *ip4, const struct iface *iface,
                                     const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    bool is_local = within->role == ROLE_LOCAL;
    if (is_local && (within->to_many || within->looped || ip4_is_this_net(within->tuple.source)))
        return TAPIR_UNSETTLED;
    return ip4_has_way_back(ip4, iface, within->tuple.source) ? TAPIR_UNSETTLED : TAPIR_IP4_RPFILTER;
}

/* With options, or a mistake. Of the headers that are refused only that of a truncated datagram says something. */
RARE static enum tapir_verdict judge_any_header(const struct iface *iface, struct tapir_packet *packet)
{
    struct ip4_header header;
    uint32_t received = packet->within.end;
    enum tapir_verdict verdict = ip4_parse(packet_ip4(packet), received - packet->within.network, &header);
    if (verdict != TAPIR_UNSETTLED && verdict != TAPIR_IP4_TRUNCATED)
        return verdict;
    note(packet, &header);
    if (verdict == TAPIR_UNSETTLED)
        return verdict;
    packet->within.end = received;
    packet->within.pointer = IP4_AT_TOTAL;
    return ip4_is_forwarding(&iface->settings) ? verdict : TAPIR_IP4_TRUNCATED_HOST;
}

static enum tapir_verdict judge_header(const struct iface *iface, struct tapir_packet *packet)
{
    const uint8_t *data = packet_ip4(packet);
    if (!ip4_is_usual(data, packet->within.end - packet->within.network))
        return judge_any_header(iface, packet);
    struct ip4_header header;
    ip4_read(data, &header);
    note(packet, &header);
    return TAPIR_UNSETTLED;
}

/* Whom it is for, and whether its addresses may meet here; `verdict` is that on its header. */
RARE static enum tapir_verdict judge_addresses(const struct ip4_state *ip4, const struct iface *iface,
                                               struct tapir_packet *packet, enum tapir_verdict verdict)
{
    struct tapir_packet_private *within = &packet->within;
    struct ip4 destination = within->tuple.destination;
    const struct address *address = NULL;
    enum target target = target_of(ip4, iface, destination, &address);
    if (verdict == TAPIR_UNSETTLED && ip4_is_zero(destination) && ip4_asks_this_net(&iface->settings, packet))
        target = TARGET_LIMITED;
    within->to_many = target != TARGET_OURS && target != TARGET_OTHER;
    within->role = target == TARGET_OTHER ? ROLE_TRANSIT : ROLE_LOCAL;
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (target != TARGET_LIMITED && ip4_is_destination_martian(destination))
        return TAPIR_IP4_DESTINATION_MARTIAN;
    if (!within->looped)
        verdict = judge_source(ip4, iface, packet);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (!within->to_many && (within->link_broadcast || within->link_multicast))
        return TAPIR_IP4_LINK_BROADCAST;
    return judge_target(ip4, iface, target, packet, address);
}

/* Neither in 0/8, nor in 127/8, nor in 224/3. */
static bool is_host(struct ip4 a)
{
    uint32_t first = a.value >> 24;
    return first - 1 < 223 && first != 127;
}

/* From one host somewhere to another, neither of which is us, as nearly all that passes through: nothing of the above is to be
 * asked. A frame to all is another matter. */
static bool is_transit(const struct ip4_state *ip4, const struct tapir_packet_private *within)
{
    struct ip4 source = within->tuple.source, destination = within->tuple.destination;
    bool are_hosts = within->ordinary || (is_host(source) && is_host(destination));
    return are_hosts && address_is_plain(&ip4->addresses, source) &&
           address_is_plain(&ip4->addresses, destination) && !within->link_broadcast &&
           !within->link_multicast;
}

static enum tapir_verdict judge(const struct ip4_state *ip4, const struct iface *iface,
                                struct tapir_packet *packet)
{
    if (iface == NULL)
        return TAPIR_IFACE_DOWN;
    packet->within.to_many = false;
    packet->within.role = ROLE_TRANSIT;
    enum tapir_verdict verdict = judge_header(iface, packet);
    bool is_plain = !packet->offload.partial && !ip4_is_super(packet);
    if (verdict == TAPIR_UNSETTLED && !is_plain)
        verdict = ip4_offload_judge(packet);
    if (verdict != TAPIR_UNSETTLED || !is_transit(ip4, &packet->within))
        verdict = judge_addresses(ip4, iface, packet, verdict);
    if (verdict == TAPIR_UNSETTLED && settings_is_on(&iface->settings, TAPIR_SET_IP_RPFILTER))
        verdict = judge_path(ip4, iface, packet);
    return verdict;
}

/* What is both delivered and sent on: a copy is born that is for us. False: no slot is left for it. */
RARE static bool deliver_copy(struct core *core, const struct tapir_packet *packet)
{
    size_t size = packet->within.end - packet->within.network;
    struct tapir_packet *copy = packet_bear(core, size, packet);
    if (copy == NULL)
        return false;
    memcpy(copy->data, packet_ip4(packet), size);
    packet_inherit(copy, packet, packet->within.tuple.header);
    copy->offload = packet->offload;
    copy->offload.start = (uint16_t)(copy->offload.start - packet->within.network);
    copy->within.role = ROLE_LOCAL;
    lane_push(core, LANE_LOCAL, copy);
    return true;
}

/* Not on to another link: for us, or for us as well. False: it is done. */
RARE static bool keep(struct core *core, struct tapir_packet *packet)
{
    if (packet->within.role == ROLE_LOCAL)
        lane_push(core, LANE_LOCAL, packet);
    else if (deliver_copy(core, packet))
        return true;
    else
        settle(core, packet, TAPIR_STORE_FULL);
    return false;
}

void ip4_input(struct ip4_state *ip4, struct core *core)
{
    struct train train = train_begin(core, LANE_FORWARD);
    struct tapir_packet *next;
    for (struct tapir_packet *packet = lane_take_all(core, LANE_IP4); packet != NULL; packet = next) {
        next = packet->within.next;
        const struct iface *iface = iface_at(&ip4->link.ifaces, packet->iface);
        enum tapir_verdict verdict = judge(ip4, iface, packet);
        if (verdict != TAPIR_UNSETTLED)
            settle(core, packet, verdict);
        else if ((packet->within.role == ROLE_TRANSIT && !packet->within.to_many) || keep(core, packet))
            train_add(&train, packet);
    }
    train_end(core, LANE_FORWARD, &train);
}
