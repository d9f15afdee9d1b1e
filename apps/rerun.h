/* tapir replay DIR: a run that `tapir run --record DIR` has recorded, made again and compared.
 *
 * Next: tap/rerun.h, which does it for one node. */
#ifndef APPS_RERUN_H
#define APPS_RERUN_H

#include "apps/replay_options.h"

/* Makes the run of each node again, writes what the options ask for and prints a line for each node. Returns the exit code:
 * 1 when something is not as it was. */
int rerun_recording(struct replay_options *options);

#endif
