/* The frames of a capture in memory, and how two such lists differ: missing, extra, different, moved in time.
 *
 * For expectations, which are small: FRAMES_OCTETS in all. Next: tap/difference.h. */
#ifndef TAP_FRAMES_H
#define TAP_FRAMES_H

#include "tap/difference.h"
#include "tap/pcapfile.h"

enum {
    FRAMES_OCTETS = 256 << 20, /* that are kept of one capture at most */
    FRAMES_AHEAD = 32          /* frames that are looked at for the place where two lists meet again */
};

struct frames {
    struct frame *list;
    size_t n, room, octets;
};

/* Reads all frames of a capture. False: `error` says why; frames_free all the same. */
bool frames_read(struct frames *frames, const char *path, char error[PCAPFILE_ERROR]);

void frames_free(struct frames *frames);

/* Writes how the lists differ, each line beginning with `label`; of the first `most` frames that differ in full, then how many
 * more there are. Frames are numbered from 1 as expected; times count from the first expected frame. Returns the number of
 * frames that are missing, too many, different or not in time. */
size_t frames_compare(FILE *out, const char *label, const struct frames *expected, const struct frames *got,
                      size_t most);

#endif
