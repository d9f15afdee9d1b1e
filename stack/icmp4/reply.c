/* Replies. Lanes: -> originate */
#include "icmp4/reply.h"

#include <string.h>

#include "ip4/options_reply.h"
#include "route/source.h"
#include "wire/icmp4.h"
#include "wire/ip4.h"

enum {
    ECN = 0x03 /* of the TOS octet; a reply has its own congestion: RFC 3168 5 */
};

static bool may_reply(struct icmp4_state *icmp4, const struct core *core, const struct tapir_packet *request)
{
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, request->iface);
    uint32_t rate = (uint32_t)settings_get(settings, TAPIR_SET_ICMP_REPLY_RATE);
    uint32_t burst = (uint32_t)settings_get(settings, TAPIR_SET_ICMP_REPLY_BURST);
    return rate == 0 || bucket_take(&icmp4->replies, rate, burst, core->now);
}

enum tapir_verdict reply_bear(struct icmp4_state *icmp4, struct core *core,
                              const struct tapir_packet *request, size_t size, struct tapir_packet **reply)
{
    if (!may_reply(icmp4, core, request))
        return TAPIR_ICMP4_REPLY_RATE;
    struct ip4_reply_options options;
    ip4_options_reply(icmp4->ip4, core, iface_settings(&icmp4->ip4->link.ifaces, core, request->iface),
                      request, &options);
    struct tapir_packet *packet = packet_bear(core, options.size + size, request);
    if (packet == NULL)
        return TAPIR_STORE_FULL;
    memcpy(packet->data, options.octets, options.size);
    packet->within.transport = options.size;
    const struct tapir_tuple *tuple = &request->within.tuple;
    packet->within.tuple = (struct tapir_tuple){
        .source = request->within.to_many
                      ? source_choose(&icmp4->ip4->addresses, request->iface, tuple->source)
                      : tuple->destination,
        .destination = options.first_hop,
        .protocol = IP4_ICMP,
        .header = (uint8_t)(IP4_HEADER + options.size),
        .tos = (uint8_t)(tuple->tos & ~ECN),
    };
    packet->within.exit = request->iface; /* for a reply to many */
    *reply = packet;
    return TAPIR_UNSETTLED;
}

uint8_t *reply_message(const struct tapir_packet *reply)
{
    return packet_payload(reply);
}

void reply_send_summed(struct core *core, struct tapir_packet *reply)
{
    lane_push(core, LANE_ORIGINATE, reply);
}

void reply_send(struct core *core, struct tapir_packet *reply)
{
    icmp4_finish(packet_payload(reply), packet_payload_size(reply));
    reply_send_summed(core, reply);
}
