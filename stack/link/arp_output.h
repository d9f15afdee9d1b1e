/* ARP leaves: requests, replies, probes and announcements, each a frame of its own. RFC 826, RFC 5227. */
#ifndef LINK_ARP_OUTPUT_H
#define LINK_ARP_OUTPUT_H

#include "link/link.h"
#include "wire/arp.h"

/* Asks on `iface` for `target`: by broadcast, or by unicast of a MAC that is believed still. */
void arp_request(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                 struct mac destination);

/* Asks by broadcast as RFC 5227 wants it: `sender` 0 is a probe, `sender` equal to `target` an announcement.
 */
void arp_probe(struct core *core, const struct iface *iface, struct ip4 sender, struct ip4 target);

/* Answers a request, by unicast to the MAC that it names. False: the store is full. */
bool arp_reply(struct core *core, const struct iface *iface, const struct arp *request,
               const struct tapir_packet *cause);

#endif
