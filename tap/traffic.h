/* Pings between the nodes of a network, as its file asks for them: each sender has an ICMP socket of its own node and
 * asks like anybody else; nothing goes past the stack. What became of each request is counted.
 *
 * Who asks whom and when follows from the seed. Memory: about 20 KiB for each sender; of its open requests the last
 * TRAFFIC_OPEN are remembered, older ones count as silent. Next: tap/world.c. */
#ifndef TAP_TRAFFIC_H
#define TAP_TRAFFIC_H

#include "core/rand.h"
#include "tap/agenda.h"
#include "tap/node.h"

enum {
    TRAFFIC_OPEN = 1024
};

/* What became of a request. */
enum traffic_fate {
    TRAFFIC_ANSWERED,
    TRAFFIC_EXPIRED,     /* its TTL: time exceeded came back */
    TRAFFIC_UNREACHABLE, /* another ICMP error came back */
    TRAFFIC_REFUSED,     /* its own node found no way, or no neighbor */
    TRAFFIC_SILENT,      /* nothing came back in time */
    TRAFFIC_UNSENT,      /* the socket had no room */
    TRAFFIC_FATE_COUNT
};

struct traffic_counters {
    uint64_t asked, fates[TRAFFIC_FATE_COUNT]; /* asked = their sum + those still open */
    uint64_t extra;                            /* answers that came too late, or twice */
    int64_t rtt_least, rtt_most, rtt_sum;      /* nanoseconds, of the answered ones */
};

struct traffic;

/* "answered" and the like. */
const char *traffic_fate_name(enum traffic_fate fate);

/* Opens the sockets. `nodes` are those of the network, in its order; both must outlive the traffic. NULL: no memory. */
struct traffic *traffic_create(const struct network *network, struct node *const nodes[],
                               const struct rand_state *random, tapir_instant start);

/* When the next request is due. */
tapir_instant traffic_deadline(const struct traffic *traffic);

/* Asks what is due; the nodes send it in their next turn. */
void traffic_turn(struct traffic *traffic, tapir_instant now);

/* Declares silent what has waited too long, so that the counters are those of `now`. */
const struct traffic_counters *traffic_count(struct traffic *traffic, tapir_instant now);

/* After the nodes' last turn. NULL is fine. */
void traffic_destroy(struct traffic *traffic);

#endif
