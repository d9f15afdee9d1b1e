#include "ip4/options.h"

#include "wire/ip4.h"
#include "wire/ip4_opt_route.h"
#include "wire/ip4_opt_stamp.h"

/* The values of settings with three choices; of those with two, ignore and drop are 0 and 1. */
enum treatment {
    DROP,
    IGNORE,
    PROCESS
};

/* ---- what each kind deserves ---- */

static enum tapir_setting setting_of(uint8_t type)
{
    switch (type) {
    case IP4_OPT_LSRR:
        return TAPIR_SET_IP_OPTION_LSRR;
    case IP4_OPT_SSRR:
        return TAPIR_SET_IP_OPTION_SSRR;
    case IP4_OPT_RECORD_ROUTE:
        return TAPIR_SET_IP_OPTION_RR;
    case IP4_OPT_TIMESTAMP:
        return TAPIR_SET_IP_OPTION_TS;
    case IP4_OPT_STREAM_ID:
        return TAPIR_SET_IP_OPTION_STREAM_ID;
    case IP4_OPT_ROUTER_ALERT:
        return TAPIR_SET_IP_OPTION_ROUTER_ALERT;
    case IP4_OPT_SECURITY:
    case IP4_OPT_EXTENDED_SECURITY:
    case IP4_OPT_CIPSO:
        return TAPIR_SET_IP_OPTION_SECURITY;
    case IP4_OPT_MTU_PROBE:
    case IP4_OPT_MTU_REPLY:
    case IP4_OPT_TRACEROUTE:
    case IP4_OPT_ACCESS_CONTROL:
    case IP4_OPT_EIP:
    case IP4_OPT_ADDRESS_EXTENSION:
    case IP4_OPT_DIRECTED_BROADCAST:
    case IP4_OPT_DYNAMIC_STATE:
    case IP4_OPT_UPSTREAM:
    case IP4_OPT_EXPERIMENT_30:
    case IP4_OPT_EXPERIMENT_94:
    case IP4_OPT_EXPERIMENT_158:
    case IP4_OPT_EXPERIMENT_222:
        return TAPIR_SET_IP_OPTION_EXPERIMENTAL; /* RFC 7126 4.9 to 4.22 */
    default:
        return TAPIR_SET_IP_OPTION_UNKNOWN;
    }
}

static enum treatment treatment_of(const struct settings *settings, uint8_t type)
{
    enum tapir_setting setting = setting_of(type);
    if (type == IP4_OPT_TRACEROUTE && settings_is_on(settings, TAPIR_SET_ICMP_TRACEROUTE1393))
        return PROCESS;
    int64_t value = settings_get(settings, setting);
    if (tapir_setting(setting)->high == PROCESS)
        return (enum treatment)value;
    return value == 0 ? IGNORE : DROP;
}

/* ---- one option ---- */

/* Offsets of types seen so far; 0: none. */
struct seen {
    uint8_t source_route, record, stamp, security, stream;
};

/* A source route that is to be followed. */
struct found {
    bool follows, is_strict;
    struct ip4_opt_route route;
};

/* Kinds that stand at most once: RFC 791 3.1. Two source routes of either kind are told: RFC 1812 5.2.4.1. */
static enum tapir_verdict judge_count(struct seen *seen, const struct ip4_opt *opt, uint8_t *fault)
{
    uint8_t *at = opt->type == IP4_OPT_LSRR || opt->type == IP4_OPT_SSRR ? &seen->source_route
                  : opt->type == IP4_OPT_RECORD_ROUTE                    ? &seen->record
                  : opt->type == IP4_OPT_TIMESTAMP                       ? &seen->stamp
                  : opt->type == IP4_OPT_SECURITY                        ? &seen->security
                  : opt->type == IP4_OPT_STREAM_ID                       ? &seen->stream
                                                                         : NULL;
    if (at == NULL)
        return TAPIR_UNSETTLED;
    *fault = opt->at;
    if (*at != 0)
        return at == &seen->source_route ? TAPIR_IP4_OPTION_TWO_ROUTES : TAPIR_IP4_OPTION_TWICE;
    *at = opt->at;
    return TAPIR_UNSETTLED;
}

static enum tapir_verdict judge_route(struct found *found, const uint8_t *header, const struct ip4_opt *opt,
                                      uint8_t *fault)
{
    found->follows = true;
    found->is_strict = opt->type == IP4_OPT_SSRR;
    return ip4_opt_route_parse(header, opt, true, &found->route, fault);
}

static enum tapir_verdict judge_form(struct found *found, struct tapir_packet *packet,
                                     const struct ip4_opt *opt, uint8_t *fault)
{
    struct ip4_opt_route record;
    struct ip4_opt_stamp stamp;
    switch (opt->type) {
    case IP4_OPT_LSRR:
    case IP4_OPT_SSRR:
        return judge_route(found, packet_ip4(packet), opt, fault);
    case IP4_OPT_RECORD_ROUTE:
        packet->within.edits |= EDIT_RECORD;
        return ip4_opt_route_parse(packet_ip4(packet), opt, false, &record, fault);
    case IP4_OPT_TIMESTAMP:
        packet->within.edits |= EDIT_STAMP;
        return ip4_opt_stamp_parse(packet_ip4(packet), opt, &stamp, fault);
    case IP4_OPT_TRACEROUTE:
        packet->within.edits |= EDIT_HOPS;
        return TAPIR_UNSETTLED;
    default:
        return TAPIR_UNSETTLED;
    }
}

