#include "udp/socket.h"

enum {
    PORT_MIN = 1024, /* of ports that we choose: RFC 6056 3.2 */
    PORT_MAX = 65535,
    PORT_TRIES = 64
};

static struct udp_socket **bucket_of(struct udp_state *udp, uint16_t port)
{
    return &udp->buckets[port % UDP_BUCKETS];
}

struct tapir_socket *udp_open(struct udp_state *udp, struct core *core,
                              const struct tapir_socket_options *options)
{
    if (udp->count >= udp->limit)
        return NULL;
    struct udp_socket *socket = memory_allocate(&core->memory, sizeof *socket);
    if (socket == NULL)
        return NULL;
    if (!socket_init(&socket->face, core, TAPIR_UDP, options)) {
        memory_release(&core->memory, socket, sizeof *socket);
        return NULL;
    }
    socket->udp = udp;
    socket->next = udp->all;
    udp->all = socket;
    udp->count++;
    return &socket->face;
}

/* Two sockets may share a port when each has an address and they differ. */
static bool is_taken(struct udp_state *udp, struct ip4 address, uint16_t port)
{
    for (const struct udp_socket *s = *bucket_of(udp, port); s != NULL; s = s->chain)
        if (s->port == port &&
            (ip4_is_zero(s->address) || ip4_is_zero(address) || ip4_equal(s->address, address)))
            return true;
    return false;
}

/* Drawn at random, so that nobody foretells it. 0: none found. */
static uint16_t choose_port(struct udp_state *udp, struct core *core, struct ip4 address)
{
    for (unsigned i = 0; i < PORT_TRIES; i++) {
        uint16_t port = (uint16_t)rand_between(&core->random, PORT_MIN, PORT_MAX);
        if (!is_taken(udp, address, port))
            return port;
    }
    return 0;
}

enum tapir_result udp_bind(struct udp_socket *socket, struct ip4 address, uint16_t port)
{
    struct udp_state *udp = socket->udp;
    if (socket->is_bound)
        return TAPIR_EXISTS;
    if (!ip4_is_zero(address) && !ip4_is_ours(udp->ip4, address))
        return TAPIR_MISSING;
    if (port == 0)
        port = choose_port(udp, socket->face.core, address);
    else if (is_taken(udp, address, port))
        return TAPIR_BUSY;
    if (port == 0)
        return TAPIR_FULL;
    socket->address = address;
    socket->port = port;
    socket->is_bound = true;
    socket->chain = *bucket_of(udp, port);
    *bucket_of(udp, port) = socket;
    return TAPIR_OK;
}

enum tapir_result udp_connect(struct udp_socket *socket, struct ip4 address, uint16_t port)
{
    if (ip4_is_zero(address) || port == 0)
        return TAPIR_INVALID;
    enum tapir_result result = socket->is_bound ? TAPIR_OK : udp_bind(socket, (struct ip4){0}, 0);
    if (result != TAPIR_OK)
        return result;
    socket->peer = address;
    socket->peer_port = port;
    return TAPIR_OK;
}

static void leave_ready(struct udp_state *udp, struct udp_socket *socket)
{
    struct udp_socket *before = NULL;
    for (struct udp_socket **at = &udp->first_ready; *at != NULL; before = *at, at = &(*at)->ready) {
        if (*at != socket)
            continue;
        *at = socket->ready;
        if (udp->last_ready == socket)
            udp->last_ready = before;
        return;
    }
}

static void leave_bucket(struct udp_state *udp, struct udp_socket *socket)
{
    struct udp_socket **at = bucket_of(udp, socket->port);
    while (*at != NULL && *at != socket)
        at = &(*at)->chain;
    if (*at != NULL)
        *at = socket->chain;
}

static void leave_all(struct udp_state *udp, struct udp_socket *socket)
{
    struct udp_socket **at = &udp->all;
    while (*at != socket)
        at = &(*at)->next;
    *at = socket->next;
}

void udp_shut(struct udp_socket *socket)
{
    struct core *core = socket->face.core;
    leave_all(socket->udp, socket);
    leave_ready(socket->udp, socket);
    leave_bucket(socket->udp, socket);
    socket->udp->count--;
    socket_free(&socket->face);
    memory_release(&core->memory, socket, sizeof *socket);
}

static bool hears(const struct udp_socket *socket, const struct tapir_tuple *tuple)
{
    if (socket->port != tuple->destination_port)
        return false;
    if (socket->peer_port != 0 &&
        (socket->peer_port != tuple->source_port || !ip4_equal(socket->peer, tuple->source)))
        return false;
    return ip4_is_zero(socket->address) || ip4_equal(socket->address, tuple->destination);
}

struct udp_socket *udp_next_match(const struct udp_state *udp, const struct tapir_tuple *tuple,
                                  const struct udp_socket *after)
{
    struct udp_socket *socket =
        after == NULL ? udp->buckets[tuple->destination_port % UDP_BUCKETS] : after->chain;
    while (socket != NULL && !hears(socket, tuple))
        socket = socket->chain;
    return socket;
}

static unsigned fixed(const struct udp_socket *socket)
{
    return (socket->peer_port != 0 ? 2U : 0U) + (ip4_is_zero(socket->address) ? 0U : 1U);
}

struct udp_socket *udp_best_match(const struct udp_state *udp, const struct tapir_tuple *tuple)
{
    struct udp_socket *best = udp_next_match(udp, tuple, NULL);
    for (struct udp_socket *s = best; s != NULL; s = udp_next_match(udp, tuple, s))
        if (fixed(s) > fixed(best))
            best = s;
    return best;
}

void udp_close(struct udp_state *udp)
{
    udp->is_closed = true;
    udp->first_ready = udp->last_ready = NULL;
}

void udp_free(struct udp_state *udp)
{
    while (udp->all != NULL)
        udp_shut(udp->all);
}
