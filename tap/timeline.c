#include "tap/timeline.h"

#include <stdlib.h>

/* All lie in one array, so that of two at one instant the one that stands first in the file is the lower. */
static int compare(const void *a, const void *b)
{
    const struct network_event *left = *(const struct network_event *const *)a;
    const struct network_event *right = *(const struct network_event *const *)b;
    if (left->at_ns != right->at_ns)
        return left->at_ns < right->at_ns ? -1 : 1;
    return (left > right) - (left < right);
}

bool timeline_init(struct timeline *timeline, const struct network *network, tapir_instant start)
{
    *timeline = (struct timeline){.order = calloc(network->n_events + 1, sizeof(struct network_event *)),
                                  .n = network->n_events,
                                  .start = start};
    if (timeline->order == NULL)
        return false;
    for (size_t i = 0; i < timeline->n; i++)
        timeline->order[i] = &network->events[i];
    qsort(timeline->order, timeline->n, sizeof(struct network_event *), compare);
    return true;
}

void timeline_free(struct timeline *timeline)
{
    free(timeline->order);
}

tapir_instant timeline_deadline(const struct timeline *timeline)
{
    if (timeline->next == timeline->n)
        return TAPIR_NEVER;
    return (tapir_instant){timeline->start.ns + timeline->order[timeline->next]->at_ns};
}

const struct network_event *timeline_take(struct timeline *timeline, tapir_instant now)
{
    if (timeline->next == timeline->n || timeline_deadline(timeline).ns > now.ns)
        return NULL;
    return timeline->order[timeline->next++];
}
