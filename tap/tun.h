/* /dev/net/tun: a file becomes the other end of a TAP device.
 *
 * Frames are read and written alone, or with a virtio-net header before each (tap/vnet.h). Read next: tap/tap.h. */
#ifndef TAP_TUN_H
#define TAP_TUN_H

#include "tap/netns.h"
#include "wire/addr.h"

/* Opens the TAP of that name, or makes it, in a namespace: the device belongs where the file was opened.
 * Returns its file, which does not block, or -1 with errno and one line in `error` that says what to do.
 * `exists`: a device has the name already; only the message depends on it. `headers`: with virtio-net headers. */
int tun_open(const struct netns *netns, const char *name, bool exists, bool headers, char *error,
             size_t error_size);

/* Lets the kernel's end leave us checksums and super-frames, as far as it can; off: it completes all itself. Returns what may
 * be written then, bits of TAPIR_TAKES. */
uint8_t tun_offload(int fd, bool on);

/* The device still exists, here or in another namespace. */
bool tun_is_attached(int fd);

/* The MAC of the kernel's end; zero: it is gone. */
struct mac tun_mac(int fd);

#endif
