#include "tap/vnet.h"

#include <string.h>

#include <linux/virtio_net.h>

#include "wire/tcp.h"
#include "wire/udp.h"

_Static_assert(sizeof(struct virtio_net_hdr) == VNET_HEADER, "the legacy header has ten octets");

#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5 /* Linux 6.2 */
#endif

static bool parse_kind(uint8_t gso, uint8_t *kind)
{
    switch (gso & ~VIRTIO_NET_HDR_GSO_ECN) {
    case VIRTIO_NET_HDR_GSO_TCPV4:
        *kind = TAPIR_OFFLOAD_TCP;
        return true;
    case VIRTIO_NET_HDR_GSO_UDP_L4:
        *kind = TAPIR_OFFLOAD_UDP;
        return true;
    default:
        return false;
    }
}

bool vnet_parse(const uint8_t header[VNET_HEADER], struct tapir_offload *offload)
{
    struct virtio_net_hdr from;
    memcpy(&from, header, sizeof from);
    *offload = (struct tapir_offload){
        .partial = (from.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) != 0,
        .verified = (from.flags & VIRTIO_NET_HDR_F_DATA_VALID) != 0,
        .start = from.csum_start,
        .offset = from.csum_offset,
    };
    if (from.gso_type == VIRTIO_NET_HDR_GSO_NONE)
        return true;
    offload->segment = from.gso_size;
    return from.gso_size != 0 && parse_kind(from.gso_type, &offload->kind);
}

/* CWR belongs to the first segment alone, so who takes the frame apart must know of it: virtio 1.2 5.1.6.2.1. */
static uint8_t tcp_type(const struct tapir_offload *offload, const uint8_t *frame)
{
    bool is_reduced = (frame[offload->start + TCP_AT_FLAGS] & TCP_CWR) != 0;
    return (uint8_t)(VIRTIO_NET_HDR_GSO_TCPV4 | (is_reduced ? VIRTIO_NET_HDR_GSO_ECN : 0));
}

static void build_segments(struct virtio_net_hdr *to, const struct tapir_offload *offload,
                           const uint8_t *frame)
{
    bool is_tcp = offload->kind == TAPIR_OFFLOAD_TCP;
    uint16_t transport = UDP_HEADER;
    if (is_tcp)
        transport = (uint16_t)((frame[offload->start + TCP_AT_OFFSET] >> 4) * 4);
    to->gso_type = is_tcp ? tcp_type(offload, frame) : VIRTIO_NET_HDR_GSO_UDP_L4;
    to->gso_size = offload->segment;
    to->hdr_len = (uint16_t)(offload->start + transport);
}

void vnet_build(uint8_t header[VNET_HEADER], const struct tapir_offload *offload, const uint8_t *frame)
{
    struct virtio_net_hdr to = {0};
    if (offload->partial) {
        to.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        to.csum_start = offload->start;
        to.csum_offset = offload->offset;
    }
    if (offload->segment != 0)
        build_segments(&to, offload, frame);
    memcpy(header, &to, sizeof to);
}
