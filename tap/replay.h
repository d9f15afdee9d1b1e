/* Replay: capture files go into nodes of a network, virtual time runs, frames and a verdict for each come
 * out; the same ones every time.
 *
 * Inputs are merged by time stamp. One frame a call; between two frames time goes from deadline to deadline.
 * A time stamp below the one before it counts as that one. A gap may be as long as it likes when nobody has
 * anything to do. What is still due after REPLAY_GAP_DAYS of it comes again and again, and decades of that (a
 * clock that began in 1970) would not end: an error. Instants are nanoseconds since 1970, so the wall clock is
 * known. All nodes and links run, whether or not they have captures; devices of the network are not opened.
 * That no output is an input or another output is the caller's business (apps/claims.h).
 * Next: tap/journey.h. */
#ifndef TAP_REPLAY_H
#define TAP_REPLAY_H

#include <stdio.h>

#include "tap/inputs.h"
#include "tap/network.h"

enum {
    REPLAY_TAIL_SECONDS = 300, /* of virtual time after the last frame at most */
    REPLAY_GAP_DAYS = 30       /* of virtual time between two frames, as long as the network has work */
};

struct replay_plan {
    const struct network *network;
    const struct replay_file *in, *out; /* each interface at most once in each */
    size_t n_in, n_out;
    const char *verdicts;    /* path of the lines of JSON, "-": stdout, NULL: none */
    const char *table;       /* path of the same for people */
    const char *capture;     /* path of a pcapng of all that the nodes receive and send, with verdicts */
    struct alter_plan alter; /* of what is read; zero: nothing */
    FILE *progress;          /* is told now and then how many frames were read; NULL: nobody */
    FILE *summary;           /* gets how many frames met which verdict; NULL: none */
    FILE *story; /* gets the story of frame `told` (from 1) of input `teller` (place in `in`); NULL: none */
    size_t teller;
    uint64_t told;
    int64_t until_ns;    /* from the first frame; negative: no such end */
    const uint8_t *seed; /* 16 octets of chance; NULL: always the same ones */
};

struct replay_result {
    uint64_t read, verdicts, written;
    uint64_t backward; /* time stamps that went backwards */
    uint64_t cut;      /* frames of which the capture holds only the beginning */
    uint64_t left_out; /* by the filter: not among those read */
};

/* Does it all. 0: fine. 1: a promise of tapir's own is broken. 2: a file could not be read or written, or the
 * network not be built; what was read until then has been replayed and written. `error` says why in one line.
 */
int replay_run(const struct replay_plan *plan, struct replay_result *result, char error[PCAPFILE_ERROR]);

#endif
