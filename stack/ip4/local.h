/* IPv4 for us: options, fragments, and which protocol gets it. RFC 1122 3.2. Next: icmp4/input.h,
 * udp/input.h, tcp/input.h. */
#ifndef IP4_LOCAL_H
#define IP4_LOCAL_H

#include "ip4/ip4.h"

void ip4_local(struct core *core);

#endif
