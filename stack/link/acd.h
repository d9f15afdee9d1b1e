/* Address conflict detection, RFC 5227: may we use this address, and who else does?
 *
 *   TENTATIVE   (arp.acd) 0 to 1 s of waiting, 3 probes 1 to 2 s apart, 2 s of listening; any claim ends it.
 *               It begins anew when the link comes up
 *   READY       announced twice, 2 s apart, when it was probed; a claim is answered by one announcement in 10 s;
 *               a host that meets a second claim within 10 s gives the address up, a router never does
 *   CONFLICT    given up, until the link comes up again
 *
 * Next: link/arp_output.h. */
#ifndef LINK_ACD_H
#define LINK_ACD_H

#include "link/link.h"

/* A new address of state TENTATIVE begins its probing. */
void acd_start(struct core *core, struct address *address);

/* The link of `iface` came up: under arp.acd its addresses are probed anew (RFC 5227 2.1). */
void acd_restart(struct link *link, struct core *core, const struct iface *iface);

/* The timer of an address fired. */
void acd_tick(struct link *link, struct core *core, struct address *address);

/* An ARP packet on `iface` claims `sender` for a foreign `mac`. True: that is an address of ours there. */
bool acd_claimed(struct link *link, struct core *core, const struct iface *iface, struct ip4 sender,
                 struct mac mac);

/* A foreign probe on `iface` asks for `target`. True: it is one that we are probing for too. */
bool acd_probed(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                struct mac mac);

#endif
