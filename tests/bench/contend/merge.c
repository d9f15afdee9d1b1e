/* merge: drain that writes a run of one flow as one super-frame. Reads up to 64 frames of a device, then writes them in order.
 * Next: runs.c */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/bench/contend/common.h"
#include "tests/bench/contend/runs.h"

#define STRIDE (LARGEST + 128)

struct batch {
    uint8_t *slots;
    struct frame frames[BATCH];
    size_t n;
};

static void write_run(int fd, struct frame *first, size_t n)
{
    struct iovec pieces[BATCH];
    frame_join(first, n, pieces);
    if (writev(fd, pieces, (int)n) < 0 && errno == EBADF)
        die("writev");
}

static void read_batch(struct batch *batch, int fd)
{
    for (batch->n = 0; batch->n < BATCH; batch->n++) {
        uint8_t *slot = batch->slots + batch->n * STRIDE;
        ssize_t size = read(fd, slot, LARGEST);
        if (size <= (ssize_t)sizeof(struct virtio_net_hdr) + ETHER_SIZE)
            return;
        frame_look(&batch->frames[batch->n], slot, (size_t)size);
    }
}

static void pass_on(const struct job *job, size_t from, struct batch *batch)
{
    read_batch(batch, job->taps[from].fd);
    for (size_t at = 0, n; at < batch->n; at += n) {
        struct frame *first = &batch->frames[at];
        n = frame_run(first, batch->n - at);
        int to = job->answer(job, from, first->ip - ETHER_SIZE, first->size);
        if (to >= 0)
            write_run(job->taps[to].fd, first, n);
    }
}

void run_merge(struct job *job)
{
    static struct batch batch;
    struct epoll_event events[2];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    batch.slots = aligned_alloc(64, (size_t)BATCH * STRIDE);
    for (size_t i = 0; i < job->n_taps; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        if (batch.slots == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, job->taps[i].fd, &event) < 0)
            die("epoll");
    }
    for (;;) {
        int n = epoll_wait(epoll, events, 2, -1);
        if (n < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < n; i++)
            pass_on(job, events[i].data.u64, &batch);
    }
}
