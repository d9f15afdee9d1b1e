/* UDP arrives: whose is it? RFC 768, RFC 1122 4.1.3. Next: ip4/datagram_input.h. */
#ifndef UDP_INPUT_H
#define UDP_INPUT_H

#include "udp/udp.h"

/* Gives datagrams for us to their sockets: the best match, or every match of a broadcast, or of a group that it has
 * joined on the interface of arrival. */
void udp_input(struct datagrams *udp, struct core *core);

/* Tells sockets of errors about what they sent: from the wire, and from our own stack. */
void udp_notice(struct datagrams *udp, struct core *core);

#endif
