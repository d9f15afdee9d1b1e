/* How two frames differ, field by field, in the words of the protocols:
 *
 *     frame 3, IPv4 TTL: expected 63, got 64
 *     frame 3, IPv4 checksum: expected 0x25c8 (right), got 0x24c8 (right)
 *         expected 0010  00 54 00 01 00 00 3f 01 25 c8 0a 4d 01 0a 0a 4d
 *         got      0010  00 54 00 01 00 00 40 01 24 c8 0a 4d 01 0a 0a 4d
 *                                          ^^    ^^
 *
 * Next: tap/frames.h, for lists of them. */
#ifndef TAP_DIFFERENCE_H
#define TAP_DIFFERENCE_H

#include <stdio.h>

#include "tapir.h"

struct frame {
    tapir_instant time; /* nanoseconds since 1970 */
    uint8_t *data;
    uint32_t size;
};

/* Writes one line for each field that differs, beginning with `label`, then the rows of octets in which they lie. Time is not
 * compared. `except`: names of fields that may differ, with commas between them ("IPv4 identification, IPv4 checksum"), or
 * NULL. Returns the number of fields that differ; 0: the frames are the same, and nothing was written. Two frames that differ
 * in any octet outside of excepted fields never count as the same. */
unsigned difference_frames(FILE *out, const char *label, const struct frame *expected,
                           const struct frame *got, const char *except);

/* Writes one line about a frame, see fields_summary. */
void difference_summary(FILE *out, const struct frame *frame);

#endif
