/* When a neighbor is asked, believed, doubted and given up. Times of its states: link/neigh.h.
 * Next: link/arp_output.h. */
#ifndef LINK_NEIGH_ASK_H
#define LINK_NEIGH_ASK_H

#include "link/link.h"

/* Begins to ask by broadcast, as soon as the pace allows: a new entry, or one that did not answer by unicast. */
void neighbor_start_asking(struct link *link, struct core *core, struct neighbor *neighbor);

/* When it is no longer believed, without a word of it: arp.timeout after the last; NEVER for a permanent one. Of one that is known. */
tapir_instant neighbor_expiry(const struct link *link, const struct core *core,
                              const struct neighbor *neighbor);

/* It is believed longer than that, or only remembered: it must be asked before a packet goes there. */
bool neighbor_is_stale(const struct link *link, const struct core *core, const struct neighbor *neighbor);

/* An entry that holds nothing goes; one that was asked within this second is remembered until that is over. */
void neighbor_forget(struct link *link, struct core *core, struct neighbor *neighbor);

/* An ARP packet of it came: it is believed for arp.timeout. */
void neighbor_confirm(struct link *link, struct core *core, struct neighbor *neighbor);

/* The timer of one that is REACHABLE or PROBE fired, near its end: it is asked on while it is used; one that is not used is
 * looked at again, then forgotten. */
void neighbor_tick_known(struct link *link, struct core *core, struct neighbor *neighbor);

/* The timer of one that is INCOMPLETE fired: it is asked again, or given up. */
void neighbor_tick_incomplete(struct link *link, struct core *core, struct neighbor *neighbor);

#endif
