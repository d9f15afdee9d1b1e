/* How many ICMP errors we send: token buckets for each host and for all together, RFC 1812 4.3.2.8.
 *
 * The host's bucket is asked before the common one is charged, and the burst of the common one is drawn anew
 * each time it was full: so nobody can tell from it whether we sent an error to somebody else. Messages of
 * path MTU discovery have buckets of their own: no flood of other errors starves them. Next: icmp4/error.h.
 */
#ifndef ICMP4_LIMITER_H
#define ICMP4_LIMITER_H

#include "core/bucket.h"
#include "core/core.h"

enum limiter_class {
    LIMITER_ERRORS,
    LIMITER_PATH_MTU,
    LIMITER_COMMON, /* the classes up to here have a bucket for all hosts too */
    LIMITER_REDIRECTS = LIMITER_COMMON
};

struct limiter_host {
    struct ip4 host;  /* 0: empty */
    struct ip4 other; /* redirects: the destination; else 0 */
    uint32_t class;
    uint32_t unheeded;  /* redirects sent since the pair was quiet */
    tapir_instant seen; /* when it was asked for last */
    struct bucket bucket;
};

struct limiter {
    struct limiter_host
        *hosts; /* sets of a few, found by a keyed hash; the one asked for longest ago makes room */
    struct bucket all[LIMITER_COMMON];
    uint32_t spared[LIMITER_COMMON]; /* share of the common burst that is left out now, in 1/1024 */
};

bool limiter_init(struct limiter *limiter, struct memory *memory);
void limiter_free(struct limiter *limiter, struct memory *memory);

/* May an error go to `host`, by the settings of the interface where its cause arrived? Takes the tokens. UNSETTLED: yes;
 * ANSWER_RATE_DESTINATION or ANSWER_RATE: no. */
enum tapir_verdict limiter_take(struct limiter *limiter, struct core *core, const struct settings *settings,
                                struct ip4 host, enum limiter_class class);

/* May a redirect go to `source` about `destination`? Takes the token; icmp.rate has no part in it. */
bool limiter_take_redirect(struct limiter *limiter, struct core *core, const struct settings *settings,
                           struct ip4 source, struct ip4 destination);

#endif
