/* Timers: exact deadlines, fired in the order (deadline, arming), nothing allocated.
 *
 * A timer is a member of what it belongs to (a neighbor, an address, a connection). The queue is a forest of
 * heap-ordered trees, one for each rank, joined like the carries of a binary counter: no step takes more than
 * 126 joins, however many are armed, and none recurses. Equal deadlines are told apart by a serial number, so
 * that no order depends on an address in memory. A zeroed struct timer is not armed, a zeroed struct timers
 * is empty. Neither may be moved in memory while something is armed. Chosen by measurement:
 * docs/decisions/timers.md. Next: the one switch over enum timer_kind, in pipeline.c. */
#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include "tapir.h"

/* What a timer belongs to. Set once by its owner, before the first arming. */
enum timer_kind {
    TIMER_NONE,
    TIMER_NEIGHBOR,
    TIMER_ADDRESS,
    TIMER_GATEWAY,
    TIMER_AGAIN,
    TIMER_ROUTERS,
    TIMER_DISCOVERY,
    TIMER_MASK,
    TIMER_REASSEMBLY
};

struct timer {
    struct timer *child, *next; /* first child; next sibling */
    struct timer **link;        /* the pointer that points here; NULL: not armed */
    tapir_instant deadline;     /* of the last arming */
    uint64_t serial;            /* of the last arming, from 1 */
    uint8_t rank;               /* children, at most */
    uint8_t kind;               /* enum timer_kind */
};

enum {
    TIMER_RANKS = 64 /* a tree of rank r stands for 2^r armings: their number has 64 bits */
};

struct timers {
    struct timer *first;             /* the first one due; NULL: none is armed */
    uint64_t serial;                 /* of the last arming */
    uint64_t planted;                /* bit r: tree[r] is not NULL */
    struct timer *tree[TIMER_RANKS]; /* at most one of each rank */
};

/* Lets `timer` fire at `deadline`; one that is armed already is moved and gets a new place in the arming
 * order. With TAPIR_NEVER it counts as armed but never fires. The timer stays where it is in memory until it
 * fired or was cancelled. */
void timer_arm(struct timers *timers, struct timer *timer, tapir_instant deadline);

/* Takes `timer` out of the queue, if it is in it. */
void timer_cancel(struct timers *timers, struct timer *timer);

/* Takes out and returns the first timer whose deadline is reached, or NULL. One that is armed for `now` or
 * earlier while others are taken comes in its turn: a caller that re-arms must arm beyond `now`. */
struct timer *timer_take_due(struct timers *timers, tapir_instant now);

/* The first deadline; TAPIR_NEVER when nothing is armed. */
tapir_instant timer_deadline(const struct timers *timers);

static inline bool timer_is_armed(const struct timer *timer)
{
    return timer->link != NULL;
}

#endif
