/* What a loop holds, for the two files that know: loop_create.c makes it and opens its devices, loop.c lets it run. */
#ifndef TAP_LOOP_INSIDE_H
#define TAP_LOOP_INSIDE_H

#include "tap/loop.h"

enum source_kind {
    SOURCE_SIGNALS,
    SOURCE_CLOCK,
    SOURCE_PLACE,
    SOURCE_TAP
};

/* What epoll points at. */
struct source {
    enum source_kind kind;
};

/* A network namespace in which we have devices. */
struct place {
    struct source source; /* first */
    const char *name;     /* NULL: our own */
    struct netns netns;
    struct rtnl *rtnl;
    struct place *next;
};

struct watched {
    struct source source; /* first */
    struct device *device;
    struct place *place;
    bool joined;         /* by the ring; else by epoll */
    tapir_instant retry; /* TAPIR_NEVER: no need */
    unsigned retries;
    struct watched *next;
};

struct loop {
    struct source source; /* first: the signals */
    struct source clock;
    struct loop_listener listener;
    struct network_loop settings;
    struct ring *ring;         /* NULL: epoll alone */
    tapir_instant awake_until; /* it does not sleep before */
    tapir_instant retry;       /* the first of a device; TAPIR_NEVER */
    unsigned unheard;          /* turns since it looked the last time */
    int epoll, signals, wall;  /* wall: readable when the clock must be told again */
    struct place *places;
    struct watched *watched;
    bool ready, stopped;
    bool tells; /* the wall clock must be told */
    int code;
};

/* Makes the wall clock's timer readable in a minute, or as soon as that clock jumps. */
bool loop_arm_wall(int wall);

/* Watches a device that has just been attached: by the ring where there is one, which then does so on its own whenever
 * the device comes back. False with errno. */
bool loop_watch_tap(struct loop *loop, struct watched *watched);

#endif
