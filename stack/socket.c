/* The public functions of sockets, by protocol: those of UDP and of ICMP are datagram sockets. */
#include "ip4/datagram_output.h"
#include "state.h"

/* face is the first member. */
static struct datagram_socket *datagram_of(struct tapir_socket *socket)
{
    return (void *)socket;
}

struct tapir_socket *tapir_open(struct tapir *stack, enum tapir_protocol protocol,
                                const struct tapir_socket_options *options)
{
    static const struct tapir_socket_options none;
    if (options == NULL)
        options = &none;
    switch (protocol) {
    case TAPIR_ICMP:
        return datagram_open(&stack->icmp4.queries, &stack->core, options);
    case TAPIR_UDP:
        return datagram_open(&stack->udp, &stack->core, options);
    }
    return NULL;
}

enum tapir_result tapir_bind(struct tapir_socket *socket, struct ip4 address, uint16_t port)
{
    return datagram_bind(datagram_of(socket), address, port);
}

enum tapir_result tapir_connect(struct tapir_socket *socket, struct ip4 address, uint16_t port)
{
    return datagram_connect(datagram_of(socket), address, port);
}

enum tapir_result tapir_join(struct tapir_socket *socket, struct ip4 group, unsigned iface)
{
    return datagram_join(datagram_of(socket), group, iface);
}

enum tapir_result tapir_leave(struct tapir_socket *socket, struct ip4 group, unsigned iface)
{
    return datagram_leave(datagram_of(socket), group, iface);
}

enum tapir_result tapir_reserve(struct tapir_socket *socket, size_t size, struct tapir_message *message)
{
    return datagram_reserve(datagram_of(socket), size, message);
}

enum tapir_result tapir_commit(struct tapir_socket *socket, const struct tapir_message *message)
{
    return datagram_commit(datagram_of(socket), message);
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
    datagram_shut(datagram_of(socket));
}
