/* ICMP errors: what a packet that cannot go on earns its sender.
 *
 * One predicate says whether we may answer, in the order of RFC 1122 3.2.2 and RFC 1812 4.3.2.7, before anything is built or rated; each refusal has a name. The limits come last, so that a refused message
 * costs no token. The quote is as much of the packet, as received, as fits in 576 octets (RFC 1812 4.3.2.3).
 * An error about a packet of our own is no frame: its socket is told. Next: icmp4/limiter.h. */
#ifndef ICMP4_ERROR_H
#define ICMP4_ERROR_H

#include "icmp4/icmp4.h"

/* May any ICMP error be sent about this received packet? UNSETTLED: yes; else the ANSWER row that says why
 * not. */
enum tapir_verdict icmp4_may_answer(const struct ip4_state *ip4, const struct tapir_packet *packet);

/* Can one host, and not we ourselves, have this address? `iface` is where it was heard of. */
bool icmp4_is_host(const struct ip4_state *ip4, unsigned iface, struct ip4 host);

void icmp4_error(struct icmp4_state *icmp4, struct core *core);

#endif
