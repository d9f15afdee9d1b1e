#include "tap/ring.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "tap/ring_inside.h"

enum {
    QUEUE = 256,        /* requests between two system calls; more go in two calls */
    COMPLETIONS = 4096, /* what has happened between two; more wait inside the kernel */
    NS_PER_S = 1000000000
};

/* ---- birth ---- */

/* Multishot reads came with Linux 6.7; all else that is used here is older. */
static bool is_able(struct io_uring *uring)
{
    struct io_uring_probe *probe = io_uring_get_probe_ring(uring);
    bool is = probe != NULL && io_uring_opcode_supported(probe, RING_READ_MULTISHOT);
    io_uring_free_probe(probe);
    return is;
}

/* One thread asks, and the kernel does nothing for us behind our back: frames are copied when we call. */
struct ring *ring_create(void)
{
    struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                                              IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_CQSIZE,
                                     .cq_entries = COMPLETIONS};
    struct ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL)
        return NULL;
    ring->ear = -1;
    int result = io_uring_queue_init_params(QUEUE, &ring->uring, &params);
    if (result == 0 && is_able(&ring->uring))
        return ring;
    if (result == 0)
        io_uring_queue_exit(&ring->uring);
    free(ring);
    errno = result == 0 ? EOPNOTSUPP : -result;
    return NULL;
}

void ring_destroy(struct ring *ring)
{
    if (ring == NULL)
        return;
    io_uring_queue_exit(&ring->uring);
    free(ring->ports);
    free(ring);
}

/* ---- requests ---- */

/* Fine, or a matter of trying again. */
static bool is_passing(int result)
{
    return result == -EBUSY || result == -EAGAIN || result == -EINTR || result == -ETIME;
}

struct io_uring_sqe *ring_request(struct ring *ring, uint64_t data, enum ring_kind kind)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring->uring);
    while (request == NULL) {
        int result = io_uring_submit(&ring->uring);
        if (result < 0 && !is_passing(result))
            return NULL;
        if (result < 0)
            ring_reap(ring);
        request = io_uring_get_sqe(&ring->uring);
    }
    *request = (struct io_uring_sqe){.user_data = data | kind};
    return request;
}

/* One that ends when it has been told: it tells of what there is when it is made, too. */
static void hear(struct ring *ring)
{
    struct io_uring_sqe *request = ring->ear < 0 || ring->hears ? NULL : ring_request(ring, 0, RING_EAR);
    if (request == NULL)
        return;
    io_uring_prep_poll_add(request, ring->ear, POLLIN);
    ring->hears = true;
}

void ring_listen(struct ring *ring, int fd)
{
    ring->ear = fd;
}

/* ---- completions ---- */

static void settle(struct ring *ring, uint64_t data, int result, uint32_t flags)
{
    void *subject = (void *)(uintptr_t)(data & ~(uint64_t)RING_KINDS); // NOLINT
    switch ((enum ring_kind)(data & RING_KINDS)) {
    case RING_WRITE:
        ring_port_wrote(ring, subject, result);
        return;
    case RING_READ:
        ring_port_read(subject, result, flags);
        return;
    case RING_EAR:
        ring->hears = false;
        ring->news = RING_READABLE;
        return;
    case RING_CANCEL:
        return;
    }
}

/* Each is taken off the queue before it is told: who is told may wait for others. To look at an empty queue would call the
 * system when something has just happened. */
void ring_reap(struct ring *ring)
{
    struct io_uring_cqe *entry;
    while (io_uring_cq_ready(&ring->uring) > 0 && io_uring_peek_cqe(&ring->uring, &entry) == 0) {
        struct io_uring_cqe told = *entry;
        io_uring_cqe_seen(&ring->uring, entry);
        settle(ring, told.user_data, told.res, told.flags);
    }
}

bool ring_await_one(struct ring *ring)
{
    int result = io_uring_submit_and_wait(&ring->uring, 1);
    ring_reap(ring);
    return result >= 0 || is_passing(result);
}

/* The kernel has something, as it says in memory that we share. */
static bool has_news(const struct ring *ring)
{
    unsigned flags = IO_URING_READ_ONCE(*ring->uring.sq.kflags);
    return io_uring_cq_ready(&ring->uring) > 0 || (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
}

/* Writes complete while they are handed over: to wait for one more than those is to wait for a frame. */
static int submit_and_sleep(struct ring *ring, int64_t ns)
{
    unsigned wait_for = ring->writing < COMPLETIONS / 2 ? ring->writing + 1 : 0;
    struct __kernel_timespec timeout = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
    struct io_uring_cqe *entry;
    if (ns == INT64_MAX)
        return io_uring_submit_and_wait(&ring->uring, wait_for);
    return io_uring_submit_and_wait_timeout(&ring->uring, &entry, wait_for, &timeout, NULL);
}

enum ring_news ring_wait(struct ring *ring, int64_t ns)
{
    int result = 0;
    ring->news = RING_QUIET;
    ring_refill(ring);
    hear(ring);
    if (ns > 0)
        result = submit_and_sleep(ring, ns);
    else if (io_uring_sq_ready(&ring->uring) > 0 || has_news(ring))
        result = io_uring_submit_and_get_events(&ring->uring);
    ring_reap(ring);
    if (result >= 0 || is_passing(result))
        return ring->news;
    errno = -result;
    return RING_FAILED;
}
