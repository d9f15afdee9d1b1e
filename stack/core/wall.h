/* The wall clock: an offset that TAPIR_OP_CLOCK tells, unknown until then.
 *
 * Nothing is timed by it; it is only told to others, in timestamps. Next: core/core.h. */
#ifndef CORE_WALL_H
#define CORE_WALL_H

#include "tapir.h"

struct wall {
    int64_t offset_ns; /* nanoseconds since 1970-01-01 UTC at instant 0 */
    bool is_known;
};

/* What stands before a time that does not count from midnight UT: RFC 792, Timestamp; RFC 791 3.1. */
#define WALL_NOT_STANDARD UINT32_C(0x80000000)

/* Milliseconds since midnight UT, 0 to 86,399,999. Unknown: milliseconds since some moment, with the high bit set. */
uint32_t wall_midnight_ms(const struct wall *wall, tapir_instant now);

#endif
