/* The header before each frame, against struct virtio_net_hdr of the kernel, filled by hand. */
#include "tap/vnet.h"

#include <string.h>

#include <linux/virtio_net.h>

#include "tests/table.h"

enum {
    UDP_L4 = 5, /* VIRTIO_NET_HDR_GSO_UDP_L4, not in older headers */
    ECN = VIRTIO_NET_HDR_GSO_ECN,
    NEEDS = VIRTIO_NET_HDR_F_NEEDS_CSUM,
    VALID = VIRTIO_NET_HDR_F_DATA_VALID,
    TCP4 = VIRTIO_NET_HDR_GSO_TCPV4,
    CWR = 0x80,
    KIND_TCP = TAPIR_OFFLOAD_TCP,
    KIND_UDP = TAPIR_OFFLOAD_UDP
};

static const struct row {
    const char *sentence;
    struct virtio_net_hdr header;
    struct tapir_offload offload;
    int flags, words; /* of the TCP header in the frame */
    bool reads_only, writes_only, refused;
} rows[] = {
    {.sentence = "all zeros say nothing"},
    {.sentence = "a checksum that nobody has added up",
     .header = {.flags = NEEDS, .csum_start = 34, .csum_offset = 6},
     .offload = {.partial = true, .start = 34, .offset = 6}},
    {.sentence = "a checksum far behind",
     .header = {.flags = NEEDS, .csum_start = 0xabcd, .csum_offset = 0x1234},
     .offload = {.partial = true, .start = 0xabcd, .offset = 0x1234}},
    {"a checksum that was looked at", {.flags = VALID}, {.verified = true}, .reads_only = true},
    {"we do not say that we looked at it", {0}, {.verified = true}, .writes_only = true},
    {"where a checksum would be means nothing to who completes none",
     {0},
     {.start = 34, .offset = 16},
     .writes_only = true},
    {"segments of TCP",
     {.flags = NEEDS, .gso_type = TCP4, .hdr_len = 54, .gso_size = 1448, .csum_start = 34, .csum_offset = 16},
     {.kind = KIND_TCP, .partial = true, .segment = 1448, .start = 34, .offset = 16},
     .words = 5},
    {"segments of TCP with all options, behind options of IPv4",
     {.flags = NEEDS, .gso_type = TCP4, .hdr_len = 114, .gso_size = 536, .csum_start = 54, .csum_offset = 16},
     {.kind = KIND_TCP, .partial = true, .segment = 536, .start = 54, .offset = 16},
     .words = 15},
    {"segments of TCP with CWR",
     {.flags = NEEDS,
      .gso_type = TCP4 | ECN,
      .hdr_len = 66,
      .gso_size = 1436,
      .csum_start = 34,
      .csum_offset = 16},
     {.kind = KIND_TCP, .partial = true, .segment = 1436, .start = 34, .offset = 16},
     .words = 8,
     .flags = CWR | 16},
    {"segments of TCP with all flags but CWR",
     {.flags = NEEDS, .gso_type = TCP4, .hdr_len = 66, .gso_size = 1436, .csum_start = 34, .csum_offset = 16},
     {.kind = KIND_TCP, .partial = true, .segment = 1436, .start = 34, .offset = 16},
     .words = 8,
     .flags = 0x7f},
    {"segments of UDP",
     {.flags = NEEDS,
      .gso_type = UDP_L4,
      .hdr_len = 42,
      .gso_size = 1472,
      .csum_start = 34,
      .csum_offset = 6},
     {.kind = KIND_UDP, .partial = true, .segment = 1472, .start = 34, .offset = 6},
     .flags = CWR},
    {"the length of the headers is not believed",
     {.flags = NEEDS, .gso_type = UDP_L4, .hdr_len = 7, .gso_size = 1472, .csum_start = 34, .csum_offset = 6},
     {.kind = KIND_UDP, .partial = true, .segment = 1472, .start = 34, .offset = 6},
     .reads_only = true},
    {"both flags", {.flags = NEEDS | VALID}, {.partial = true, .verified = true}, .reads_only = true},
    {"segments of TCP over IPv6 are refused",
     {.gso_type = VIRTIO_NET_HDR_GSO_TCPV6, .gso_size = 1},
     .refused = true},
    {"fragments of UDP are refused", {.gso_type = VIRTIO_NET_HDR_GSO_UDP, .gso_size = 1480}, .refused = true},
    {"segments of a kind to come are refused", {.gso_type = 0x60, .gso_size = 1480}, .refused = true},
    {"segments of no octet are refused", {.gso_type = TCP4}, .refused = true},
    {"ECN alone is refused", {.gso_type = ECN, .gso_size = 1}, .refused = true},
};

static void check_read(void **state)
{
    const struct row *row = *state;
    uint8_t bytes[VNET_HEADER];
    struct tapir_offload offload;
    if (row->writes_only)
        return;
    memset(&offload, 0xa5, sizeof offload);
    memcpy(bytes, &row->header, sizeof bytes);
    assert_int_equal(vnet_parse(bytes, &offload), !row->refused);
    if (row->refused)
        return;
    assert_int_equal(offload.kind, row->offload.kind);
    assert_int_equal(offload.partial, row->offload.partial);
    assert_int_equal(offload.verified, row->offload.verified);
    assert_int_equal(offload.one_id, false);
    assert_int_equal(offload.segment, row->offload.segment);
    assert_int_equal(offload.start, row->offload.start);
    assert_int_equal(offload.offset, row->offload.offset);
}

static void check_written(void **state)
{
    const struct row *row = *state;
    uint8_t bytes[VNET_HEADER], frame[256] = {0};
    struct virtio_net_hdr header;
    if (row->reads_only || row->refused)
        return;
    if (row->words != 0)
        frame[row->offload.start + 12] = (uint8_t)(row->words << 4 | 0x0f);
    if (row->offload.segment != 0)
        frame[row->offload.start + 13] = (uint8_t)row->flags;
    memset(bytes, 0xa5, sizeof bytes);
    vnet_build(bytes, &row->offload, frame);
    memcpy(&header, bytes, sizeof header);
    assert_int_equal(header.flags, row->header.flags);
    assert_int_equal(header.gso_type, row->header.gso_type);
    assert_int_equal(header.hdr_len, row->header.hdr_len);
    assert_int_equal(header.gso_size, row->header.gso_size);
    assert_int_equal(header.csum_start, row->header.csum_start);
    assert_int_equal(header.csum_offset, row->header.csum_offset);
}

int main(void)
{
    return RUN_TABLE("read", rows, check_read) + RUN_TABLE("written", rows, check_written);
}
