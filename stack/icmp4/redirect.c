/* Redirect. Lanes: resolved -> send, originate */
#include "icmp4/redirect.h"

#include "icmp4/error.h"
#include "icmp4/message.h"
#include "icmp4/quote.h"
#include "icmp4/traceroute1393.h"
#include "ip4/decide.h"
#include "ip4/path.h"
#include "wire/icmp4_redirect.h"
#include "wire/ip4_opt.h"

/* The values of icmp.redirect.send. */
enum {
    SEND_OFF,
    SEND_ON,
    SEND_AUTO /* when a router, and only a router has packets in transit */
};

/* ---- what we tell ---- */

static bool has_source_route(const struct tapir_packet *packet)
{
    struct ip4_opt opt = {.at = 0};
    while (ip4_opt_next(packet_ip4(packet), packet->within.tuple.header, &opt) == IP4_OPT_FOUND)
        if (opt.type == IP4_OPT_LSRR || opt.type == IP4_OPT_SSRR)
            return true;
    return false;
}

/* Source and next hop share a network, that of the link where the packet came from and goes to; and they are two, as nobody is a
 * way to himself. */
static bool is_detour(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    if (packet->within.role != ROLE_TRANSIT ||
        ip4_equal(packet->within.tuple.source, packet->within.next_hop))
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
    return message_send(icmp4->ip4, core, packet, (struct ip4){0}, header);
}

/* What leaves by the link that it came from. */
RARE static void consider(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet)
{
    if (!is_detour(icmp4->ip4, packet))
        return;
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    if (settings_get(settings, TAPIR_SET_ICMP_REDIRECT_SEND) == SEND_OFF || has_source_route(packet))
        return;
    if (icmp4_may_answer(icmp4->ip4, packet) == TAPIR_UNSETTLED)
        settle_answer(core, packet, send(icmp4, core, settings, packet));
}

void redirect_output(struct icmp4_state *icmp4, struct core *core)
{
    struct train train = train_begin(core, LANE_SEND);
    struct tapir_packet *next;
    for (struct tapir_packet *packet = lane_take_all(core, LANE_RESOLVED); packet != NULL; packet = next) {
        next = packet->within.next;
        if (packet->within.exit == packet->iface)
            consider(icmp4, core, packet);
        if (packet->within.edits != 0)
            traceroute1393_tell(icmp4, core, packet);
        train_add(&train, packet);
    }
    train_end(core, LANE_SEND, &train);
}

/* ---- what we are told ---- */

/* The values of icmp.redirect.accept. */
enum {
    ACCEPT_OFF,
    ACCEPT_ON,
    ACCEPT_AUTO /* when a host: RFC 1812 5.2.7.2 */
};

static bool accepts(const struct settings *settings)
{
    int64_t accept = settings_get(settings, TAPIR_SET_ICMP_REDIRECT_ACCEPT);
    return accept == ACCEPT_ON || (accept == ACCEPT_AUTO && !ip4_is_forwarding(settings));
}

/* The router that we shall turn to: a host, and a neighbor on the link where we were told. */
static enum tapir_verdict judge_gateway(const struct ip4_state *ip4, unsigned iface, struct ip4 gateway)
{
    if (ip4_is_destination_martian(gateway) || ip4_is_multicast(gateway) ||
        ip4_is_limited_broadcast(gateway) ||
        address_lookup(&ip4->addresses, gateway, iface, NULL) != ADDRESS_NOTHING)
        return TAPIR_ICMP4_REDIRECT_GATEWAY;
    if (address_towards(&ip4->addresses, iface, gateway) == NULL)
        return TAPIR_ICMP4_REDIRECT_OFF_SUBNET;
    return TAPIR_UNSETTLED;
}

/* Is it about a destination that we reach by a router, and does that router speak? `sent` becomes the datagram and its way. */
static enum tapir_verdict judge_sender(const struct ip4_state *ip4, const struct core *core,
                                       const struct tapir_packet *packet, struct tapir_packet *sent)
{
    *sent = path_quoted(packet);
    if (ip4_decide(ip4, sent) != TAPIR_UNSETTLED ||
        ip4_equal(sent->within.next_hop, sent->within.tuple.destination))
        return TAPIR_ICMP4_REDIRECT_ON_LINK;
    struct ip4 first_hop = path_first_hop(ip4, core, sent);
    bool is_first_hop =
        sent->within.exit == packet->iface && ip4_equal(packet->within.tuple.source, first_hop);
    return is_first_hop ? TAPIR_UNSETTLED : TAPIR_ICMP4_REDIRECT_SENDER;
}

/* In the order of RFC 1122 3.2.2.2, after what holds for any error. */
static enum tapir_verdict judge(struct icmp4_state *icmp4, const struct core *core,
                                const struct settings *settings, struct tapir_packet *packet,
                                struct tapir_packet *sent)
{
    struct icmp4_redirect redirect;
    icmp4_redirect_parse(packet_payload(packet), &redirect);
    if (!accepts(settings))
        return TAPIR_ICMP4_REDIRECT;
    if (packet->within.to_many)
        return TAPIR_ICMP4_REDIRECT_BROADCAST;
    if (redirect.code > ICMP4_REDIRECT_TOS_HOST)
        return TAPIR_ICMP4_REDIRECT_CODE;
    enum tapir_verdict verdict = quote_parse(icmp4->ip4, packet);
    if (verdict == TAPIR_UNSETTLED)
        verdict = judge_gateway(icmp4->ip4, packet->iface, redirect.gateway);
    if (verdict == TAPIR_UNSETTLED)
        verdict = judge_sender(icmp4->ip4, core, packet, sent);
    return verdict;
}

enum tapir_verdict redirect_input(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet)
{
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    struct tapir_packet sent;
    enum tapir_verdict verdict = judge(icmp4, core, settings, packet, &sent);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    struct icmp4_redirect redirect;
    icmp4_redirect_parse(packet_payload(packet), &redirect);
    struct exception learnt = {
        .destination = sent.within.tuple.destination,
        .gateway = redirect.gateway,
        .instead_of = sent.within.next_hop,
        .exit = sent.within.exit,
        .gateway_until = time_after(core->now, settings_get(settings, TAPIR_SET_ICMP_REDIRECT_TIMEOUT)),
    };
    exception_learn_gateway(&icmp4->ip4->exceptions, core, &learnt);
    return TAPIR_ICMP4_REDIRECTED;
}
