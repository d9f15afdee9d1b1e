/* What sockets say. Lanes: ready -> originate */
#include "ip4/datagram_output.h"

#include <string.h>

#include "ip4/decide.h"
#include "wire/ip4.h"
#include "wire/ip4_opt.h"

enum {
    TOTAL_MAX = 65535 /* octets of an IPv4 datagram */
};

/* ---- from the caller into the ring ---- */

enum tapir_result datagram_reserve(struct datagram_socket *socket, size_t size, struct tapir_message *message)
{
    size_t max = (size_t)TOTAL_MAX - IP4_HEADER - socket->table->kind->head;
    if (size > max || !ring_can_hold(&socket->face.send, sizeof *message + size))
        return TAPIR_TOO_LARGE;
    struct tapir_message *record = ring_reserve(&socket->face.send, sizeof *record + size);
    if (record == NULL) {
        socket->wants_room = true;
        return TAPIR_AGAIN;
    }
    *message = (struct tapir_message){.data = (uint8_t *)(record + 1), .size = size};
    socket->reserved = message->data;
    socket->reserved_size = size;
    return TAPIR_OK;
}

static void become_ready(struct datagrams *table, struct datagram_socket *socket)
{
    if (socket->is_ready)
        return;
    socket->is_ready = true;
    socket->ready = NULL;
    if (table->first_ready == NULL)
        table->first_ready = socket;
    else
        table->last_ready->ready = socket;
    table->last_ready = socket;
}

/* Well formed, and padded with the end of the list to whole words: RFC 791 3.1. */
static bool complete_options(struct tapir_message *message)
{
    uint8_t header[IP4_HEADER_MAX], pointer, size = message->options_size;
    if (size > sizeof message->options)
        return false;
    memset(message->options + size, IP4_OPT_EOL, sizeof message->options - size);
    memcpy(header + IP4_AT_OPTIONS, message->options, sizeof message->options);
    message->options_size = (uint8_t)((size + 3) / 4 * 4);
    return ip4_opt_check(header, (uint8_t)(IP4_HEADER + size), &pointer) == TAPIR_UNSETTLED;
}

static enum tapir_result complete(const struct datagram_socket *socket, struct tapir_message *message)
{
    const struct datagram_kind *kind = socket->table->kind;
    if (ip4_is_zero(message->destination)) {
        message->destination = socket->peer;
        message->destination_port = socket->peer_port;
    }
    if (ip4_is_zero(message->destination) || !complete_options(message))
        return TAPIR_INVALID;
    if ((size_t)IP4_HEADER + message->options_size + kind->head + message->size > TOTAL_MAX)
        return TAPIR_TOO_LARGE;
    if (ip4_is_zero(message->source))
        message->source = socket->address;
    if (!ip4_is_zero(message->source) && !ip4_is_ours(socket->table->ip4, message->source))
        return TAPIR_MISSING;
    return kind->judge(message);
}

enum tapir_result datagram_commit(struct datagram_socket *socket, const struct tapir_message *message)
{
    struct tapir_message whole = *message;
    if (socket->table->is_closed || whole.data == NULL || whole.data != socket->reserved ||
        whole.size > socket->reserved_size)
        return TAPIR_INVALID;
    enum tapir_result result = complete(socket, &whole);
    if (result == TAPIR_OK && !socket->is_bound)
        result = datagram_bind(socket, (struct ip4){0}, 0);
    if (result != TAPIR_OK)
        return result;
    whole.source_port = socket->port;
    socket->reserved = NULL;
    memcpy(whole.data - sizeof whole, &whole, sizeof whole);
    ring_commit(&socket->face.send, sizeof whole + whole.size);
    become_ready(socket->table, socket);
    return TAPIR_OK;
}

/* ---- from the ring into packets ---- */

/* The source is chosen here and not by ip4/output, as checksums cover it. */
static struct tapir_tuple tuple_of(const struct datagrams *table, const struct tapir_message *message)
{
    struct tapir_tuple tuple = {
        .source = message->source,
        .destination = message->destination,
        .source_port = message->source_port,
        .destination_port = message->destination_port,
        .fragment = message->dont_fragment ? IP4_DF : 0,
        .protocol = (uint8_t)table->kind->protocol,
        .tos = message->tos,
        .ttl = message->ttl,
        .header = (uint8_t)(IP4_HEADER + message->options_size),
    };
    if (ip4_is_zero(tuple.source))
        tuple.source = ip4_source_for(table->ip4, tuple.destination, message->iface);
    return tuple;
}

static bool send(struct datagram_socket *socket, struct core *core, const struct tapir_message *message)
{
    const struct datagram_kind *kind = socket->table->kind;
    size_t options = message->options_size;
    struct tapir_packet *packet = packet_bear(core, options + kind->head + message->size, NULL);
    if (packet == NULL)
        return false;
    packet->within.exit = message->iface;
    if (socket->largest < IP4_HEADER + packet->size)
        socket->largest = IP4_HEADER + packet->size;
    packet->within.transport = (uint32_t)options;
    packet->within.tuple = tuple_of(socket->table, message);
    memcpy(packet->data, message->options, options);
    memcpy(packet->data + options + kind->head, message + 1, message->size);
    kind->write(socket, core, packet, packet->data + options, message);
    lane_push(core, LANE_ORIGINATE, packet);
    return true;
}

/* True: the socket has sent all it had. */
static bool drain(struct core *core, struct datagram_socket *socket)
{
    size_t size;
    for (const struct tapir_message *m; (m = ring_peek(&socket->face.send, &size)) != NULL;) {
        if (!send(socket, core, m))
            return false;
        ring_consume(&socket->face.send);
    }
    return true;
}

/* There is a slot for what stands first in its ring. */
static bool can_send(const struct core *core, const struct datagram_socket *socket)
{
    size_t size;
    struct ring send_ring = socket->face.send; /* a look at it changes nothing */
    const struct tapir_message *message = ring_peek(&send_ring, &size);
    return message != NULL &&
           store_has_room(&core->store, message->options_size + socket->table->kind->head + message->size);
}

bool datagram_can_output(const struct datagrams *table, const struct core *core)
{
    for (const struct datagram_socket *s = table->first_ready; s != NULL; s = s->ready)
        if (can_send(core, s))
            return true;
    return false;
}

static void finish(struct core *core, struct datagram_socket *socket)
{
    if (socket->wants_room)
        event_raise(&core->events, &socket->face.event, TAPIR_EVENT_WRITABLE);
    socket->wants_room = false;
}

/* A socket that waits for a large slot does not stand in the way of others. */
void datagram_output(struct datagrams *table, struct core *core)
{
    struct datagram_socket *next = table->first_ready;
    table->first_ready = table->last_ready = NULL;
    for (struct datagram_socket *s; (s = next) != NULL;) {
        next = s->ready;
        s->is_ready = false;
        if (drain(core, s))
            finish(core, s);
        else
            become_ready(table, s);
    }
}
