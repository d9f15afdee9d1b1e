/* ICMP for us: which message is it, and whose? RFC 792, RFC 1122 3.2.2. Next: icmp4/echo.h, icmp4/quote.h. */
#ifndef ICMP4_INPUT_H
#define ICMP4_INPUT_H

#include "icmp4/icmp4.h"

void icmp4_input(struct icmp4_state *icmp4, struct core *core);

#endif
