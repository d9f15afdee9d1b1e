/* UDP arrives. Lanes: udp ->
 *              Lanes: notice.udp -> settled
 */
#include "udp/input.h"

#include "ip4/datagram_input.h"
#include "ip4/path.h"
#include "ip4/segment.h"
#include "wire/ip4.h"
#include "wire/udp.h"

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
    if (!ip4_is_checksum_known(packet) &&
        !udp_checksum_holds(datagram, header, tuple->source, tuple->destination))
        return TAPIR_UDP_CHECKSUM;
    return TAPIR_UNSETTLED;
}

/* A group is heard by the sockets that joined it on the interface of arrival. */
static bool is_in_scope(const struct datagrams *udp, const struct iface *iface,
                        const struct tapir_tuple *tuple, const struct datagram_socket *socket)
{
    return !ip4_is_multicast(tuple->destination) ||
           group_is_heard(&udp->ip4->groups, iface, tuple->destination, &socket->face);
}

/* One packet, one verdict, however many sockets take a copy. */
static enum tapir_verdict deliver_to_all(struct datagrams *udp, const struct iface *iface,
                                         const struct tapir_message *message, const struct tapir_tuple *tuple,
                                         const uint8_t *data)
{
    enum tapir_verdict verdict = TAPIR_UDP_PORT;
    for (struct datagram_socket *s = NULL; (s = datagram_next_match(udp, tuple, s)) != NULL;) {
        if (!is_in_scope(udp, iface, tuple, s))
            continue;
        if (datagram_deliver(s, message, data))
            verdict = TAPIR_UDP_DELIVERED;
        else if (verdict == TAPIR_UDP_PORT)
            verdict = TAPIR_UDP_FULL;
    }
    return verdict;
}

static enum tapir_verdict deliver_to_best(struct datagrams *udp, const struct tapir_message *message,
                                          const struct tapir_tuple *tuple, const uint8_t *data)
{
    struct datagram_socket *socket = datagram_best_match(udp, tuple);
    if (socket == NULL)
        return TAPIR_UDP_PORT;
    return datagram_deliver(socket, message, data) ? TAPIR_UDP_DELIVERED : TAPIR_UDP_FULL;
}

static enum tapir_verdict judge(struct datagrams *udp, const struct core *core, struct tapir_packet *packet)
{
    const struct iface *iface = iface_lookup(&udp->ip4->link.ifaces, packet->iface);
    struct udp_header header;
    enum tapir_verdict verdict = judge_header(packet, iface, &header);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    struct tapir_message message = datagram_describe(udp->ip4, core, packet);
    message.size = header.length - (size_t)UDP_HEADER;
    const struct tapir_tuple *tuple = &packet->within.tuple;
    const uint8_t *data = packet_payload(packet) + UDP_HEADER;
    return packet->within.to_many ? deliver_to_all(udp, iface, &message, tuple, data)
                                  : deliver_to_best(udp, &message, tuple, data);
}

void udp_input(struct datagrams *udp, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_UDP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            settle(core, packets[i], judge(udp, core, packets[i]));
}

/* ---- lane notice.udp ---- */

/* `sent` is the tuple of our datagram: the socket's local end is its source. */
static enum tapir_verdict tell(struct datagrams *udp, struct core *core, const struct tapir_packet *packet,
                               const struct tapir_tuple *sent)
{
    struct tapir_tuple heard = datagram_turned(sent);
    struct datagram_socket *socket = datagram_best_match(udp, &heard);
    if (socket == NULL)
        return TAPIR_ICMP4_NO_FLOW;
    enum tapir_verdict noticed = path_notice(udp->ip4, core, packet, socket->largest);
    struct tapir_message message = datagram_describe_error(packet, sent);
    return datagram_deliver(socket, &message, NULL) ? noticed : TAPIR_UDP_FULL;
}

/* One of ours that earned an error in this stack. Of a datagram in pieces the first one speaks for all. */
static void tell_of_ours(struct datagrams *udp, struct core *core, struct tapir_packet *packet)
{
    if (!ip4_is_later_fragment(packet->within.tuple.fragment))
        tell(udp, core, packet, &packet->within.tuple);
    lane_push(core, LANE_SETTLED, packet);
}

void udp_notice(struct datagrams *udp, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_NOTICE_UDP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->verdict != TAPIR_UNSETTLED)
                tell_of_ours(udp, core, packets[i]);
            else
                settle(core, packets[i], tell(udp, core, packets[i], &packets[i]->within.notice));
        }
}
