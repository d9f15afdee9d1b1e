/* What a TAP device holds, for the two files that know: tap.c attaches it and lets it go, tap_frames.c reads and writes. */
#ifndef TAP_TAP_INSIDE_H
#define TAP_TAP_INSIDE_H

#include "tap/tap.h"

struct tap {
    struct device device; /* first: the face is the tap */
    struct tap_spec spec;
    const struct netns *netns;
    struct rtnl *rtnl;
    char label[64]; /* for the log: its name, and its namespace where it has one of its own */
    int fd, index;
    bool existed; /* before we came: what we add to it is removed again */
    bool moved;   /* to a namespace of which we hear nothing */
    bool readable;
    bool headers;       /* a virtio-net header stands before each frame */
    tapir_instant last; /* when it was readable */
    unsigned alone;     /* wake-ups that will read one frame */
    struct ring_user user;
    struct ring_port *port;      /* NULL: each frame is a system call */
    bool has_address, has_route; /* added by us */
    struct pool pool;
    void *memory;
    size_t memory_size, room; /* room: octets of a slot for a frame, and one more */
};

static inline struct tap *tap_of(struct device *device)
{
    return (void *)device;
}

/* The device was removed. */
void tap_lose(struct tap *tap);

/* See struct device_ops. */
size_t tap_rx(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now);
void tap_tx(struct device *device, struct tapir_packet *const packets[], size_t n, tapir_instant now);
void tap_flush(struct device *device);

#endif
