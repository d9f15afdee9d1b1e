/* Redirect: a host on our link sends us what it should send to a neighbor of its own.
 *
 * The packet goes on all the same; if it earned no redirect, icmp4/traceroute1393 may tell of it. The conditions stand in the order of RFC 1812 5.2.7.2, the limit comes last: for each
 * source and destination, icmp.redirect.rate; and silence after REDIRECT_UNHEEDED of them, until the pair has been quiet
 * for REDIRECT_QUIET seconds. Only code 1 (host) is sent.
 *
 * What others tell us is heeded where icmp.redirect.accept says so, whatever the code for the quoted destination alone, for
 * icmp.redirect.timeout (RFC 1122 3.2.2.2, 3.3.1.2); routes do not change, nor does forwarding (RFC 1812 5.2.7.2). Next:
 * ip4/path.h. */
#ifndef ICMP4_REDIRECT_H
#define ICMP4_REDIRECT_H

#include "icmp4/icmp4.h"

/* A sound redirect for us: checks it and enters the first hop that it names. The verdict says what was wrong, or
 * ICMP4_REDIRECTED. */
enum tapir_verdict redirect_input(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet);

void redirect_output(struct icmp4_state *icmp4, struct core *core);

#endif
