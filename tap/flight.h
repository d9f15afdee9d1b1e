/* The frames on their way to one end of a cable, in the order (time, entry): a binary heap. Next:
 * tap/cable.c. */
#ifndef TAP_FLIGHT_H
#define TAP_FLIGHT_H

#include "tapir.h"

struct flight_frame {
    int64_t time;   /* of arrival */
    uint64_t entry; /* order among those that arrive together */
    struct tapir_packet *packet;
};

/* Zero is an empty one. */
struct flight {
    struct flight_frame *heap; /* earliest at [0]; the owner frees it */
    size_t n, room;
};

/* Makes room for one more. False: no memory. */
bool flight_reserve(struct flight *flight);

/* Adds a frame; flight_reserve has made room. */
void flight_push(struct flight *flight, struct flight_frame frame);

/* When the earliest arrives; TAPIR_NEVER: there is none. */
tapir_instant flight_time(const struct flight *flight);

/* Takes the earliest; there must be one. */
struct tapir_packet *flight_pop(struct flight *flight);

#endif
