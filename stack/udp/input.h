/* UDP arrives: whose is it? RFC 768, RFC 1122 4.1.3. Next: udp/output.h. */
#ifndef UDP_INPUT_H
#define UDP_INPUT_H

#include "udp/socket.h"

/* Gives datagrams for us to their sockets: the best match, or every match of a broadcast or multicast. */
void udp_input(struct udp_state *udp, struct core *core);

/* Tells sockets of errors about what they sent: from the wire, and from our own stack. */
void udp_notice(struct udp_state *udp, struct core *core);

#endif
