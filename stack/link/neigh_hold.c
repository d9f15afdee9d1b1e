/* The packets that wait for a neighbor. Lanes: -> resolved */
#include "link/neigh_hold.h"

static struct tapir_packet *unhold(struct neighbors *neighbors, struct core *core, struct neighbor *neighbor)
{
    struct tapir_packet *packet = NULL;
    if (lane_remove(core, &neighbor->held, &packet, 1) == 1)
        neighbors->held--;
    return packet;
}

void neighbor_refuse_held(struct link *link, struct core *core, struct neighbor *neighbor,
                          enum tapir_verdict verdict)
{
    for (struct tapir_packet *packet; (packet = unhold(&link->neighbors, core, neighbor)) != NULL;) {
        packet->entry = neighbor->number;
        settle(core, packet, verdict);
    }
}

static void refuse(struct link *link, struct core *core, struct tapir_packet *packet,
                   enum tapir_verdict verdict)
{
    settle(core, packet, iface_refuse(&link->ifaces, core, packet, verdict));
}

/* The bounds on what is held: for one neighbor, and in all. The oldest goes, in all from the neighbor asked
 * for longest. */
static void make_hold_room(struct link *link, struct core *core, struct neighbor *neighbor)
{
    struct neighbors *neighbors = &link->neighbors;
    if (neighbor->held.size >=
        (uint32_t)settings_get(iface_settings(&link->ifaces, core, neighbor->iface), TAPIR_SET_ARP_HOLD))
        refuse(link, core, unhold(neighbors, core, neighbor), TAPIR_NEIGHBOR_OVERFLOW);
    struct neighbor *oldest = neighbors->classes[CLASS_ASKED].first;
    while (neighbors->held >= LIMIT_HELD && oldest != NULL) {
        if (lane_is_empty(&oldest->held))
            oldest = oldest->after;
        else
            refuse(link, core, unhold(neighbors, core, oldest), TAPIR_NEIGHBOR_OVERFLOW);
    }
}

void neighbor_hold(struct link *link, struct core *core, struct neighbor *neighbor,
                   struct tapir_packet *packet)
{
    if (!packet_can_keep(core, packet)) {
        refuse(link, core, packet, TAPIR_STORE_FULL);
        return;
    }
    make_hold_room(link, core, neighbor);
    lane_append(core, &neighbor->held, packet_keep(core, &core->store, packet, TAPIR_NEIGHBOR_HELD));
    link->neighbors.held++;
}

void neighbor_release_held(struct link *link, struct core *core, struct neighbor *neighbor)
{
    for (struct tapir_packet *packet; (packet = unhold(&link->neighbors, core, neighbor)) != NULL;) {
        neighbor_decide(neighbor, packet);
        lane_push(core, LANE_RESOLVED, packet);
    }
}
