/* Redirect: a host on our link sends us what it should send to a neighbor of its own.
 *
 * The packet goes on all the same. The conditions stand in the order of RFC 1812 5.2.7.2, the limit comes last: for each
 * source and destination, icmp.redirect.rate; and silence after REDIRECT_UNHEEDED of them, until the pair has been quiet
 * for REDIRECT_QUIET seconds. Only code 1 (host) is sent. What others tell us is refused by icmp4/input. */
#ifndef ICMP4_REDIRECT_H
#define ICMP4_REDIRECT_H

#include "icmp4/icmp4.h"

void redirect_output(struct icmp4_state *icmp4, struct core *core);

#endif
