/* A device: something that frames come from and go to. TAP devices, in-memory cables and capture files are
 * one shape to tap/node, which alone reads and writes them.
 *
 * Read next: tap/node.h. */
#ifndef TAP_DEVICE_H
#define TAP_DEVICE_H

#include "core/packet.h"
#include "core/pool.h"

enum {
    DEVICE_BATCH = 64 /* frames a device hands over at most in one go */
};

struct device;

/* Rung when there is something new that whoever waits for it cannot know: how it is answered is up to its owner. */
struct bell {
    void (*ring)(struct bell *bell);
};

struct device_ops {
    /* Reads at most `max` frames into empty slots of the device's pool, `arrived` and `iface` not yet set. 0:
     * nothing more for now, or no slot. Never blocks. */
    size_t (*rx_batch)(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now);
    /* Takes frames over to write them, and sends each one home when it is done with it: at once, or by `flush` at the
     * latest. What the device cannot write it counts in `lost`. */
    void (*tx_batch)(struct device *device, struct tapir_packet *const packets[], size_t n,
                     tapir_instant now);
    /* For epoll; -1: none. */
    int (*fd)(const struct device *device);
    /* When rx_batch will have a frame: at once while an fd is known to be readable, TAPIR_NEVER for empty devices. */
    tapir_instant (*deadline)(const struct device *device);
    void (*close)(struct device *device);
    /* All that was taken over is home when this returns. NULL: tx_batch never keeps anything. */
    void (*flush)(struct device *device);
};

struct device {
    const struct device_ops *ops;
    char name[16];
    bool up;       /* carrier; the node tells its stack when it changes */
    uint16_t mtu;  /* of the kernel's end, 0: unknown */
    uint8_t takes; /* beyond whole frames: bits of TAPIR_TAKES; the node tells its stack when it changes */
    struct pool *pool;
    struct bell *
        bell; /* rung when the deadline or the carrier changed by anything but rx_batch; NULL: nobody listens */
    uint64_t received, sent, lost;
};

/* Tells whoever waits for the device to look again. */
static inline void device_ring(const struct device *device)
{
    if (device->bell != NULL)
        device->bell->ring(device->bell);
}

/* Sends frames home. */
static inline void device_release(struct tapir_packet *const packets[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        packet_release(packets[i]);
}

/* Waits until the memory of frames that were sent is nobody's any more. */
static inline void device_flush(struct device *device)
{
    if (device->ops->flush != NULL)
        device->ops->flush(device);
}

/* Gives or takes the carrier. */
static inline void device_carry(struct device *device, bool up)
{
    device->up = up;
    device_ring(device);
}

#endif
