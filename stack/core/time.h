/* Arithmetic on instants that saturates: nothing wraps, nothing passes TAPIR_NEVER.
 *
 * A deadline of TAPIR_NEVER is never reached, not even at TAPIR_NEVER. Next: core/timer.h. */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include "tapir.h"

#define TIME_US     INT64_C(1000)
#define TIME_MS     INT64_C(1000000)
#define TIME_SECOND INT64_C(1000000000)

/* `ns` after `at`; a negative `ns` goes back. TAPIR_NEVER stays so. */
static inline tapir_instant time_after(tapir_instant at, int64_t ns)
{
    if (at.ns == INT64_MAX || (ns > 0 && at.ns > INT64_MAX - ns))
        return TAPIR_NEVER;
    if (ns < 0 && at.ns < INT64_MIN - ns)
        return (tapir_instant){INT64_MIN};
    return (tapir_instant){at.ns + ns};
}

/* Nanoseconds from `from` to `to`, negative when `to` is the earlier one. */
static inline int64_t time_between(tapir_instant from, tapir_instant to)
{
    if (from.ns < 0 && to.ns > INT64_MAX + from.ns)
        return INT64_MAX;
    if (from.ns > 0 && to.ns < INT64_MIN + from.ns)
        return INT64_MIN;
    return to.ns - from.ns;
}

static inline bool time_before(tapir_instant a, tapir_instant b)
{
    return a.ns < b.ns;
}

/* The deadline is now or past. */
static inline bool time_reached(tapir_instant now, tapir_instant deadline)
{
    return deadline.ns != INT64_MAX && deadline.ns <= now.ns;
}

/* The earlier one of the two. */
static inline tapir_instant time_earlier(tapir_instant a, tapir_instant b)
{
    return time_before(b, a) ? b : a;
}

#endif
