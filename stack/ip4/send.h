/* IPv4 leaves, packets of one flow in one super-frame where the exit takes them. Next: ip4/depart.h, how one packet leaves;
 * ip4/coalesce.h. */
#ifndef IP4_SEND_H
#define IP4_SEND_H

#include "ip4/ip4.h"

void ip4_send(struct ip4_state *ip4, struct core *core);

#endif
