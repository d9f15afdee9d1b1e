/* Datagram sockets: what those of UDP and those of ICMP queries share. Here: who has which address and port.
 *
 * A "port" tells the sockets of one address apart: for UDP its port, for queries the identifier. Each protocol has a
 * table of its own and says what is special about it in a struct datagram_kind. RFC 768, RFC 1122 4.1, RFC 6056.
 * Next: ip4/datagram_input.h, ip4/datagram_output.h, udp/input.h, icmp4/query.h. */
#ifndef IP4_DATAGRAM_H
#define IP4_DATAGRAM_H

#include "core/socket.h"
#include "ip4/ip4.h"

enum {
    DATAGRAM_BUCKETS = 64 /* of the port table */
};

struct datagram_socket;

/* What a protocol adds. */
struct datagram_kind {
    enum tapir_protocol protocol;
    size_t size;         /* octets of its socket, which begins with a struct datagram_socket */
    uint8_t head;        /* octets that it writes before the data of a message */
    bool has_peer_port;  /* the other end has a port too */
    uint16_t first_port; /* lowest one that we choose */

    /* May this message be sent? Addresses and sizes have been looked at. */
    enum tapir_result (*judge)(const struct tapir_message *message);

    /* Writes its `head` octets at `at` in a packet of ours whose tuple and data are complete. */
    void (*write)(struct datagram_socket *socket, struct core *core, struct tapir_packet *packet, uint8_t *at,
                  const struct tapir_message *message);
};

struct datagram_socket {
    struct tapir_socket face;
    struct datagrams *table;
    struct datagram_socket *next;  /* of all sockets */
    struct datagram_socket *chain; /* in its bucket */
    struct datagram_socket *ready; /* in the ready list: it has something to send */
    bool is_ready, is_bound, wants_room;
    bool shares;              /* its port, with others that share it too */
    struct ip4 address, peer; /* 0: any */
    uint16_t port, peer_port;
    uint32_t largest;  /* octets of IPv4 that it sent at once, at most */
    uint8_t *reserved; /* data of the message that datagram_reserve gave; NULL: none */
    size_t reserved_size;
};

struct datagrams {
    const struct datagram_kind *kind;
    struct ip4_state *ip4; /* the layer below */
    struct datagram_socket *all;
    struct datagram_socket *buckets[DATAGRAM_BUCKETS];
    struct datagram_socket *first_ready, *last_ready;
    bool is_closed; /* nothing is sent any more */
};

/* Public functions of tapir.h. */
struct tapir_socket *datagram_open(struct datagrams *table, struct core *core,
                                   const struct tapir_socket_options *options);
enum tapir_result datagram_bind(struct datagram_socket *socket, struct ip4 address, uint16_t port);
enum tapir_result datagram_connect(struct datagram_socket *socket, struct ip4 address, uint16_t port);
enum tapir_result datagram_join(struct datagram_socket *socket, struct ip4 group, unsigned iface);
enum tapir_result datagram_leave(struct datagram_socket *socket, struct ip4 group, unsigned iface);
void datagram_shut(struct datagram_socket *socket);

/* The next socket after `after` (NULL: the first) that hears `tuple`: its destination is the local end. */
struct datagram_socket *datagram_next_match(const struct datagrams *table, const struct tapir_tuple *tuple,
                                            const struct datagram_socket *after);

/* The one that hears it best: the more of the four values a socket has fixed, the better; of equals the one bound
 * last. NULL: none. */
struct datagram_socket *datagram_best_match(const struct datagrams *table, const struct tapir_tuple *tuple);

/* The tuple of what the peer would say, for the tuple of what we said. */
struct tapir_tuple datagram_turned(const struct tapir_tuple *sent);

/* The stack closes: what sockets have not sent is dropped, and they send no more. */
void datagram_close(struct datagrams *table);

/* Ends all sockets. */
void datagram_free(struct datagrams *table);

#endif
