/* Expected verdicts against those that came out: two files of JSON Lines (tap/journey_print.h has their form).
 *
 * A line of the expectation counts for the frame that its "frame" and "interface" name ("interface" may be missing where
 * frames arrive at one interface only, "node" where the verdicts have none), and each of its other keys must have the same
 * value; what it does not name does not matter. A file whose lines all have all keys is one that tapir wrote: then every frame
 * needs a line and every octet counts.
 *
 * Next: apps/case_run.h. */
#ifndef APPS_VERDICTS_H
#define APPS_VERDICTS_H

#include <stdbool.h>
#include <stdio.h>

enum verdicts_result {
    VERDICTS_SAME,
    VERDICTS_DIFFER,
    VERDICTS_BAD /* the expectation cannot be read */
};

struct verdicts_files {
    const char *expected, *got; /* paths */
    const char *label;          /* what lines begin with */
    const char
        *mended; /* NULL, or the path of an expectation to be written that would have been the same: of as
                                   many keys */
    size_t most; /* differences to be told */
};

/* Writes one line for each difference, or, for BAD, one that says which line is wrong and how to mend it. */
enum verdicts_result verdicts_compare(FILE *out, const struct verdicts_files *files);

#endif
