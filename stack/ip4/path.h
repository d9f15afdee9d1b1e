/* The way of what we originate, where the network taught us more than the routes know: first hops by redirects, the MTU of a path by
 * "too big" (RFC 1191). Forwarding never asks. Next: route/exception.h. */
#ifndef IP4_PATH_H
#define IP4_PATH_H

#include "ip4/ip4.h"

/* The first hop of a datagram that ip4_decide found a way for: the one that a redirect taught us, as long as the routes name
 * the hop that it replaces, it answers ARP and is a neighbor; else the next hop by the routes. RFC 1122 3.3.1.2. */
struct ip4 path_first_hop(const struct ip4_state *ip4, const struct core *core,
                          const struct tapir_packet *packet);

/* Octets of IPv4 that reach `destination` in one piece, as far as we know: the MTU of `exit`, or the smaller one that was learnt
 * less than pmtu.timeout ago. */
uint16_t path_mtu(const struct ip4_state *ip4, const struct core *core, const struct iface *exit,
                  struct ip4 destination);

/* The datagram of ours that the parsed quote of an ICMP error is about, as ip4_decide had it: the tuple, and ports in the octets
 * of the quote, which stay where they are. */
struct tapir_packet path_quoted(const struct tapir_packet *error);

/* An ICMP error is about a datagram of a socket that never sent more than `largest` octets of IPv4 at once. If it says "too big",
 * the MTU of the path becomes what it claims, never less than pmtu.floor, never more than it was (RFC 1191 3, RFC 5927 7.2).
 * A claim of 0 means the next plateau (RFC 1191 5, 7.1).
 *
 * ICMP4_MTU_LEARNED: lowered. ICMP4_MTU_DOUBTED: the claim is not below `largest`. ICMP4_NOTICED: nothing to learn. In
 * all three the socket is to be told. */
enum tapir_verdict path_notice(struct ip4_state *ip4, struct core *core, const struct tapir_packet *error,
                               uint32_t largest);

#endif
