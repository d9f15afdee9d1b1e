#include "tap/loop.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "tap/log.h"

enum {
    NS_PER_MS = 1000000,
    NS_PER_S = 1000000000,
    BATCH = 64,
    CLOCK_AGE_S = 60, /* the wall clock is told again so often, and at once when somebody sets it */
    RETRIES = 8,      /* for a device that is back, but busy: 10 ms, then twice as long each time */
    RETRY_FIRST_NS = 10000000
};

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
    tapir_instant retry; /* TAPIR_NEVER: no need */
    unsigned retries;
    struct watched *next;
};

struct loop {
    struct source source; /* first: the signals */
    struct source clock;
    struct loop_listener listener;
    int epoll, signals, wall; /* wall: readable when the clock must be told again */
    struct place *places;
    struct watched *watched;
    bool ready, stopped;
    bool tells; /* the wall clock must be told */
    int code;
};

tapir_instant loop_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (tapir_instant){(int64_t)now.tv_sec * NS_PER_S + now.tv_nsec};
}

/* ---- what is watched ---- */

static bool watch(struct loop *loop, int fd, struct source *source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* Readable in CLOCK_AGE_S seconds, or as soon as the wall clock jumps. */
static bool arm_wall(int wall)
{
    struct itimerspec due = {.it_interval.tv_sec = CLOCK_AGE_S};
    clock_gettime(CLOCK_REALTIME, &due.it_value);
    due.it_value.tv_sec += CLOCK_AGE_S;
    return timerfd_settime(wall, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &due, NULL) == 0;
}

/* Timers of the kernel may be 50 us late unless a process asks for better. */
struct loop *loop_create(const struct loop_listener *listener, char *error, size_t error_size)
{
    sigset_t ours;
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        snprintf(error, error_size, "no memory");
        return NULL;
    }
    *loop = (struct loop){.source.kind = SOURCE_SIGNALS, .clock.kind = SOURCE_CLOCK, .listener = *listener};
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    sigaddset(&ours, SIGUSR1);
    sigprocmask(SIG_BLOCK, &ours, NULL);
    signal(SIGPIPE, SIG_IGN); /* nobody reads our stdout: no reason to end without tidying up */
    prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->signals = signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC);
    loop->wall = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (loop->epoll >= 0 && loop->signals >= 0 && watch(loop, loop->signals, &loop->source) &&
        loop->wall >= 0 && arm_wall(loop->wall) && watch(loop, loop->wall, &loop->clock))
        return loop;
    snprintf(error, error_size, "cannot make an event loop: %s", strerror(errno));
    loop_destroy(loop);
    return NULL;
}

static void place_destroy(struct place *place)
{
    if (place->rtnl != NULL)
        rtnl_close(place->rtnl);
    netns_close(&place->netns);
    free(place);
}

/* Opens a socket of rtnetlink inside the namespace. */
static bool place_listen(struct loop *loop, struct place *place, char *error, size_t error_size)
{
    if (netns_enter(&place->netns)) {
        place->rtnl = rtnl_open();
        netns_leave(&place->netns);
    }
    if (place->rtnl != NULL && watch(loop, rtnl_fd(place->rtnl), &place->source))
        return true;
    snprintf(error, error_size, "cannot listen to rtnetlink: %s", strerror(errno));
    return false;
}

/* The namespace of that name, opened when it is the first time. */
static struct place *place_find(struct loop *loop, const char *name, char *error, size_t error_size)
{
    for (struct place *place = loop->places; place != NULL; place = place->next)
        if (place->name == NULL ? name == NULL : name != NULL && strcmp(place->name, name) == 0)
            return place;
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL) {
        snprintf(error, error_size, "no memory");
        return NULL;
    }
    *place = (struct place){.source.kind = SOURCE_PLACE, .name = name};
    if (!netns_open(&place->netns, name, error, error_size) ||
        !place_listen(loop, place, error, error_size)) {
        place_destroy(place);
        return NULL;
    }
    place->next = loop->places;
    loop->places = place;
    return place;
}

struct device *loop_open_tap(struct loop *loop, const struct tap_spec *spec, const char *netns, char *error,
                             size_t error_size)
{
    struct place *place = place_find(loop, netns, error, error_size);
    if (place == NULL)
        return NULL;
    struct watched *watched = calloc(1, sizeof *watched);
    struct device *device = NULL;
    if (watched == NULL)
        snprintf(error, error_size, "no memory");
    else
        device = tap_open(spec, &place->netns, place->rtnl, error, error_size);
    if (device == NULL) {
        free(watched);
        return NULL;
    }
    *watched = (struct watched){{SOURCE_TAP}, device, place, .retry = TAPIR_NEVER, .next = loop->watched};
    loop->watched = watched;
    if (watch(loop, device->ops->fd(device), &watched->source))
        return device;
    snprintf(error, error_size, "cannot watch TAP device \"%s\": %s", spec->name, strerror(errno));
    return NULL;
}

void loop_destroy(struct loop *loop)
{
    if (loop == NULL)
        return;
    for (struct watched *next, *watched = loop->watched; watched != NULL; watched = next) {
        next = watched->next;
        watched->device->ops->close(watched->device);
        free(watched);
    }
    for (struct place *next, *place = loop->places; place != NULL; place = next) {
        next = place->next;
        place_destroy(place);
    }
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->signals >= 0)
        close(loop->signals);
    if (loop->wall >= 0)
        close(loop->wall);
    free(loop);
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
    if (change == TAP_ATTACHED && !watch(loop, watched->device->ops->fd(watched->device), &watched->source))
        log_event(LOG_ERROR, "%s: cannot watch the device: %s", watched->device->name, strerror(errno));
    if (change != TAP_BUSY || watched->retries >= RETRIES) {
        watched->retries = 0;
        return;
    }
    watched->retry.ns = now.ns + ((int64_t)RETRY_FIRST_NS << watched->retries++);
}

static void retry_due(struct loop *loop, tapir_instant now)
{
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
    arm_wall(loop->wall);
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

/* Sleeps until `due` at the latest, then hears what happened. The clock is read when the sleep is over: all that
 * is read in a turn arrived by then. False: the system refuses. */
static bool listen_until(struct loop *loop, tapir_instant due, tapir_instant *now)
{
    struct epoll_event events[BATCH];
    int64_t left = due.ns == INT64_MAX ? INT64_MAX : due.ns - loop_now().ns;
    int n = wait_for(loop->epoll, events, left > 0 ? left : 0);
    if (n < 0 && errno != EINTR) {
        log_event(LOG_ERROR, "cannot wait for events: %s", strerror(errno));
        return false;
    }
    *now = loop_now();
    for (int i = 0; i < n; i++)
        hear(loop, events[i].data.ptr, *now);
    retry_due(loop, *now);
    return true;
}

/* When a device must be tried again, or `due`. */
static tapir_instant or_retry(const struct loop *loop, tapir_instant due)
{
    for (const struct watched *watched = loop->watched; watched != NULL; watched = watched->next)
        if (watched->retry.ns < due.ns)
            due = watched->retry;
    return due;
}

bool loop_wait(struct loop *loop, tapir_instant until)
{
    tapir_instant now;
    return !loop->stopped && listen_until(loop, or_retry(loop, until), &now) && !loop->stopped;
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
        if (!listen_until(loop, due, &now))
            return 2;
    }
    for (size_t i = 0; i < world_nodes(world); i++)
        node_farewell(world_node(world, i), loop_now());
    return loop->code;
}
