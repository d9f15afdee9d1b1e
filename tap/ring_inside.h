/* What a ring holds, for the two files that know: ring.c has the queues, ring_port.c the devices. */
#ifndef TAP_RING_INSIDE_H
#define TAP_RING_INSIDE_H

#include <liburing.h>

#include "tap/ring.h"

enum {
    RING_READ_MULTISHOT = 49 /* an opcode that liburing 2.3 does not know */
};

/* What a request was for: the low bits of its user_data, over a pointer to the packet or the port. */
enum ring_kind {
    RING_WRITE,
    RING_READ,
    RING_EAR,
    RING_CANCEL,
    RING_KINDS = 3 /* the mask */
};

struct ring {
    struct io_uring uring;
    struct ring_port **ports; /* by number; NULL: free */
    struct ring_port *hungry; /* may have room for more buffers, or reads no more */
    size_t n_ports;
    unsigned writing; /* frames that are being written at all ports */
    int ear;
    bool hears;
    enum ring_news news;
};

struct ring_port {
    struct ring *ring;
    struct pool *pool;
    struct ring_user *user;
    struct io_uring_buf_ring *buffers;
    struct tapir_packet *lent[RING_BUFFERS], *arrived[RING_BUFFERS]; /* by place; rings */
    unsigned next_lent, n_lent, first, n_arrived;
    unsigned most;    /* slots in both: as many as frames of this size should be read ahead */
    size_t waiting;   /* octets of those that have arrived */
    unsigned writing; /* frames that are being written */
    unsigned number;
    int fd; /* -1: stopped */
    bool reads, is_hungry;
    struct ring_port *next_hungry;
};

/* An empty request. NULL: the system refuses. */
struct io_uring_sqe *ring_request(struct ring *ring, uint64_t data, enum ring_kind kind);

/* Tells of all that has happened. */
void ring_reap(struct ring *ring);

/* Hands requests over, sleeps until one is done, and tells of it. False: the system refuses. */
bool ring_await_one(struct ring *ring);

/* Gives all hungry ports what they lack. */
void ring_refill(struct ring *ring);

/* What became of a read of the port, and of the write of a packet. */
void ring_port_read(struct ring_port *port, int result, uint32_t flags);
void ring_port_wrote(struct ring *ring, struct tapir_packet *packet, int result);

#endif
