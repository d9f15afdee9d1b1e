#include "core/event.h"

#include <stddef.h>

void event_raise(struct events *events, struct event_source *source, uint32_t bits)
{
    bool in_line = source->event.bits != 0;
    source->event.bits |= bits;
    if (in_line)
        return;
    source->next = NULL;
    if (events->head == NULL)
        events->head = source;
    else
        events->tail->next = source;
    events->tail = source;
}

bool event_take(struct events *events, struct tapir_event *event)
{
    struct event_source *source = events->head;
    if (source == NULL)
        return false;
    events->head = source->next;
    *event = source->event;
    source->event.bits = 0;
    return true;
}

void event_forget(struct events *events, struct event_source *source)
{
    source->event.bits = 0;
    struct event_source *before = NULL;
    for (struct event_source **at = &events->head; *at != NULL; before = *at, at = &(*at)->next) {
        if (*at != source)
            continue;
        *at = source->next;
        if (events->tail == source)
            events->tail = before;
        return;
    }
}
