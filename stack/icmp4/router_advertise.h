/* A router that advertises itself, RFC 1256 4.
 *
 * To all hosts, from the first address of the interface, listing those whose Advertise flag is on (TAPIR_OP_ADVERTISE), as many as fit
 * the MTU. The time between two is drawn anew each time from icmp.advertise.min to .max; the first three follow within 16 s each,
 * drawn too, so that routers that start together do not speak together. A solicitation is answered to all within 2 s, with whatever
 * others ask meanwhile. What is listed no more is told once with lifetime 0. Next: icmp4/router_solicit.h. */
#ifndef ICMP4_ROUTER_ADVERTISE_H
#define ICMP4_ROUTER_ADVERTISE_H

#include "icmp4/router_discovery.h"

/* The interface begins to advertise. */
void advertise_start(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery);

/* Settings or addresses changed; `advertises`: it does so from now on. Tells with lifetime 0 which addresses are no router's any more. */
void advertise_review(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery,
                      bool advertises);

void advertise_tick(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery);

/* A solicitation, sound so far. Returns the verdict on it. */
enum tapir_verdict advertise_input(struct icmp4_state *icmp4, struct core *core,
                                   const struct tapir_packet *packet);

#endif
