/* A neighbor that somebody else claims to be, under arp.inspect: the old MAC is asked by unicast, and while it may still
 * answer nothing changes. A second of silence, and the first claim is believed.
 *
 * Only an entry that is believed can be doubted. Next: link/neigh_ask.h. */
#ifndef LINK_NEIGH_DOUBT_H
#define LINK_NEIGH_DOUBT_H

#include "link/link.h"

/* `mac` claims to be `neighbor`, which is at another one. What it claims first within a doubt counts. */
void neighbor_doubt(struct link *link, struct core *core, struct iface *iface, struct neighbor *neighbor,
                    struct mac mac);

/* The timer of a doubted entry fired: it is time to ask, or the old MAC stayed silent. */
void neighbor_tick_doubted(struct link *link, struct core *core, struct neighbor *neighbor);

/* `neighbor` is at `mac` now, which is an event when it was believed to be elsewhere. */
void neighbor_move(struct link *link, struct core *core, struct iface *iface, struct neighbor *neighbor,
                   struct mac mac);

#endif
