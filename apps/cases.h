/* Cases of `tapir test`: folders that hold a network.conf, found below the folders that the command line names.
 *
 * Hidden folders and symbolic links are not entered. Next: apps/case_files.h. */
#ifndef APPS_CASES_H
#define APPS_CASES_H

#include <stdbool.h>
#include <stddef.h>

struct cases {
    char **paths; /* sorted within each folder of the command line */
    size_t n;
};

/* Appends the cases in `folder`, which may be one itself. False: one line on stderr has said what is wrong; no case at all
 * is wrong, too. */
bool cases_find(struct cases *cases, const char *folder);

void cases_free(struct cases *cases);

#endif
