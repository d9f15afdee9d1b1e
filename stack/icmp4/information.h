/* Information Request and Reply: RFC 792, RFC 1122 3.2.2.7. Off unless icmp.information is on.
 *
 * A host that knows the number of its host but not of its network asks from 0.0.0.10 to 0.0.0.0; it is told by the
 * addresses of the reply: ours, and its own on our network (10.0.1.10). Next: icmp4/mask.h. */
#ifndef ICMP4_INFORMATION_H
#define ICMP4_INFORMATION_H

#include "icmp4/icmp4.h"

/* An Information Request of a sound packet for us. Bears the reply; returns the verdict on the request. */
enum tapir_verdict information_input(struct icmp4_state *icmp4, struct core *core,
                                     const struct tapir_packet *packet);

#endif
