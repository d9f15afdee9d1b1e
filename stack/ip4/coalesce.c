#include "ip4/coalesce.h"

#include <string.h>

#include "wire/addr.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"
#include "wire/tcp.h"
#include "wire/udp.h"

enum {
    RUN_MAX = 64 /* segments: older kernels refuse a super-frame with more of UDP */
};

/* ---- one packet ---- */

static bool is_tcp(const struct tapir_packet *packet)
{
    return packet->within.tuple.protocol == IP4_TCP;
}

/* Octets of both headers. The transport header is known to be whole. */
static uint32_t header_of(const struct tapir_packet *packet)
{
    return IP4_HEADER +
           (is_tcp(packet) ? (uint32_t)(packet_payload(packet)[TCP_AT_OFFSET] >> 4) * 4 : UDP_HEADER);
}

static uint32_t data_of(const struct tapir_packet *packet)
{
    return packet->within.end - packet->within.network - header_of(packet);
}

static uint8_t tcp_flags(const struct tapir_packet *packet)
{
    return packet_payload(packet)[TCP_AT_FLAGS];
}

static bool can_tcp(const struct tapir_packet *packet)
{
    struct tcp_header header;
    size_t size = packet_payload_size(packet);
    return tcp_parse(packet_payload(packet), size, &header) == TAPIR_UNSETTLED && header.size < size &&
           (header.flags & (TCP_SYN | TCP_RST | TCP_URG | TCP_ACK)) == TCP_ACK && header.urgent == 0;
}

/* Without a checksum it would get one. */
static bool can_udp(const struct tapir_packet *packet)
{
    struct udp_header header;
    size_t size = packet_payload_size(packet);
    return udp_parse(packet_payload(packet), size, &header) == TAPIR_UNSETTLED && header.length == size &&
           size > UDP_HEADER && header.checksum != 0;
}

bool ip4_can_coalesce(const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    bool is_simple = within->role == ROLE_TRANSIT && within->edits == 0 && within->mtu == 0 &&
                     packet->offload.segment == 0 && within->tuple.header == IP4_HEADER &&
                     !ip4_is_fragment(within->tuple.fragment);
    if (!is_simple)
        return false;
    return is_tcp(packet) ? can_tcp(packet) : within->tuple.protocol == IP4_UDP && can_udp(packet);
}

bool ip4_run_may_begin(const struct tapir_packet *packet)
{
    return !is_tcp(packet) || (tcp_flags(packet) & (TCP_PSH | TCP_FIN)) == 0;
}

/* What segmentation would write. A checksum of zeros may stand as all ones in TCP too, but is not written so. */
static bool is_checksum_right(const struct tapir_packet *packet)
{
    const struct tapir_offload *offload = &packet->offload;
    const struct tapir_tuple *tuple = &packet->within.tuple;
    uint16_t at = is_tcp(packet) ? TCP_AT_CHECKSUM : UDP_AT_CHECKSUM;
    uint16_t field = bytes_get16(packet_payload(packet) + at);
    size_t size = packet_payload_size(packet);
    uint64_t pseudo = checksum_pseudo(tuple->source, tuple->destination, tuple->protocol, (uint16_t)size);
    if (offload->partial)
        return offload->start == packet->within.transport && (field ^ checksum_fold(pseudo)) == 0xffff;
    if (is_tcp(packet) && field == 0xffff)
        return false;
    return offload->verified || checksum_fold(checksum_add(pseudo, packet_payload(packet), size)) == 0;
}

/* ---- two of them ---- */

static bool is_same_way(const struct tapir_packet *a, const struct tapir_packet *b)
{
    const struct tapir_tuple *x = &a->within.tuple, *y = &b->within.tuple;
    return ip4_equal(x->destination, y->destination) && ip4_equal(x->source, y->source) &&
           x->protocol == y->protocol && x->tos == y->tos && x->ttl == y->ttl && x->fragment == y->fragment &&
           a->within.ttl == b->within.ttl && a->within.exit == b->within.exit &&
           mac_equal(a->within.mac, b->within.mac);
}

/* Of two TCP headers all but sequence number, flags and checksum. */
static bool is_same_tcp(const uint8_t *a, const uint8_t *b)
{
    size_t size = (size_t)(a[TCP_AT_OFFSET] >> 4) * 4;
    return memcmp(a, b, TCP_AT_SEQUENCE) == 0 &&
           memcmp(a + TCP_AT_ACKNOWLEDGMENT, b + TCP_AT_ACKNOWLEDGMENT, 5) == 0 &&
           memcmp(a + TCP_AT_WINDOW, b + TCP_AT_WINDOW, 2) == 0 &&
           memcmp(a + TCP_HEADER, b + TCP_HEADER, size - TCP_HEADER) == 0;
}

