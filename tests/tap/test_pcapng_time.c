/* Time stamps of pcapng. The oracle is arithmetic by hand, and for binary fractions decimals written out. */
#include "tap/pcapng_time.h"

#include "tests/table.h"

static const struct {
    const char *sentence;
    uint64_t units;
    unsigned resolution;
    int64_t offset;
    int64_t ns;
} times[] = {
    {"whole seconds", 7, 0, 0, INT64_C(7000000000)},
    {"milliseconds", 1234, 3, 0, INT64_C(1234000000)},
    {"microseconds", 1700000000123456, 6, 0, INT64_C(1700000000123456000)},
    {"nanoseconds", 1700000000123456789, 9, 0, INT64_C(1700000000123456789)},
    {"picoseconds are rounded down", 1999999, 12, 0, 1999},
    {"10^-19 seconds", UINT64_C(15000000000000000000), 19, 0, 1500000000},
    {"10^-28 seconds: the last that can reach a nanosecond", UINT64_C(10000000000000000000), 28, 0, 1},
    {"10^-29 seconds: never a nanosecond", UINT64_MAX, 29, 0, 0},
    {"10^-127 seconds: never a nanosecond", UINT64_MAX, 127, 0, 0},
    {"2^-0: whole seconds", 7, 0x80, 0, INT64_C(7000000000)},
    {"2^-1: halves", 3, 0x81, 0, 1500000000},
    {"2^-10: 1,537 of 1,024", 1537, 0x8a, 0, 1500976562},
    {"2^-31: one and the smallest part that is a nanosecond", (UINT64_C(1) << 31) + 3, 0x9f, 0, 1000000001},
    {"2^-32: NTP, a quarter", UINT64_C(0x0000000540000000), 0xa0, 0, INT64_C(5250000000)},
    {"2^-33: one and a third, about", UINT64_C(0x2aaaaaaaa), 0xa1, 0, 1333333333},
    {"2^-63: all but one part of a second", INT64_MAX, 0xbf, 0, 999999999},
    {"2^-64: three quarters", UINT64_C(0xc000000000000000), 0xc0, 0, 750000000},
    {"2^-93: the last that can reach a nanosecond", UINT64_MAX, 0xdd, 0, 1},
    {"2^-94: never a nanosecond", UINT64_MAX, 0xde, 0, 0},
    {"2^-127: never a nanosecond", UINT64_MAX, 0xff, 0, 0},
    {"an offset is added in seconds", 5, 9, 1700000000, INT64_C(1700000000000000005)},
    {"an offset may go back", 1700000000500000000, 9, -1700000001, -500000000},
    {"too many seconds are the latest there is", UINT64_MAX, 0, 0, INT64_MAX},
    {"seconds and offset that are too many together, too", INT64_MAX, 0, 1, INT64_MAX},
    {"more nanoseconds than there can be, too", UINT64_MAX, 6, 0, INT64_MAX},
    {"an offset before all time is the earliest there is", 0, 6, INT64_MIN, INT64_MIN},
};

static void check_time(void **state)
{
    const __typeof__(times[0]) *row = *state;
    assert_int_equal(pcapng_time(row->units, (uint8_t)row->resolution, row->offset), row->ns);
}

int main(void)
{
    return RUN_TABLE("times of pcapng", times, check_time);
}
