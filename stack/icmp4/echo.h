/* Echo and Echo Reply: RFC 792, RFC 1122 3.2.2.6, RFC 1812 4.3.3.6. Smurf: what came to a broadcast stays
 * unanswered. Next: icmp4/error.h. */
#ifndef ICMP4_ECHO_H
#define ICMP4_ECHO_H

#include "icmp4/icmp4.h"

/* An Echo message of a sound packet for us. Bears the reply; returns the verdict on the request. */
enum tapir_verdict echo_input(struct icmp4_state *icmp4, struct core *core,
                              const struct tapir_packet *packet);

#endif
