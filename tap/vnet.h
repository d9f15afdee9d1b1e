/* The virtio-net header that stands before each frame of a TAP with offloads: what was left to the device, as bytes and back.
 *
 *      0       1          2            4            6               8
 *     | flags | gso type | header len | gso size   | checksum start | checksum offset |
 *
 * The numbers are in the order of the host (the legacy format, which TAP devices speak unless asked otherwise). virtio 1.2
 * 5.1.6, linux/virtio_net.h. Next: tap/tun.h, which asks a device for it. */
#ifndef TAP_VNET_H
#define TAP_VNET_H

#include "tapir.h"

enum {
    VNET_HEADER = 10,      /* octets */
    VNET_FRAME_MAX = 65553 /* octets of a super-frame: 65,535 of IPv4, Ethernet header, one VLAN tag */
};

/* Reads a header. False: segments of a kind that nobody asked for. */
bool vnet_parse(const uint8_t header[VNET_HEADER], struct tapir_offload *offload);

/* Writes the header of a frame that begins at `frame`. */
void vnet_build(uint8_t header[VNET_HEADER], const struct tapir_offload *offload, const uint8_t *frame);

#endif
