/* The event loop of real time, and the only reader of the clock: devices, signals, notifications of the
 * kernel.
 *
 * SIGINT and SIGTERM end it, SIGUSR1 prints counters. It sleeps until something happens or is due; it never
 * polls.
 *
 * Read next: tap/world.h. */
#ifndef TAP_LOOP_H
#define TAP_LOOP_H

#include "tap/network.h"

/* Opens all TAP devices of the network, makes its world, prints "ready" on stdout when every address may be
 * used, and runs until a signal. Messages about devices begin with `path`:line, or alone when `path` is NULL.
 * Returns the exit code: 0 after a signal, 2 when it could not start; then one line has been written to
 * stderr and nothing is left. */
int loop_run(const struct network *network, const char *path);

#endif
