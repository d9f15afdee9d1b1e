/* IPv4 leaves: what was decided is written into the header. The first stage that changes a byte of a received
 * packet. RFC 1812 5.3.1, RFC 1624. Next: link/ether.h. */
#ifndef IP4_SEND_H
#define IP4_SEND_H

#include "ip4/ip4.h"

void ip4_send(struct ip4_state *ip4, struct core *core);

#endif
