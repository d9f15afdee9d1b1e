#include "tap/tun.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if_tun.h>

static void explain_open(char *error, size_t size)
{
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
        snprintf(error, size,
                 "no /dev/net/tun; load it with: modprobe tun (in a container: --device /dev/net/tun)");
    else if (errno == EPERM || errno == EACCES)
        snprintf(error, size,
                 "no permission to open /dev/net/tun; run as root, or allow it with: chmod 666 /dev/net/tun");
    else
        snprintf(error, size, "cannot open /dev/net/tun: %s", strerror(errno));
}

static void explain_attach(const char *name, bool exists, char *error, size_t size)
{
    if (errno == EPERM)
        snprintf(error, size,
                 "no permission for TAP device \"%s\"; run as root, with CAP_NET_ADMIN, or in: unshare -rn",
                 name);
    else if (errno == EBUSY)
        snprintf(error, size,
                 "TAP device \"%s\" is busy: another program holds it; end that one or take another", name);
    else if (errno == EINVAL && exists)
        snprintf(error, size, "device \"%s\" exists, but is no TAP; take another name, or: ip link del %s",
                 name, name);
    else
        snprintf(error, size, "cannot open TAP device \"%s\": %s", name, strerror(errno));
}

/* The kernel would take "tap%d" for a pattern, and cut a longer name off. */
static bool is_name(const char *name)
{
    size_t length = strlen(name);
    bool dots = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    return length > 0 && length < IFNAMSIZ && !dots && strcspn(name, "%/: \t\n\v\f\r") == length;
}

/* Makes `fd` the TAP of that name. A TAP that was created with several queues lends us one of them. */
static bool set_name(int fd, const char *name, bool headers)
{
    struct ifreq request = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (headers ? IFF_VNET_HDR : 0))};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(fd, TUNSETIFF, &request) == 0)
        return true;
    if (errno != EINVAL)
        return false;
    request.ifr_flags |= IFF_MULTI_QUEUE;
    return ioctl(fd, TUNSETIFF, &request) == 0;
}

int tun_open(const struct netns *netns, const char *name, bool exists, bool headers, char *error,
             size_t error_size)
{
    if (!is_name(name)) {
        snprintf(error, error_size, "\"%.80s\" is no name for a device; take up to 15 letters and digits",
                 name);
        errno = EINVAL;
        return -1;
    }
    if (!netns_enter(netns)) {
        snprintf(error, error_size, "cannot enter the network namespace: %s", strerror(errno));
        return -1;
    }
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        explain_open(error, error_size);
    } else if (!set_name(fd, name, headers)) {
        int kept = errno;
        explain_attach(name, exists, error, error_size);
        close(fd);
        fd = -1;
        errno = kept;
    }
    netns_leave(netns);
    return fd;
}

/* Newer than some headers: Linux 6.2. The kernel wants both together. */
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

uint8_t tun_offload(int fd, bool on)
{
    const unsigned long tcp = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO_ECN, udp = TUN_F_USO4 | TUN_F_USO6;
    const uint8_t takes_tcp = TAPIR_TAKES(TAPIR_OFFLOAD_CHECKSUM) | TAPIR_TAKES(TAPIR_OFFLOAD_TCP);
    if (on && ioctl(fd, TUNSETOFFLOAD, tcp | udp) == 0)
        return takes_tcp | TAPIR_TAKES(TAPIR_OFFLOAD_UDP);
    if (on && ioctl(fd, TUNSETOFFLOAD, tcp) == 0)
        return takes_tcp;
    (void)ioctl(fd, TUNSETOFFLOAD, 0UL);
    return 0;
}

bool tun_is_attached(int fd)
{
    struct ifreq request;
    return ioctl(fd, TUNGETIFF, &request) == 0;
}

struct mac tun_mac(int fd)
{
    struct ifreq request;
    struct mac mac = {{0}};
    if (ioctl(fd, SIOCGIFHWADDR, &request) == 0)
        memcpy(&mac, request.ifr_hwaddr.sa_data, sizeof mac);
    return mac;
}
