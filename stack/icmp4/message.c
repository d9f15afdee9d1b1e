/* A message about a packet. Lanes: -> originate */
#include "icmp4/message.h"

#include <string.h>

#include "wire/ip4.h"

enum {
    MESSAGE_MAX = 576 - IP4_HEADER,         /* octets of ICMP, RFC 1812 4.3.2.3 */
    QUOTE_MAX = MESSAGE_MAX - ICMP4_HEADER, /* octets of the packet that it is about */
    TOS_BITS = 0x1c                         /* RFC 1349 without what is ECN now */
};

/* RFC 1812 4.3.2.5: a router copies the TOS bits and speaks with precedence 6 or 7; a host says 0. ECN stays 0. */
static uint8_t tos_of(const struct settings *settings, uint8_t offender)
{
    static const uint8_t precedence[] = {0, 6 << 5, 7 << 5};
    if (!ip4_is_forwarding(settings))
        return 0;
    uint8_t tos = precedence[settings_get(settings, TAPIR_SET_ICMP_ERROR_PRECEDENCE)];
    if (settings_is_on(settings, TAPIR_SET_ICMP_ERROR_TOS))
        tos = (uint8_t)(tos | (offender & TOS_BITS));
    return tos;
}

enum tapir_verdict message_send(struct core *core, const struct settings *settings,
                                const struct tapir_packet *offender, struct ip4 source,
                                const uint8_t header[ICMP4_HEADER])
{
    const struct tapir_packet_private *within = &offender->within;
    size_t quote = within->end - within->network;
    if (quote > QUOTE_MAX)
        quote = QUOTE_MAX;
    struct tapir_packet *packet = packet_bear(core, ICMP4_HEADER + quote, offender);
    if (packet == NULL)
        return TAPIR_ANSWER_STORE_FULL;
    memcpy(packet->data, header, ICMP4_HEADER);
    memcpy(packet->data + ICMP4_HEADER, packet_ip4(offender), quote);
    icmp4_finish(packet->data, packet->size);
    packet->within.tuple = (struct tapir_tuple){
        .source = source,
        .destination = within->tuple.source,
        .protocol = IP4_ICMP,
        .tos = tos_of(settings, within->tuple.tos),
    };
    lane_push(core, LANE_ORIGINATE, packet);
    return TAPIR_ANSWER_SENT;
}
