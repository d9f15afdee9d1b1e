/* Super-frames by hand, without the stack: the single frames of a flow, the one that stands for all of them, and the way back.
 *
 *     (struct super){.protocol = 6, .data = 4000, .segment = 1448, .flags = 0x18}     three TCP segments, PSH in the last
 *
 * 0 stands for a default. Datagrams begin with their IPv4 header. The oracle of ip4/segment, ip4/coalesce and of the bench.
 * Next: dissect.h, the naive sum. */
#ifndef TESTS_SUPERS_H
#define TESTS_SUPERS_H

#include "tapir.h"

enum {
    SUPER_MAX = 65535 /* octets of a datagram */
};

struct super {
    unsigned protocol;     /* 17 */
    uint32_t from, to;     /* 10.0.1.10, 10.0.2.10 */
    unsigned ports[2];     /* 5000, 9 */
    size_t data, segment;  /* octets of all, and of each but the last: all */
    unsigned id, fragment; /* 0x1234, flags */
    bool one_id;           /* all have that identification */
    unsigned tos, ttl;     /* 0, 64 */
    const char *options;   /* of IPv4, a multiple of 4 octets */
    size_t options_size;
    uint32_t sequence;      /* TCP from here on */
    unsigned flags, window; /* ACK, 1000 */
    const char *tcp_options;
    size_t tcp_options_size;
    bool sums_to_zero; /* the first two octets of each segment's data are such that its checksum is zero */
};

/* How many single frames. */
size_t super_count(const struct super *super);

/* Writes the one numbered `i` as it is sent without offloads; returns its octets. PSH and FIN are in the last, CWR in the first. */
size_t super_single(const struct super *super, size_t i, uint8_t *to);

/* Writes the super-frame of all, its checksum partial; returns its octets. `offload` is as for a packet whose data begins with
 * an Ethernet header. */
size_t super_whole(const struct super *super, uint8_t *to, struct tapir_offload *offload);

/* Of any super-frame: how many, and the one numbered `i`. Addresses are those of its header: no source routes. */
size_t super_split_count(const uint8_t *whole, size_t size, const struct tapir_offload *offload);
size_t super_split(const uint8_t *whole, size_t size, const struct tapir_offload *offload, size_t i,
                   uint8_t *to);

/* Writes both checksums of a TCP or UDP datagram afresh. */
void super_mend(uint8_t *datagram, size_t size);

/* What a partial checksum holds: the sum of the pseudo-header, not complemented. */
uint16_t super_pseudo(const uint8_t *datagram, size_t size);

#endif
