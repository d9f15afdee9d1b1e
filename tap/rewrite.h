/* Other addresses for a frame of a foreign capture: prefixes are exchanged, the host's part stays.
 *
 * Source and destination of IPv4, sender and target of ARP, and in ICMP errors the same of the datagram that
 * they quote and the gateway of a redirect. Addresses elsewhere (options, router advertisements, data) stay.
 * Each address is exchanged once, by the longest prefix that holds it. The checksums of header, UDP, TCP and
 * ICMP follow by the difference alone (RFC 1624), so a wrong one stays wrong; UDP without one stays so. Of the
 * pieces of a datagram only the first has the transport's. Next: tap/rewrite.c. */
#ifndef TAP_REWRITE_H
#define TAP_REWRITE_H

#include "tapir.h"

/* `to` has the same length as `from`; host parts do not count. */
struct rewrite {
    struct ip4_prefix from, to;
};

/* Puts rules in the order in which they are tried: the longest first, of equal ones the first that was named. */
void rewrite_sort(struct rewrite rules[], size_t n);

/* What the rules, sorted, make of an address. */
struct ip4 rewrite_address(const struct rewrite rules[], size_t n, struct ip4 address);

/* Rewrites an Ethernet frame in place; whatever is not there of it, it is not read. */
void rewrite_frame(const struct rewrite rules[], size_t n, uint8_t *data, size_t size);

#endif
