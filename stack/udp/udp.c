#include "udp/udp.h"

#include "wire/udp.h"

enum {
    FIRST_PORT = 1024 /* of those that we choose, up to 65535: RFC 6056 3.2 */
};

static enum tapir_result judge(const struct tapir_message *message)
{
    return message->destination_port == 0 ? TAPIR_INVALID : TAPIR_OK;
}

static void write(struct datagram_socket *socket, struct core *core, struct tapir_packet *packet, uint8_t *at,
                  const struct tapir_message *message)
{
    (void)socket, (void)core;
    const struct tapir_tuple *tuple = &packet->within.tuple;
    struct udp_header header = {
        .source_port = tuple->source_port,
        .destination_port = tuple->destination_port,
        .length = (uint16_t)(UDP_HEADER + message->size),
    };
    udp_build(at, &header, tuple->source, tuple->destination);
}

const struct datagram_kind udp_kind = {
    .protocol = TAPIR_UDP,
    .size = sizeof(struct datagram_socket),
    .head = UDP_HEADER,
    .has_peer_port = true,
    .first_port = FIRST_PORT,
    .judge = judge,
    .write = write,
};
