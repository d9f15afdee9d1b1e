/* The story of one frame: each lane that it entered and why, and the same of what was born because of it.
 *
 * Told from the trail of a traced packet alone. A stack keeps the last LIMIT_TRAIL steps, so it is asked often. Next:
 * core/lane.h, where steps are noted. */
#ifndef TAP_STORY_H
#define TAP_STORY_H

#include <stdio.h>

#include "tapir.h"

/* Zero is an empty one. */
struct story {
    struct tapir_step *steps; /* in the order in which they happened; the owner calls story_forget */
    size_t n, room;
    bool is_starved; /* memory was short: the rest is missing */
};

/* Takes the steps that the stack has noted since the last time. */
void story_collect(struct story *story, struct tapir *stack);

/* Writes a line for each step, packet by packet in the order in which they came or were born, with times from `start`
 * on. False: not everything could be written. */
bool story_write(const struct story *story, tapir_instant start, FILE *file);

void story_forget(struct story *story);

#endif
