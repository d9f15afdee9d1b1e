/* What UDP adds to datagram sockets: its header with ports and checksum. RFC 768, RFC 1122 4.1.3.4. Next:
 * udp/input.h. */
#ifndef UDP_UDP_H
#define UDP_UDP_H

#include "ip4/datagram.h"

extern const struct datagram_kind udp_kind;

#endif
