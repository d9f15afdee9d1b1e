#include "tap/tap_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap/log.h"
#include "tap/tun.h"
#include "tap/vnet.h"

enum {
    MTU_USUAL = 1500,
    FRAME_EXTRA =
        14 + 8 + 1, /* Ethernet header, two VLAN tags, one octet that shows a frame that did not fit */
    ROOM_LEAST = 2048
};

/* ---- attaching ---- */

/* A device of ours is set up, and silent until somebody uses it. Without IPv6 in the kernel it is silent
 * anyway. */
static bool set_up_created(const struct tap *tap, char *error, size_t size)
{
    (void)rtnl_quiet(tap->rtnl, tap->index);
    if (tap->spec.mtu != 0 && !rtnl_mtu(tap->rtnl, tap->index, tap->spec.mtu)) {
        snprintf(error, size, "cannot give TAP device \"%s\" an MTU of %u: %s", tap->spec.name, tap->spec.mtu,
                 strerror(errno));
        return false;
    }
    if (!rtnl_up(tap->rtnl, tap->index)) {
        snprintf(error, size, "cannot set TAP device \"%s\" up: %s", tap->spec.name, strerror(errno));
        return false;
    }
    return true;
}

/* The kernel's end, as `peer` in the network file asks for it. */
static bool set_up_peer(struct tap *tap, char *error, size_t size)
{
    if (!tap->spec.has_peer)
        return true;
    enum rtnl_result address = RTNL_FAILED, route = RTNL_ALREADY;
    if (rtnl_up(tap->rtnl, tap->index))
        address = rtnl_address(tap->rtnl, tap->index, tap->spec.peer, false);
    tap->has_address = address == RTNL_DONE;
    if (address != RTNL_FAILED && tap->spec.has_gateway) {
        route = rtnl_gateway(tap->rtnl, tap->index, tap->spec.gateway, false);
        tap->has_route = route == RTNL_DONE;
        if (route == RTNL_ALREADY)
            log_event(LOG_WARNING, "%s: the kernel has a default route already; it is kept", tap->label);
    }
    if (address != RTNL_FAILED && route != RTNL_FAILED)
        return true;
    snprintf(error, size, "cannot set up the kernel's end of TAP device \"%s\" (%s): %s", tap->spec.name,
             address == RTNL_FAILED ? "address" : "gateway", strerror(errno));
    return false;
}

/* Takes over what the kernel says about the device. */
static void learn(struct tap *tap, const struct rtnl_link *link)
{
    if (link->up != tap->device.up)
        log_event(LOG_INFO, "%s: the device is %s", tap->label, link->up ? "up" : "down");
    if (tap->memory != NULL && link->mtu != tap->device.mtu && link->mtu + FRAME_EXTRA > tap->room)
        log_event(LOG_WARNING, "%s: an MTU of %u is more than at the start: longer frames are lost",
                  tap->label, link->mtu);
    device_carry(&tap->device, link->up);
    tap->device.mtu = (uint16_t)(link->mtu < UINT16_MAX ? link->mtu : UINT16_MAX);
}

/* Undoes what was done to a device that stays. */
static void undo_peer(struct tap *tap)
{
    if (tap->has_route)
        (void)rtnl_gateway(tap->rtnl, tap->index, tap->spec.gateway, true);
    if (tap->has_address)
        (void)rtnl_address(tap->rtnl, tap->index, tap->spec.peer, true);
    tap->has_route = tap->has_address = false;
}

static void detach(struct tap *tap)
{
    int fd = tap->fd;
    tap->device.takes = 0;
    tap->fd = -1; /* what was on its way may fail now, and is not told */
    if (tap->port != NULL)
        ring_stop(tap->port);
    if (fd >= 0)
        close(fd);
    tap->index = 0;
    tap->readable = tap->moved = false;
    tap->has_route = tap->has_address = false;
    device_carry(&tap->device, false);
}

/* A router does not send what its link cannot take (RFC 1812 3.3.4). The kernel's end would swallow it, and lose it behind. Asked
 * before the device is opened: closing it again would be a change, and a change makes us try again. */
static bool takes_our_mtu(const struct tap *tap, const struct rtnl_link *link, char *error, size_t size)
{
    if (tap->spec.mtu <= link->mtu)
        return true;
    snprintf(
        error, size,
        "TAP device \"%s\" has an MTU of %u, less than our %u; write mtu = %u, or: ip link set %s mtu %u",
        tap->spec.name, link->mtu, tap->spec.mtu, link->mtu, tap->spec.name, tap->spec.mtu);
    errno = EMSGSIZE;
    if (tap->spec.is_default)
        log_event(LOG_WARNING, "%s", error);
    return tap->spec.is_default;
}

static bool wants_offload(const struct tap *tap)
{
    switch (tap->spec.offload) {
    case NETWORK_OFFLOAD_AUTO:
        return !tap->existed;
    case NETWORK_OFFLOAD_OFF:
        return false;
    case NETWORK_OFFLOAD_ON:
        break;
    }
    return true;
}

