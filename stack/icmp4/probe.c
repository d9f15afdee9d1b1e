/* Extended Echo. */
#include "icmp4/probe.h"

#include <string.h>

#include "core/settings_prefix.h"
#include "icmp4/reply.h"
#include "wire/icmp4.h"
#include "wire/icmp4_probe.h"
#include "wire/ip4.h"

enum {
    PROBE_TTL = 255 /* RFC 8335 4 */
};

/* ---- may we? ---- */

/* The settings of one way to name an interface. */
struct kind_settings {
    enum tapir_setting answer, from;
};

static enum tapir_verdict judge_kind(const struct settings *settings, enum icmp4_probe_kind kind,
                                     struct ip4 source)
{
    static const struct kind_settings kinds[] = {
        [ICMP4_PROBE_NAME] = {TAPIR_SET_ICMP_PROBE_NAME, TAPIR_SET_ICMP_PROBE_NAME_FROM},
        [ICMP4_PROBE_INDEX] = {TAPIR_SET_ICMP_PROBE_INDEX, TAPIR_SET_ICMP_PROBE_INDEX_FROM},
        [ICMP4_PROBE_ADDRESS] = {TAPIR_SET_ICMP_PROBE_ADDRESS, TAPIR_SET_ICMP_PROBE_ADDRESS_FROM},
    };
    if (kind == ICMP4_PROBE_NOTHING)
        return TAPIR_UNSETTLED; /* asks for nothing that could be told */
    if (!settings_is_on(settings, kinds[kind].answer))
        return TAPIR_ICMP4_PROBE_KIND;
    struct ip4_prefix allowed = settings_prefix(settings_get(settings, kinds[kind].from));
    return ip4_in_prefix(source, allowed) ? TAPIR_UNSETTLED : TAPIR_ICMP4_PROBE_SOURCE;
}

static bool take_token(struct icmp4_state *icmp4, const struct core *core, const struct settings *settings)
{
    uint32_t rate = (uint32_t)settings_get(settings, TAPIR_SET_ICMP_PROBE_RATE);
    uint32_t burst = (uint32_t)settings_get(settings, TAPIR_SET_ICMP_PROBE_BURST);
    return rate == 0 || bucket_take(&icmp4->probes, rate, burst, core->now);
}

/* In the order of RFC 8335 4; our own limit comes last. */
static enum tapir_verdict judge(struct icmp4_state *icmp4, const struct core *core,
                                const struct tapir_packet *packet, const struct icmp4_probe *probe)
{
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    if (!settings_is_on(settings, TAPIR_SET_ICMP_PROBE_ANSWER))
        return TAPIR_ICMP4_PROBE_OFF;
    if (!settings_is_on(settings, probe->is_local ? TAPIR_SET_ICMP_PROBE_LOCAL : TAPIR_SET_ICMP_PROBE_REMOTE))
        return TAPIR_ICMP4_PROBE_SCOPE;
    enum tapir_verdict verdict = judge_kind(settings, probe->kind, packet->within.tuple.source);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (packet->within.to_many)
        return TAPIR_ICMP4_QUERY_BROADCAST;
    return take_token(icmp4, core, settings) ? TAPIR_UNSETTLED : TAPIR_ICMP4_PROBE_RATE;
}

/* ---- what is it? ---- */

static bool is_named(const struct iface *iface, const uint8_t *name, size_t size)
{
    return size < sizeof iface->name && memcmp(iface->name, name, size) == 0 && iface->name[size] == '\0';
}

static bool is_meant(const struct addresses *addresses, const struct iface *iface,
                     const struct icmp4_probe *probe)
{
    switch (probe->kind) {
    case ICMP4_PROBE_NAME:
        return is_named(iface, probe->name, probe->name_size);
    case ICMP4_PROBE_INDEX:
        return probe->index == iface->number + 1;
    case ICMP4_PROBE_ADDRESS:
    case ICMP4_PROBE_NOTHING: /* of no family */
        break;
    }
    return probe->family == ICMP4_FAMILY_IP4 &&
           address_find(addresses, iface->number, probe->address) != NULL;
}

