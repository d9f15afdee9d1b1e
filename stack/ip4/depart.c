/* One packet leaves in pieces or in segments, or does not leave. Lanes: -> frame */
#include "ip4/depart.h"

#include "ip4/frag.h"
#include "ip4/split.h"

void ip4_depart_end(const struct ip4_state *ip4, struct core *core, struct tapir_packet *packet,
                    enum tapir_verdict verdict)
{
    settle(core, packet, iface_refuse(&ip4->link.ifaces, core, packet, verdict));
}

/* All pieces or none: FRAGMENTED, or why not. The datagram itself keeps the bytes that it came with, but for a checksum that was
 * left to us. */
static enum tapir_verdict send_pieces(struct ip4_state *ip4, struct core *core, struct iface *exit,
                                      struct tapir_packet *packet)
{
    struct tapir_packet_private *within = &packet->within;
    uint8_t header[IP4_HEADER_MAX];
    memcpy(header, packet_ip4(packet), within->transport - within->network);
    ip4_write_decisions(ip4, core, packet, header);
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

/* All segments are born, or none: SEGMENTED, or why not. Each then goes its own way, in pieces where it is too large. */
static enum tapir_verdict send_segments(struct ip4_state *ip4, struct core *core, struct iface *exit,
                                        struct tapir_packet *packet)
{
    struct ip4_segments segments;
    ip4_segments_init(&segments, packet);
    if (!ip4_split_has_room(&segments, &core->store))
        return TAPIR_STORE_FULL;
    uint32_t n = ip4_segments_count(&segments);
    for (uint32_t i = 0; i < n; i++) {
        struct tapir_packet *segment = ip4_split_bear(core, &segments, i, packet);
        bool is_too_large = segment->within.mtu != 0 && segment->within.end > segment->within.mtu;
        if (is_too_large)
            ip4_depart_end(ip4, core, segment, send_pieces(ip4, core, exit, segment));
        else
            ip4_depart_whole(ip4, core, exit, segment);
    }
    return TAPIR_IP4_SEGMENTED;
}

void ip4_depart_cut(struct ip4_state *ip4, struct core *core, struct iface *exit, struct tapir_packet *packet)
{
    enum tapir_verdict verdict =
        ip4_is_super(packet) ? send_segments(ip4, core, exit, packet) : send_pieces(ip4, core, exit, packet);
    ip4_depart_end(ip4, core, packet, verdict);
}

void ip4_depart_any(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    ip4_depart(ip4, core, packet);
}
