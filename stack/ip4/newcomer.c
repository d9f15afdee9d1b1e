#include "ip4/newcomer.h"

#include "wire/icmp4.h"
#include "wire/ip4.h"

/* The type of an ICMP message; ICMP4_ECHO_REPLY, which nobody asks, when it is none or cannot be seen. */
static uint8_t type_of(const struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    if (tuple->protocol != IP4_ICMP || ip4_is_later_fragment(tuple->fragment) ||
        packet_payload_size(packet) < ICMP4_HEADER)
        return ICMP4_ECHO_REPLY;
    return packet_payload(packet)[0];
}

bool ip4_asks_this_net(const struct settings *settings, const struct tapir_packet *packet)
{
    return ip4_is_zero(packet->within.tuple.destination) && type_of(packet) == ICMP4_INFORMATION &&
           settings_is_on(settings, TAPIR_SET_ICMP_INFORMATION);
}

bool ip4_is_newcomer(const struct settings *settings, const struct tapir_packet *packet)
{
    if (!ip4_is_zero(packet->within.tuple.source))
        return ip4_asks_this_net(settings, packet);
    switch (type_of(packet)) {
    case ICMP4_ROUTER_SOLICITATION:
        return settings_is_on(settings, TAPIR_SET_ICMP_ROUTER_DISCOVERY);
    case ICMP4_ADDRESS_MASK:
        return settings_get(settings, TAPIR_SET_ICMP_ADDRESS_MASK) == IP4_MASK_AGENT;
    default:
        return false;
    }
}
