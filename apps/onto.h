/* tapir replay --onto TAP: captures to a real device, in real time.
 *
 * Next: tap/onto.h, which does it. */
#ifndef APPS_ONTO_H
#define APPS_ONTO_H

#include "apps/replay_options.h"

/* Does what the options ask for and says on stderr how it went. Returns the exit code. */
int onto_device(const struct replay_options *options);

#endif
