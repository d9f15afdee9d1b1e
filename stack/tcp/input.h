/* TCP arrives. There are no connections yet: every port is closed, RFC 9293 3.10.7.1. Next: tcp/reset.h. */
#ifndef TCP_INPUT_H
#define TCP_INPUT_H

#include "core/core.h"

void tcp_input(struct core *core);

/* Errors about TCP that we sent: none of them can have a connection. */
void tcp_notice(struct core *core);

#endif
