/* Ethernet in and out.
 *
 * Accepts Ethernet II, and IP or ARP in IEEE 802.3 with SNAP (RFC 1042); sends Ethernet II, padded with zeros
 * to 60 octets (RFC 894). Frames for other hosts' MACs end here: a TAP delivers everything. Next: link/arp.h,
 * ip4/input.h. */
#ifndef LINK_ETHER_H
#define LINK_ETHER_H

#include "link/link.h"

/* Takes the frames of tapir_input: notes how they were addressed, where the payload lies and hands them to
 * their protocol. */
void ether_input(struct link *link, struct core *core);

/* Puts the Ethernet header before packets whose exit, link destination and EtherType are decided, and queues
 * them. */
void ether_output(struct link *link, struct core *core);

#endif
