/* ARP leaves: requests, replies, probes and announcements, each a frame of its own. RFC 826, RFC 5227.
 * By broadcast or by unicast, as each says; but always by broadcast for a link-local address of ours, RFC 3927 2.5.
 * Next: wire/arp.h. */
#ifndef LINK_ARP_OUTPUT_H
#define LINK_ARP_OUTPUT_H

#include "link/link.h"
#include "wire/arp.h"

/* We have an address to ask from on `iface`. Without one a request would be a probe (RFC 5227), as if we wanted the
 * target for ourselves. */
bool arp_can_ask(const struct link *link, unsigned iface, struct ip4 target);

/* Asks on `iface` for `target`: by broadcast, or by unicast of a MAC that is believed still. False: nothing was sent, for
 * want of an address or a slot. */
bool arp_request(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                 struct mac destination);

/* RFC 5227: asks whether somebody has `address` already; says that it is ours. False: the store is full. */
bool arp_probe(struct core *core, const struct iface *iface, struct ip4 address);
bool arp_announce(struct core *core, const struct iface *iface, struct ip4 address);

/* Answers a request, by unicast to the MAC that it names. False: the store is full. */
bool arp_reply(struct core *core, const struct iface *iface, const struct arp *request,
               const struct tapir_packet *cause);

#endif
