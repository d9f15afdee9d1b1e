/* The identification of what we send: RFC 6864 4, RFC 6274 3.5.2.
 *
 * For one source, destination and protocol it does not repeat within 65,536 datagrams of all that share its
 * counter, and nobody who sees some of them can tell the next, nor how many go to others: a counter, walked in
 * an order that a secret picks for each triple. After 65,536 the order is the same again, so that who kept a
 * whole round of his own can. Next: ip4/output.h. */
#ifndef IP4_ID_H
#define IP4_ID_H

#include "core/rand.h"
#include "tapir.h"

enum {
    IP4_ID_COUNTERS = 256 /* shared by triples; what others take is skipped */
};

struct ip4_ids {
    uint8_t key[16];
    uint16_t counter[IP4_ID_COUNTERS];
    uint32_t triple[3]; /* source, destination and protocol of the last one, and what they were hashed to */
    uint64_t secret;
};

/* Draws the key and where the counters begin. No datagram has the last triple yet: its source is zero. */
void ip4_id_init(struct ip4_ids *ids, struct rand_state *random);

uint16_t ip4_id_next(struct ip4_ids *ids, struct ip4 source, struct ip4 destination, uint8_t protocol);

#endif
