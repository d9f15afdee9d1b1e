/* The public functions of sockets, by protocol. */
#include "state.h"
#include "udp/output.h"

/* face is the first member of every protocol's socket. */
static struct udp_socket *udp_of(struct tapir_socket *socket)
{
    return (void *)socket;
}

struct tapir_socket *tapir_open(struct tapir *stack, enum tapir_protocol protocol,
                                const struct tapir_socket_options *options)
{
    static const struct tapir_socket_options none;
    if (protocol != TAPIR_UDP)
        return NULL;
    return udp_open(&stack->udp, &stack->core, options == NULL ? &none : options);
}

enum tapir_result tapir_bind(struct tapir_socket *socket, struct ip4 address, uint16_t port)
{
    return udp_bind(udp_of(socket), address, port);
}

enum tapir_result tapir_connect(struct tapir_socket *socket, struct ip4 address, uint16_t port)
{
    return udp_connect(udp_of(socket), address, port);
}

enum tapir_result tapir_reserve(struct tapir_socket *socket, size_t size, struct tapir_message *message)
{
    return udp_reserve(udp_of(socket), size, message);
}

enum tapir_result tapir_commit(struct tapir_socket *socket, const struct tapir_message *message)
{
    return udp_commit(udp_of(socket), message);
}

enum tapir_result tapir_peek(struct tapir_socket *socket, struct tapir_message *message)
{
    size_t size;
    struct tapir_message *record = ring_peek(&socket->receive, &size);
    if (record == NULL)
        return TAPIR_AGAIN;
    *message = *record;
    message->data = (uint8_t *)(record + 1);
    return TAPIR_OK;
}

void tapir_consume(struct tapir_socket *socket)
{
    ring_consume(&socket->receive);
}

void tapir_shut(struct tapir_socket *socket)
{
    udp_shut(udp_of(socket));
}
