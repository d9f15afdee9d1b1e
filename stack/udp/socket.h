/* UDP sockets: who has which port. RFC 768, RFC 1122 4.1, RFC 6056. Next: udp/input.h, udp/output.h. */
#ifndef UDP_SOCKET_H
#define UDP_SOCKET_H

#include "core/socket.h"
#include "ip4/ip4.h"

enum {
    UDP_BUCKETS = 64 /* of the port table */
};

struct udp_state;

struct udp_socket {
    struct tapir_socket face;
    struct udp_state *udp;
    struct udp_socket *next;  /* of all sockets */
    struct udp_socket *chain; /* in its bucket */
    struct udp_socket *ready; /* in the ready list: it has something to send */
    bool is_ready, is_bound, wants_room;
    struct ip4 address, peer; /* 0: any */
    uint16_t port, peer_port;
    uint8_t *reserved; /* data of the message that udp_reserve gave; NULL: none */
    size_t reserved_size;
};

struct udp_state {
    struct ip4_state *ip4; /* the layer below */
    struct udp_socket *all;
    struct udp_socket *buckets[UDP_BUCKETS];
    struct udp_socket *first_ready, *last_ready;
    uint32_t count, limit;
    bool is_closed; /* nothing is sent any more */
};

/* Public functions of tapir.h, for UDP. */
struct tapir_socket *udp_open(struct udp_state *udp, struct core *core,
                              const struct tapir_socket_options *options);
enum tapir_result udp_bind(struct udp_socket *socket, struct ip4 address, uint16_t port);
enum tapir_result udp_connect(struct udp_socket *socket, struct ip4 address, uint16_t port);
void udp_shut(struct udp_socket *socket);

/* The next socket after `after` (NULL: the first) that hears `tuple`: its destination is the local end. */
struct udp_socket *udp_next_match(const struct udp_state *udp, const struct tapir_tuple *tuple,
                                  const struct udp_socket *after);

/* The one that hears it best: the more of the four values a socket has fixed, the better. NULL: none. */
struct udp_socket *udp_best_match(const struct udp_state *udp, const struct tapir_tuple *tuple);

/* The stack closes: what sockets have not sent is dropped, and they send no more. */
void udp_close(struct udp_state *udp);

/* Ends all sockets. */
void udp_free(struct udp_state *udp);

#endif
