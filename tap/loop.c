#include "tap/loop_inside.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "tap/log.h"

enum {
    NS_PER_MS = 1000000,
    NS_PER_S = 1000000000,
    BATCH = 64,
    DEAF_TURNS = 4,
    RETRIES = 8, /* for a device that is back, but busy: 10 ms, then twice as long each time */
    RETRY_FIRST_NS = 10000000
};

tapir_instant loop_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (tapir_instant){(int64_t)now.tv_sec * NS_PER_S + now.tv_nsec};
}

/* ---- what happens ---- */

void loop_stop(struct loop *loop, int code)
{
    loop->stopped = true;
    loop->code = code;
}

static void hear_signal(struct loop *loop)
{
    struct signalfd_siginfo signal;
    while (read(loop->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo != SIGUSR1)
            loop_stop(loop, 0);
        else if (loop->listener.report != NULL)
            loop->listener.report(loop->listener.context);
    }
}

/* A device that has just come back may still be held by the program that makes it (`ip tuntap add` does): a
 * few tries, and then again when the kernel tells of it the next time. */
static void follow(struct loop *loop, struct watched *watched, enum tap_change change, tapir_instant now)
{
    watched->retry = TAPIR_NEVER;
    if (change == TAP_ATTACHED && !loop_watch_tap(loop, watched))
        log_event(LOG_ERROR, "%s: cannot watch the device: %s", watched->device->name, strerror(errno));
    if (change == TAP_BUSY && watched->retries < RETRIES)
        watched->retry.ns = now.ns + ((int64_t)RETRY_FIRST_NS << watched->retries++);
    else
        watched->retries = 0;
    loop->retry = TAPIR_NEVER;
    for (watched = loop->watched; watched != NULL; watched = watched->next)
        loop->retry = watched->retry.ns < loop->retry.ns ? watched->retry : loop->retry;
}

static void retry_due(struct loop *loop, tapir_instant now)
{
    if (loop->retry.ns > now.ns)
        return;
    for (struct watched *watched = loop->watched; watched != NULL; watched = watched->next)
        if (watched->retry.ns <= now.ns)
            follow(loop, watched, tap_return(watched->device), now);
}

/* The kernel told of its devices. When news were lost, each of ours is looked at. */
static void hear_kernel(struct loop *loop, struct place *place, tapir_instant now)
{
    struct rtnl_link link;
    bool lost;
    while (rtnl_next(place->rtnl, &link, &lost))
        for (struct watched *watched = loop->watched; watched != NULL; watched = watched->next) {
            if (watched->place != place)
                continue;
            enum tap_change change = lost ? tap_return(watched->device) : tap_notice(watched->device, &link);
            if (change != TAP_SAME)
                follow(loop, watched, change, now);
        }
}

/* A minute has passed (something is read), or the clock was set (ECANCELED). */
static void hear_clock(struct loop *loop)
{
    uint64_t expirations;
    if (read(loop->wall, &expirations, sizeof expirations) < 0 && errno != ECANCELED)
        return;
    loop_arm_wall(loop->wall);
    loop->tells = true;
}

static void hear(struct loop *loop, struct source *source, tapir_instant now)
{
    switch (source->kind) {
    case SOURCE_SIGNALS:
        hear_signal(loop);
        return;
    case SOURCE_CLOCK:
        hear_clock(loop);
        return;
    case SOURCE_PLACE:
        hear_kernel(loop, (void *)source, now);
        return;
    case SOURCE_TAP:
        tap_readable(((struct watched *)(void *)source)->device);
        return;
    }
}

/* ---- time ---- */

/* Both clocks are read together, so that the offset is right whatever took place since `now`. */
static void tell_clock(struct loop *loop, struct world *world, tapir_instant now)
{
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    struct tapir_op op = {.kind = TAPIR_OP_CLOCK};
    op.clock.offset_ns = (int64_t)wall.tv_sec * NS_PER_S + wall.tv_nsec - loop_now().ns;
    for (size_t i = 0; i < world_nodes(world); i++)
        (void)node_apply(world_node(world, i), &op, 1, now);
    loop->tells = false;
}

/* Waits `ns` nanoseconds at most; INT64_MAX: as long as it takes. Old kernels and some containers know
 * milliseconds only. */
