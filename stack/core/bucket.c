#include "core/bucket.h"

#include "core/time.h"

#define TOKEN UINT64_C(1000000000) /* so that a second's rate is a nanosecond's share of it */

/* What is missing at `now`. A burst that was lowered forgives what is beyond it; an earlier `now` adds
 * nothing. */
static uint64_t debt_at(const struct bucket *bucket, uint32_t rate, uint32_t burst, tapir_instant now)
{
    uint64_t most = burst * TOKEN;
    uint64_t debt = bucket->debt < most ? bucket->debt : most;
    if (rate == 0 || !time_before(bucket->last, now))
        return debt;
    uint64_t elapsed = (uint64_t)time_between(bucket->last, now);
    if (elapsed > debt / rate)
        return 0;
    return debt - elapsed * rate; /* at most debt: cannot overflow */
}

bool bucket_has(const struct bucket *bucket, uint32_t rate, uint32_t burst, tapir_instant now)
{
    return debt_at(bucket, rate, burst, now) + TOKEN <= burst * TOKEN;
}

bool bucket_take(struct bucket *bucket, uint32_t rate, uint32_t burst, tapir_instant now)
{
    uint64_t debt = debt_at(bucket, rate, burst, now);
    if (debt + TOKEN > burst * TOKEN)
        return false;
    if (bucket->debt == 0 || time_before(bucket->last, now)) /* a zeroed bucket has no time yet */
        bucket->last = now;
    bucket->debt = debt + TOKEN;
    return true;
}
