/* Super-frames: several segments of a TCP connection, or datagrams of a UDP flow, under one header. Routed as one packet, and
 * taken apart where the device ahead does not take them.
 *
 *     super-frame | header | data ....................................... |    checksum partial, total length of all
 *     segment 0   | header | `segment` octets |                                CWR, if it is set
 *     segment 1   | header | `segment` octets |                                identification and sequence count on
 *     last        | header | rest |                                            FIN and PSH, if they are set
 *
 * Pure functions: bytes in, bytes out. RFC 791 3.1, RFC 9293 3.1, RFC 768; the format is that of virtio 1.2 5.1.6.2.
 * Next: ip4/coalesce.h, the way back; ip4/send.c, who asks. */
#ifndef IP4_SEGMENT_H
#define IP4_SEGMENT_H

#include "tapir.h"

enum {
    IP4_SEGMENT_HEADER_MAX = 120 /* octets: IPv4 and TCP, both with all their options */
};

struct ip4_segments {
    const uint8_t *whole;  /* the super-frame, from its IPv4 header on */
    uint32_t transport;    /* octets of the IPv4 header */
    uint32_t header, data; /* octets of both headers, and behind them */
    uint16_t size;         /* octets of data of each segment but the last */
    enum tapir_offload_kind kind;
    bool one_id;
};

static inline bool ip4_is_super(const struct tapir_packet *packet)
{
    return packet->offload.segment != 0;
}

/* Its device has looked at the checksum of UDP or TCP, or left it to us to write: no need to add it up. */
static inline bool ip4_is_checksum_known(const struct tapir_packet *packet)
{
    return packet->offload.verified || packet->offload.partial;
}

/* What the device says of a packet goes with its headers, which ip4/input has noted: UNSETTLED; else IP4_OFFLOAD. */
enum tapir_verdict ip4_offload_judge(const struct tapir_packet *packet);

/* Octets of IPv4 of the largest frame that a packet is: of its first segment, or all of it. */
uint32_t ip4_largest(const struct tapir_packet *packet);

/* Prepares to take a super-frame apart; `packet` must stay as it is meanwhile. */
void ip4_segments_init(struct ip4_segments *segments, const struct tapir_packet *packet);

/* How many there are, at least 1. */
uint32_t ip4_segments_count(const struct ip4_segments *segments);

/* Octets of IPv4 of segment `i`. */
uint32_t ip4_segment_size(const struct ip4_segments *segments, uint32_t i);

/* Writes segment `i` as it would have been sent without offloads, both checksums complete. */
void ip4_segment_build(const struct ip4_segments *segments, uint32_t i, uint8_t *to);

/* Writes the first `size` octets of the first frame that a packet is, both checksums complete; size is at most ip4_largest. */
void ip4_quote(const struct tapir_packet *packet, uint8_t *to, size_t size);

/* Completes a partial checksum where the packet lies. */
void ip4_complete_checksum(struct tapir_packet *packet);

#endif