static void find_interface(const struct ip4_state *ip4, const struct icmp4_probe *probe,
                           struct icmp4_probe_reply *reply)
{
    const struct iface *found = NULL;
    for (uint32_t i = 0; i < ip4->link.ifaces.limit; i++) {
        const struct iface *iface = iface_lookup(&ip4->link.ifaces, i);
        if (iface == NULL || !is_meant(&ip4->addresses, iface, probe))
            continue;
        reply->code = found == NULL ? ICMP4_EXTENDED_NO_ERROR : ICMP4_EXTENDED_MULTIPLE;
        found = iface;
    }
    if (found == NULL)
        reply->code = ICMP4_EXTENDED_NO_INTERFACE;
    if (reply->code != ICMP4_EXTENDED_NO_ERROR)
        return;
    uint64_t cursor = 0;
    reply->is_active = found->up;
    reply->has_ip4 = found->up && address_next_ready(&ip4->addresses, found->number, &cursor) != NULL;
}

static enum icmp4_probe_state state_of(const struct neighbor *neighbor)
{
    switch ((enum tapir_neighbor_state)neighbor->state) {
    case TAPIR_NEIGHBOR_INCOMPLETE:
        return ICMP4_STATE_INCOMPLETE;
    case TAPIR_NEIGHBOR_REACHABLE:
    case TAPIR_NEIGHBOR_PERMANENT:
        return ICMP4_STATE_REACHABLE;
    case TAPIR_NEIGHBOR_PROBE:
        return ICMP4_STATE_PROBE;
    case TAPIR_NEIGHBOR_SILENT:
        break;
    }
    return ICMP4_STATE_FAILED;
}

static void find_neighbor(const struct ip4_state *ip4, const struct core *core,
                          const struct icmp4_probe *probe, struct icmp4_probe_reply *reply)
{
    const struct neighbor *found = NULL;
    for (uint32_t i = 0; i < ip4->link.ifaces.limit && probe->family == ICMP4_FAMILY_IP4; i++) {
        const struct neighbor *neighbor = neighbor_lookup(&ip4->link.neighbors, core, i, probe->address);
        if (neighbor == NULL || neighbor->is_forgotten)
            continue;
        reply->code = found == NULL ? ICMP4_EXTENDED_NO_ERROR : ICMP4_EXTENDED_MULTIPLE;
        found = neighbor;
    }
    if (found == NULL)
        reply->code = ICMP4_EXTENDED_NO_ENTRY;
    else if (reply->code == ICMP4_EXTENDED_NO_ERROR)
        reply->state = state_of(found);
}

/* ---- the answer ---- */

static enum tapir_verdict answer(struct icmp4_state *icmp4, struct core *core,
                                 const struct tapir_packet *request, const struct icmp4_probe *probe)
{
    struct tapir_packet *packet;
    enum tapir_verdict verdict = reply_bear(icmp4, core, request, ICMP4_PROBE_REPLY, &packet);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    struct icmp4_probe_reply reply = {
        .code = ICMP4_EXTENDED_MALFORMED, .identifier = probe->identifier, .sequence = probe->sequence};
    if (probe->is_sound && probe->is_local)
        find_interface(icmp4->ip4, probe, &reply);
    else if (probe->is_sound)
        find_neighbor(icmp4->ip4, core, probe, &reply);
    packet->within.tuple.ttl = PROBE_TTL;
    packet->within.tuple.tos = 0;
    packet->within.tuple.fragment = IP4_DF;
    icmp4_probe_reply_build(reply_message(packet), &reply);
    reply_send(core, packet);
    return TAPIR_ICMP4_PROBED;
}

enum tapir_verdict probe_input(struct icmp4_state *icmp4, struct core *core,
                               const struct tapir_packet *packet)
{
    struct icmp4_probe probe;
    icmp4_probe_parse(packet_payload(packet), packet_payload_size(packet), &probe);
    enum tapir_verdict verdict = judge(icmp4, core, packet, &probe);
    return verdict != TAPIR_UNSETTLED ? verdict : answer(icmp4, core, packet, &probe);
}
