/* Frames of a TAP device, in and out, by system calls of its own or by a ring. The device itself is in tap.c. */
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "tap/tap_inside.h"
#include "tap/vnet.h"

enum {
    SEGMENTS_MAX =
        256, /* of a batch, and those of one super-frame: where they must be sent apart the store has as many slots */
    ALONE = 8,      /* wake-ups that read one frame alone, before one that looks for more */
    RUSH_NS = 10000 /* wake-ups that follow each other so quickly do not bring frames one by one */
};

/* Octets before the frame that are read and written with it: they lie in the headroom. */
static size_t header_size(const struct tap *tap)
{
    return tap->headers ? VNET_HEADER : 0;
}

/* What of an empty slot a frame is read into. */
static struct iovec area_to_read(const struct tap *tap, const struct tapir_packet *packet)
{
    size_t header = header_size(tap);
    return (struct iovec){packet->data - header, header + packet->tailroom};
}

/* What of a packet is written. */
static struct iovec area_to_write(const struct tap *tap, const struct tapir_packet *packet)
{
    size_t header = header_size(tap);
    if (tap->headers)
        vnet_build(packet->data - header, &packet->offload, packet->data);
    return (struct iovec){packet->data - header, header + packet->size};
}

/* `size` octets were read, with what stands before the frame. One that fills all the room may have lost its end, and is
 * lost. */
static bool accept_frame(struct tap *tap, struct tapir_packet *packet, size_t size)
{
    size_t header = header_size(tap);
    bool is_whole = size > header && size - header < packet->tailroom;
    if (is_whole && (!tap->headers || vnet_parse(packet->data - header, &packet->offload))) {
        packet->size = (uint32_t)(size - header);
        packet->tailroom -= packet->size;
        return true;
    }
    tap->device.lost++;
    return false;
}

/* Frames that it would be without offloads, or a few more. */
static uint32_t segments_of(const struct tapir_packet *packet)
{
    return packet->offload.segment == 0 ? 1 : packet->size / packet->offload.segment + 1;
}

/* Down (EIO) and removed devices are not tried again before the kernel tells of a change. */
static void look_into(struct tap *tap, int error)
{
    if (error == EIO && !tap->moved)
        device_carry(&tap->device, false);
    if (error == EBADFD || error == ENODEV)
        tap_lose(tap);
}

static bool takes_frames(const struct tap *tap)
{
    return tap->fd >= 0 && (tap->device.up || tap->moved);
}

/* Reads one frame. False: there is none. */
static bool read_frame(struct tap *tap, struct tapir_packet *packet)
{
    struct iovec area = area_to_read(tap, packet);
    ssize_t size;
    while ((size = read(tap->fd, area.iov_base, area.iov_len)) >= 0)
        if (accept_frame(tap, packet, (size_t)size))
            return true;
    tap->readable = errno == EINTR;
    if (errno == EBADFD || errno == ENODEV)
        tap_lose(tap);
    return false;
}

/* Where frames have come one by one, one read is enough: the next one, which would only find nothing, is left to epoll, which
 * is asked anyway. It looks nevertheless when frames come quickly, and now and then. */
static bool expects_one(struct tap *tap, tapir_instant now)
{
    int64_t since = now.ns - tap->last.ns;
    tap->last = now;
    tap->alone = since < RUSH_NS || tap->alone == 0 ? 0 : tap->alone - 1;
    return tap->alone > 0;
}

/* In seven of eight wake-ups that each bring one frame it saves one of four system calls; a batch costs one more at most. */
static size_t read_frames(struct tap *tap, struct tapir_packet *packets[], size_t max, tapir_instant now)
{
    bool one = tap->readable && expects_one(tap, now);
    size_t n = 0;
    uint32_t segments = 0;
    while (n < max && segments < SEGMENTS_MAX && tap->readable) {
        struct tapir_packet *packet = pool_take(&tap->pool);
        if (packet == NULL)
            break;
        if (!read_frame(tap, packet)) {
            tap->pool.face.give(&tap->pool.face, packet);
            tap->alone = n == 1 ? ALONE : 0;
            break;
        }
        segments += segments_of(packet);
        packets[n++] = packet;
        tap->readable = !one;
    }
    return n;
}

/* What the ring has read. */
static size_t take_frames(struct tap *tap, struct tapir_packet *packets[], size_t max)
{
    size_t n = 0;
    uint32_t segments = 0;
    while (n < max && segments < SEGMENTS_MAX && tap->readable) {
        struct tapir_packet *packet = ring_take(tap->port);
        tap->readable = packet != NULL;
        if (packet == NULL)
            break;
        if (!accept_frame(tap, packet, packet->size)) {
            packet_release(packet);
            continue;
        }
        segments += segments_of(packet);
        packets[n++] = packet;
    }
    return n;
}

size_t tap_rx(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now)
{
    struct tap *tap = tap_of(device);
    size_t n = tap->port != NULL ? take_frames(tap, packets, max) : read_frames(tap, packets, max, now);
    device->received += n;
    return n;
}

static void written(struct tap *tap, int error)
{
    tap->device.sent += error == 0;
    tap->device.lost += error != 0;
    if (error != 0 && tap->fd >= 0)
        look_into(tap, error);
}

static void send_frame(struct tap *tap, struct tapir_packet *packet)
{
    if (takes_frames(tap) && tap->port != NULL) {
        ring_write(tap->port, packet, area_to_write(tap, packet));
        return;
    }
    if (takes_frames(tap)) {
        struct iovec area = area_to_write(tap, packet);
        written(tap, write(tap->fd, area.iov_base, area.iov_len) >= 0 ? 0 : errno);
    } else {
        tap->device.lost++;
    }
    packet_release(packet);
}

void tap_tx(struct device *device, struct tapir_packet *const packets[], size_t n, tapir_instant now)
{
    (void)now;
    for (size_t i = 0; i < n; i++)
        send_frame(tap_of(device), packets[i]);
}

void tap_flush(struct device *device)
{
    struct tap *tap = tap_of(device);
    if (tap->port != NULL)
        ring_flush(tap->port);
}

/* ---- what the ring tells ---- */

static struct tap *tap_behind(struct ring_user *user)
{
    return (void *)((uint8_t *)user - offsetof(struct tap, user));
}

static struct iovec on_empty(struct ring_user *user, const struct tapir_packet *packet)
{
    return area_to_read(tap_behind(user), packet);
}

static void on_arrived(struct ring_user *user)
{
    struct tap *tap = tap_behind(user);
    if (tap->readable) /* that is known already */
        return;
    tap->readable = true;
    device_ring(&tap->device);
}

static void on_written(struct ring_user *user, int error)
{
    written(tap_behind(user), error);
}

static void on_broken(struct ring_user *user, int error)
{
    struct tap *tap = tap_behind(user);
    if (error == EBADFD || error == ENODEV)
        tap_lose(tap);
}

bool tap_join(struct device *device, struct ring *ring)
{
    struct tap *tap = tap_of(device);
    tap->user = (struct ring_user){on_empty, on_arrived, on_written, on_broken};
    tap->port = ring_open(ring, &tap->pool, &tap->user);
    if (tap->port == NULL)
        return false;
    tap->readable = false;
    ring_start(tap->port, tap->fd);
    return true;
}

void tap_readable(struct device *device)
{
    struct tap *tap = tap_of(device);
    tap->readable = tap->fd >= 0;
    device_ring(device);
}
