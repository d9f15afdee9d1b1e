#include "ip4/options_reply.h"

#include <string.h>

#include "ip4/options.h"
#include "wire/bytes.h"
#include "wire/ip4.h"
#include "wire/ip4_opt_route.h"
#include "wire/ip4_opt_traceroute.h"

/* There is room: none is longer than the option of the request that it answers. */
static void append(struct ip4_reply_options *reply, const uint8_t *option, uint8_t length)
{
    memcpy(reply->octets + reply->size, option, length);
    reply->size = (uint8_t)(reply->size + length);
}

static void pad(struct ip4_reply_options *reply)
{
    while (reply->size % 4 != 0)
        reply->octets[reply->size++] = IP4_OPT_EOL;
}

/* The hosts that a source route has passed, last one first, without the source itself, which comes last. Returns how many;
 * there is room for all of a header. */
static size_t hosts_back(const uint8_t *header, struct ip4_opt_route route, struct ip4 source,
                         struct ip4 hosts[IP4_OPTIONS_MAX / IP4_ROUTE_SLOT])
{
    uint8_t end = ip4_opt_route_is_done(&route) ? (uint8_t)(route.length + 1) : route.pointer;
    size_t n = 0;
    while (end > IP4_ROUTE_FIRST) {
        end = (uint8_t)(end - IP4_ROUTE_SLOT);
        route.pointer = end;
        struct ip4 host = ip4_opt_route_next(header, &route);
        if (end > IP4_ROUTE_FIRST || !ip4_equal(host, source))
            hosts[n++] = host;
    }
    return n;
}

/* Each names one host, as a source has to (RFC 1122 3.2.2): else the route is a lie, told so that we speak to many. */
static bool are_hosts(const struct ip4_state *ip4, const struct ip4 hosts[], size_t n, unsigned iface)
{
    for (size_t i = 0; i < n; i++) {
        if (ip4_is_this_net(hosts[i]) || ip4_is_loopback(hosts[i]) || ip4_is_multicast(hosts[i]) ||
            ip4_is_class_e(hosts[i]))
            return false;
        enum address_kind kind = address_lookup(&ip4->addresses, hosts[i], iface, NULL);
        if (kind != ADDRESS_NOTHING && kind != ADDRESS_OURS)
            return false;
    }
    return true;
}

/* RFC 1122 3.2.1.8: the first host of the way back becomes the destination, the source is the last of the route. */
static void reverse(const struct ip4_state *ip4, struct ip4_reply_options *reply,
                    const struct tapir_packet *packet, const struct ip4_opt *opt)
{
    const uint8_t *header = packet_ip4(packet);
    struct ip4 source = packet->within.tuple.source;
    struct ip4_opt_route route;
    struct ip4 hosts[IP4_OPTIONS_MAX / IP4_ROUTE_SLOT];
    uint8_t fault, option[IP4_OPTIONS_MAX] = {opt->type, 3, IP4_ROUTE_FIRST};
    if (ip4_opt_route_parse(header, opt, true, &route, &fault) != TAPIR_UNSETTLED)
        return;
    size_t n = hosts_back(header, route, source, hosts);
    if (n == 0 || !are_hosts(ip4, hosts, n, packet->iface))
        return;
    reply->first_hop = hosts[0];
    for (size_t i = 1; i <= n; i++, option[1] = (uint8_t)(option[1] + IP4_ROUTE_SLOT))
        ip4_put(option + option[1], i < n ? hosts[i] : source);
    append(reply, option, option[1]);
}

static bool is_processed(const struct settings *settings, uint8_t type)
{
    enum {
        PROCESS = 2
    };
    return settings_get(settings, type == IP4_OPT_LSRR ? TAPIR_SET_IP_OPTION_LSRR
                                                       : TAPIR_SET_IP_OPTION_SSRR) == PROCESS;
}

static void reverse_route(const struct ip4_state *ip4, const struct settings *settings,
                          const struct tapir_packet *packet, struct ip4_reply_options *reply)
{
    const uint8_t *header = packet_ip4(packet);
    struct ip4_opt opt = {0};
    while (ip4_opt_next(header, packet->within.tuple.header, &opt) == IP4_OPT_FOUND)
        if ((opt.type == IP4_OPT_LSRR || opt.type == IP4_OPT_SSRR) && is_processed(settings, opt.type))
            reverse(ip4, reply, packet, &opt);
}

/* RFC 1393 3.2: what came to its destination goes back, and the hops back begin. */
static void turn_traceroute(const struct tapir_packet *request, struct ip4_reply_options *reply)
{
    struct ip4_opt opt;
    struct ip4_opt_traceroute traceroute;
    if (!ip4_opt_traceroute_find(packet_ip4(request), request->within.tuple.header, &opt, &traceroute) ||
        traceroute.hops_back != IP4_TRACEROUTE_OUTBOUND)
        return;
    uint8_t option[IP4_OPT_TRACEROUTE_SIZE];
    traceroute.hops_back = 0;
    ip4_opt_traceroute_build(option, &traceroute);
    append(reply, option, sizeof option);
}

void ip4_options_reply(const struct ip4_state *ip4, const struct core *core, const struct settings *settings,
                       const struct tapir_packet *request, struct ip4_reply_options *reply)
{
    *reply = (struct ip4_reply_options){.first_hop = request->within.tuple.source};
    if (request->within.tuple.header == IP4_HEADER)
        return;
    reverse_route(ip4, settings, request, reply);
    uint8_t header[IP4_HEADER_MAX];
    uint8_t size = (uint8_t)(IP4_HEADER + ip4_options_received(ip4, core, request, header + IP4_HEADER));
    struct ip4_opt opt = {0};
    while (ip4_opt_next(header, size, &opt) == IP4_OPT_FOUND)
        if ((opt.type == IP4_OPT_RECORD_ROUTE && (request->within.edits & EDIT_RECORD) != 0) ||
            (opt.type == IP4_OPT_TIMESTAMP && (request->within.edits & EDIT_STAMP) != 0))
            append(reply, header + opt.at, opt.length);
    if ((request->within.edits & EDIT_HOPS) != 0)
        turn_traceroute(request, reply);
    pad(reply);
}

static bool is_about_route(enum tapir_verdict verdict)
{
    return verdict == TAPIR_IP4_OPTION_ROUTE || verdict == TAPIR_IP4_OPTION_TWO_ROUTES ||
           verdict == TAPIR_IP4_OPTION_ASTRAY;
}

void ip4_options_error(const struct ip4_state *ip4, const struct settings *settings,
                       const struct tapir_packet *offender, struct ip4_reply_options *reply)
{
    *reply = (struct ip4_reply_options){.first_hop = offender->within.tuple.source};
    if (offender->within.tuple.header > IP4_HEADER && !is_about_route(offender->verdict))
        reverse_route(ip4, settings, offender, reply);
    pad(reply);
}
