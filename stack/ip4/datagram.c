#include "ip4/datagram.h"

enum {
    PORT_MAX = 65535,
    PORT_TRIES = 64
};

static struct datagram_socket **bucket_of(struct datagrams *table, uint16_t port)
{
    return &table->buckets[port % DATAGRAM_BUCKETS];
}

struct tapir_socket *datagram_open(struct datagrams *table, struct core *core,
                                   const struct tapir_socket_options *options)
{
    struct datagram_socket *socket = memory_allocate(&core->memory, table->kind->size);
    if (socket == NULL)
        return NULL;
    if (!socket_init(&socket->face, core, table->kind->protocol, options)) {
        memory_release(&core->memory, socket, table->kind->size);
        return NULL;
    }
    socket->table = table;
    socket->shares = options->share;
    socket->next = table->all;
    table->all = socket;
    return &socket->face;
}

/* Two sockets may have the same port when each has an address and they differ, or when both share it. */
static bool is_taken(struct datagrams *table, struct ip4 address, uint16_t port, bool shares)
{
    for (const struct datagram_socket *s = *bucket_of(table, port); s != NULL; s = s->chain)
        if (s->port == port && !(s->shares && shares) &&
            (ip4_is_zero(s->address) || ip4_is_zero(address) || ip4_equal(s->address, address)))
            return true;
    return false;
}

/* Drawn at random, so that nobody foretells it: RFC 6056 3.3.1. Shared with nobody. 0: none found. */
static uint16_t choose_port(struct datagrams *table, struct core *core, struct ip4 address)
{
    for (unsigned i = 0; i < PORT_TRIES; i++) {
        uint16_t port = (uint16_t)rand_between(&core->random, table->kind->first_port, PORT_MAX);
        if (!is_taken(table, address, port, false))
            return port;
    }
    return 0;
}

enum tapir_result datagram_bind(struct datagram_socket *socket, struct ip4 address, uint16_t port)
{
    struct datagrams *table = socket->table;
    if (socket->is_bound)
        return TAPIR_EXISTS;
    if (!ip4_is_zero(address) && !ip4_is_ours(table->ip4, address))
        return TAPIR_MISSING;
    if (port == 0)
        port = choose_port(table, socket->face.core, address);
    else if (is_taken(table, address, port, socket->shares))
        return TAPIR_BUSY;
    if (port == 0)
        return TAPIR_FULL;
    socket->address = address;
    socket->port = port;
    socket->is_bound = true;
    socket->chain = *bucket_of(table, port);
    *bucket_of(table, port) = socket;
    return TAPIR_OK;
}

enum tapir_result datagram_connect(struct datagram_socket *socket, struct ip4 address, uint16_t port)
{
    bool has_port = socket->table->kind->has_peer_port;
    if (ip4_is_zero(address) || (has_port && port == 0))
        return TAPIR_INVALID;
    enum tapir_result result = socket->is_bound ? TAPIR_OK : datagram_bind(socket, (struct ip4){0}, 0);
    if (result != TAPIR_OK)
        return result;
    socket->peer = address;
    socket->peer_port = has_port ? port : 0;
    return TAPIR_OK;
}

enum tapir_result datagram_join(struct datagram_socket *socket, struct ip4 group, unsigned iface)
{
    struct ip4_state *ip4 = socket->table->ip4;
    if (iface_lookup(&ip4->link.ifaces, iface) == NULL)
        return TAPIR_MISSING;
    return group_join(&ip4->groups, group, iface, &socket->face);
}

enum tapir_result datagram_leave(struct datagram_socket *socket, struct ip4 group, unsigned iface)
{
    return group_leave(&socket->table->ip4->groups, group, iface, &socket->face);
}

static void leave_ready(struct datagrams *table, struct datagram_socket *socket)
{
    struct datagram_socket *before = NULL;
    for (struct datagram_socket **at = &table->first_ready; *at != NULL; before = *at, at = &(*at)->ready) {
        if (*at != socket)
            continue;
        *at = socket->ready;
        if (table->last_ready == socket)
            table->last_ready = before;
        return;
    }
}

static void leave_bucket(struct datagrams *table, struct datagram_socket *socket)
{
    struct datagram_socket **at = bucket_of(table, socket->port);
    while (*at != NULL && *at != socket)
        at = &(*at)->chain;
    if (*at != NULL)
        *at = socket->chain;
}

static void leave_all(struct datagrams *table, struct datagram_socket *socket)
{
    struct datagram_socket **at = &table->all;
    while (*at != socket)
        at = &(*at)->next;
    *at = socket->next;
}

void datagram_shut(struct datagram_socket *socket)
{
    struct core *core = socket->face.core;
    struct datagrams *table = socket->table;
    leave_all(table, socket);
    leave_ready(table, socket);
    leave_bucket(table, socket);
    group_forget_socket(&table->ip4->groups, &socket->face);
    socket_free(&socket->face);
    memory_release(&core->memory, socket, table->kind->size);
}

static bool hears(const struct datagram_socket *socket, const struct tapir_tuple *tuple)
{
    if (socket->port != tuple->destination_port)
        return false;
    if (!ip4_is_zero(socket->peer) &&
        (socket->peer_port != tuple->source_port || !ip4_equal(socket->peer, tuple->source)))
        return false;
    return ip4_is_zero(socket->address) || ip4_equal(socket->address, tuple->destination);
}

struct datagram_socket *datagram_next_match(const struct datagrams *table, const struct tapir_tuple *tuple,
                                            const struct datagram_socket *after)
{
    struct datagram_socket *socket =
        after == NULL ? table->buckets[tuple->destination_port % DATAGRAM_BUCKETS] : after->chain;
    while (socket != NULL && !hears(socket, tuple))
        socket = socket->chain;
    return socket;
}

static unsigned fixed(const struct datagram_socket *socket)
{
    return (ip4_is_zero(socket->peer) ? 0U : 2U) + (ip4_is_zero(socket->address) ? 0U : 1U);
}

struct datagram_socket *datagram_best_match(const struct datagrams *table, const struct tapir_tuple *tuple)
{
    struct datagram_socket *best = datagram_next_match(table, tuple, NULL);
    for (struct datagram_socket *s = best; s != NULL; s = datagram_next_match(table, tuple, s))
        if (fixed(s) > fixed(best))
            best = s;
    return best;
}

struct tapir_tuple datagram_turned(const struct tapir_tuple *sent)
{
    struct tapir_tuple heard = *sent;
    heard.source = sent->destination;
    heard.source_port = sent->destination_port;
    heard.destination = sent->source;
    heard.destination_port = sent->source_port;
    return heard;
}

void datagram_close(struct datagrams *table)
{
    table->is_closed = true;
    table->first_ready = table->last_ready = NULL;
}

void datagram_free(struct datagrams *table)
{
    while (table->all != NULL)
        datagram_shut(table->all);
}
