#include "core/socket.h"

static bool ring_init(struct ring *ring, struct memory *memory, size_t wanted, size_t otherwise)
{
    *ring = (struct ring){.size = (wanted == 0 ? otherwise : wanted) / 16 * 16};
    ring->memory = memory_reserve(memory, ring->size);
    return ring->memory != NULL;
}

bool socket_init(struct tapir_socket *socket, struct core *core, enum tapir_protocol protocol,
                 const struct tapir_socket_options *options)
{
    if (core->sockets == core->socket_limit)
        return false;
    socket->protocol = protocol;
    socket->core = core;
    socket->event.event.socket = socket;
    if (!ring_init(&socket->receive, &core->memory, options->receive, LIMIT_RING_RECEIVE))
        return false;
    if (ring_init(&socket->send, &core->memory, options->send, LIMIT_RING_SEND)) {
        core->sockets++;
        return true;
    }
    memory_release(&core->memory, socket->receive.memory, socket->receive.size);
    return false;
}

void socket_free(struct tapir_socket *socket)
{
    socket->core->sockets--;
    event_forget(&socket->core->events, &socket->event);
    memory_release(&socket->core->memory, socket->receive.memory, socket->receive.size);
    memory_release(&socket->core->memory, socket->send.memory, socket->send.size);
}
