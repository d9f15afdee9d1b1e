/* uring: multishot reads into a ring of provided buffers for each device, writes submitted together, one io_uring_enter a
 * turn. A frame is written from the buffer that it was read into; the buffer goes back when the write is complete. With
 * `merge` a run of one flow in what a turn has read is one write. Next: merge.c */
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>

#include "tests/bench/contend/common.h"
#include "tests/bench/contend/runs.h"

/* liburing 2.3 has no name for it. */
#define READ_MULTISHOT 49
#define BUFFERS        256
/* An odd number of cache lines, else all frames begin in the same set of the cache. */
#define PLAIN_STRIDE (2048 + 64)
#define LARGE_STRIDE (LARGEST + 128)

#define NONE 0xffff

enum kind {
    READ,
    WRITE
};

/* `frames` to `n`: what this turn has read of a device, in order; `next` chains the buffers of one write. */
struct pool {
    struct frame frames[BUFFERS];
    struct iovec pieces[BUFFERS];
    unsigned short buffers[BUFFERS], next[BUFFERS];
    unsigned n;
    struct io_uring_buf_ring *ring;
    uint8_t *bytes;
    size_t stride;
    unsigned free;
    bool armed;
};

struct engine {
    const struct job *job;
    struct io_uring ring;
    struct pool pools[2];
    unsigned writes;
    bool merge;
};

static uint64_t label(enum kind kind, size_t device, unsigned buffer)
{
    return (uint64_t)kind << 32 | (uint64_t)device << 16 | buffer;
}

static void give_back(struct pool *pool, unsigned buffer)
{
    io_uring_buf_ring_add(pool->ring, pool->bytes + buffer * pool->stride, (unsigned)pool->stride,
                          (unsigned short)buffer, io_uring_buf_ring_mask(BUFFERS), 0);
    io_uring_buf_ring_advance(pool->ring, 1);
    pool->free++;
}

static void make_pool(struct engine *engine, size_t device)
{
    struct pool *pool = &engine->pools[device];
    struct io_uring_buf_reg registration = {.ring_entries = BUFFERS, .bgid = (uint16_t)device};
    pool->stride = engine->job->virtio > 0 ? LARGE_STRIDE : PLAIN_STRIDE;
    pool->bytes = aligned_alloc(64, BUFFERS * pool->stride);
    pool->ring = aligned_alloc(4096, BUFFERS * sizeof(struct io_uring_buf));
    registration.ring_addr = (uintptr_t)pool->ring;
    if (pool->bytes == NULL || pool->ring == NULL ||
        io_uring_register_buf_ring(&engine->ring, &registration, 0) < 0)
        die("buffer ring");
    io_uring_buf_ring_init(pool->ring);
    for (unsigned i = 0; i < BUFFERS; i++)
        give_back(pool, i);
}

static struct io_uring_sqe *take_sqe(struct engine *engine)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&engine->ring);
    if (sqe == NULL)
        die("submission queue");
    return sqe;
}

