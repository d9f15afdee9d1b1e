/* Coalescing: datagrams of one flow that leave together become one super-frame, the way back of ip4/segment.
 *
 * Among what leaves in one call of ip4_send, and after all decisions, so no packet waits for another and each keeps
 * its own verdict. Only what segmentation rebuilds octet by octet is merged: equal headers, sizes and TOS (ECN),
 * sequence numbers that follow, a right checksum; identifications that count on, or are all one where DF lets them mean
 * nothing (RFC 6864 4.1). PSH, FIN and a shorter one end a run. SYN, RST, URG, IPv4 options, fragments and UDP without
 * a checksum are not merged.
 *
 * Packets of one flow keep their order. Next: ip4/send.c, who asks. */
#ifndef IP4_COALESCE_H
#define IP4_COALESCE_H

#include "core/core.h"

/* Datagrams that follow each other, linked by within.next. Zero: none. */
struct ip4_run {
    struct tapir_packet *first, *last;
    uint32_t n, data; /* packets; octets behind their headers */
    bool one_id;
};

/* `packet` is in transit and of a kind that merges: TCP or UDP, whole, with data, nothing to be written but its TTL. */
bool ip4_can_coalesce(const struct tapir_packet *packet);

/* It may be followed by others in a run; else it ends one at once. Only of packets that can coalesce. */
bool ip4_run_may_begin(const struct tapir_packet *packet);

/* Begins a run with a packet that may. */
void ip4_run_begin(struct ip4_run *run, struct tapir_packet *packet);

/* Puts a packet that can coalesce behind a run, if segmentation of both would rebuild them. */
bool ip4_run_join(struct ip4_run *run, struct tapir_packet *packet);

/* Nothing can join any more. */
bool ip4_run_is_over(const struct ip4_run *run);

/* Octets of IPv4 of the super-frame that a run makes. */
uint32_t ip4_run_size(const struct ip4_run *run);

/* Bears the super-frame, on no lane yet, with the bytes that its packets have now. The caller has seen to it that the store
 * has room, and settles the packets. */
struct tapir_packet *ip4_run_merge(const struct ip4_run *run, struct core *core);

#endif
