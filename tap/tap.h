/* A TAP device as a struct device: attached to when it exists, else created; frames in and out of it in
 * batches.
 *
 * States: attached (it has an fd; `up` says whether the kernel's end takes frames) and lost (fd -1): the
 * device was removed, and tap_notice attaches again when one of its name appears. Slots have room for the
 * largest frame of the link, also when tapir's own MTU is lower (ETH-6).
 *
 * Read next: tap/loop.h. */
#ifndef TAP_TAP_H
#define TAP_TAP_H

#include "tap/device.h"
#include "tap/netns.h"
#include "tap/network.h"
#include "tap/ring.h"
#include "tap/rtnl.h"

enum {
    TAP_SLOTS = 512, /* frames of one device that may be inside at once */
    TAP_ERROR = 512  /* octets for a message */
};

/* What to open, from the network file. Strings are not copied. */
struct tap_spec {
    const char *name;  /* of the device */
    const char *netns; /* for messages alone: the name of its namespace; NULL: our own */
    uint16_t mtu;      /* given to a device that is created, and asked of one that exists; 0: any */
    bool is_default;   /* nobody has written that MTU: one that exists and has less is only warned about */
    enum network_offload offload;
    bool has_peer, has_gateway;
    struct ip4_prefix peer; /* for the kernel's end, and its default route */
    struct ip4 gateway;
};

/* What a notification meant for the device. */
enum tap_change {
    TAP_SAME,     /* nothing, or only `up` and `mtu` */
    TAP_ATTACHED, /* it is back, with a new fd */
    TAP_BUSY /* it is back, but another program holds it: likely the one that makes it; try again in a moment
              */
};

/* Attaches to the device, or creates it, and sets up the kernel's end. `rtnl` was opened inside `netns`; both
 * must outlive the device. NULL, with one line in `error` that says what to do and nothing left behind, when
 * that fails. */
struct device *tap_open(const struct tap_spec *spec, const struct netns *netns, struct rtnl *rtnl,
                        char *error, size_t error_size);

/* The MAC of the kernel's end; zero: the device is lost. */
struct mac tap_mac(const struct device *device);

/* The kernel said something about a device in the TAP's namespace. */
enum tap_change tap_notice(struct device *device, const struct rtnl_link *link);

/* Attaches again, if it is lost, exists, and nobody holds it; looks how it is in any case. */
enum tap_change tap_return(struct device *device);

/* From now on frames come and go by this ring, which outlives the device; whoever owns it calls ring_wait. False with errno:
 * the ring has no port left, and the device stays with system calls of its own. */
bool tap_join(struct device *device, struct ring *ring);

/* There is something to read, says epoll; rx_batch makes no system call otherwise. */
void tap_readable(struct device *device);

#endif
