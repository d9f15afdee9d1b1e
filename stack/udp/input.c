/* UDP arrives. Lanes: udp ->
 *              Lanes: notice.udp -> settled
 */
#include "udp/input.h"

#include <string.h>

#include "wire/icmp4.h"
#include "wire/icmp4_unreach.h"
#include "wire/udp.h"

/* Puts a message and its data into the socket's ring. */
static bool deliver(struct udp_socket *socket, const struct tapir_message *message, const uint8_t *data)
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

/* ---- lane udp ---- */

static enum tapir_verdict judge_header(struct tapir_packet *packet, const struct iface *iface,
                                       struct udp_header *header)
{
    const uint8_t *datagram = packet_payload(packet);
    struct tapir_tuple *tuple = &packet->within.tuple;
    enum tapir_verdict verdict = udp_parse(datagram, packet_payload_size(packet), header);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    tuple->source_port = header->source_port;
    tuple->destination_port = header->destination_port;
    if (header->checksum == 0 && settings_is_on(&iface->settings, TAPIR_SET_UDP_CHECKSUM))
        return TAPIR_UDP_CHECKSUM_NONE;
    if (!udp_checksum_holds(datagram, header, tuple->source, tuple->destination))
        return TAPIR_UDP_CHECKSUM;
    return TAPIR_UNSETTLED;
}

/* One packet, one verdict, however many sockets take a copy. */
static enum tapir_verdict deliver_to_all(struct udp_state *udp, const struct tapir_packet *packet,
                                         const struct tapir_message *message, const uint8_t *data)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    enum tapir_verdict verdict = TAPIR_UDP_PORT;
    for (struct udp_socket *s = NULL; (s = udp_next_match(udp, tuple, s)) != NULL;) {
        if (deliver(s, message, data))
            verdict = TAPIR_UDP_DELIVERED;
        else if (verdict == TAPIR_UDP_PORT)
            verdict = TAPIR_UDP_FULL;
    }
    return verdict;
}

static enum tapir_verdict deliver_to_best(struct udp_state *udp, const struct tapir_packet *packet,
                                          const struct tapir_message *message, const uint8_t *data)
{
    struct udp_socket *socket = udp_best_match(udp, &packet->within.tuple);
    if (socket == NULL)
        return TAPIR_UDP_PORT;
    return deliver(socket, message, data) ? TAPIR_UDP_DELIVERED : TAPIR_UDP_FULL;
}

static enum tapir_verdict judge(struct udp_state *udp, struct tapir_packet *packet)
{
    const struct iface *iface = iface_lookup(&udp->ip4->link.ifaces, packet->iface);
    struct udp_header header;
    enum tapir_verdict verdict = judge_header(packet, iface, &header);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    const struct tapir_tuple *tuple = &packet->within.tuple;
    struct tapir_message message = {
        .source = tuple->source,
        .destination = tuple->destination,
        .source_port = tuple->source_port,
        .destination_port = tuple->destination_port,
        .iface = packet->iface,
        .ttl = tuple->ttl,
        .tos = tuple->tos,
        .size = header.length - (size_t)UDP_HEADER,
    };
    const uint8_t *data = packet_payload(packet) + UDP_HEADER;
    return packet->within.to_many ? deliver_to_all(udp, packet, &message, data)
                                  : deliver_to_best(udp, packet, &message, data);
}

void udp_input(struct udp_state *udp, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_UDP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            settle(core, packets[i], judge(udp, packets[i]));
}

/* ---- lane notice.udp ---- */

static enum tapir_result result_of(const struct tapir_packet_private *within)
{
    bool too_big = within->notice_type == ICMP4_UNREACH && within->notice_code == ICMP4_UNREACH_TOO_BIG;
    return too_big ? TAPIR_TOO_LARGE : TAPIR_UNREACHABLE;
}

/* `sent` is the tuple of our datagram: the socket's local end is its source. */
static enum tapir_verdict tell(struct udp_state *udp, const struct tapir_packet *packet,
                               const struct tapir_tuple *sent)
{
    struct tapir_tuple heard = *sent;
    heard.source = sent->destination;
    heard.source_port = sent->destination_port;
    heard.destination = sent->source;
    heard.destination_port = sent->source_port;
    struct udp_socket *socket = udp_best_match(udp, &heard);
    if (socket == NULL)
        return TAPIR_ICMP4_NO_FLOW;
    struct tapir_message message = {
        .source = sent->source,
        .destination = sent->destination,
        .source_port = sent->source_port,
        .destination_port = sent->destination_port,
        .iface = packet->iface,
        .error = result_of(&packet->within),
        .icmp_type = packet->within.notice_type,
        .icmp_code = packet->within.notice_code,
        .mtu = packet->within.mtu,
    };
    return deliver(socket, &message, NULL) ? TAPIR_ICMP4_NOTICED : TAPIR_UDP_FULL;
}

void udp_notice(struct udp_state *udp, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_NOTICE_UDP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            bool ours = packets[i]->verdict != TAPIR_UNSETTLED;
            enum tapir_verdict told =
                tell(udp, packets[i], ours ? &packets[i]->within.tuple : &packets[i]->within.notice);
            if (ours)
                lane_push(core, LANE_SETTLED, packets[i]);
            else
                settle(core, packets[i], told);
        }
}
