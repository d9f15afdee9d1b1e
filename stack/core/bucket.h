/* A token bucket: `rate` tokens a second, at most `burst` of them saved. For limits on messages, RFC
 * 1812 4.3.2.8.
 *
 * What is kept is a debt in billionths of a token, so that a zeroed bucket is full, nothing is rounded, and a
 * refill adds exactly `rate` for each nanosecond. Rate and burst come from the settings at each call and may
 * change at any time. Limits: rate and burst up to 2^32 - 1. Rate 0 never refills; a caller for whom 0 means
 * "no limit" does not ask. Next: core/siphash.h. */
#ifndef CORE_BUCKET_H
#define CORE_BUCKET_H

#include "tapir.h"

struct bucket {
    uint64_t debt;      /* billionths of a token that are missing */
    tapir_instant last; /* when `debt` was true */
};

/* Takes a token. False: there is none, and nothing was taken. */
bool bucket_take(struct bucket *bucket, uint32_t rate, uint32_t burst, tapir_instant now);

/* Whether bucket_take would succeed. */
bool bucket_has(const struct bucket *bucket, uint32_t rate, uint32_t burst, tapir_instant now);

/* Nothing is missing: as good as one that was never used. */
bool bucket_is_full(const struct bucket *bucket, uint32_t rate, tapir_instant now);

#endif
