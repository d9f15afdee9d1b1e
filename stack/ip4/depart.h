/* One packet leaves: what was decided is written into its header, and it goes whole, in pieces or in segments. RFC 1812 5.3.1,
 * RFC 1624. Nearly all go whole, so that way stands here and the others in ip4/depart.c. Next: link/ether.h. */
#ifndef IP4_DEPART_H
#define IP4_DEPART_H

#include <string.h>

#include "ip4/ip4.h"
#include "ip4/options_write.h"
#include "ip4/segment.h"
#include "wire/checksum.h"
#include "wire/ip4.h"

/* The exit that was decided; NULL: it is gone. */
static inline struct iface *ip4_exit_of(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    return iface_at(&ip4->link.ifaces, packet->within.exit);
}

/* The device of `exit` (NULL: it is gone) takes super-frames of `kind`, or partial checksums. */
static inline bool ip4_takes(const struct iface *exit, enum tapir_offload_kind kind)
{
    return exit != NULL && (exit->takes & TAPIR_TAKES(kind)) != 0;
}

/* The band of its exit in which a packet waits. */
static inline enum iface_band ip4_band_of(const struct tapir_packet *packet)
{
    return packet->within.role == ROLE_OURS ? BAND_OURS : BAND_TRANSIT;
}

/* TTL and protocol share a word of the header. Word and checksum stay in the order of the wire, which a sum does not mind. */
static inline void ip4_write_ttl(uint8_t *header, uint8_t ttl)
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

/* Writes what was decided about a packet into `header`, its own or a copy. That of our own was written whole by ip4/output. */
static inline void ip4_write_decisions(const struct ip4_state *ip4, const struct core *core,
                                       const struct tapir_packet *packet, uint8_t *header)
{
    if (packet->within.role != ROLE_TRANSIT)
        return;
    ip4_write_ttl(header, packet->within.ttl);
    if (packet->within.edits != 0)
        ip4_options_write(ip4, core, packet, header);
}

/* The rest of ip4_depart, for what is too large for `exit`, or a super-frame that it does not take. */
void ip4_depart_cut(struct ip4_state *ip4, struct core *core, struct iface *exit,
                    struct tapir_packet *packet);

/* And for what does not leave itself: it is refused, or others leave for it. */
void ip4_depart_end(const struct ip4_state *ip4, struct core *core, struct tapir_packet *packet,
                    enum tapir_verdict verdict);

/* ip4_depart of what fits. The exit is asked before a byte is changed: what it refuses leaves with the bytes that it came with. */
static inline void ip4_depart_whole(struct ip4_state *ip4, struct core *core, struct iface *exit,
                                    struct tapir_packet *packet)
{
    enum tapir_verdict verdict = iface_admit(&ip4->link.ifaces, exit, ip4_band_of(packet), 1);
    if (verdict != TAPIR_UNSETTLED) {
        ip4_depart_end(ip4, core, packet, verdict);
        return;
    }
    ip4_write_decisions(ip4, core, packet, packet_ip4(packet));
    if (packet->offload.partial && !ip4_takes(exit, TAPIR_OFFLOAD_CHECKSUM))
        ip4_complete_checksum(packet);
    lane_push(core, LANE_FRAME, packet);
}

/* Puts on lane frame what `packet`, which is on no lane, becomes for its exit, or settles it. The first to change a byte of a
 * received packet. */
static inline void ip4_depart(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    struct iface *exit = ip4_exit_of(ip4, packet);
    if (packet->within.mtu != 0 ||
        (ip4_is_super(packet) && !ip4_takes(exit, (enum tapir_offload_kind)packet->offload.kind)))
        ip4_depart_cut(ip4, core, exit, packet);
    else
        ip4_depart_whole(ip4, core, exit, packet);
}

/* The same, for those who do not stand on the way of each packet: a call costs 20 instructions. */
void ip4_depart_any(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet);

#endif
