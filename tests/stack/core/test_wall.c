/* Milliseconds since midnight UT (TS-2, TS-3, TS-6). */
#include "core/wall.h"

#include "tests/table.h"

#define SECOND INT64_C(1000000000)
#define DAY    (86400 * SECOND)

struct row {
    const char *sentence;
    struct wall wall;
    int64_t now_ns;
    uint32_t ms;
};

static const struct row rows[] = {
    {"midnight is 0", {19000 * DAY, true}, 0, 0},
    {"a millisecond after midnight is 1 (TS-2)", {19000 * DAY, true}, 1000000, 1},
    {"half past ten (TS-2)", {19000 * DAY + 37800 * SECOND, true}, 0, 37800000},
    {"the last millisecond of a day (TS-6)", {19000 * DAY, true}, DAY - 1, 86399999},
    {"it wraps to 0, never to 86,400,000 (TS-6)", {19000 * DAY, true}, DAY, 0},
    {"offset and instant together pass midnight (TS-6)", {DAY - SECOND, true}, 3 * DAY + 2 * SECOND, 1000},
    {"offset and instant together reach midnight (TS-6)", {DAY - SECOND, true}, SECOND, 0},
    {"before 1970 days count as well", {-SECOND, true}, 0, 86399000},
    {"an instant below zero", {19000 * DAY, true}, -1, 86399999},
    {"the latest of all offsets does not overflow", {INT64_MAX, true}, INT64_MAX, 84873709},
    {"nor does the earliest", {INT64_MIN, true}, INT64_MIN, 1526290},
    {"an unknown clock counts on, with the high bit set (TS-3)", {0, false}, 5 * SECOND, 0x80001388},
    {"an offset without a clock says nothing (TS-3)", {19000 * DAY, false}, 0, 0x80000000},
};

static void check(void **state)
{
    const struct row *row = *state;
    assert_int_equal(wall_midnight_ms(&row->wall, (tapir_instant){row->now_ns}), row->ms);
}

int main(void)
{
    return RUN_TABLE("the wall clock", rows, check);
}
