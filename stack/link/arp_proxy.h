/* Proxy ARP: a router answers for the hosts behind it (arp.proxy), so that hosts which take its networks for their own
 * link reach them all the same.
 *
 * RFC 1027 2, RFC 3927 2.7. Next: link/arp_output.h. */
#ifndef LINK_ARP_PROXY_H
#define LINK_ARP_PROXY_H

#include "link/link.h"
#include "wire/arp.h"

/* A request on `iface`, for an address that is not ours there, is to be answered in its owner's place. Not asked about probes:
 * nobody knows that there is an owner, and the answer would be a conflict (RFC 5227 2.1.1). */
bool arp_proxy_answers(const struct link *link, const struct core *core, const struct iface *iface,
                       const struct arp *request);

#endif
