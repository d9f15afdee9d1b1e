/* The book of a replay written down: JSON Lines, one object for each frame, in the order of reading:
 *     {"interface": "lan", "frame": 1, "time": 1.000000001, "time_ns": 1000000001, "verdict": "icmp4-echoed",
 *      "settled_ns": 1000000001, "caused": [{"interface": "lan", "frame": 1}]}
 * "node" leads where frames went into several nodes; "answer", "entry" and "into" stand where they apply. Next:
 * tap/journey.h. */
#ifndef TAP_JOURNEY_PRINT_H
#define TAP_JOURNEY_PRINT_H

#include <stdio.h>

#include "tap/journey.h"

/* Writes all lines. False: not everything could be written. */
bool journeys_write(const struct journeys *book, FILE *file);

#endif
