/* ARP in and out: who has what, in the order of RFC 826 with the guards of RFC 1812 3.3.2 and RFC 5227.
 *
 * The cache is link/neigh, conflicts over our own addresses are link/acd. Next: link/acd.h. */
#ifndef LINK_ARP_H
#define LINK_ARP_H

#include "link/link.h"

/* Judges the ARP packets of lane arp: learns, answers, notices conflicts. */
void arp_input(struct link *link, struct core *core);

/* Asks on `iface` for `target`: by broadcast, or by unicast of a MAC that is believed still. */
void arp_request(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                 struct mac destination);

/* Asks by broadcast as RFC 5227 wants it: `sender` 0 is a probe, `sender` equal to `target` an announcement.
 */
void arp_probe(struct core *core, const struct iface *iface, struct ip4 sender, struct ip4 target);

#endif
