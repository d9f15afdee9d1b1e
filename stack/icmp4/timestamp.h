/* Timestamp and Timestamp Reply: RFC 792, RFC 1122 3.2.2.8, RFC 1812 4.3.3.8. One received and sent in the same call has the
 * same time twice. What came to a broadcast or multicast stays unanswered. Next: icmp4/information.h. */
#ifndef ICMP4_TIMESTAMP_H
#define ICMP4_TIMESTAMP_H

#include "icmp4/icmp4.h"

/* A Timestamp message of a sound packet for us. Bears the reply; returns the verdict on the request. */
enum tapir_verdict timestamp_input(struct icmp4_state *icmp4, struct core *core,
                                   const struct tapir_packet *packet);

#endif
