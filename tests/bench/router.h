/* A router in memory for benchmarks: slots, a table, frames; no device.
 *
 * It is 10.0.0.1/24 and 10.0.1.1/24; frames come in by the first and come from 10.0.0.99, whose MAC is known. One route: all goes
 * to 10.0.1.2. More: prefixes as public tables have them (bench/prefixes.h), each by one of 16 next hops on the second, all
 * known. Destinations are random, each in a random prefix of the table. Next: bench_forward.c. */
#ifndef TESTS_BENCH_ROUTER_H
#define TESTS_BENCH_ROUTER_H

#include "core/pool.h"
#include "tapir.h"

enum {
    ROUTER_BATCH = 32,
    ROUTER_FRAME = 64
};

enum router_work {
    WORK_FORWARD, /* UDP goes through */
    WORK_ECHO,    /* pings for the router, each is answered */
    WORK_TTL      /* UDP with TTL 1, each earns Time Exceeded; icmp.rate = 0 */
};

/* What is different in each frame: a destination, and the checksum of the header then. */
struct router_flow {
    uint32_t destination;
    uint16_t checksum;
};

struct router {
    struct tapir *stack;
    struct pool pool;
    uint8_t frame[ROUTER_FRAME];
    struct router_flow *flows;
    size_t n_flows, turn; /* a power of two; batches made */
};

/* Ends the program when memory is short. */
void router_init(struct router *router, enum router_work work, uint32_t routes);
void router_free(struct router *router);

/* One batch: 32 slots are filled, go through the router and come back, as many frames with them. */
void router_turn(struct router *router);

/* The same slots and the least that a router must do with them: TTL and checksum. */
void router_yardstick(struct router *router);

#endif
