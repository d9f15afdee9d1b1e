/* PUBLIC. Sockets: read and written in their rings. None of these functions blocks or makes a packet: the
 * next tapir_tick or tapir_input sends, and tapir_deadline says "now".
 *
 * Included by tapir.h. RFC 768, RFC 1122 4.1. Next: udp/socket.h. */
#ifndef TAPIR_SOCKET_H
#define TAPIR_SOCKET_H

#include "tapir_control.h"

struct tapir;

enum tapir_protocol {
    TAPIR_UDP = 17
};

struct tapir_socket_options {
    size_t receive, send; /* octets of the two rings; 0: 128 KiB and 64 KiB */
};

/* A message and what IP knows about it. When sending, a source of 0 lets the stack choose; ttl 0 is the
 * default. */
struct tapir_message {
    struct ip4 source, destination;
    uint16_t source_port, destination_port;
    unsigned iface; /* received: where */
    uint8_t ttl, tos;
    bool dont_fragment;
    uint8_t *data; /* in the ring */
    size_t size;
    enum tapir_result error;      /* not TAPIR_OK: this is an ICMP error about what we sent, data is empty */
    uint8_t icmp_type, icmp_code; /* of that error */
    uint16_t mtu;                 /* of that error, or 0 */
};

/* Opens a socket with rings from the stack's memory; NULL: a limit or no memory. Bound to nothing. */
struct tapir_socket *tapir_open(struct tapir *stack, enum tapir_protocol protocol,
                                const struct tapir_socket_options *options);

/* Gives it an own address (0: any) and a port (0: an unpredictable one from 1024 to 65535). EXISTS: bound
 * before. BUSY: taken. MISSING: not an address of ours. */
enum tapir_result tapir_bind(struct tapir_socket *socket, struct ip4 address, uint16_t port);

/* Sets the only peer it hears and speaks to. Binds to a port of the stack's choice when it was not bound. */
enum tapir_result tapir_connect(struct tapir_socket *socket, struct ip4 address, uint16_t port);

/* Reserves room for a message of `size` octets in the send ring and points message->data at it; the other
 * fields are zero. Write the data, fill in where it goes, commit. AGAIN: no room now. TOO_LARGE: never. */
enum tapir_result tapir_reserve(struct tapir_socket *socket, size_t size, struct tapir_message *message);

/* Puts the reserved message in line; the next tapir_tick or tapir_input sends it. */
enum tapir_result tapir_commit(struct tapir_socket *socket, const struct tapir_message *message);

/* Shows the oldest message received, in the ring. AGAIN: there is none. */
enum tapir_result tapir_peek(struct tapir_socket *socket, struct tapir_message *message);

/* Drops the message that tapir_peek showed. */
void tapir_consume(struct tapir_socket *socket);

/* Ends the socket; what it had not sent yet is dropped. */
void tapir_shut(struct tapir_socket *socket);

#endif
