/* epoll and drain: wait, then read and write up to so many frames of each device that has some. Next: uring.c */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/bench/contend/common.h"

static bool pass_on(const struct job *job, size_t from)
{
    static uint8_t frame[LARGEST];
    ssize_t size = read(job->taps[from].fd, frame, sizeof frame);
    if (size <= (ssize_t)job->virtio)
        return false;
    int to = job->answer(job, from, frame + job->virtio, (size_t)size - job->virtio);
    /* A frame that the device does not take is lost, as on a wire. */
    if (to >= 0 && write(job->taps[to].fd, frame, (size_t)size) < 0 && errno == EBADF)
        die("write");
    return true;
}

void run_epoll(struct job *job, unsigned frames_per_wake_up)
{
    struct epoll_event events[2];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < job->n_taps; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, job->taps[i].fd, &event) < 0)
            die("epoll");
    }
    for (;;) {
        int n = epoll_wait(epoll, events, 2, -1);
        if (n < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < n; i++)
            for (unsigned left = frames_per_wake_up; left > 0 && pass_on(job, events[i].data.u64); left--)
                ;
    }
}
