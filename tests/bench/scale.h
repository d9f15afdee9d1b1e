/* Routers in memory that grow along one axis each. Frames come in by interface 0, 10.0.0.1/24.
 *
 * routes: prefixes as public tables have them by 16 next hops; random destinations in them. neighbors: all on interface 1, each a
 * random destination. interfaces: so many, 3 in use; interfaces-all: each a random exit, so that a batch leaves by up to 32.
 * timers: armed a day ahead. nodes: other stacks that idle. Without more said: 16 neighbors, no route. Next: bench_scale.c. */
#ifndef TESTS_BENCH_SCALE_H
#define TESTS_BENCH_SCALE_H

#include "core/pool.h"
#include "core/timer.h"
#include "tapir.h"

enum {
    SCALE_BATCH = 32,
    SCALE_SIZES = 7, /* of an axis, at most */
    SCALE_AXES = 6
};

struct scale;

struct scale_axis {
    const char *name;
    void (*build)(struct scale *scale, uint32_t size);
    uint32_t sizes[SCALE_SIZES];
    size_t n;
};

extern const struct scale_axis scale_axes[SCALE_AXES];

struct scale_flow {
    uint32_t destination;
    uint16_t checksum; /* of the header then */
};

struct scale {
    struct tapir *stack, **idle;
    struct timer *timers;
    size_t n_idle, turn;
    struct pool pool;
    struct scale_flow *flows;
};

/* The axis of that name, or NULL. */
const struct scale_axis *scale_axis(const char *name);

/* Ends the program when memory is short. */
void scale_init(struct scale *scale, const struct scale_axis *axis, uint32_t size);
void scale_free(struct scale *scale);

/* One batch through the router, and the same slots with TTL and checksum alone. */
void scale_turn(struct scale *scale);
void scale_yardstick(struct scale *scale);

/* Octets: touched by an idle stack beyond what is set aside for packets, asked for by tables. */
struct scale_memory {
    double idle, routes, neighbors;
};

struct scale_memory scale_memory(void);

#endif
