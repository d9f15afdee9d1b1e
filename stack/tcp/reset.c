/* Resets. Lanes: reset -> originate, settled */
#include "tcp/reset.h"

#include "wire/ip4.h"
#include "wire/tcp.h"

/* Octets of sequence space: data, and one for SYN and FIN each. */
static uint32_t segment_length(const struct tcp_header *header, size_t size)
{
    uint32_t length = (uint32_t)(size - header->size);
    if (header->flags & TCP_SYN)
        length++;
    if (header->flags & TCP_FIN)
        length++;
    return length;
}

/* With an ACK the sender told us the number that it expects; without, we acknowledge all it sent. */
static struct tcp_header reset_for(const struct tcp_header *segment, size_t size)
{
    struct tcp_header reset = {
        .source_port = segment->destination_port,
        .destination_port = segment->source_port,
        .flags = TCP_RST,
        .size = TCP_HEADER,
    };
    if (segment->flags & TCP_ACK) {
        reset.sequence = segment->acknowledgment;
        return reset;
    }
    reset.flags |= TCP_ACK;
    reset.acknowledgment = segment->sequence + segment_length(segment, size);
    return reset;
}

static enum tapir_verdict answer(struct core *core, const struct tapir_packet *offender)
{
    const struct tapir_tuple *tuple = &offender->within.tuple;
    struct tcp_header segment;
    tcp_parse(packet_payload(offender), packet_payload_size(offender), &segment);
    struct tcp_header reset = reset_for(&segment, packet_payload_size(offender));
    struct tapir_packet *packet = packet_bear(core, TCP_HEADER, offender);
    if (packet == NULL)
        return TAPIR_ANSWER_STORE_FULL;
    tcp_build(packet->data, TCP_HEADER, &reset, tuple->destination, tuple->source);
    packet->within.tuple = (struct tapir_tuple){
        .source = tuple->destination,
        .destination = tuple->source,
        .fragment = IP4_DF,
        .protocol = IP4_TCP,
    };
    lane_push(core, LANE_ORIGINATE, packet);
    return TAPIR_ANSWER_SENT;
}

void tcp_reset(struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_RESET, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            settle_answer(core, packets[i], answer(core, packets[i]));
            lane_push(core, LANE_SETTLED, packets[i]);
        }
}