static enum tapir_verdict judge_one(struct found *found, const struct settings *settings,
                                    struct tapir_packet *packet, const struct ip4_opt *opt)
{
    switch (treatment_of(settings, opt->type)) {
    case DROP:
        return opt->type == IP4_OPT_LSRR || opt->type == IP4_OPT_SSRR ? TAPIR_IP4_OPTION_SOURCE_ROUTE
                                                                      : TAPIR_IP4_OPTION_DROPPED;
    case IGNORE:
        break;
    case PROCESS:
        return judge_form(found, packet, opt, &packet->within.pointer);
    }
    return TAPIR_UNSETTLED;
}

/* ---- all of them ---- */

/* What is wrong whatever the settings say comes first: a fault is told, a drop is silent. */
static enum tapir_verdict judge_structure(struct tapir_packet *packet)
{
    struct tapir_packet_private *within = &packet->within;
    enum tapir_verdict verdict = ip4_opt_check(packet_ip4(packet), within->tuple.header, &within->pointer);
    struct seen seen = {0};
    struct ip4_opt opt = {0};
    while (verdict == TAPIR_UNSETTLED &&
           ip4_opt_next(packet_ip4(packet), within->tuple.header, &opt) == IP4_OPT_FOUND)
        verdict = judge_count(&seen, &opt, &within->pointer);
    return verdict;
}

/* The addresses of a route that are ours too are passed at once, RFC 1812 5.2.3. */
static void follow(const struct ip4_state *ip4, struct tapir_packet *packet, struct ip4_opt_route route)
{
    struct ip4 next = packet->within.tuple.destination;
    while (ip4_is_ours(ip4, next) && !ip4_opt_route_is_done(&route)) {
        next = ip4_opt_route_next(packet_ip4(packet), &route);
        route.pointer = (uint8_t)(route.pointer + IP4_ROUTE_SLOT);
    }
    if (ip4_is_ours(ip4, next))
        return; /* all of it was ours: it has arrived */
    packet->within.tuple.destination = next;
    packet->within.ordinary = false; /* it was said of another one */
    packet->within.role = ROLE_TRANSIT;
    packet->within.edits |= EDIT_ROUTE;
}

/* A source route leads to hosts, one after the other. */
static bool leads_nowhere(const struct tapir_packet *packet)
{
    struct ip4 next = packet->within.tuple.destination;
    return ip4_is_destination_martian(next) || ip4_is_multicast(next) || ip4_is_limited_broadcast(next);
}

static enum tapir_verdict judge_way(const struct ip4_state *ip4, struct tapir_packet *packet,
                                    const struct found *found)
{
    struct tapir_packet_private *within = &packet->within;
    if (within->role == ROLE_TRANSIT) {
        within->pointer = IP4_AT_DESTINATION;
        return found->is_strict ? TAPIR_IP4_OPTION_ASTRAY : TAPIR_UNSETTLED;
    }
    if (within->to_many)
        return TAPIR_UNSETTLED;
    follow(ip4, packet, found->route);
    return within->role == ROLE_TRANSIT && leads_nowhere(packet) ? TAPIR_IP4_DESTINATION_MARTIAN
                                                                 : TAPIR_UNSETTLED;
}

enum tapir_verdict ip4_options_judge(const struct ip4_state *ip4, const struct settings *settings,
                                     struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    if (within->tuple.header == IP4_HEADER)
        return TAPIR_UNSETTLED;
    enum tapir_verdict verdict = judge_structure(packet);
    struct found found = {0};
    struct ip4_opt opt = {0};
    while (verdict == TAPIR_UNSETTLED &&
           ip4_opt_next(packet_ip4(packet), within->tuple.header, &opt) == IP4_OPT_FOUND)
        if (opt.type != IP4_OPT_NOP)
            verdict = judge_one(&found, settings, packet, &opt);
    return verdict == TAPIR_UNSETTLED && found.follows ? judge_way(ip4, packet, &found) : verdict;
}

static bool is_strict(const struct tapir_packet *packet)
{
    struct ip4_opt opt = {0};
    while (ip4_opt_next(packet_ip4(packet), packet->within.tuple.header, &opt) == IP4_OPT_FOUND)
        if (opt.type == IP4_OPT_SSRR)
            return true;
    return false;
}

bool ip4_options_allow(const struct tapir_packet *packet, const struct route *route)
{
    if (route == NULL)
        return false;
    bool is_neighbor = route->kind == TAPIR_ROUTE_CONNECTED || route->kind == TAPIR_ROUTE_LOCAL ||
                       route->kind == TAPIR_ROUTE_BROADCAST;
    return is_neighbor || !is_strict(packet);
}
