/* What `tapir test` prints: lines for people, TAP, or JUnit's XML.
 *
 * A case's own lines lie in a file until they are printed. Next: apps/test.c. */
#ifndef APPS_TEST_REPORT_H
#define APPS_TEST_REPORT_H

#include "apps/case_run.h"

#include <stddef.h>

enum report_format {
    REPORT_TEXT,
    REPORT_TAP,
    REPORT_JUNIT
};

struct report_case {
    const char *name;
    enum case_result result;
    const char *lines; /* path of a file with what it had to say */
    const char *end;   /* how it ended when it crashed or took too long */
};

/* The head: how many there will be. */
void report_begin(enum report_format format, size_t n);

/* One case; they come in order. */
void report_case(enum report_format format, size_t number, const struct report_case *one);

/* The head of JUnit's report needs the sums, so its cases come only after this; `n` of each result. */
void report_sums(enum report_format format, const size_t n[CASE_LATE + 1]);

void report_end(enum report_format format, const size_t n[CASE_LATE + 1]);

#endif
