/* The book of a replay for people: a table with a line for each frame, and how many frames met which verdict.
 *
 * Next: tap/journey.h. */
#ifndef TAP_JOURNEY_TABLE_H
#define TAP_JOURNEY_TABLE_H

#include <stdio.h>

#include "tap/journey.h"

/* Writes time since the first frame, interface and number, verdict with its reason, and what came of it:
 *
 *     +0.500000000  lan 4  ip4-ttl  the TTL ends here (RFC 1812 5.3.1); answer-sent; lan 3
 *
 * False: not everything could be written. */
bool journeys_write_table(const struct journeys *book, FILE *file);

/* Writes the line of one frame: its place in the book, from 0. */
void journeys_write_row(const struct journeys *book, size_t place, FILE *file);

/* Writes how many frames had each verdict that occurred, in the order of core/verdict.def, and in the last line that
 * they add up; `written`: frames in the outputs:
 *
 *     8 frames read, 8 verdicts (5 passed, 3 refused), 8 frames written */
void journeys_write_summary(const struct journeys *book, uint64_t written, FILE *file);

#endif
