/* Timestamp and Timestamp Reply. */
#include "icmp4/timestamp.h"

#include "icmp4/reply.h"
#include "wire/icmp4.h"
#include "wire/icmp4_timestamp.h"

static enum tapir_verdict answer(struct icmp4_state *icmp4, struct core *core,
                                 const struct settings *settings, const struct tapir_packet *request)
{
    struct icmp4_timestamp timestamp;
    if (!icmp4_timestamp_parse(packet_payload(request), packet_payload_size(request), &timestamp))
        return TAPIR_ICMP4_SHORT;
    struct tapir_packet *reply;
    enum tapir_verdict verdict = reply_bear(icmp4, core, request, ICMP4_TIMESTAMP_SIZE, &reply);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    timestamp.type = ICMP4_TIMESTAMP_REPLY;
    timestamp.receive = timestamp.transmit = core_timestamp(core, settings);
    icmp4_timestamp_build(reply_message(reply), &timestamp);
    reply_send(core, reply);
    return TAPIR_ICMP4_TIMESTAMPED;
}

enum tapir_verdict timestamp_input(struct icmp4_state *icmp4, struct core *core,
                                   const struct tapir_packet *packet)
{
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    if (!settings_is_on(settings, TAPIR_SET_ICMP_TIMESTAMP))
        return TAPIR_ICMP4_TIMESTAMP_OFF;
    if (packet->within.to_many)
        return TAPIR_ICMP4_QUERY_BROADCAST;
    return answer(icmp4, core, settings, packet);
}