static int wait_for(int epoll, struct epoll_event events[BATCH], int64_t ns)
{
    struct timespec timeout = {ns / NS_PER_S, ns % NS_PER_S};
    int n = epoll_pwait2(epoll, events, BATCH, ns == INT64_MAX ? NULL : &timeout, NULL);
    if (n >= 0 || (errno != ENOSYS && errno != EPERM))
        return n;
    int64_t ms = ns / NS_PER_MS + (ns % NS_PER_MS != 0);
    return epoll_wait(epoll, events, BATCH, ns == INT64_MAX ? -1 : (int)(ms < INT_MAX ? ms : INT_MAX));
}

/* What epoll has to tell, after `ns` nanoseconds at most. The clock is read when the sleep is over: all that is read in a
 * turn arrived by then. Negative: the system refuses. */
static int hear_epoll(struct loop *loop, int64_t ns, tapir_instant *now)
{
    struct epoll_event events[BATCH];
    int n = wait_for(loop->epoll, events, ns);
    *now = loop_now();
    for (int i = 0; i < n; i++)
        hear(loop, events[i].data.ptr, *now);
    return n < 0 && errno == EINTR ? 0 : n;
}

/* The same of the ring. */
static int hear_ring(struct loop *loop, int64_t ns, tapir_instant *now)
{
    enum ring_news news = ring_wait(loop->ring, ns);
    if (news == RING_READABLE)
        return hear_epoll(loop, 0, now);
    *now = loop_now();
    return news == RING_FAILED ? -1 : news == RING_FRAMES;
}

/* How long it may sleep. The clock is read only where that depends on it. */
static int64_t time_left(const struct loop *loop, tapir_instant due, tapir_instant now)
{
    if (due.ns <= now.ns || now.ns < loop->awake_until.ns)
        return 0;
    int64_t left = due.ns == INT64_MAX ? INT64_MAX : due.ns - loop_now().ns;
    return left > 0 ? left : 0;
}

/* Sleeps until `due` at the latest, then hears what happened. `now` is the time of the turn, and then of the next one.
 * False: the system refuses. */
static bool listen_until(struct loop *loop, tapir_instant due, tapir_instant *now)
{
    int64_t left = time_left(loop, due, *now);
    int n = loop->ring != NULL ? hear_ring(loop, left, now) : hear_epoll(loop, left, now);
    if (n < 0) {
        log_event(LOG_ERROR, "cannot wait for events: %s", strerror(errno));
        return false;
    }
    if (n > 0)
        loop->awake_until.ns = now->ns + loop->settings.spin_ns;
    retry_due(loop, *now);
    return true;
}

/* When a device must be tried again, or `due`. */
static tapir_instant or_retry(const struct loop *loop, tapir_instant due)
{
    return loop->retry.ns < due.ns ? loop->retry : due;
}

bool loop_wait(struct loop *loop, tapir_instant until)
{
    tapir_instant now = loop_now();
    return !loop->stopped && listen_until(loop, or_retry(loop, until), &now) && !loop->stopped;
}

/* Where a device has more, epoll is asked every few turns alone: who else has something waits for that long. */
static bool may_be_deaf(struct loop *loop)
{
    loop->unheard = (loop->unheard + 1) % DEAF_TURNS;
    return loop->ring == NULL && loop->unheard != 0;
}

int loop_run(struct loop *loop, struct world *world)
{
    tapir_instant now = loop_now();

    loop->tells = true;
    while (!loop->stopped) {
        if (loop->tells)
            tell_clock(loop, world, now);
        bool more = world_turn(world, now, false);
        if (!loop->ready && !loop->stopped && world_is_ready(world)) {
            loop->ready = true;
            if (loop->listener.ready != NULL)
                loop->listener.ready(loop->listener.context);
        }
        tapir_instant due = more || loop->stopped ? now : or_retry(loop, world_deadline(world));
        if (more && may_be_deaf(loop))
            now = loop_now();
        else if (!listen_until(loop, due, &now))
            return 2;
    }
    for (size_t i = 0; i < world_nodes(world); i++)
        node_farewell(world_node(world, i), loop_now());
    return loop->code;
}
