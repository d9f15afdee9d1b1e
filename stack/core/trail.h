/* The trail of traced packets: which lanes they entered, when and why. A ring; the oldest steps make room.
 *
 * Written by core/lane alone, read by tapir_trail. Next: core/lane.c. */
#ifndef CORE_TRAIL_H
#define CORE_TRAIL_H

#include "core/limits.h"
#include "tapir.h"

struct trail {
    struct tapir_step steps[LIMIT_TRAIL];
    uint32_t first, size;
};

/* Notes that `packet` entered the lane of that name. */
void trail_note(struct trail *trail, const struct tapir_packet *packet, const char *lane, tapir_instant now);

/* Takes at most `max` steps, oldest first. */
size_t trail_take(struct trail *trail, struct tapir_step steps[], size_t max);

#endif
