/* One case of `tapir test`: replayed into a folder of its own, and what came out compared with what was expected.
 *
 * Frames are judged as soon as the case has one out file: then each interface of the nodes that the files of the case name, if
 * it leads out of the network (no link holds it) or has a file, must send what its file says, and nothing when it has none.
 * Next: apps/test.c, which runs many. */
#ifndef APPS_CASE_RUN_H
#define APPS_CASE_RUN_H

#include <stdbool.h>
#include <stdio.h>

enum case_result {
    CASE_PASSED,
    CASE_FAILED,
    CASE_SKIPPED, /* it expects nothing */
    CASE_BAD,     /* a file of the case is missing or wrong, or a folder cannot be written */
    CASE_CRASHED, /* never returned: whoever runs it finds out */
    CASE_LATE     /* was ended because it took too long: the same */
};

struct case_run {
    const char *folder; /* of the case */
    const char *work;   /* an empty folder; what comes out lands there */
    bool update;        /* in work/new: the expectations that would have been met */
    size_t most;        /* differences of a file to be told in full */
};

/* Runs it; lines about what is wrong go to `out`. */
enum case_result case_run(const struct case_run *run, FILE *out);

#endif
