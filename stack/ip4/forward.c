/* IPv4 through us. Lanes: forward -> resolve */
#include "ip4/forward.h"

#include "core/promise.h"
#include "ip4/options.h"
#include "ip4/route.h"
#include "ip4/segment.h"
#include "wire/ip4.h"

/* Transit to an address of ours that is being probed still, or to a broadcast: only what ip4/input let pass as
 * one, and where it leaves once more, since networks may overlap. */
RARE static enum tapir_verdict judge_special(const struct ip4_state *ip4, const struct route *route,
                                             const struct tapir_packet_private *within)
{
    if (route->kind == TAPIR_ROUTE_LOCAL)
        return TAPIR_IP4_UNREACHABLE;
    const struct iface *exit = iface_at(&ip4->link.ifaces, route->iface);
    bool passes = within->to_many && settings_is_on(&exit->settings, TAPIR_SET_IP_DIRECTED_BROADCAST);
    return passes ? TAPIR_UNSETTLED : TAPIR_IP4_DIRECTED_BROADCAST;
}

/* In a network that no router has business with: 192.0.0/24 but for its first /29, and those of documentation,
 * 192.0.2/24, 198.51.100/24 and 203.0.113/24. RFC 6890 2.2.2. */
static bool is_bogon(struct ip4 a)
{
    uint32_t network = a.value >> 8;
    if (network < 0xc00000)
        return false;
    return (network == 0xc00000 && (a.value & 0xff) > 7) || network == 0xc00002 || network == 0xc63364 ||
           network == 0xcb0071;
}

/* Addresses that no router sends on. The first was let in as one for us, and a source route or a directed broadcast would take it
 * further: RFC 1812 5.3.7. */
static enum tapir_verdict judge_addresses(const struct iface *iface, const struct tapir_tuple *tuple)
{
    if (ip4_is_zero(tuple->source))
        return TAPIR_IP4_SOURCE_MARTIAN;
    if (ip4_is_link_local(tuple->source) || ip4_is_link_local(tuple->destination))
        return TAPIR_IP4_LINK_LOCAL;
    bool is_one = is_bogon(tuple->source) || is_bogon(tuple->destination);
    return is_one && settings_is_on(&iface->settings, TAPIR_SET_IP_BOGONS) ? TAPIR_IP4_BOGON
                                                                           : TAPIR_UNSETTLED;
}

static bool is_routed_by_source(const struct tapir_packet *packet)
{
    return (packet->within.edits & EDIT_ROUTE) != 0;
}

/* What is too large is sent in pieces by ip4/send, unless it says that it may not; of a super-frame the segments count. */
RARE static enum tapir_verdict judge_size(struct tapir_packet *packet, const struct iface *exit)
{
    struct tapir_packet_private *within = &packet->within;
    if (ip4_largest(packet) <= exit->mtu)
        return TAPIR_UNSETTLED;
    within->mtu = exit->mtu;
    if (within->tuple.fragment & IP4_DF)
        return TAPIR_IP4_TOO_BIG;
    uint32_t offset = (uint32_t)(within->tuple.fragment & IP4_OFFSET) * 8;
    bool ends_beyond =
        offset + within->end - within->transport > IP4_TOTAL_MAX; /* no piece could say where */
    return ends_beyond ? TAPIR_IP4_FRAGMENT_BEYOND : TAPIR_UNSETTLED;
}

static void decide(struct tapir_packet_private *within, const struct route *route)
{
    within->exit = route->iface;
    within->next_hop = ip4_next_hop(route, within->tuple.destination);
    within->ttl = (uint8_t)(within->tuple.ttl - 1);
}

static enum tapir_verdict judge(const struct ip4_state *ip4, struct tapir_packet *packet,
                                const struct route *first)
{
    struct tapir_packet_private *within = &packet->within;
    const struct iface *iface = iface_at(&ip4->link.ifaces, packet->iface);
    if (!ip4_is_forwarding(&iface->settings))
        return is_routed_by_source(packet) ? TAPIR_IP4_SOURCE_ROUTE : TAPIR_IP4_NOT_FORWARDING;
    enum tapir_verdict verdict = TAPIR_UNSETTLED;
    if (!within->ordinary)
        verdict = judge_addresses(iface, &within->tuple);
    if (verdict == TAPIR_UNSETTLED && within->tuple.header > IP4_HEADER && !is_routed_by_source(packet))
        verdict = ip4_options_judge(ip4, &iface->settings, packet); /* else ip4/local has judged them */
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    const struct route *route;
    verdict = ip4_choose_route(ip4, packet, first, &route);
    if (is_routed_by_source(packet) && !ip4_options_allow(packet, route))
        return TAPIR_IP4_SOURCE_ROUTE;
    if (verdict == TAPIR_UNSETTLED && route->kind > TAPIR_ROUTE_CONNECTED)
        verdict = judge_special(ip4, route, within);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    const struct iface *exit = iface_at(&ip4->link.ifaces, route->iface);
    if (!ip4_is_forwarding(&exit->settings))
        return TAPIR_IP4_NOT_FORWARDING;
    if (within->tuple.ttl <= 1)
        return TAPIR_IP4_TTL;
    if (within->end - within->network > exit->mtu)
        verdict = judge_size(packet, exit);
    if (verdict == TAPIR_UNSETTLED)
        decide(within, route);
    return verdict;
}

/* Exits of a batch are on their way into the cache together, where there are more than stay in it. */
static void expect_exits(const struct ip4_state *ip4, const struct route *const routes[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (routes[i] != NULL)
            iface_expect(&ip4->link.ifaces, routes[i]->iface);
}

void ip4_forward(struct ip4_state *ip4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    const struct route *routes[LIMIT_BATCH];
    struct train train = train_begin(core, LANE_RESOLVE);
    for (size_t n; (n = lane_take(core, LANE_FORWARD, packets, LIMIT_BATCH)) > 0;) {
        ip4_find_routes(ip4, packets, routes, n);
        if (ip4->link.ifaces.count > IFACE_FEW)
            expect_exits(ip4, routes, n);
        for (size_t i = 0; i < n; i++) {
            enum tapir_verdict verdict = judge(ip4, packets[i], routes[i]);
            if (verdict != TAPIR_UNSETTLED)
                settle(core, packets[i], verdict);
            else
                train_add(&train, packets[i]);
        }
    }
    train_end(core, LANE_RESOLVE, &train);
}
