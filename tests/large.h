/* Large networks for tests and benchmarks, as tests/bench/large_world writes them. */
#ifndef TESTS_LARGE_H
#define TESTS_LARGE_H

#include "tap/network.h"

/* The network of `tests/bench/large_world SHAPE`, with `more` behind it; run from the top of the project. The caller frees
 * it with network_free. NULL: it could not be made; stderr says why. */
struct network *large_network(const char *shape, const char *more);

#endif
