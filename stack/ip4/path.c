#include "ip4/path.h"

#include "ip4/decide.h"
#include "wire/icmp4.h"
#include "wire/icmp4_unreach.h"
#include "wire/ip4.h"

enum {
    QUOTED = 8,  /* octets behind the header that every quote has */
    MTU_MIN = 68 /* RFC 791 3.2 */
};

/* ---- first hop ---- */

/* The first hop that was learnt may stand in for the one that the routes name. */
static bool holds(const struct ip4_state *ip4, const struct exception *learnt,
                  const struct tapir_packet_private *within)
{
    if (ip4_is_zero(learnt->gateway) || learnt->exit != within->exit)
        return false;
    /* A better default router that appears is for other destinations: RFC 1256 5.3. */
    if (!ip4_equal(learnt->instead_of, within->next_hop) &&
        !router_is_listed(&ip4->routers, within->exit, within->next_hop))
        return false;
    return !gateway_is_dead(&ip4->routes.gateways, learnt->exit, learnt->gateway) &&
           address_towards(&ip4->addresses, learnt->exit, learnt->gateway) != NULL;
}

struct ip4 path_first_hop(const struct ip4_state *ip4, const struct core *core,
                          const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    if (ip4_equal(within->next_hop, within->tuple.destination))
        return within->next_hop;
    struct exception learnt = exception_lookup(&ip4->exceptions, core, within->tuple.destination);
    return holds(ip4, &learnt, within) ? learnt.gateway : within->next_hop;
}

/* ---- MTU ---- */

uint16_t path_mtu(const struct ip4_state *ip4, const struct core *core, const struct iface *exit,
                  struct ip4 destination)
{
    uint16_t learnt = exception_lookup(&ip4->exceptions, core, destination).mtu;
    return learnt != 0 && learnt < exit->mtu ? learnt : exit->mtu;
}

struct tapir_packet path_quoted(const struct tapir_packet *error)
{
    const struct tapir_tuple *notice = &error->within.notice;
    struct tapir_packet datagram = {
        .data = packet_payload(error) + ICMP4_HEADER + notice->header,
        .size = QUOTED,
        .within = {.tuple = *notice, .end = QUOTED, .role = ROLE_OURS},
    };
    datagram.within.tuple.fragment &= IP4_DF; /* it was whole then */
    return datagram;
}

/* What the router may mean that did not say: the next of the usual MTUs below what it could not send. Some wrote the length of
 * the header on top of the total length, so one that cannot be is corrected first: RFC 1191 5, 7.1. */
static uint16_t plateau_below(const struct tapir_packet_private *within, uint16_t estimate)
{
    static const uint16_t plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, MTU_MIN};
    uint32_t total = within->notice_total, header = within->notice.header;
    size_t i = 0;
    if (total >= estimate) /* which is longer than any header */
        total -= header;
    while (plateaus[i] >= total && plateaus[i] != MTU_MIN)
        i++;
    return plateaus[i];
}

static bool is_too_big(const struct tapir_packet *error)
{
    return error->verdict == TAPIR_UNSETTLED && error->within.notice_type == ICMP4_UNREACH &&
           error->within.notice_code == ICMP4_UNREACH_TOO_BIG;
}

/* When the link's own MTU is tried again, RFC 1191 6.3. */
static tapir_instant end_of(const struct core *core, const struct iface *exit)
{
    int64_t timeout = settings_get(&exit->settings, TAPIR_SET_PMTU_TIMEOUT);
    return timeout == 0 ? TAPIR_NEVER : time_after(core->now, timeout);
}

/* Enters a claim that is worth it. */
static enum tapir_verdict learn(struct ip4_state *ip4, struct core *core, const struct iface *exit,
                                struct ip4 destination, uint16_t claim)
{
    uint16_t floor = (uint16_t)settings_get(&exit->settings, TAPIR_SET_PMTU_FLOOR);
    struct exception learnt = {
        .destination = destination,
        .mtu = claim < floor ? floor : claim,
        .mtu_until = end_of(core, exit),
    };
    if (learnt.mtu >= path_mtu(ip4, core, exit, destination))
        return TAPIR_ICMP4_NOTICED;
    exception_learn_mtu(&ip4->exceptions, core, &learnt);
    return TAPIR_ICMP4_MTU_LEARNED;
}

enum tapir_verdict path_notice(struct ip4_state *ip4, struct core *core, const struct tapir_packet *error,
                               uint32_t largest)
{
    if (!is_too_big(error))
        return TAPIR_ICMP4_NOTICED;
    struct tapir_packet sent = path_quoted(error);
    struct ip4 destination = sent.within.tuple.destination;
    if (ip4_decide(ip4, &sent) != TAPIR_UNSETTLED || sent.within.to_many || ip4_is_ours(ip4, destination))
        return TAPIR_ICMP4_NOTICED;
    const struct iface *exit = iface_lookup(&ip4->link.ifaces, sent.within.exit);
    uint16_t claim = error->within.mtu;
    if (claim == 0)
        claim = plateau_below(&error->within, path_mtu(ip4, core, exit, destination));
    return claim >= largest ? TAPIR_ICMP4_MTU_DOUBTED : learn(ip4, core, exit, destination, claim);
}
