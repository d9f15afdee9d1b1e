/* A recorded run of a node made again from its tape: the same frames go in at the same times, and what comes out is
 * compared with what came out then.
 *
 *     tape -> player (a device before each interface) -> node -> compared with the tape, and shown to a watcher
 *
 * Next: tap/tape.h. */
#ifndef TAP_RERUN_H
#define TAP_RERUN_H

#include "tap/node.h"
#include "tap/tape.h"

struct rerun_result {
    uint64_t turns, read, sent, settled; /* that were made again */
    bool is_closed;                      /* the tape goes on to the end of the run, which was not killed */
};

/* Makes the run of `spec` again. `watcher` looks on, or is NULL. 0: all is as it was. 1: something differs, and
 * `error` says what first. 2: the tape cannot be read. */
int rerun_node(const struct network_node *spec, const char *tape, const struct node_watcher *watcher,
               struct rerun_result *result, char error[TAPE_ERROR]);

#endif
