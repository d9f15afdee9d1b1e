/* A TAP device as a struct device: attached to when it exists, else created; frames in and out of it in
 * batches.
 *
 * States: open (fd >= 0; `up` says whether the kernel's end takes frames) and lost (fd < 0): the device was
 * removed, and tap_notice opens it again when one of its name appears. Slots have room for the largest frame
 * of the link, also when tapir's own MTU is lower (ETH-6).
 *
 * Read next: tap/loop.h. */
#ifndef TAP_TAP_H
#define TAP_TAP_H

#include "tap/device.h"
#include "tap/rtnl.h"

enum {
    TAP_SLOTS = 512, /* frames from one device that may be inside at once */
    TAP_ERROR = 256  /* octets for a message */
};

/* What to open, from the network file. Strings are not copied. */
struct tap_spec {
    const char *name;  /* of the device */
    const char *netns; /* named namespace, or NULL: our own */
    uint16_t mtu;      /* given to a device that is created, 0: the kernel's default */
    bool has_peer, has_gateway;
    struct ip4_prefix peer; /* for the kernel's end, and its default route */
    struct ip4 gateway;
};

/* Opens the device and sets up the kernel's end. NULL, with one line in `error` that says what to do and
 * nothing left behind, when that fails. The first TAP of a namespace needs a `struct rtnl` of that namespace:
 * the caller's. */
struct device *tap_open(const struct tap_spec *spec, struct rtnl *rtnl, char *error, size_t error_size);

/* What a notification says about the device: it came, went, or changed. True: device->up or its fd has
 * changed. */
bool tap_notice(struct device *device, const struct rtnl_link *link);

/* The device had been there before tap_open. */
bool tap_existed(const struct device *device);

#endif
