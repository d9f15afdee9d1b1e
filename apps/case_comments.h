/* Expectations that stand in a capture itself: a comment "expect: VERDICT" of a packet, as scapy and Wireshark write them into
 * pcapng. Next: apps/verdicts.h. */
#ifndef APPS_CASE_COMMENTS_H
#define APPS_CASE_COMMENTS_H

#include <stdio.h>

#include "tap/pcapfile.h"

/* Appends a line of expected verdicts to `out` for each frame of the capture at `path` that has such a comment; `node` and
 * `interface`: where it arrives. Returns how many; what stands behind a fault of the file is left to who replays it. */
size_t case_comments(FILE *out, const char *path, const char *node, const char *interface);

#endif
