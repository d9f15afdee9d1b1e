#include "ip4/segment.h"

#include <string.h>

#include "core/packet.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

/* ---- does it make sense? ---- */

/* It covers the transport header and what follows. */
static bool is_checksum_of_transport(const struct tapir_packet *packet, uint16_t offset)
{
    return packet->offload.partial && packet->offload.start == packet->within.transport &&
           packet->offload.offset == offset;
}

/* Where the checksum of its own header is stored, if it begins there. */
static bool is_checksum_in_place(const struct tapir_packet *packet)
{
    if (packet->offload.start > packet->within.transport)
        return true; /* inside a tunnel */
    switch (packet->within.tuple.protocol) {
    case IP4_TCP:
        return is_checksum_of_transport(packet, TCP_AT_CHECKSUM);
    case IP4_UDP:
        return is_checksum_of_transport(packet, UDP_AT_CHECKSUM);
    default:
        return true;
    }
}

/* Where a partial checksum begins and is stored lies behind the IPv4 header; and all that it covers is there. */
static bool is_sound_partial(const struct tapir_packet *packet)
{
    const struct tapir_offload *offload = &packet->offload;
    return !ip4_is_fragment(packet->within.tuple.fragment) && offload->start >= packet->within.transport &&
           (uint32_t)offload->start + offload->offset + 2 <= packet->within.end &&
           is_checksum_in_place(packet);
}

static bool is_tcp(const struct tapir_packet *packet)
{
    struct tcp_header header;
    return packet->within.tuple.protocol == IP4_TCP && is_checksum_of_transport(packet, TCP_AT_CHECKSUM) &&
           tcp_parse(packet_payload(packet), packet_payload_size(packet), &header) == TAPIR_UNSETTLED;
}

static bool is_udp(const struct tapir_packet *packet)
{
    return packet->within.tuple.protocol == IP4_UDP && is_checksum_of_transport(packet, UDP_AT_CHECKSUM) &&
           packet_payload_size(packet) >= UDP_HEADER;
}

/* Its checksum is left to us, so is_sound_partial has been asked: it is no fragment. */
static bool is_sound_super(const struct tapir_packet *packet)
{
    switch ((enum tapir_offload_kind)packet->offload.kind) {
    case TAPIR_OFFLOAD_CHECKSUM:
        return false;
    case TAPIR_OFFLOAD_TCP:
        return is_tcp(packet);
    case TAPIR_OFFLOAD_UDP:
        return is_udp(packet);
    }
    return false;
}

enum tapir_verdict ip4_offload_judge(const struct tapir_packet *packet)
{
    bool is_sound = (!packet->offload.partial || is_sound_partial(packet)) &&
                    (!ip4_is_super(packet) || is_sound_super(packet));
    return is_sound ? TAPIR_UNSETTLED : TAPIR_IP4_OFFLOAD;
}

/* ---- taken apart ---- */

/* Octets of the transport header. */
static uint32_t transport_size(const struct tapir_packet *packet)
{
    if (packet->offload.kind == TAPIR_OFFLOAD_UDP)
        return UDP_HEADER;
    return (uint32_t)(packet_payload(packet)[TCP_AT_OFFSET] >> 4) * 4;
}

uint32_t ip4_largest(const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    uint32_t all = within->end - within->network;
    if (!ip4_is_super(packet))
        return all;
    uint32_t first = within->transport - within->network + transport_size(packet) + packet->offload.segment;
    return first < all ? first : all;
}

void ip4_segments_init(struct ip4_segments *segments, const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    uint32_t transport = within->transport - within->network;
    uint32_t header = transport + transport_size(packet);
    *segments = (struct ip4_segments){
        .whole = packet_ip4(packet),
        .transport = transport,
        .header = header,
        .data = within->end - within->network - header,
        .size = packet->offload.segment,
        .kind = (enum tapir_offload_kind)packet->offload.kind,
        .one_id = packet->offload.one_id,
    };
}

uint32_t ip4_segments_count(const struct ip4_segments *segments)
{
    return segments->data == 0 ? 1 : (segments->data - 1) / segments->size + 1;
}

static bool is_last(const struct ip4_segments *segments, uint32_t i)
{
    return segments->data - i * segments->size <= segments->size;
}

static uint32_t data_of(const struct ip4_segments *segments, uint32_t i)
{
    return is_last(segments, i) ? segments->data - i * segments->size : segments->size;
}

static const uint8_t *data_at(const struct ip4_segments *segments, uint32_t i)
{
    return segments->whole + segments->header + i * segments->size;
}

