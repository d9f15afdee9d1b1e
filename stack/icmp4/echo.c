/* Echo and Echo Reply. Lanes: notice.echo -> settled
 *                      Lanes: -> originate
 */
#include "icmp4/echo.h"

#include <string.h>

#include "wire/icmp4.h"
#include "wire/icmp4_echo.h"
#include "wire/ip4.h"

enum {
    ECN = 0x03 /* of the TOS octet; a reply has its own congestion: RFC 3168 5 */
};

static bool reply(struct core *core, const struct tapir_packet *request)
{
    size_t size = packet_payload_size(request);
    struct tapir_packet *packet = packet_bear(core, size, request);
    if (packet == NULL)
        return false;
    memcpy(packet->data, packet_payload(request), size);
    struct icmp4_echo echo;
    icmp4_echo_parse(packet->data, &echo);
    echo.type = ICMP4_ECHO_REPLY;
    icmp4_echo_build(packet->data, &echo);
    icmp4_finish(packet->data, size);
    const struct tapir_tuple *tuple = &request->within.tuple;
    packet->within.tuple = (struct tapir_tuple){
        .source = tuple->destination,
        .destination = tuple->source,
        .protocol = IP4_ICMP,
        .tos = (uint8_t)(tuple->tos & ~ECN),
    };
    if (request->within.to_many)
        packet->within.tuple.source = (struct ip4){0};
    lane_push(core, LANE_ORIGINATE, packet);
    return true;
}

enum tapir_verdict echo_input(struct icmp4_state *icmp4, struct core *core, const struct tapir_packet *packet)
{
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, packet->iface);
    if (!settings_is_on(&iface->settings, TAPIR_SET_ICMP_ECHO_ANSWER))
        return TAPIR_ICMP4_ECHO_OFF;
    if (packet->within.to_many && !settings_is_on(&iface->settings, TAPIR_SET_ICMP_ECHO_BROADCAST))
        return TAPIR_ICMP4_ECHO_BROADCAST;
    return reply(core, packet) ? TAPIR_ICMP4_ECHOED : TAPIR_STORE_FULL;
}

void echo_notice(struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_NOTICE_ECHO, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->verdict != TAPIR_UNSETTLED)
                lane_push(core, LANE_SETTLED, packets[i]);
            else
                settle(core, packets[i],
                       packets[i]->within.notice_type == ICMP4_ECHO_REPLY ? TAPIR_ICMP4_ECHO_STRAY
                                                                          : TAPIR_ICMP4_NO_FLOW);
        }
}
