/* `tapir run FILE` and `tapir host TAP ADDRESS/LEN`: a network in real time, until SIGINT or SIGTERM.
 *
 * Read next: tap/loop.h. */
#ifndef APPS_RUN_H
#define APPS_RUN_H

#include "tap/network.h"

/* Opens the TAP devices of the network, makes its world and runs it; `record`: a folder to be made for the recording, or
 * NULL. Messages about a device begin with
 * `path` and its line; NULL: the network comes from no file. Returns the exit code: 0 after a signal, 2 when
 * it cannot be run; then one line says on stderr what to do, and nothing is left behind. */
int run_network(const struct network *network, const char *path, const char *record);

#endif
