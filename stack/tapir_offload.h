/* PUBLIC. What a device may leave to us and we to it: checksums and super-frames, as a virtio-net header says it.
 *
 * Included by tapir_packet.h; read next: ip4/segment.h. */
#ifndef TAPIR_OFFLOAD_H
#define TAPIR_OFFLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Of what a super-frame is one, and the bit of it in what a device takes (TAPIR_TAKES). */
enum tapir_offload_kind {
    TAPIR_OFFLOAD_CHECKSUM, /* no super-frame; what a device takes: partial checksums */
    TAPIR_OFFLOAD_TCP,      /* TCP over IPv4 */
    TAPIR_OFFLOAD_UDP       /* UDP over IPv4, all datagrams but the last of one length */
};

#define TAPIR_TAKES(kind) (1U << (kind))

/* What the device has done, or shall do, with a frame beyond its bytes (virtio-net header). Zero: nothing. */
struct tapir_offload {
    uint8_t kind;           /* of the segments, enum tapir_offload_kind */
    bool partial, verified; /* checksum: only the pseudo-header is summed; checked by the device */
    bool one_id;            /* all segments have one IPv4 identification; else it counts on */
    uint16_t
        segment; /* data octets of each segment of a super-frame, the last may have less; 0: it is none */
    uint16_t start,
        offset; /* of a partial checksum: octets from `data` to where it begins, and from there to its place */
};

#endif
