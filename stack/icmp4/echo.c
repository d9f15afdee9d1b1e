/* Echo and Echo Reply: the answering half. Replies to our own go to icmp4/query. */
#include "icmp4/echo.h"

#include <string.h>

#include "icmp4/reply.h"
#include "wire/icmp4.h"

static enum tapir_verdict answer(struct icmp4_state *icmp4, struct core *core,
                                 const struct tapir_packet *request)
{
    size_t size = packet_payload_size(request);
    struct tapir_packet *reply;
    enum tapir_verdict verdict = reply_bear(icmp4, core, request, size, &reply);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    memcpy(reply_message(reply), packet_payload(request), size);
    icmp4_turn(reply_message(reply), size, ICMP4_ECHO_REPLY);
    reply_send_summed(core, reply);
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
