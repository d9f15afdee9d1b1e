/* Built-in services of a node, for tests: what `services { echo = 7 }` switches on.
 *
 * echo answers each UDP message with its own bytes, from the address that was asked. It is no reflector:
 * nothing that came to a broadcast or multicast address is answered, nor what comes from the ports of
 * services that would answer back, another echo on the port of this one among them (CVE-1999-0103, CVE-2024-2169). Services that need TCP are accepted and
 * have no socket. Next: tap/node.c. */
#ifndef TAP_SERVICE_H
#define TAP_SERVICE_H

#include "tap/network.h"

struct service {
    struct tapir *stack;
    struct tapir_socket *socket; /* NULL: it has none in this version */
    uint16_t port;
    bool blocked;               /* messages wait for room in the send ring */
    uint64_t answered, ignored; /* messages */
};

/* Opens the service in `stack`. False: its port is taken or memory is short. */
bool service_open(struct service *service, struct tapir *stack, const struct network_service *spec);

/* Answers what has come. Call it when its socket has an event; the next tick sends. */
void service_serve(struct service *service);

#endif
