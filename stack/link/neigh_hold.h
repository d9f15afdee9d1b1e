/* The packets that wait for a neighbor: oldest out first, bounded for each and in all. Next:
 * link/neigh_ask.h. */
#ifndef LINK_NEIGH_HOLD_H
#define LINK_NEIGH_HOLD_H

#include "link/link.h"

/* Holds a packet in a slot of the store until `neighbor` is known. */
void neighbor_hold(struct link *link, struct core *core, struct neighbor *neighbor,
                   struct tapir_packet *packet);

/* The MAC of `neighbor` is known: the packet shall go there, by lane resolved. */
static inline void neighbor_decide(const struct neighbor *neighbor, struct tapir_packet *packet)
{
    packet->within.mac = neighbor->mac;
    packet->entry = neighbor->number;
}

/* Sends on all that waited, in order of arrival. */
void neighbor_release_held(struct link *link, struct core *core, struct neighbor *neighbor);

/* Ends all that waited. */
void neighbor_refuse_held(struct link *link, struct core *core, struct neighbor *neighbor,
                          enum tapir_verdict verdict);

#endif