/* ECE as in the first, CWR in the first alone, PSH and FIN as they come. */
static bool follows_tcp(const struct ip4_run *run, const struct tapir_packet *packet)
{
    const uint8_t *first = packet_payload(run->first), *next = packet_payload(packet);
    uint8_t expected = (uint8_t)(first[TCP_AT_FLAGS] & ~TCP_CWR);
    uint32_t sequence = bytes_get32(first + TCP_AT_SEQUENCE) + run->data;
    return is_same_tcp(first, next) && bytes_get32(next + TCP_AT_SEQUENCE) == sequence &&
           (next[TCP_AT_FLAGS] & ~(TCP_PSH | TCP_FIN)) == expected;
}

static bool follows_transport(const struct ip4_run *run, const struct tapir_packet *packet)
{
    if (is_tcp(packet))
        return follows_tcp(run, packet);
    return memcmp(packet_payload(run->first), packet_payload(packet), UDP_AT_LENGTH) == 0; /* the ports */
}

/* The second of a run shows whether identifications count on. */
static bool follows_id(const struct ip4_run *run, const struct tapir_packet *packet, bool *one_id)
{
    uint16_t gone = (uint16_t)(packet->within.tuple.id - run->first->within.tuple.id);
    bool may_stand = (packet->within.tuple.fragment & IP4_DF) != 0;
    *one_id = run->n == 1 ? gone == 0 && may_stand : run->one_id;
    return gone == (*one_id ? 0 : run->n);
}

static bool fits(const struct ip4_run *run, const struct tapir_packet *packet)
{
    uint32_t data = data_of(packet);
    return data <= data_of(run->first) && header_of(run->first) + run->data + data <= IP4_TOTAL_MAX;
}

/* ---- a run ---- */

void ip4_run_begin(struct ip4_run *run, struct tapir_packet *packet)
{
    *run = (struct ip4_run){.first = packet, .last = packet, .n = 1, .data = data_of(packet)};
    packet->within.next = NULL;
}

bool ip4_run_join(struct ip4_run *run, struct tapir_packet *packet)
{
    bool one_id;
    if (!is_same_way(run->first, packet) || !follows_transport(run, packet) ||
        !follows_id(run, packet, &one_id) || !fits(run, packet) ||
        (run->n == 1 && !is_checksum_right(run->first)) || !is_checksum_right(packet))
        return false;
    run->one_id = one_id;
    run->last->within.next = packet;
    run->last = packet;
    run->n++;
    run->data += data_of(packet);
    packet->within.next = NULL;
    return true;
}

bool ip4_run_is_over(const struct ip4_run *run)
{
    return run->n == RUN_MAX || data_of(run->last) < data_of(run->first) || !ip4_run_may_begin(run->last);
}

uint32_t ip4_run_size(const struct ip4_run *run)
{
    return header_of(run->first) + run->data;
}

/* ---- merged ---- */

static void write_transport(const struct ip4_run *run, uint8_t *transport, uint16_t length)
{
    const struct tapir_tuple *tuple = &run->first->within.tuple;
    uint16_t at = UDP_AT_CHECKSUM;
    if (is_tcp(run->first)) {
        transport[TCP_AT_FLAGS] |= tcp_flags(run->last) & (TCP_PSH | TCP_FIN);
        at = TCP_AT_CHECKSUM;
    } else {
        bytes_put16(transport + UDP_AT_LENGTH, length);
    }
    uint64_t pseudo = checksum_pseudo(tuple->source, tuple->destination, tuple->protocol, length);
    bytes_put16(transport + at, (uint16_t)~checksum_fold(pseudo));
}

static void write(const struct ip4_run *run, uint8_t *to)
{
    uint32_t header = header_of(run->first);
    memcpy(to, packet_ip4(run->first), header);
    bytes_put16(to + IP4_AT_TOTAL, (uint16_t)ip4_run_size(run));
    bytes_put16(to + IP4_AT_CHECKSUM, 0);
    bytes_put16(to + IP4_AT_CHECKSUM, checksum(to, IP4_HEADER));
    write_transport(run, to + IP4_HEADER, (uint16_t)(header - IP4_HEADER + run->data));
    to += header;
    for (const struct tapir_packet *packet = run->first; packet != NULL; packet = packet->within.next) {
        memcpy(to, packet_ip4(packet) + header, data_of(packet));
        to += data_of(packet);
    }
}

struct tapir_packet *ip4_run_merge(const struct ip4_run *run, struct core *core)
{
    const struct tapir_packet *first = run->first;
    struct tapir_packet *packet = packet_bear(core, ip4_run_size(run), first);
    packet_inherit(packet, first, IP4_HEADER);
    packet->entry = first->entry;
    write(run, packet->data);
    packet->offload = (struct tapir_offload){
        .kind = is_tcp(first) ? TAPIR_OFFLOAD_TCP : TAPIR_OFFLOAD_UDP,
        .partial = true,
        .one_id = run->one_id,
        .segment = (uint16_t)data_of(first),
        .start = IP4_HEADER,
        .offset = is_tcp(first) ? TCP_AT_CHECKSUM : UDP_AT_CHECKSUM,
    };
    return packet;
}
