/* TCP arrives. Lanes: tcp ->
 *              Lanes: notice.tcp -> settled
 */
#include "tcp/input.h"

#include "ip4/segment.h"
#include "wire/tcp.h"

static enum tapir_verdict judge(struct tapir_packet *packet)
{
    struct tapir_tuple *tuple = &packet->within.tuple;
    struct tcp_header header;
    enum tapir_verdict verdict = tcp_parse(packet_payload(packet), packet_payload_size(packet), &header);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    tuple->source_port = header.source_port;
    tuple->destination_port = header.destination_port;
    if (!ip4_is_checksum_known(packet) &&
        !tcp_checksum_holds(packet_payload(packet), packet_payload_size(packet), tuple->source,
                            tuple->destination))
        return TAPIR_TCP_CHECKSUM;
    if (packet->within.to_many)
        return TAPIR_TCP_BROADCAST;
    if (header.flags & TCP_RST)
        return TAPIR_TCP_STRAY_RESET;
    return TAPIR_TCP_CLOSED;
}

void tcp_input(struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_TCP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            settle(core, packets[i], judge(packets[i]));
}

void tcp_notice(struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_NOTICE_TCP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->verdict != TAPIR_UNSETTLED)
                lane_push(core, LANE_SETTLED, packets[i]);
            else
                settle(core, packets[i], TAPIR_ICMP4_NO_FLOW);
        }
}
