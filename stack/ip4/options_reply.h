/* The IPv4 options of what we answer: record route, timestamp and traceroute come back, a source route is reversed.
 *
 *     came from S by {G1, G2 >>}      goes to G2 by {>> G1, S}
 *
 * A route with a hop that names no single host is not reversed: the answer goes straight to S.
 *
 * RFC 1122 3.2.1.8, 3.2.2.6, RFC 1812 4.3.2.6. Next: icmp4/reply.h. */
#ifndef IP4_OPTIONS_REPLY_H
#define IP4_OPTIONS_REPLY_H

#include "ip4/options_write.h"

struct ip4_reply_options {
    struct ip4
        first_hop; /* where the answer goes first: the source of the question, or the last host of its route */
    uint8_t size;  /* octets, a multiple of 4 */
    uint8_t octets[IP4_OPTIONS_MAX];
};

/* For the reply to `request`, a packet for us: its record route and timestamp with our entry, its source route reversed; each
 * only where ip.option.* says process. Its traceroute where icmp.traceroute1393 is on. */
void ip4_options_reply(const struct ip4_state *ip4, const struct core *core, const struct settings *settings,
                       const struct tapir_packet *request, struct ip4_reply_options *reply);

/* For an error about `offender`: its source route as far as it was recorded, reversed; unless the error is about that very
 * option. */
void ip4_options_error(const struct ip4_state *ip4, const struct settings *settings,
                       const struct tapir_packet *offender, struct ip4_reply_options *reply);

#endif
