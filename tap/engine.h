/* The choice of an engine: io_uring where it is there and pays, else epoll with a system call for each frame.
 *
 * Read next: tap/ring.h. */
#ifndef TAP_ENGINE_H
#define TAP_ENGINE_H

#include "tap/network.h"
#include "tap/ring.h"

/* A ring, as the network file or, where that leaves it open, TAPIR_ENGINE in the environment wants it. NULL: epoll. The log
 * says why: as a warning when a ring was asked for. */
struct ring *engine_open(enum network_engine wanted);

/* What a system call that does nothing costs here: the best of a few rounds, about 3 ms in all. */
int64_t engine_call_ns(void);

/* Whether a ring pays where a system call costs that. */
bool engine_pays(int64_t call_ns);

#endif
