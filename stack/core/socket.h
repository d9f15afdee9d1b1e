/* What every socket is, whatever its protocol: the object behind struct tapir_socket. Next: ip4/datagram.h. */
#ifndef CORE_SOCKET_H
#define CORE_SOCKET_H

#include "core/core.h"
#include "core/ring.h"

struct tapir_socket {
    enum tapir_protocol protocol;
    struct core *core;
    struct event_source event;
    struct ring receive, send;
};

/* Prepares the rings. False: no memory, or as many sockets as core->socket_limit; then nothing is left behind. */
bool socket_init(struct tapir_socket *socket, struct core *core, enum tapir_protocol protocol,
                 const struct tapir_socket_options *options);

/* Gives the rings back and forgets its event. */
void socket_free(struct tapir_socket *socket);

#endif
