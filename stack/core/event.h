/* What happened to objects that the caller knows: sockets, addresses, interfaces.
 *
 * Each object embeds one event_source, which stands in the list at most once and gathers bits: the list
 * cannot overflow whatever arrives. Next: core/ring.h. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "tapir.h"

struct event_source {
    struct event_source *next;
    struct tapir_event event; /* which object; bits gathered since it was taken last */
};

struct events {
    struct event_source *head, *tail;
};

/* Adds `bits` to the object's event and puts it in line if it does not stand there. */
void event_raise(struct events *events, struct event_source *source, uint32_t bits);

/* Takes the first object in line, its bits cleared. False: none. */
bool event_take(struct events *events, struct tapir_event *event);

/* Takes `source` out of the line: its object ends. */
void event_forget(struct events *events, struct event_source *source);

#endif
