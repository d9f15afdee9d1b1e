/* Who answers address mask requests: the agent. */
#include "icmp4/mask.h"

#include "icmp4/reply.h"
#include "ip4/newcomer.h"
#include "wire/icmp4.h"
#include "wire/icmp4_mask.h"

/* Our address whose mask all on the interface share, or NULL: there are several masks, or none. */
static const struct address *only_mask(const struct addresses *addresses, unsigned iface)
{
    uint64_t cursor = 0;
    const struct address *first = address_next_ready(addresses, iface, &cursor);
    for (const struct address *a = first; a != NULL; a = address_next_ready(addresses, iface, &cursor))
        if (a->prefix.length != first->prefix.length)
            return NULL;
    return first;
}

/* Where the answer goes, from which of our addresses, with which mask. */
struct answer {
    const struct address *from;
    struct ip4 to;
};

static bool decide(const struct addresses *addresses, const struct tapir_packet *request,
                   struct answer *answer)
{
    answer->to = request->within.tuple.source;
    answer->from = ip4_is_zero(answer->to) ? NULL : address_towards(addresses, request->iface, answer->to);
    if (answer->from == NULL)
        answer->from = only_mask(addresses, request->iface);
    if (answer->from == NULL)
        return false;
    if (!ip4_is_zero(answer->to))
        return true;
    answer->to = ip4_has_broadcast(answer->from->prefix) ? ip4_broadcast(answer->from->prefix)
                                                         : (struct ip4){UINT32_MAX};
    return true;
}

static enum tapir_verdict reply(struct icmp4_state *icmp4, struct core *core,
                                const struct tapir_packet *request, const struct answer *answer)
{
    struct icmp4_mask mask;
    if (!icmp4_mask_parse(packet_payload(request), packet_payload_size(request), &mask))
        return TAPIR_ICMP4_SHORT;
    struct tapir_packet *packet;
    enum tapir_verdict verdict = reply_bear(icmp4, core, request, ICMP4_MASK_SIZE, &packet);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    packet->within.tuple.destination = answer->to;
    mask.type = ICMP4_ADDRESS_MASK_REPLY;
    mask.mask = ip4_mask(answer->from->prefix.length);
    icmp4_mask_build(reply_message(packet), &mask);
    reply_send(core, packet);
    return TAPIR_ICMP4_MASK_TOLD;
}

enum tapir_verdict mask_input(struct icmp4_state *icmp4, struct core *core, const struct tapir_packet *packet)
{
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    if (settings_get(settings, TAPIR_SET_ICMP_ADDRESS_MASK) != IP4_MASK_AGENT)
        return TAPIR_ICMP4_MASK_OFF;
    struct answer answer;
    if (icmp4->masks.list[packet->iface].has_learnt || !decide(&icmp4->ip4->addresses, packet, &answer))
        return TAPIR_ICMP4_MASK_UNSURE;
    return reply(icmp4, core, packet, &answer);
}
