/* IPv4 for us: options, reassembly, and to whoever speaks its protocol. RFC 1122 3.2.1, 3.3.2. Next: icmp4/input.h. */
#ifndef IP4_LOCAL_H
#define IP4_LOCAL_H

#include "ip4/ip4.h"

void ip4_local(struct ip4_state *ip4, struct core *core);

#endif
