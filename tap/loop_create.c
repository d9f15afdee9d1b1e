/* How a loop comes and goes: what it watches, the engine by which it does so, its devices. It runs in loop.c. */
#include <errno.h>
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

#include "tap/engine.h"
#include "tap/loop_inside.h"

enum {
    CLOCK_AGE_S = 60 /* the wall clock is told again so often, and at once when somebody sets it */
};

static bool watch(struct loop *loop, int fd, struct source *source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool loop_arm_wall(int wall)
{
    struct itimerspec due = {.it_interval.tv_sec = CLOCK_AGE_S};
    clock_gettime(CLOCK_REALTIME, &due.it_value);
    due.it_value.tv_sec += CLOCK_AGE_S;
    return timerfd_settime(wall, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &due, NULL) == 0;
}

/* Timers of the kernel may be 50 us late unless a process asks for better. */
struct loop *loop_create(const struct network_loop *settings, const struct loop_listener *listener,
                         char *error, size_t error_size)
{
    sigset_t ours;
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        snprintf(error, error_size, "no memory");
        return NULL;
    }
    *loop = (struct loop){.source.kind = SOURCE_SIGNALS,
                          .clock.kind = SOURCE_CLOCK,
                          .settings = *settings,
                          .listener = *listener,
                          .retry = TAPIR_NEVER};
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
        loop->wall >= 0 && loop_arm_wall(loop->wall) && watch(loop, loop->wall, &loop->clock))
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

/* The ring watches the epoll set among all else, and whatever could not join it is watched there. */
static void choose_engine(struct loop *loop)
{
    if (loop->watched != NULL)
        return;
    loop->ring = engine_open(loop->settings.engine);
    if (loop->ring != NULL)
        ring_listen(loop->ring, loop->epoll);
}

bool loop_watch_tap(struct loop *loop, struct watched *watched)
{
    if (!watched->joined && loop->ring != NULL)
        watched->joined = tap_join(watched->device, loop->ring);
    return watched->joined || watch(loop, watched->device->ops->fd(watched->device), &watched->source);
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
    choose_engine(loop);
    loop->watched = watched;
    if (loop_watch_tap(loop, watched))
        return device;
    snprintf(error, error_size, "cannot watch TAP device \"%s\": %s", spec->name, strerror(errno));
    return NULL;
}

void loop_destroy(struct loop *loop)
{
    if (loop == NULL)
        return;
    for (struct watched *watched = loop->watched; watched != NULL; watched = watched->next)
        device_flush(watched->device); /* a slot that one writes may be of the pool of another */
    for (struct watched *next, *watched = loop->watched; watched != NULL; watched = next) {
        next = watched->next;
        watched->device->ops->close(watched->device);
        free(watched);
    }
    for (struct place *next, *place = loop->places; place != NULL; place = next) {
        next = place->next;
        place_destroy(place);
    }
    ring_destroy(loop->ring);
    if (loop->epoll >= 0)
        close(loop->epoll);
    if (loop->signals >= 0)
        close(loop->signals);
    if (loop->wall >= 0)
        close(loop->wall);
    free(loop);
}
