/* Datagram sockets, what they hear: messages and errors, as IP knows them. Next: udp/input.h, icmp4/query.h. */
#ifndef IP4_DATAGRAM_INPUT_H
#define IP4_DATAGRAM_INPUT_H

#include "ip4/datagram.h"

/* What IP knows of a packet that arrived: addresses, ports, interface, TTL, TOS, options. Its `size` is 0. */
struct tapir_message datagram_describe(const struct ip4_state *ip4, const struct core *core,
                                       const struct tapir_packet *packet);

/* The error in `packet` (received, or one of our own that earned it) about a message with the tuple `sent`. */
struct tapir_message datagram_describe_error(const struct tapir_packet *packet,
                                             const struct tapir_tuple *sent);

/* Puts a message and its data into the socket's receive ring and raises the event. False: no room. */
bool datagram_deliver(struct datagram_socket *socket, const struct tapir_message *message,
                      const uint8_t *data);

#endif
