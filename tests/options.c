#include "tests/options.h"

#include <string.h>

static bool is_route(unsigned type)
{
    return type == 7 || type == 131 || type == 137;
}

/* Octets from `from` up to `to` of an option were written; all others, the pointer apart, are as before. */
static bool is_same_but(const uint8_t *before, const uint8_t *after, size_t length, size_t from, size_t to)
{
    for (size_t i = 0; i < length; i++)
        if (i != 2 && (i < from || i >= to) && before[i] != after[i])
            return false;
    return true;
}

static const char *judge_route(const uint8_t *before, const uint8_t *after, size_t length, bool *followed)
{
    size_t p = before[2], q = after[2];
    if (q < p || (q - p) % 4 != 0 || (before[0] == 7 && q - p > 4))
        return "the pointer of a route moved by no address, or by several";
    if (q > p && (p < 4 || q - 1 > length))
        return "an address was recorded outside of its option";
    *followed |= before[0] != 7 && q > p;
    return is_same_but(before, after, length, p - 1, q - 1) ? NULL : "other octets of a route changed";
}

static const char *judge_stamp(const uint8_t *before, const uint8_t *after, size_t length)
{
    size_t p = before[2], q = after[2], entry = (before[3] & 15) == 0 ? 4 : 8;
    if (q != p && q != p + entry)
        return "the pointer of a timestamp moved by no entry";
    if (q > p && (p < 5 || q - 1 > length))
        return "a stamp was written outside of its option";
    uint8_t copy[40];
    memcpy(copy, before, length);
    if (q == p && after[3] == before[3] + 16 && p > length)
        copy[3] = after[3];
    return is_same_but(copy, after, length, p - 1, q - 1) ? NULL : "other octets of a timestamp changed";
}

/* Option 82 behind a router: one hop more, out or back; a count of 0xffff (back: 0xfffe) stays. */
static void count_hop(const uint8_t *before, uint8_t counted[12])
{
    memcpy(counted, before, 12);
    uint8_t *count = before[6] == 0xff && before[7] == 0xff ? counted + 4 : counted + 6;
    unsigned n = (unsigned)count[0] << 8 | count[1], most = count == counted + 4 ? 0xffff : 0xfffe;
    n += n < most;
    count[0] = (uint8_t)(n >> 8);
    count[1] = (uint8_t)n;
}

static const char *judge_hops(const uint8_t *before, const uint8_t *after, enum hops hops)
{
    uint8_t counted[12];
    count_hop(before, counted);
    if (hops != HOPS_STAND && memcmp(counted, after, 12) == 0)
        return NULL;
    return hops != HOPS_COUNT && memcmp(before, after, 12) == 0 ? NULL : "hops were not counted, or wrongly";
}

const char *options_after_hop(const uint8_t *before, const uint8_t *after, size_t size, enum hops hops,
                              bool *followed)
{
    *followed = false;
    for (size_t at = 20, length; at < size; at += length) {
        const uint8_t *a = before + at, *b = after + at;
        if (a[0] == 0)
            return memcmp(a, b, size - at) == 0 ? NULL : "octets behind the end of options changed";
        length = a[0] == 1 ? 1 : at + 1 < size ? a[1] : 0;
        if (a[0] != b[0] || length == 0 || at + length > size || (a[0] != 1 && length < 2) ||
            (length > 1 && a[1] != b[1]))
            return "options of another kind or length";
        const char *wrong = NULL;
        if (is_route(a[0]) && length >= 3)
            wrong = judge_route(a, b, length, followed);
        else if (a[0] == 68 && length >= 4)
            wrong = judge_stamp(a, b, length);
        else if (a[0] == 82 && length == 12) {
            wrong = judge_hops(a, b, hops);
            hops = HOPS_STAND; /* the first one counts */
        } else if (memcmp(a, b, length) != 0)
            wrong = "an option changed that is nobody's";
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

static const uint8_t *find(const uint8_t *header, size_t size, unsigned type)
{
    for (size_t at = 20; at < size && header[at] != 0; at += header[at] == 1 ? 1 : header[at + 1]) {
        if (header[at] == type)
            return header + at;
        if (header[at] != 1 && (at + 1 >= size || header[at + 1] < 2))
            return NULL;
    }
    return NULL;
}

const char *options_traceroute_fault(const uint8_t *about, const uint8_t *message, size_t size,
                                     int64_t *originator)
{
    size_t header = (size_t)(about[0] & 15) * 4, at = 20;
    while (at + 12 <= header && about[at] != 0 && (about[at] != 82 || about[at + 1] != 12))
        at += about[at] == 1 ? 1 : about[at + 1];
    if (at + 12 > header || about[at] != 82)
        return "traceroute to who did not ask";
    uint8_t counted[12];
    count_hop(about + at, counted);
    *originator = (int64_t)counted[8] << 24 | counted[9] << 16 | counted[10] << 8 | counted[11];
    if ((about[6] & 0x1f) != 0 || about[7] != 0)
        return "traceroute about a later fragment";
    if (size != 20 || message[1] != 0 || message[6] != 0 || message[7] != 0)
        return "traceroute of another length or code";
    if (memcmp(message + 4, counted + 2, 2) != 0 || memcmp(message + 8, counted + 4, 4) != 0)
        return "traceroute with other counts than those of the packet";
    return memcmp(message + 12, "\0\0\0\0\0\0", 6) == 0 ? NULL : "traceroute with a speed that nobody knows";
}

bool options_have(const uint8_t *header, size_t size, unsigned type)
{
    return find(header, size, type) != NULL;
}

uint32_t options_end_of_route(const uint8_t *header, size_t size)
{
    const uint8_t *route = find(header, size, 131);
    if (route == NULL)
        route = find(header, size, 137);
    if (route == NULL || route[1] < 7)
        return 0;
    const uint8_t *last = route + route[1] - 4;
    return (uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 | (uint32_t)last[2] << 8 | last[3];
}

bool options_are_sound(const uint8_t *header, size_t size)
{
    size_t at = 20;
    while (at < size && header[at] != 0) {
        size_t left = size - at, length = header[at] == 1 ? 1 : left < 2 ? 99 : header[at + 1];
        if (length == 0 || length > left || (header[at] != 1 && length < 2))
            return false;
        at += length;
    }
    while (at < size)
        if (header[at++] != 0)
            return false;
    return true;
}
