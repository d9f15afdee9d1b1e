/* Where a datagram of ours goes: routes, learnt default routers, groups. RFC 1122 3.3.1, RFC 1256 5.3. Next: ip4/path.h, for
 * what the network taught us beyond the routes. */
#ifndef IP4_DECIDE_H
#define IP4_DECIDE_H

#include "ip4/ip4.h"

/* Where the routes send a datagram of ours, of which the tuple and the first octets of the payload stand: exit, next hop, to_many, and
 * the number of the route. UNSETTLED, or the verdict that refuses it. */
enum tapir_verdict ip4_decide(const struct ip4_state *ip4, struct tapir_packet *packet);

/* The same where ip4_find_routes has found the `first` route to the destination. */
enum tapir_verdict ip4_decide_by(const struct ip4_state *ip4, struct tapir_packet *packet,
                                 const struct route *first);

/* The source that ip4_output would choose for `destination`; for a broadcast or multicast, on interface
 * `exit`. Zero: no route, or none of our addresses is ready. */
struct ip4 ip4_source_for(const struct ip4_state *ip4, struct ip4 destination, unsigned exit);

#endif
