#include "core/wall.h"

#include "core/time.h"

#define DAY_NS (86400 * TIME_SECOND)

/* Nanoseconds since the last multiple of a day, for negative ones too. */
static int64_t of_day(int64_t ns)
{
    int64_t rest = ns % DAY_NS;
    return rest < 0 ? rest + DAY_NS : rest;
}

/* Days are taken off first, so that no offset makes the sum overflow. Unix time has no leap seconds: each day is as long. */
uint32_t wall_midnight_ms(const struct wall *wall, tapir_instant now)
{
    if (!wall->is_known)
        return (uint32_t)(now.ns / TIME_MS) | WALL_NOT_STANDARD;
    return (uint32_t)(of_day(of_day(wall->offset_ns) + of_day(now.ns)) / TIME_MS);
}
