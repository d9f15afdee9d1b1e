/* IPv4 leaves: what was decided is written. Lanes: send -> frame */
#include "ip4/send.h"

#include <string.h>

#include "ip4/frag.h"
#include "ip4/options_write.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"

/* TTL and protocol share a word of the header. */
static void write_ttl(uint8_t *header, uint8_t ttl)
{
    uint16_t before = bytes_get16(header + IP4_AT_TTL);
    header[IP4_AT_TTL] = ttl;
    uint16_t after = bytes_get16(header + IP4_AT_TTL);
    bytes_put16(header + IP4_AT_CHECKSUM,
                checksum_update(bytes_get16(header + IP4_AT_CHECKSUM), before, after));
}

/* Our own header was written whole by ip4/output. */
static void write_decisions(const struct ip4_state *ip4, const struct core *core,
                            const struct tapir_packet *packet, uint8_t *header)
{
    if (packet->within.role != ROLE_TRANSIT)
        return;
    write_ttl(header, packet->within.ttl);
    if (packet->within.edits != 0)
        ip4_options_write(ip4, core, packet, header);
}

static enum iface_band band_of(const struct tapir_packet *packet)
{
    return packet->within.role == ROLE_OURS ? BAND_OURS : BAND_TRANSIT;
}

/* All pieces or none. The datagram itself keeps the bytes that it came with. */
static enum tapir_verdict send_pieces(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    struct tapir_packet_private *within = &packet->within;
    struct iface *exit = iface_lookup(&ip4->link.ifaces, within->exit);
    uint8_t header[IP4_HEADER_MAX];
    memcpy(header, packet_ip4(packet), within->transport - within->network);
    write_decisions(ip4, core, packet, header);
    struct ip4_pieces pieces;
    ip4_pieces_init(&pieces, header, within->end - within->transport, within->mtu);
    uint32_t n = ip4_pieces_count(&pieces);
    if (!ip4_pieces_have_room(&pieces, &core->store))
        return TAPIR_STORE_FULL;
    enum tapir_verdict verdict = iface_admit(&ip4->link.ifaces, exit, band_of(packet), n);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    ip4_pieces_bear(&pieces, core, packet);
    return TAPIR_IP4_FRAGMENTED;
}

/* The exit is asked first: a packet that it refuses leaves with the bytes that it came with. */
static enum tapir_verdict send_whole(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    struct iface *exit = iface_lookup(&ip4->link.ifaces, packet->within.exit);
    enum tapir_verdict verdict = iface_admit(&ip4->link.ifaces, exit, band_of(packet), 1);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    write_decisions(ip4, core, packet, packet_ip4(packet));
    lane_push(core, LANE_FRAME, packet);
    return TAPIR_UNSETTLED;
}

void ip4_send(struct ip4_state *ip4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_SEND, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            enum tapir_verdict verdict = packets[i]->within.mtu == 0 ? send_whole(ip4, core, packets[i])
                                                                     : send_pieces(ip4, core, packets[i]);
            if (verdict != TAPIR_UNSETTLED)
                settle(core, packets[i], iface_refuse(&ip4->link.ifaces, core, packets[i], verdict));
        }
}
