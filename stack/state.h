/* The whole of one stack. Known to stack.c, pipeline.c, apply.c, list.c and socket.c alone: a stage gets its
 * module's state and core, no more. Next: stack.c. */
#ifndef STATE_H
#define STATE_H

#include "core/core.h"
#include "icmp4/icmp4.h"
#include "ip4/ip4.h"
#include "udp/udp.h"

struct tapir {
    struct core core;
    struct ip4_state ip4;
    struct icmp4_state icmp4;
    struct datagrams udp;
    struct tapir_limits limits; /* with the defaults filled in */
    bool observe, is_closed;
};

#endif
