/* Captures in real time: their frames are written to a TAP device, at the speed of the capture, N times that, or as
 * fast as it goes.
 *
 * Several captures are merged by time stamp, as tap/inputs.h does it. Frames that are due together are written
 * without a sleep between them, and who is late catches up. What the kernel sends to the TAP is read and thrown
 * away. Next: tap/loop.h, which has the clock. */
#ifndef TAP_ONTO_H
#define TAP_ONTO_H

#include "tap/alter.h"

enum {
    ONTO_FILES = 64 /* captures at most */
};

/* Strings are not copied. */
struct onto_plan {
    const char *tap;   /* attached to if it exists, else created and set up, and gone at the end */
    const char *netns; /* the namespace that it is in; NULL: our own */
    const char *const *paths;
    size_t n_paths;
    struct alter_plan alter; /* of what is read; a router's MAC is that of the kernel's end */
    double speed;            /* capture's seconds in one of ours; 0: as fast as it goes */
};

struct onto_result {
    uint64_t written, refused;        /* taken by the device, and not */
    uint64_t cut, backward, left_out; /* as in struct inputs */
    int64_t took_ns;                  /* from the first frame to the last */
    int64_t span_ns;                  /* the same by their time stamps */
    bool ended;                       /* by a signal */
};

/* Does it all. 0: all frames were written, or a signal ended it. 1: the device did not take all. 2: the device
 * cannot be had or a file is broken, and `error` says so in one line; what stood before that in the file was written. */
int onto_run(const struct onto_plan *plan, struct onto_result *result, char error[PCAPFILE_ERROR]);

#endif
