/* When a neighbor is asked, believed, doubted and given up. Times of its states: link/neigh.h. */
#ifndef LINK_NEIGH_ASK_H
#define LINK_NEIGH_ASK_H

#include "link/link.h"

/* Begins to ask by broadcast: a new entry, or one that did not answer by unicast. */
void neighbor_start_asking(struct link *link, struct core *core, struct neighbor *neighbor);

/* An ARP packet of it came: it is believed for arp.timeout. */
void neighbor_confirm(struct link *link, struct core *core, struct neighbor *neighbor);

#endif
