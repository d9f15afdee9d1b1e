/* What a stack learnt by an Address Mask Reply becomes true: RFC 1122 3.2.2.9.
 *
 * The stack itself takes no memory while packets pass, so it only tells (TAPIR_EVENT_MASK); its driver changes the
 * address. Next: icmp4/mask.h. */
#ifndef TAP_NETMASK_H
#define TAP_NETMASK_H

#include "tapir.h"

/* Gives the address of `event` the network that the event says. Routes through its old network are taken out and put
 * back. False: the stack refused, for instance since a next hop would lie in none of its networks; nothing has changed. */
bool netmask_follow(struct tapir *stack, const struct tapir_event *event, tapir_instant now);

#endif
