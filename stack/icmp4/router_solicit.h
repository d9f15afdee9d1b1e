/* A host that looks for routers and believes what they say, RFC 1256 5.
 *
 * At most three solicitations, the first within a second, then 3 s apart, until an advertisement comes. Of that the addresses on
 * the networks of its interface are entered in route/router, which ip4/output asks. Beyond the RFC: who advertises must be on such a
 * network himself. Next: route/router.h. */
#ifndef ICMP4_ROUTER_SOLICIT_H
#define ICMP4_ROUTER_SOLICIT_H

#include "icmp4/router_discovery.h"

/* The interface begins to solicit. */
void solicit_start(struct core *core, struct discovery *discovery);

void solicit_tick(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery);

/* An advertisement, sound so far. Returns the verdict on it. */
enum tapir_verdict solicit_input(struct icmp4_state *icmp4, struct core *core,
                                 const struct tapir_packet *packet);

#endif
