/* What is recorded in IPv4 options: who a packet came by, and when. RFC 791 3.1, RFC 1812 4.2.2.2, 5.3.13. The hops of RFC 1393 are
 * counted by routers alone. Next: ip4/options_reply.h. */
#ifndef IP4_OPTIONS_WRITE_H
#define IP4_OPTIONS_WRITE_H

#include "ip4/ip4.h"

enum {
    IP4_OPTIONS_MAX = 40 /* octets */
};

/* A packet in transit leaves: writes what within.edits says into `header`, a copy of the packet's or its own, with our address
 * on the way out and the time of now; checksum included. */
void ip4_options_write(const struct ip4_state *ip4, const struct core *core,
                       const struct tapir_packet *packet, uint8_t *header);

/* A packet for us has arrived: its options with our own entries, for whoever it is for (RFC 1812 4.2.2.1). The packet stays as
 * it is. Returns their octets, a multiple of 4. */
uint8_t ip4_options_received(const struct ip4_state *ip4, const struct core *core,
                             const struct tapir_packet *packet, uint8_t options[IP4_OPTIONS_MAX]);

#endif
