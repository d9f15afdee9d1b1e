/* One packet leaves. Lanes: -> frame */
#include "ip4/depart.h"

#include <string.h>

#include "core/promise.h"
#include "ip4/frag.h"
#include "ip4/options_write.h"
#include "ip4/split.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"

/* TTL and protocol share a word of the header. Words and checksum stay in the order of the wire, which a sum does not mind. */
static void write_ttl(uint8_t *header, uint8_t ttl)
{
    uint16_t before, after, sum;
    memcpy(&before, header + IP4_AT_TTL, sizeof before);
    memcpy(&sum, header + IP4_AT_CHECKSUM, sizeof sum);
    after = before;
    memcpy(&after, &ttl, sizeof ttl);
    sum = checksum_update(sum, before, after);
    header[IP4_AT_TTL] = ttl;
    memcpy(header + IP4_AT_CHECKSUM, &sum, sizeof sum);
}

/* Our own header was written whole by ip4/output. */
static inline void write_decisions(const struct ip4_state *ip4, const struct core *core,
                                   const struct tapir_packet *packet, uint8_t *header)
{
    if (packet->within.role != ROLE_TRANSIT)
        return;
    write_ttl(header, packet->within.ttl);
    if (packet->within.edits != 0)
        ip4_options_write(ip4, core, packet, header);
}

/* It is done: refused, or cut. */
RARE static void end(const struct ip4_state *ip4, struct core *core, struct tapir_packet *packet,
                     enum tapir_verdict verdict)
{
    settle(core, packet, iface_refuse(&ip4->link.ifaces, core, packet, verdict));
}

/* All pieces or none. The datagram itself keeps the bytes that it came with, but for a checksum that was left to us. */
RARE static enum tapir_verdict cut(struct ip4_state *ip4, struct core *core, struct iface *exit,
                                   struct tapir_packet *packet)
{
    struct tapir_packet_private *within = &packet->within;
    uint8_t header[IP4_HEADER_MAX];
    memcpy(header, packet_ip4(packet), within->transport - within->network);
    write_decisions(ip4, core, packet, header);
    struct ip4_pieces pieces;
    ip4_pieces_init(&pieces, header, within->end - within->transport, within->mtu);
    uint32_t n = ip4_pieces_count(&pieces);
    if (!ip4_pieces_have_room(&pieces, &core->store))
        return TAPIR_STORE_FULL;
    enum tapir_verdict verdict = iface_admit(&ip4->link.ifaces, exit, ip4_band_of(packet), n);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    ip4_complete_checksum(packet);
    ip4_pieces_bear(&pieces, core, packet);
    return TAPIR_IP4_FRAGMENTED;
}

/* The exit is asked first: a packet that it refuses leaves with the bytes that it came with. */
static inline void send_whole(struct ip4_state *ip4, struct core *core, struct iface *exit,
                              struct tapir_packet *packet)
{
    enum tapir_verdict verdict = iface_admit(&ip4->link.ifaces, exit, ip4_band_of(packet), 1);
    if (verdict != TAPIR_UNSETTLED) {
        end(ip4, core, packet, verdict);
        return;
    }
    write_decisions(ip4, core, packet, packet_ip4(packet));
    if (packet->offload.partial && !ip4_takes(exit, TAPIR_OFFLOAD_CHECKSUM))
        ip4_complete_checksum(packet);
    lane_push(core, LANE_FRAME, packet);
}

static inline void send_frame(struct ip4_state *ip4, struct core *core, struct iface *exit,
                              struct tapir_packet *packet)
{
    if (packet->within.mtu == 0)
        send_whole(ip4, core, exit, packet);
    else
        end(ip4, core, packet, cut(ip4, core, exit, packet));
}

/* All segments are born, or none; each then goes its own way, in pieces where it is too large. */
RARE static void send_segments(struct ip4_state *ip4, struct core *core, struct iface *exit,
                               struct tapir_packet *packet)
{
    struct ip4_segments segments;
    ip4_segments_init(&segments, packet);
    if (!ip4_split_has_room(&segments, &core->store)) {
        end(ip4, core, packet, TAPIR_STORE_FULL);
        return;
    }
    uint32_t n = ip4_segments_count(&segments);
    for (uint32_t i = 0; i < n; i++) {
        struct tapir_packet *segment = ip4_split_bear(core, &segments, i, packet);
        if (segment->within.end <= segment->within.mtu)
            segment->within.mtu = 0;
        send_frame(ip4, core, exit, segment);
    }
    settle(core, packet, TAPIR_IP4_SEGMENTED);
}

void ip4_depart(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    struct iface *exit = ip4_exit_of(ip4, packet);
    if (ip4_is_super(packet) &&
        (packet->within.mtu != 0 || !ip4_takes(exit, (enum tapir_offload_kind)packet->offload.kind)))
        send_segments(ip4, core, exit, packet);
    else
        send_frame(ip4, core, exit, packet);
}
