#include "tap/flight.h"

#include <stdlib.h>

static bool is_earlier(const struct flight_frame *a, const struct flight_frame *b)
{
    return a->time != b->time ? a->time < b->time : a->entry < b->entry;
}

bool flight_reserve(struct flight *flight)
{
    if (flight->n < flight->room)
        return true;
    size_t room = flight->room == 0 ? 16 : flight->room * 2;
    struct flight_frame *heap = realloc(flight->heap, room * sizeof *heap);
    if (heap == NULL)
        return false;
    flight->heap = heap;
    flight->room = room;
    return true;
}

void flight_push(struct flight *flight, struct flight_frame frame)
{
    struct flight_frame *heap = flight->heap;
    size_t at = flight->n++;
    while (at > 0 && is_earlier(&frame, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = frame;
}

tapir_instant flight_time(const struct flight *flight)
{
    return flight->n == 0 ? TAPIR_NEVER : (tapir_instant){flight->heap[0].time};
}

struct tapir_packet *flight_pop(struct flight *flight)
{
    struct flight_frame *heap = flight->heap;
    struct tapir_packet *packet = heap[0].packet;
    struct flight_frame last = heap[--flight->n];
    size_t at = 0;
    for (size_t child = 1; child < flight->n; child = 2 * at + 1) {
        if (child + 1 < flight->n && is_earlier(&heap[child + 1], &heap[child]))
            child++;
        if (!is_earlier(&heap[child], &last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return packet;
}
