/* Hosts that do not know their address yet: the only questions that may come from 0/8. RFC 1122 3.2.1.3, RFC 1812
 * 4.2.2.11. Next: ip4/input.h. */
#ifndef IP4_NEWCOMER_H
#define IP4_NEWCOMER_H

#include "ip4/ip4.h"

/* The values of icmp.address_mask. */
enum {
    IP4_MASK_OFF,
    IP4_MASK_AGENT,
    IP4_MASK_CLIENT
};

/* A packet with a sound header and a source in 0/8, which arrived by an interface with these settings, asks what may be asked
 * from there, and somebody here answers: a router solicitation (RFC 1256) or an address mask request (RFC 950) from 0.0.0.0, an
 * information request from host number 0.x.y.z to 0.0.0.0 (RFC 792). */
bool ip4_is_newcomer(const struct settings *settings, const struct tapir_packet *packet);

/* An information request to 0.0.0.0, "this network", and somebody here answers. Its source may be anything. */
bool ip4_asks_this_net(const struct settings *settings, const struct tapir_packet *packet);

#endif
