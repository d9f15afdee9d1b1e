#include "core/trail.h"

void trail_note(struct trail *trail, const struct tapir_packet *packet, const char *lane, tapir_instant now)
{
    if (trail->size == LIMIT_TRAIL) {
        trail->first = (trail->first + 1) % LIMIT_TRAIL;
        trail->size--;
    }
    trail->steps[(trail->first + trail->size++) % LIMIT_TRAIL] = (struct tapir_step){
        .number = packet->number,
        .origin = packet->within.origin == TAPIR_BORN ? TAPIR_BORN : TAPIR_RECEIVED,
        .lane = lane,
        .verdict = packet->verdict,
        .entry = packet->entry,
        .time = now,
    };
}

size_t trail_take(struct trail *trail, struct tapir_step steps[], size_t max)
{
    size_t n = 0;
    for (; n < max && trail->size > 0; n++, trail->size--) {
        steps[n] = trail->steps[trail->first];
        trail->first = (trail->first + 1) % LIMIT_TRAIL;
    }
    return n;
}
