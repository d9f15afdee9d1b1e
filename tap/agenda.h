/* Who is due when: a binary heap of a fixed number of places, in the order (instant, place), so that the first of a
 * thousand is found and moved in ten steps and the order never depends on anything but these two. Next: tap/world.c. */
#ifndef TAP_AGENDA_H
#define TAP_AGENDA_H

#include "tapir.h"

struct agenda_entry {
    int64_t due;
    uint32_t place;
};

struct agenda {
    struct agenda_entry *heap; /* the first at [0] */
    uint32_t *at;              /* of each place: where it stands in the heap */
    uint32_t n;
};

/* An agenda of places 0 to n - 1, none of them ever due. False: no memory. */
bool agenda_init(struct agenda *agenda, size_t n);
void agenda_free(struct agenda *agenda);

/* Says when a place is due, whatever was said before. */
void agenda_set(struct agenda *agenda, uint32_t place, tapir_instant due);

/* When a place is due. */
static inline tapir_instant agenda_due(const struct agenda *agenda, uint32_t place)
{
    return (tapir_instant){agenda->heap[agenda->at[place]].due};
}

/* When the first is due; TAPIR_NEVER: none. */
static inline tapir_instant agenda_deadline(const struct agenda *agenda)
{
    return agenda->n == 0 ? TAPIR_NEVER : (tapir_instant){agenda->heap[0].due};
}

/* The first place, if it is due by `now`. It stays the first until agenda_set says otherwise. */
static inline bool agenda_first(const struct agenda *agenda, tapir_instant now, uint32_t *place)
{
    if (agenda->n == 0 || agenda->heap[0].due > now.ns || agenda->heap[0].due == TAPIR_NEVER.ns)
        return false;
    *place = agenda->heap[0].place;
    return true;
}

#endif
