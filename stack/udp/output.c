/* UDP leaves. Lanes: ready -> originate */
#include "udp/output.h"

#include <string.h>

#include "ip4/output.h"
#include "wire/ip4.h"
#include "wire/udp.h"

enum tapir_result udp_reserve(struct udp_socket *socket, size_t size, struct tapir_message *message)
{
    if (size > UDP_MAX || !ring_can_hold(&socket->face.send, sizeof *message + size))
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

static void become_ready(struct udp_state *udp, struct udp_socket *socket)
{
    if (socket->is_ready)
        return;
    socket->is_ready = true;
    socket->ready = NULL;
    if (udp->first_ready == NULL)
        udp->first_ready = socket;
    else
        udp->last_ready->ready = socket;
    udp->last_ready = socket;
}

enum tapir_result udp_commit(struct udp_socket *socket, const struct tapir_message *message)
{
    struct tapir_message whole = *message;
    if (socket->udp->is_closed || whole.data == NULL || whole.data != socket->reserved ||
        whole.size > socket->reserved_size)
        return TAPIR_INVALID;
    if (ip4_is_zero(whole.destination)) {
        whole.destination = socket->peer;
        whole.destination_port = socket->peer_port;
    }
    if (ip4_is_zero(whole.destination) || whole.destination_port == 0)
        return TAPIR_INVALID;
    if (ip4_is_zero(whole.source))
        whole.source = socket->address;
    if (!ip4_is_zero(whole.source) && !ip4_is_ours(socket->udp->ip4, whole.source))
        return TAPIR_MISSING;
    enum tapir_result bound = socket->is_bound ? TAPIR_OK : udp_bind(socket, (struct ip4){0}, 0);
    if (bound != TAPIR_OK)
        return bound;
    whole.source_port = socket->port;
    socket->reserved = NULL;
    memcpy(whole.data - sizeof whole, &whole, sizeof whole);
    ring_commit(&socket->face.send, sizeof whole + whole.size);
    become_ready(socket->udp, socket);
    return TAPIR_OK;
}

/* The checksum covers the source, so it is chosen here and not by ip4/output. */
static bool send(struct udp_state *udp, struct core *core, const struct tapir_message *message)
{
    struct tapir_packet *packet = packet_bear(core, UDP_HEADER + message->size, NULL);
    if (packet == NULL)
        return false;
    struct tapir_tuple tuple = {
        .source = message->source,
        .destination = message->destination,
        .source_port = message->source_port,
        .destination_port = message->destination_port,
        .fragment = message->dont_fragment ? IP4_DF : 0,
        .protocol = IP4_UDP,
        .tos = message->tos,
        .ttl = message->ttl,
    };
    packet->within.exit = message->iface;
    if (ip4_is_zero(tuple.source))
        tuple.source = ip4_source_for(udp->ip4, tuple.destination, message->iface);
    struct udp_header header = {
        .source_port = tuple.source_port,
        .destination_port = tuple.destination_port,
        .length = (uint16_t)packet->size,
    };
    memcpy(packet->data + UDP_HEADER, message + 1, message->size);
    udp_build(packet->data, &header, tuple.source, tuple.destination);
    packet->within.tuple = tuple;
    lane_push(core, LANE_ORIGINATE, packet);
    return true;
}

/* True: the socket has sent all it had. */
static bool drain(struct udp_state *udp, struct core *core, struct udp_socket *socket)
{
    size_t size;
    for (const struct tapir_message *m; (m = ring_peek(&socket->face.send, &size)) != NULL;) {
        if (!send(udp, core, m))
            return false;
        ring_consume(&socket->face.send);
    }
    return true;
}

/* There is a slot for what stands first in its ring. */
static bool can_send(const struct core *core, const struct udp_socket *socket)
{
    size_t size = 0;
    struct ring send_ring = socket->face.send; /* a look at it changes nothing */
    if (ring_peek(&send_ring, &size) == NULL)
        return false;
    return store_has_room(&core->store, UDP_HEADER + size - sizeof(struct tapir_message));
}

bool udp_can_output(const struct udp_state *udp, const struct core *core)
{
    for (const struct udp_socket *s = udp->first_ready; s != NULL; s = s->ready)
        if (can_send(core, s))
            return true;
    return false;
}

static void finish(struct core *core, struct udp_socket *socket)
{
    if (socket->wants_room)
        event_raise(&core->events, &socket->face.event, TAPIR_EVENT_WRITABLE);
    socket->wants_room = false;
}

/* A socket that waits for a large slot does not stand in the way of others. */
void udp_output(struct udp_state *udp, struct core *core)
{
    struct udp_socket *next = udp->first_ready;
    udp->first_ready = udp->last_ready = NULL;
    for (struct udp_socket *s; (s = next) != NULL;) {
        next = s->ready;
        s->is_ready = false;
        if (drain(udp, core, s))
            finish(core, s);
        else
            become_ready(udp, s);
    }
}
