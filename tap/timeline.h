/* What happens to a network, in the order of time; events of one instant in the order of the file. Next: tap/world.c. */
#ifndef TAP_TIMELINE_H
#define TAP_TIMELINE_H

#include "tap/network.h"

struct timeline {
    const struct network_event **order;
    size_t n, next;
    tapir_instant start;
};

/* The events of a network that begins at `start`. The network must outlive it. False: no memory. */
bool timeline_init(struct timeline *timeline, const struct network *network, tapir_instant start);
void timeline_free(struct timeline *timeline);

/* When the next event is due; TAPIR_NEVER: there is none. */
tapir_instant timeline_deadline(const struct timeline *timeline);

/* The next event, if it is due by `now`; NULL: none. */
const struct network_event *timeline_take(struct timeline *timeline, tapir_instant now);

#endif
