/* UDP leaves: from the rings of the sockets on the ready list into packets. RFC 768. Next: ip4/output.h. */
#ifndef UDP_OUTPUT_H
#define UDP_OUTPUT_H

#include "udp/socket.h"

enum {
    UDP_MAX = 65507 /* octets of data that an IPv4 datagram without options can carry */
};

/* Public functions of tapir.h, for UDP. */
enum tapir_result udp_reserve(struct udp_socket *socket, size_t size, struct tapir_message *message);
enum tapir_result udp_commit(struct udp_socket *socket, const struct tapir_message *message);

/* Sends what ready sockets have; with the store full it stays in their rings. */
void udp_output(struct udp_state *udp, struct core *core);

/* A socket has something to send, and the store a slot for it. */
bool udp_has_work(const struct udp_state *udp, const struct core *core);

#endif