/* From lost to attached. False: `error` and errno say why, nothing is left behind. */
static bool attach(struct tap *tap, char *error, size_t size)
{
    struct rtnl_link link;
    tap->existed = rtnl_lookup(tap->rtnl, tap->spec.name, &link);
    if (tap->existed && !takes_our_mtu(tap, &link, error, size))
        return false;
    if (tap->memory ==
        NULL) /* slots of a ring are laid out with room for it, and stay so when the device comes back */
        tap->headers = wants_offload(tap);
    tap->fd = tun_open(tap->netns, tap->spec.name, tap->existed, tap->headers, error, size);
    if (tap->fd < 0)
        return false;
    bool fine = rtnl_lookup(tap->rtnl, tap->spec.name, &link);
    if (!fine)
        snprintf(error, size, "TAP device \"%s\" was removed while it was opened", tap->spec.name);
    tap->index = link.index;
    fine = fine && (tap->existed || set_up_created(tap, error, size)) && set_up_peer(tap, error, size) &&
           rtnl_lookup(tap->rtnl, tap->spec.name, &link);
    if (!fine) {
        undo_peer(tap);
        detach(tap);
        return false;
    }
    tap->readable = tap->port == NULL;
    tap->device.takes =
        tun_offload(tap->fd, wants_offload(tap)); /* off: who was killed may have left it on */
    if (tap->port != NULL)
        ring_start(tap->port, tap->fd);
    learn(tap, &link);
    if (!link.up)
        log_event(LOG_WARNING, "%s is down; set it up with: ip link set %s up", tap->label, tap->spec.name);
    return true;
}

void tap_lose(struct tap *tap)
{
    log_event(LOG_WARNING, "%s: the device was removed; waiting for it to come back", tap->label);
    detach(tap);
}

static int tap_fd(const struct device *device)
{
    const struct tap *tap = (const void *)device;
    return tap->fd;
}

static tapir_instant tap_deadline(const struct device *device)
{
    const struct tap *tap = (const void *)device;
    return tap->readable ? (tapir_instant){0} : TAPIR_NEVER;
}

static void tap_close(struct device *device)
{
    struct tap *tap = tap_of(device);
    if (tap->existed && !tap->moved)
        undo_peer(tap);
    if (tap->existed && tap->headers && tap->fd >= 0)
        tun_offload(tap->fd, false);
    detach(tap);
    ring_close(tap->port);
    if (tap->memory != NULL)
        munmap(tap->memory, tap->memory_size);
    free(tap);
}

static const struct device_ops tap_ops = {tap_rx, tap_tx, tap_fd, tap_deadline, tap_close, tap_flush};

/* ---- life ---- */

/* Room for the largest frame of the link. The memory is only used up to the peak of frames inside. */
static bool make_pool(struct tap *tap)
{
    uint32_t mtu = tap->device.mtu > MTU_USUAL ? tap->device.mtu : MTU_USUAL;
    size_t room = mtu + FRAME_EXTRA > ROOM_LEAST ? mtu + FRAME_EXTRA : ROOM_LEAST;
    if (tap->headers)
        room = VNET_FRAME_MAX + 1;
    tap->room = room;
    tap->memory_size = TAP_SLOTS * pool_stride(room);
    tap->memory = mmap(NULL, tap->memory_size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (tap->memory == MAP_FAILED) {
        tap->memory = NULL;
        return false;
    }
    pool_init(&tap->pool, tap->memory, TAP_SLOTS, room);
    tap->device.pool = &tap->pool;
    return true;
}

struct device *tap_open(const struct tap_spec *spec, const struct netns *netns, struct rtnl *rtnl,
                        char *error, size_t error_size)
{
    struct tap *tap = calloc(1, sizeof *tap);
    if (tap == NULL) {
        snprintf(error, error_size, "no memory");
        return NULL;
    }
    *tap = (struct tap){.device.ops = &tap_ops, .spec = *spec, .netns = netns, .rtnl = rtnl, .fd = -1};
    snprintf(tap->device.name, sizeof tap->device.name, "%s", spec->name);
    if (spec->netns == NULL)
        snprintf(tap->label, sizeof tap->label, "%.15s", spec->name);
    else
        snprintf(tap->label, sizeof tap->label, "%.15s in %.40s", spec->name, spec->netns);
    if (!attach(tap, error, error_size)) {
        free(tap);
        return NULL;
    }
    if (!make_pool(tap)) {
        snprintf(error, error_size, "no memory for the frames of TAP device \"%s\"", spec->name);
        tap_close(&tap->device);
        return NULL;
    }
    return &tap->device;
}

struct mac tap_mac(const struct device *device)
{
    return tun_mac(tap_fd(device));
}

/* The kernel's end left our namespace. The TAP follows its file, not its name: when it lives on, somebody
 * moved it. */
static void part(struct tap *tap)
{
    if (!tun_is_attached(tap->fd)) {
        tap_lose(tap);
        return;
    }
    log_event(LOG_INFO, "%s: the device was moved to another network namespace", tap->label);
    tap->moved = true;
    device_carry(&tap->device, true);
}

enum tap_change tap_notice(struct device *device, const struct rtnl_link *link)
{
    struct tap *tap = tap_of(device);
    if (tap->fd < 0)
        return link->gone || strcmp(link->name, tap->spec.name) != 0 ? TAP_SAME : tap_return(device);
    if (link->index != tap->index || tap->moved)
        return TAP_SAME;
    if (link->gone)
        part(tap);
    else
        learn(tap, link);
    return TAP_SAME;
}

enum tap_change tap_return(struct device *device)
{
    struct tap *tap = tap_of(device);
    struct rtnl_link link;
    char error[TAP_ERROR];

    bool exists = rtnl_lookup(tap->rtnl, tap->spec.name, &link);
    if (tap->fd >= 0 && !tap->moved) {
        if (exists && link.index == tap->index)
            learn(tap, &link);
        else
            part(tap);
    }
    if (tap->fd >= 0 || !exists)
        return TAP_SAME;
    if (attach(tap, error, sizeof error)) {
        log_event(LOG_WARNING, "%s: the device is back", tap->label);
        return TAP_ATTACHED;
    }
    if (errno == EBUSY)
        return TAP_BUSY;
    log_event(LOG_WARNING, "%s: %s", tap->label, error);
    return TAP_SAME;
}
