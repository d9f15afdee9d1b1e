/* Echo and Echo Reply. Lanes: notice.echo -> settled */
#include "icmp4/echo.h"

#include <string.h>

#include "icmp4/reply.h"
#include "wire/icmp4.h"
#include "wire/icmp4_echo.h"

static enum tapir_verdict answer(struct icmp4_state *icmp4, struct core *core,
                                 const struct tapir_packet *request)
{
    size_t size = packet_payload_size(request);
    struct tapir_packet *reply;
    enum tapir_verdict verdict = reply_bear(icmp4, core, request, size, &reply);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    uint8_t *message = reply_message(reply);
    memcpy(message, packet_payload(request), size);
    struct icmp4_echo echo;
    icmp4_echo_parse(message, &echo);
    echo.type = ICMP4_ECHO_REPLY;
    icmp4_echo_build(message, &echo);
    reply_send(core, reply);
    return TAPIR_ICMP4_ECHOED;
}

enum tapir_verdict echo_input(struct icmp4_state *icmp4, struct core *core, const struct tapir_packet *packet)
{
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, packet->iface);
    if (!settings_is_on(&iface->settings, TAPIR_SET_ICMP_ECHO_ANSWER))
        return TAPIR_ICMP4_ECHO_OFF;
    if (packet->within.to_many && !settings_is_on(&iface->settings, TAPIR_SET_ICMP_ECHO_BROADCAST))
        return TAPIR_ICMP4_ECHO_BROADCAST;
    return answer(icmp4, core, packet);
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
