/* ARP packets for the bench, and what its stack believes of its neighbors. As in frames.h, 0 stands for "as
 * it should be" and ZERO for the number 0. */
#ifndef TESTS_WORLD_ARP_FRAMES_H
#define TESTS_WORLD_ARP_FRAMES_H

#include <string.h>

#include "tests/world/bench.h"

struct arp_frame {
    enum tap on;
    int64_t to_mac, from_mac; /* of the frame: broadcast for requests, else the DUT's; sender_mac */
    bool snap;                /* IEEE 802.3 with SNAP, RFC 1042 */
    int hardware, protocol, hardware_length, protocol_length, operation; /* 1, 0x0800, 6, 4, request */
    int64_t sender_mac, sender;                                          /* MAC_OF(sender), host A or B */
    int64_t target_mac, target; /* zero, the DUT's address on that tap */
    int cut;                    /* octets of ARP, when fewer than 28 */
};

static inline uint8_t *arp_put(uint8_t *at, int64_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        at[i] = (uint8_t)((uint64_t)value >> (8 * (octets - 1 - i)));
    return at + octets;
}

static inline int64_t arp_or(int64_t value, int64_t otherwise)
{
    return value == 0 ? otherwise : value == ZERO ? 0 : value;
}

static inline size_t arp_frame_build(const struct arp_frame *arp, uint8_t frame[64])
{
    int64_t sender = arp_or(arp->sender, arp->on == TAP_A ? HOST_A : HOST_B);
    int64_t sender_mac = arp_or(arp->sender_mac, MAC_OF(sender)), operation = arp_or(arp->operation, 1);
    int64_t own = arp->on == TAP_A ? MAC_A : MAC_B;
    uint8_t *at = arp_put(frame, arp_or(arp->to_mac, operation == 1 ? MAC_BROADCAST : own), 6);
    at = arp_put(at, arp_or(arp->from_mac, sender_mac), 6);
    if (arp->snap)
        at = arp_put(arp_put(at, 36, 2), INT64_C(0xaaaa03000000), 6);
    uint8_t *start = at = arp_put(at, 0x0806, 2);
    at = arp_put(arp_put(at, arp_or(arp->hardware, 1), 2), arp_or(arp->protocol, 0x0800), 2);
    at = arp_put(arp_put(at, arp_or(arp->hardware_length, 6), 1), arp_or(arp->protocol_length, 4), 1);
    at = arp_put(arp_put(arp_put(at, operation, 2), sender_mac, 6), sender, 4);
    at = arp_put(arp_put(at, arp->target_mac, 6), arp_or(arp->target, arp->on == TAP_A ? DUT_A : DUT_B), 4);
    return arp->cut != 0 ? (size_t)(start - frame) + (size_t)arp->cut : (size_t)(at - frame);
}

static inline uint64_t bench_send_arp(struct bench *bench, const struct arp_frame *arp)
{
    uint8_t frame[64];
    size_t size = arp_frame_build(arp, frame);
    return bench_send_bytes(bench, arp->on, frame, size);
}

/* The entry of `ip` on `tap`. False: there is none. */
static inline bool neighbor_row(const struct bench *bench, enum tap tap, int64_t ip, union tapir_row *row)
{
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_NEIGHBORS, &cursor, row, 1) == 1)
        if (row->neighbor.iface == tap && row->neighbor.address.value == ip)
            return true;
    return false;
}

/* The MAC that is believed of `ip`, 0 when none is. */
static inline int64_t mac_known(const struct bench *bench, enum tap tap, int64_t ip)
{
    union tapir_row row;
    int64_t mac = 0;
    if (!neighbor_row(bench, tap, ip, &row))
        return 0;
    for (int i = 0; i < 6; i++)
        mac = mac << 8 | row.neighbor.mac.octet[i];
    return mac;
}

static inline unsigned neighbors_in(const struct bench *bench, enum tapir_neighbor_state state)
{
    union tapir_row row;
    uint64_t cursor = 0;
    unsigned n = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_NEIGHBORS, &cursor, &row, 1) == 1)
        n += row.neighbor.state == state;
    return n;
}

/* The state of an entry that must be there. */
static inline enum tapir_neighbor_state state_of(const struct bench *bench, enum tap tap, int64_t ip)
{
    union tapir_row row;
    assert_true(neighbor_row(bench, tap, ip, &row));
    return row.neighbor.state;
}

#endif
