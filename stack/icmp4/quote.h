/* The quote in a received ICMP error: the packet of ours that it is about, RFC 1122 3.2.2, RFC 5927.
 * Next: udp/input.h. */
#ifndef ICMP4_QUOTE_H
#define ICMP4_QUOTE_H

#include "icmp4/icmp4.h"

/* Reads the quote of the error in `packet` (a sound ICMP message for us) into packet->within.notice and notice_total.
 * UNSETTLED: it is about a datagram of ours whose ports are known; else the verdict that says what is wrong.
 */
enum tapir_verdict quote_parse(const struct ip4_state *ip4, struct tapir_packet *packet);

#endif
