/* The reset that a segment without a connection earns: RFC 9293 3.5.2 and 3.10.7.1. Next: ip4/output.h. */
#ifndef TCP_RESET_H
#define TCP_RESET_H

#include "core/core.h"

void tcp_reset(struct core *core);

#endif
