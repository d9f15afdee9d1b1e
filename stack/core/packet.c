#include "core/packet.h"

#include <string.h>

#include "core/core.h"

struct tapir_packet *packet_bear(struct core *core, size_t size, const struct tapir_packet *cause)
{
    struct tapir_packet *packet = store_take(&core->store, size);
    if (packet == NULL)
        return NULL;
    packet->size = (uint32_t)size;
    packet->tailroom -= (uint32_t)size;
    packet->number = ++core->counters.packets[TAPIR_BORN];
    core->counters.waiting[TAPIR_BORN]++;
    packet->cause = cause == NULL ? 0 : cause->within.origin == TAPIR_RECEIVED ? cause->number : cause->cause;
    packet->traced = cause != NULL && cause->traced;
    packet->arrived = core->now;
    packet->within.origin = TAPIR_BORN;
    packet->within.role = ROLE_OURS;
    packet->within.end = (uint32_t)size;
    return packet;
}

void packet_inherit(struct tapir_packet *born, const struct tapir_packet *parent, uint32_t transport)
{
    struct tapir_packet_private within = parent->within;
    within.next = NULL;
    within.home = born->within.home;
    within.origin = born->within.origin;
    within.network = 0;
    within.transport = transport;
    within.end = born->size;
    born->within = within;
    born->iface = parent->iface;
}

/* Everything of a packet but the place where it lies. */
static void copy(struct tapir_packet *to, const struct tapir_packet *from)
{
    struct tapir_packet slot = *to;
    *to = *from;
    to->data = slot.data;
    to->headroom = slot.headroom;
    to->tailroom = slot.tailroom - from->size;
    to->within.home = slot.within.home;
    memcpy(to->data, from->data, from->size);
}

bool packet_can_keep(const struct core *core, const struct tapir_packet *packet)
{
    return store_owns(&core->store, packet) || store_has_room(&core->store, packet->size);
}

struct tapir_packet *packet_keep(struct core *core, struct store *store, struct tapir_packet *packet,
                                 enum tapir_verdict held)
{
    if (store_owns(store, packet))
        return packet;
    struct tapir_packet *kept = store_take(store, packet->size);
    if (kept == NULL)
        return NULL;
    copy(kept, packet);
    packet->verdict = held;
    core->counters.verdicts[held][packet->within.origin]++;
    lane_push(core, LANE_SETTLED, packet);
    return kept;
}

void packet_release(struct tapir_packet *packet)
{
    packet->within.home->give(packet->within.home, packet);
}

uint8_t *packet_prepend(struct tapir_packet *packet, uint16_t size)
{
    packet->data -= size;
    packet->size += size;
    packet->headroom -= size;
    packet->within.network += size;
    packet->within.transport += size;
    packet->within.end += size;
    return packet->data;
}
