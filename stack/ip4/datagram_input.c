#include "ip4/datagram_input.h"

#include <string.h>

#include "ip4/options_write.h"
#include "wire/icmp4.h"
#include "wire/icmp4_param_problem.h"
#include "wire/icmp4_unreach.h"
#include "wire/ip4.h"

struct tapir_message datagram_describe(const struct ip4_state *ip4, const struct core *core,
                                       const struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    struct tapir_message message = {
        .source = tuple->source,
        .destination = tuple->destination,
        .source_port = tuple->source_port,
        .destination_port = tuple->destination_port,
        .iface = packet->iface,
        .ttl = tuple->ttl,
        .tos = tuple->tos,
        .dont_fragment = (tuple->fragment & IP4_DF) != 0,
    };
    message.options_size = ip4_options_received(ip4, core, packet, message.options);
    return message;
}

struct tapir_message datagram_describe_error(const struct tapir_packet *packet,
                                             const struct tapir_tuple *sent)
{
    const struct tapir_packet_private *within = &packet->within;
    bool is_ours = packet->verdict != TAPIR_UNSETTLED; /* settled here, it earned the error itself */
    uint8_t type = within->notice_type, code = within->notice_code;
    bool too_big = type == ICMP4_UNREACH && code == ICMP4_UNREACH_TOO_BIG;
    bool points = type == ICMP4_PARAM_PROBLEM && code == ICMP4_PARAM_PROBLEM_POINTER;
    return (struct tapir_message){
        .source = sent->source,
        .destination = sent->destination,
        .source_port = sent->source_port,
        .destination_port = sent->destination_port,
        .iface = packet->iface,
        .error = too_big ? TAPIR_TOO_LARGE : TAPIR_UNREACHABLE,
        .icmp_type = type,
        .icmp_code = code,
        .mtu = too_big ? within->mtu : 0,
        .pointer = points ? within->pointer : 0,
        .reporter = is_ours ? (struct ip4){0} : within->tuple.source,
    };
}

bool datagram_deliver(struct datagram_socket *socket, const struct tapir_message *message,
                      const uint8_t *data)
{
    struct tapir_message *record = ring_reserve(&socket->face.receive, sizeof *record + message->size);
    if (record == NULL)
        return false;
    *record = *message;
    if (message->size > 0)
        memcpy(record + 1, data, message->size);
    ring_commit(&socket->face.receive, sizeof *record + message->size);
    event_raise(&socket->face.core->events, &socket->face.event, TAPIR_EVENT_READABLE);
    return true;
}
