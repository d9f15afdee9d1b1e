/* Ranges: which parts of a sequence are there, for reassembly of fragments and segments.
 *
 * Ranges that overlap or touch become one. So their number is that of the holes, whatever the pieces were, and it is
 * bounded: a sender that makes more holes than `limit` is refused. Found by halving: no order of arrival makes a step
 * dear. RFC 815 keeps holes in a list; this is the same from the other side. Next: ip4/reass.h. */
#ifndef CORE_RANGES_H
#define CORE_RANGES_H

#include <stdbool.h>
#include <stdint.h>

/* From `start` up to `end`, which is beyond it; start < end. */
struct range {
    uint32_t start, end;
};

struct ranges {
    struct range *at; /* by start, apart from each other; room for `limit` */
    uint32_t n, limit;
};

/* An empty set in the caller's memory. */
static inline struct ranges ranges_in(struct range *at, uint32_t limit)
{
    return (struct ranges){.at = at, .limit = limit};
}

/* Some of start to end is there. */
bool ranges_overlap(const struct ranges *ranges, uint32_t start, uint32_t end);

/* All of start to end is there. */
bool ranges_cover(const struct ranges *ranges, uint32_t start, uint32_t end);

/* Puts start to end in. False: one range too many; nothing has changed. */
bool ranges_add(struct ranges *ranges, uint32_t start, uint32_t end);

/* Where the last one ends; 0: there is none. */
static inline uint32_t ranges_end(const struct ranges *ranges)
{
    return ranges->n == 0 ? 0 : ranges->at[ranges->n - 1].end;
}

#endif
