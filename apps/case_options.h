/* The options of a case: a file `options` in its folder, each line an option as it stands on the command line of
 * `tapir replay`, without quotes:
 *
 *     # the capture is of another network
 *     --dst-mac router
 *     --rewrite 192.168.1.0/24=10.77.1.0/24
 *     --filter icmp or arp
 *
 * Those that say what is done to frames, when the run ends and by which chances; the others have no meaning in a case.
 * Next: apps/replay_options.h, which reads the values. */
#ifndef APPS_CASE_OPTIONS_H
#define APPS_CASE_OPTIONS_H

#include "apps/replay_options.h"

struct case_options {
    struct replay_options options;
    char *text; /* the file, where strings of the options stand */
};

/* Reads the file; one that is not there holds no options. False: `error` names file and line, says what is wrong and how to
 * mend it; case_options_free all the same. */
bool case_options_read(struct case_options *options, const char *folder, char error[PCAPFILE_ERROR]);

void case_options_free(struct case_options *options);

#endif
