/* ARP arrives: who has what, in the order of RFC 826 with the guards of RFC 1812 3.3.2 and RFC 5227.
 *
 * The cache is link/neigh, conflicts over our own addresses are link/acd, answers for others link/arp_proxy.
 * Next: link/arp_output.h, link/arp_proxy.h, link/acd.h. */
#ifndef LINK_ARP_H
#define LINK_ARP_H

#include "link/link.h"

/* Judges the ARP packets of lane arp: learns, answers, notices conflicts. */
void arp_input(struct link *link, struct core *core);

#endif