static void arm(struct engine *engine, size_t device)
{
    struct io_uring_sqe *sqe = take_sqe(engine);
    io_uring_prep_rw(READ_MULTISHOT, sqe, engine->job->taps[device].fd, NULL, 0, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = (uint16_t)device;
    sqe->user_data = label(READ, device, 0);
    engine->pools[device].armed = true;
}

static void frame_read(struct engine *engine, size_t device, const struct io_uring_cqe *cqe)
{
    struct pool *pool = &engine->pools[device];
    const struct job *job = engine->job;
    pool->armed = (cqe->flags & IORING_CQE_F_MORE) != 0;
    if ((cqe->flags & IORING_CQE_F_BUFFER) == 0) {
        if (cqe->res == -EINVAL)
            die("multishot read: kernel older than 6.7");
        return;
    }
    unsigned buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
    uint8_t *bytes = pool->bytes + buffer * pool->stride;
    pool->free--;
    if (cqe->res <= (int)job->virtio ||
        job->answer(job, device, bytes + job->virtio, (size_t)cqe->res - job->virtio) < 0) {
        give_back(pool, buffer);
        return;
    }
    pool->pieces[pool->n] = (struct iovec){.iov_base = bytes, .iov_len = (size_t)cqe->res};
    if (engine->merge)
        frame_look(&pool->frames[pool->n], bytes, (size_t)cqe->res);
    pool->buffers[pool->n++] = (unsigned short)buffer;
}

/* The kernel has read `pieces` when the submission returns. */
static void write_run(struct engine *engine, size_t device, unsigned at, unsigned n)
{
    struct pool *pool = &engine->pools[device];
    struct io_uring_sqe *sqe = take_sqe(engine);
    int fd = engine->job->taps[engine->job->n_taps == 1 ? 0 : !device].fd;
    for (unsigned i = at; i < at + n; i++)
        pool->next[pool->buffers[i]] = i + 1 < at + n ? pool->buffers[i + 1] : NONE;
    if (n > 1)
        frame_join(&pool->frames[at], n, &pool->pieces[at]);
    if (n > 1)
        io_uring_prep_writev(sqe, fd, &pool->pieces[at], n, 0);
    else
        io_uring_prep_write(sqe, fd, pool->pieces[at].iov_base, (unsigned)pool->pieces[at].iov_len, 0);
    sqe->user_data = label(WRITE, device, pool->buffers[at]);
    engine->writes++;
}

static void write_all(struct engine *engine, size_t device)
{
    struct pool *pool = &engine->pools[device];
    for (unsigned at = 0, n; at < pool->n; at += n) {
        n = engine->merge ? (unsigned)frame_run(&pool->frames[at], pool->n - at) : 1;
        write_run(engine, device, at, n);
    }
    pool->n = 0;
}

static void complete(struct engine *engine, const struct io_uring_cqe *cqe)
{
    size_t device = cqe->user_data >> 16 & 1;
    if (cqe->user_data >> 32 == READ) {
        frame_read(engine, device, cqe);
        return;
    }
    struct pool *pool = &engine->pools[device];
    for (unsigned buffer = cqe->user_data & 0xffff, next; buffer != NONE; buffer = next) {
        next = pool->next[buffer];
        give_back(pool, buffer);
    }
    engine->writes--;
}

/* All writes under way and, if all devices are read, one frame more. */
static unsigned arm_and_count(struct engine *engine)
{
    bool all = true;
    for (size_t i = 0; i < engine->job->n_taps; i++) {
        if (!engine->pools[i].armed && engine->pools[i].free > 0)
            arm(engine, i);
        all &= engine->pools[i].armed;
    }
    return engine->writes + all;
}

static void open_ring(struct engine *engine)
{
    struct io_uring_params params = {.flags = IORING_SETUP_CQSIZE, .cq_entries = 4096};
    params.flags |= IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    if (io_uring_queue_init_params(1024, &engine->ring, &params) == 0)
        return;
    params = (struct io_uring_params){.flags = IORING_SETUP_CQSIZE, .cq_entries = 4096};
    errno = -io_uring_queue_init_params(1024, &engine->ring, &params);
    if (errno != 0)
        die("io_uring");
}

void run_uring(struct job *job, bool merge)
{
    static struct engine engine;
    engine.job = job;
    engine.merge = merge;
    open_ring(&engine);
    for (size_t i = 0; i < job->n_taps; i++)
        make_pool(&engine, i);
    for (;;) {
        struct io_uring_cqe *cqe;
        unsigned head, n = 0, wanted = arm_and_count(&engine);
        int result = io_uring_submit_and_wait(&engine.ring, wanted);
        if (result < 0 && result != -EINTR)
            die("io_uring_enter");
        io_uring_for_each_cqe(&engine.ring, head, cqe)
        {
            complete(&engine, cqe);
            n++;
        }
        io_uring_cq_advance(&engine.ring, n);
        for (size_t i = 0; i < job->n_taps; i++)
            write_all(&engine, i);
    }
}
