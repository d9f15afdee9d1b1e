/* IPv4 arrives: is the header sound, may these addresses be on a wire, is it for us or through us?
 *
 * RFC 1812 5.2.1 to 5.2.3, RFC 1122 3.2.1. Next: ip4/local.h and ip4/forward.h. */
#ifndef IP4_INPUT_H
#define IP4_INPUT_H

#include "ip4/ip4.h"

void ip4_input(struct ip4_state *ip4, struct core *core);

#endif
