/* The state of the link layer: interfaces, neighbors, and the addresses that ARP speaks for.
 * Next: link/ether.h. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "link/iface.h"
#include "link/neigh.h"
#include "route/address.h"
#include "route/table.h"

struct link {
    struct ifaces ifaces;
    struct neighbors neighbors;
    struct addresses *addresses; /* of the node, at our left */
    struct route_table *routes;
};

#endif
