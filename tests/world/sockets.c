#include "tests/world/sockets.h"

#include <string.h>

struct tapir_socket *open_socket(struct bench *bench, enum tapir_protocol protocol,
                                 const struct tapir_socket_options *options)
{
    struct tapir_socket *socket = tapir_open(bench->stack, protocol, options);
    assert_non_null(socket);
    return socket;
}

struct tapir_socket *open_at(struct bench *bench, enum tapir_protocol protocol, int64_t address,
                             uint16_t port)
{
    struct tapir_socket *socket = open_socket(bench, protocol, NULL);
    assert_int_equal(tapir_bind(socket, ip4_of(address), port), TAPIR_OK);
    return socket;
}

enum tapir_result say(struct bench *bench, struct tapir_socket *socket, const struct tapir_message *how,
                      const void *bytes, size_t size)
{
    struct tapir_message message = *how, room;
    enum tapir_result result = tapir_reserve(socket, size, &room);
    if (result != TAPIR_OK)
        return result;
    if (bytes == NULL)
        memset(room.data, 'x', size);
    else
        memcpy(room.data, bytes, size);
    message.data = room.data;
    message.size = size;
    result = tapir_commit(socket, &message);
    bench_settle(bench);
    return result;
}

enum tapir_result say_to(struct bench *bench, struct tapir_socket *socket, int64_t to, uint16_t port)
{
    const struct tapir_message how = {.destination = ip4_of(to), .destination_port = port};
    return say(bench, socket, &how, NULL, 8);
}

struct tapir_message hear(struct tapir_socket *socket)
{
    struct tapir_message message;
    assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
    tapir_consume(socket);
    return message;
}

void expect_silence(struct tapir_socket *socket)
{
    struct tapir_message message;
    assert_int_equal(tapir_peek(socket, &message), TAPIR_AGAIN);
}
