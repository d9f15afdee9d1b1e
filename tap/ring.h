/* The io_uring: frames of TAP devices come and go by it, many with one system call.
 *
 * A port is the ring's end of one device. Its reads are one request that never ends (READ_MULTISHOT): the kernel takes slots of
 * the device's own pool from a ring of buffers that both know, fills them, and tells of each; nothing is copied. Writes wait in
 * the submission queue until ring_wait, which hands over all of a turn, takes what has arrived and sleeps in one call.
 * Limits: RING_BUFFERS slots wait for frames at a port, of large frames fewer; a port's number is 16 bits.
 *
 * Read next: tap/tap.c. */
#ifndef TAP_RING_H
#define TAP_RING_H

#include "tap/device.h"

#include <sys/uio.h>

struct ring;
struct ring_port;

enum {
    RING_BUFFERS = 128 /* twice a batch: the kernel fills the one while we work on the other */
};

/* The device behind a port. It is called from within ring_wait, ring_write and ring_stop. */
struct ring_user {
    struct iovec (*area)(struct ring_user *user,
                         const struct tapir_packet *packet); /* of an empty slot: where a frame is read */
    void (*arrived)(struct ring_user *user);                 /* ring_take has a frame */
    void (*written)(struct ring_user *user, int error);      /* a frame has gone home; 0, or errno */
    void (*broken)(struct ring_user *user, int error);       /* a read has failed; it is tried again unless
                                                                * the port is stopped */
};

/* NULL with errno: there is none here, we may not have one, or it is too old for this. */
struct ring *ring_create(void);

/* All ports are gone by then. NULL is fine. */
void ring_destroy(struct ring *ring);

/* ring_wait says when this can be read. */
void ring_listen(struct ring *ring, int fd);

/* Hands over what is to be written, and takes what has arrived. Without either it sleeps for `ns` nanoseconds at most;
 * INT64_MAX: as long as it takes. What stands in shared memory costs no system call. */
enum ring_news {
    RING_FAILED = -1, /* errno */
    RING_QUIET,
    RING_FRAMES,
    RING_READABLE /* what ring_listen named; to be read at once */
};
enum ring_news ring_wait(struct ring *ring, int64_t ns);

/* A port for a device with this pool; its slots go to the kernel and come back with frames. NULL with errno. */
struct ring_port *ring_open(struct ring *ring, struct pool *pool, struct ring_user *user);

/* From now on it reads this. */
void ring_start(struct ring_port *port, int fd);

/* It reads no more, and no frame is being written: the descriptor may be closed. */
void ring_stop(struct ring_port *port);

/* The next frame; its `size` is how much of the area was filled. NULL: none has come. */
struct tapir_packet *ring_take(struct ring_port *port);

/* Takes the packet over: writes the area and sends the packet home. */
void ring_write(struct ring_port *port, struct tapir_packet *packet, struct iovec area);

/* All that the port writes is written and home when this returns. */
void ring_flush(struct ring_port *port);

/* Stops and frees the port; slots that wait in it are the pool's again. NULL is fine. */
void ring_close(struct ring_port *port);

#endif
