/* A message about a packet. Lanes: -> originate */
#include "icmp4/message.h"

#include <string.h>

#include "icmp4/extension.h"
#include "ip4/options_reply.h"
#include "ip4/segment.h"
#include "wire/ip4.h"

enum {
    MESSAGE_MAX = 576 - IP4_HEADER,         /* octets of ICMP, RFC 1812 4.3.2.3 */
    QUOTE_MAX = MESSAGE_MAX - ICMP4_HEADER, /* octets of the packet that it is about */
    PRECEDENCE = 0xe0,
    TOS_BITS = 0x1c /* RFC 1349 without what is ECN now */
};

/* RFC 1812 4.3.2.5: a router copies the TOS bits and speaks with precedence 6 or 7; a host says 0. ECN stays 0. */
static uint8_t tos_of(const struct settings *settings, uint8_t type, uint8_t offender)
{
    static const uint8_t precedence[] = {0, 6 << 5, 7 << 5};
    bool copies = type == ICMP4_SOURCE_QUENCH; /* and its precedence is that of the packet */
    if (!ip4_is_forwarding(settings))
        return copies ? offender & PRECEDENCE : 0;
    uint8_t tos =
        copies ? offender & PRECEDENCE : precedence[settings_get(settings, TAPIR_SET_ICMP_ERROR_PRECEDENCE)];
    if (settings_is_on(settings, TAPIR_SET_ICMP_ERROR_TOS))
        tos = (uint8_t)(tos | (offender & TOS_BITS));
    return tos;
}

/* How much of a packet of `size` octets is quoted, and with how many zeros behind it: RFC 4884 4. Options and extensions are of
 * whole words, and so is what they leave. */
struct room {
    size_t quote, padding;
};

static struct room room_for(size_t size, size_t options, size_t extension)
{
    size_t most = QUOTE_MAX - options - extension;
    size_t quote = size < most ? size : most;
    if (extension == 0)
        return (struct room){quote, 0};
    size_t padded = quote < ICMP4_QUOTE_LEAST ? ICMP4_QUOTE_LEAST : (quote + 3) / 4 * 4;
    return (struct room){quote, padded - quote};
}

/* Header, quote, and behind zeros the extension. */
static void write(struct tapir_packet *packet, const uint8_t header[ICMP4_HEADER],
                  const struct tapir_packet *offender, struct room room, const uint8_t *extension,
                  size_t size)
{
    uint8_t *at = packet_payload(packet);
    memcpy(at, header, ICMP4_HEADER);
    if (size > 0)
        at[ICMP4_AT_QUOTE_WORDS] = (uint8_t)((room.quote + room.padding) / 4);
    at += ICMP4_HEADER;
    ip4_quote(offender, at, room.quote);
    memset(at + room.quote, 0, room.padding);
    memcpy(at + room.quote + room.padding, extension, size);
}

enum tapir_verdict message_send(const struct ip4_state *ip4, struct core *core,
                                const struct tapir_packet *offender, struct ip4 source,
                                const uint8_t header[ICMP4_HEADER])
{
    const struct tapir_packet_private *within = &offender->within;
    const struct settings *settings = iface_settings(&ip4->link.ifaces, core, offender->iface);
    uint8_t extension[EXTENSION_MAX] = {0};
    size_t size = extension_build(ip4, offender, header[0], extension);
    struct ip4_reply_options options;
    ip4_options_error(ip4, settings, offender, &options);
    struct room room = room_for(ip4_largest(offender), options.size, size);
    struct tapir_packet *packet =
        packet_bear(core, options.size + ICMP4_HEADER + room.quote + room.padding + size, offender);
    if (packet == NULL)
        return TAPIR_ANSWER_STORE_FULL;
    memcpy(packet->data, options.octets, options.size);
    packet->within.transport = options.size;
    write(packet, header, offender, room, extension, size);
    icmp4_finish(packet_payload(packet), packet_payload_size(packet));
    packet->within.tuple = (struct tapir_tuple){
        .source = source,
        .destination = options.first_hop,
        .protocol = IP4_ICMP,
        .header = (uint8_t)(IP4_HEADER + options.size),
        .tos = tos_of(settings, header[0], within->tuple.tos),
    };
    lane_push(core, LANE_ORIGINATE, packet);
    return TAPIR_ANSWER_SENT;
}
