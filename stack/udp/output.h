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

/* A socket has something to send, and there is a slot for it: with the store full it waits for one, not for
 * time. */
bool udp_can_output(const struct udp_state *udp, const struct core *core);

/* Sends what ready sockets have; with the store full it stays in their rings. */
void udp_output(struct udp_state *udp, struct core *core);

#endif
