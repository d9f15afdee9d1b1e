#include "core/ranges.h"

#include <string.h>

/* The first range that ends at `position` or beyond it. */
static uint32_t first_reaching(const struct ranges *ranges, uint32_t position)
{
    uint32_t low = 0, high = ranges->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ranges->at[middle].end < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool ranges_overlap(const struct ranges *ranges, uint32_t start, uint32_t end)
{
    uint32_t i = first_reaching(ranges, start + 1);
    return i < ranges->n && ranges->at[i].start < end;
}

bool ranges_cover(const struct ranges *ranges, uint32_t start, uint32_t end)
{
    uint32_t i = first_reaching(ranges, end);
    return i < ranges->n && ranges->at[i].start <= start;
}

/* Moves the ranges from `from` on to `to`. */
static void shift(struct ranges *ranges, uint32_t to, uint32_t from)
{
    memmove(&ranges->at[to], &ranges->at[from], (ranges->n - from) * sizeof ranges->at[0]);
    ranges->n = ranges->n + to - from;
}

bool ranges_add(struct ranges *ranges, uint32_t start, uint32_t end)
{
    uint32_t i = first_reaching(ranges, start), beyond = i;
    while (beyond < ranges->n && ranges->at[beyond].start <= end)
        beyond++;
    struct range whole = {start, end};
    if (beyond > i && ranges->at[i].start < start)
        whole.start = ranges->at[i].start;
    if (beyond > i && ranges->at[beyond - 1].end > end)
        whole.end = ranges->at[beyond - 1].end;
    if (beyond == i && ranges->n == ranges->limit)
        return false;
    shift(ranges, i + 1, beyond);
    ranges->at[i] = whole;
    return true;
}
