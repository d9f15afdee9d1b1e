/* PUBLIC. Sockets: read and written in their rings. None of these functions blocks or makes a packet: the
 * next tapir_tick or tapir_input sends, and tapir_deadline says "now".
 *
 * UDP: datagrams with ports (RFC 768). ICMP: queries and their replies; the port of such a socket is the identifier,
 * and it hears a reply only while it waits for one from there: up to 60 s after it asked. Errors about what a socket
 * sent come to it as messages with `error` set. Source quench never does (RFC 6633 5), nor does an error that quotes a
 * later fragment, too little, or what no socket sent.
 *
 * Included by tapir.h. RFC 768, RFC 1122 4.1 and 3.2.2, RFC 5927 4, RFC 6056. Next: ip4/datagram.h. */
#ifndef TAPIR_SOCKET_H
#define TAPIR_SOCKET_H

#include "tapir_control.h"

struct tapir;

enum tapir_protocol {
    TAPIR_ICMP = 1, /* queries of types 8, 13, 15, 17 and 42, replies of types 0, 14, 16, 18 and 43 */
    TAPIR_UDP = 17
};

struct tapir_socket_options {
    size_t receive, send; /* octets of the two rings; 0: 128 KiB each */
    bool share; /* its port, with others that say so too: what comes to many goes to each of them, what
                             comes to one address to the closest match, of equals to the one bound last */
};

/* A message and what IP knows about it: of one received all of it; of one to send what the caller wishes, where 0 is
 * always the default. Addresses and numbers in host order. Received or to send:
 *   source, destination  of the datagram; destination is the one that was asked ("specific destination", RFC 1122 4.1.3.5).
 *                        To send: source 0 lets the stack choose, destination 0 is the peer
 *   source_port, destination_port
 *                        of UDP. Of ICMP the identifier is the one at our end; the other is 0
 *   iface                received: where. To send to a broadcast or a group: by which interface
 *   ttl                  1 to 255. To send, 0: the setting ip.ttl, or 1 to a group (RFC 1112 6.1)
 *   tos, dont_fragment   of the IPv4 header
 *   options              octets of IPv4 options, as received. To send: at most 40, well formed; padded to whole words
 *   data, size           UDP: the datagram behind its header. ICMP: what follows the identifier, so that the first 2
 *                        octets are the sequence; the stack writes type, code, checksum and identifier
 *   icmp_type, icmp_code of a query to send, of a reply received
 *
 * An error, when `error` is not TAPIR_OK, is about a message that this socket sent: source, destination and ports are
 * those of that message, iface, ttl, tos and options mean nothing, and
 *   error                TOO_LARGE: Destination Unreachable code 4. UNREACHABLE: any other
 *   icmp_type, icmp_code of the ICMP error: 3 with any code, 11, or 12
 *   reporter             whoever sent the error; 0: our own stack (no route, too big, neighbor does not answer)
 *   mtu                  octets of IPv4 that fit, as code 4 tells it; 0: not told, or another error
 *   pointer              octet of the IPv4 header at fault, of type 12 code 0
 *   data, size           UDP: none. ICMP: 2 octets, the sequence of the query
 * These are hints: a host that is said to be unreachable may be asked again at once (RFC 1122 3.2.2.1). */
struct tapir_message {
    struct ip4 source, destination;
    uint16_t source_port, destination_port;
    unsigned iface;
    uint8_t ttl, tos;
    bool dont_fragment;
    uint8_t options_size;
    uint8_t options[40];
    uint8_t *data; /* in the ring */
    size_t size;
    enum tapir_result error;
    uint8_t icmp_type, icmp_code;
    uint16_t mtu;
    uint8_t pointer;
    struct ip4 reporter;
};

/* Opens a socket with rings from the stack's memory; `options` may be NULL. NULL: limits.sockets, no memory, or no such
 * protocol. Bound to nothing. */
struct tapir_socket *tapir_open(struct tapir *stack, enum tapir_protocol protocol,
                                const struct tapir_socket_options *options);

/* Gives it an own address (0: any) and a port (0: an unpredictable one from 1024 to 65535, RFC 6056; identifiers from
 * 1). EXISTS: bound before. BUSY: taken. MISSING: not an address of ours. FULL: no free port was found. */
enum tapir_result tapir_bind(struct tapir_socket *socket, struct ip4 address, uint16_t port);

/* Sets the only peer it hears and speaks to; ICMP ignores `port`. Binds to a port of the stack's choice when it was not
 * bound. INVALID: no address or no port. */
enum tapir_result tapir_connect(struct tapir_socket *socket, struct ip4 address, uint16_t port);

/* Lets it hear what comes to `group` and its port on interface `iface`, and on no other (RFC 1122 3.2.1.3). All hosts
 * (224.0.0.1) are heard without. No IGMP is sent. What we send to a group does not come back to our own sockets.
 * INVALID: no multicast address. EXISTS. MISSING: no such interface; memberships end with it. FULL: 256 memberships. */
enum tapir_result tapir_join(struct tapir_socket *socket, struct ip4 group, unsigned iface);

/* Ends that. MISSING: it has not joined. */
enum tapir_result tapir_leave(struct tapir_socket *socket, struct ip4 group, unsigned iface);

/* Reserves room for a message of `size` octets in the send ring and points message->data at it; the other
 * fields are zero. Write the data, fill in where it goes, commit. AGAIN: no room now. TOO_LARGE: never. */
enum tapir_result tapir_reserve(struct tapir_socket *socket, size_t size, struct tapir_message *message);

/* Puts the reserved message in line (message->size may be less by now); the next tapir_tick or tapir_input sends it.
 * INVALID: not reserved, no destination or port, broken options, ICMP: no query or no sequence. MISSING: the source is
 * not ours. TOO_LARGE: not with these options. FULL: unbound, and no free port was found. */
enum tapir_result tapir_commit(struct tapir_socket *socket, const struct tapir_message *message);

/* Shows the oldest message received, in the ring. AGAIN: there is none. */
enum tapir_result tapir_peek(struct tapir_socket *socket, struct tapir_message *message);

/* Drops the message that tapir_peek showed. */
void tapir_consume(struct tapir_socket *socket);

/* Ends the socket and its memberships; what it had not sent yet is dropped. */
void tapir_shut(struct tapir_socket *socket);

#endif