uint32_t ip4_segment_size(const struct ip4_segments *segments, uint32_t i)
{
    return segments->header + data_of(segments, i);
}

static void number_tcp(const struct ip4_segments *segments, uint32_t i, uint8_t *tcp)
{
    bytes_put32(tcp + TCP_AT_SEQUENCE, bytes_get32(tcp + TCP_AT_SEQUENCE) + i * segments->size);
    if (!is_last(segments, i))
        tcp[TCP_AT_FLAGS] &= (uint8_t) ~(TCP_FIN | TCP_PSH);
    if (i > 0)
        tcp[TCP_AT_FLAGS] &= (uint8_t)~TCP_CWR;
}

/* From a partial checksum that covers the length of the super-frame: no need to know the addresses, of which a source route
 * may not show the last. A sum of zero leaves UDP as all ones; TCP has none, as its data offset is never zero. */
static void write_checksum(const struct ip4_segments *segments, uint32_t i, uint8_t *transport, uint16_t at)
{
    uint32_t size = segments->header - segments->transport, data = data_of(segments, i);
    uint16_t partial = bytes_get16(transport + at);
    uint16_t all = (uint16_t)(size + segments->data), length = (uint16_t)(size + data);
    bytes_put16(transport + at, (uint16_t)~checksum_update((uint16_t)~partial, all, length));
    uint64_t sum = checksum_add(checksum_add(0, transport, size), data_at(segments, i), data);
    uint16_t folded = checksum_fold(sum);
    bytes_put16(transport + at, folded == 0 && segments->kind == TAPIR_OFFLOAD_UDP ? 0xffff : folded);
}

static void finish_ip4(const struct ip4_segments *segments, uint32_t i, uint8_t *to)
{
    bytes_put16(to + IP4_AT_TOTAL, (uint16_t)ip4_segment_size(segments, i));
    if (!segments->one_id)
        bytes_put16(to + IP4_AT_ID, (uint16_t)(bytes_get16(to + IP4_AT_ID) + i));
    bytes_put16(to + IP4_AT_CHECKSUM, 0);
    bytes_put16(to + IP4_AT_CHECKSUM, checksum(to, segments->transport));
}

static void write_headers(const struct ip4_segments *segments, uint32_t i, uint8_t *to)
{
    uint8_t *transport = to + segments->transport;
    memcpy(to, segments->whole, segments->header);
    finish_ip4(segments, i, to);
    if (segments->kind == TAPIR_OFFLOAD_TCP) {
        number_tcp(segments, i, transport);
        write_checksum(segments, i, transport, TCP_AT_CHECKSUM);
    } else {
        bytes_put16(transport + UDP_AT_LENGTH, (uint16_t)(UDP_HEADER + data_of(segments, i)));
        write_checksum(segments, i, transport, UDP_AT_CHECKSUM);
    }
}

void ip4_segment_build(const struct ip4_segments *segments, uint32_t i, uint8_t *to)
{
    write_headers(segments, i, to);
    memcpy(to + segments->header, data_at(segments, i), data_of(segments, i));
}

/* ---- checksums that were left to a device ---- */

/* A sum of zero leaves as all ones where UDP has its checksum; TCP stands as its segments do. */
static uint16_t complete(const struct tapir_packet *packet)
{
    uint32_t start = packet->offload.start;
    uint16_t sum = checksum(packet->data + start, packet->within.end - start);
    return sum == 0 && packet->offload.offset == UDP_AT_CHECKSUM ? 0xffff : sum;
}

static void quote_super(const struct tapir_packet *packet, uint8_t *to, size_t size)
{
    uint8_t headers[IP4_SEGMENT_HEADER_MAX];
    struct ip4_segments segments;
    ip4_segments_init(&segments, packet);
    write_headers(&segments, 0, headers);
    memcpy(to, headers, size < segments.header ? size : segments.header);
}

void ip4_quote(const struct tapir_packet *packet, uint8_t *to, size_t size)
{
    const struct tapir_offload *offload = &packet->offload;
    memcpy(to, packet_ip4(packet), size);
    if (ip4_is_super(packet)) {
        quote_super(packet, to, size);
    } else if (offload->partial) {
        size_t at = (size_t)offload->start + offload->offset - packet->within.network;
        if (at + 2 <= size)
            bytes_put16(to + at, complete(packet));
    }
}

void ip4_complete_checksum(struct tapir_packet *packet)
{
    if (!packet->offload.partial)
        return;
    bytes_put16(packet->data + packet->offload.start + packet->offload.offset, complete(packet));
    packet->offload = (struct tapir_offload){.verified = packet->offload.start == packet->within.transport};
}
