/* What contenders and load generators share. Next: epoll.c, the simplest contender. */
#include "tests/bench/contend/common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Newer than the headers of Debian 12. */
#define OFFLOAD_USO4 0x20

const uint8_t our_mac[6] = {0x02, 0xbe, 0x00, 0x00, 0x00, 0x01};

void die(const char *what)
{
    fprintf(stderr, "contend: %s: %s\n", what, strerror(errno));
    exit(2);
}

void enter_netns(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "/run/netns/%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        die(path);
    close(fd);
}

static void set_up(const char *device)
{
    struct ifreq request = {0};
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    strncpy(request.ifr_name, device, IFNAMSIZ - 1);
    request.ifr_flags = IFF_UP;
    if (control < 0 || ioctl(control, SIOCSIFFLAGS, &request) < 0)
        die(device);
    close(control);
}

static void take_offloads(int fd)
{
    unsigned offloads = TUN_F_CSUM | TUN_F_TSO4;
    if (ioctl(fd, TUNSETOFFLOAD, offloads | OFFLOAD_USO4) < 0 && ioctl(fd, TUNSETOFFLOAD, offloads) < 0)
        die("TUNSETOFFLOAD");
}

struct tap open_tap(const char *netns, const char *device, bool virtio, bool offload)
{
    struct ifreq request = {0};
    struct tap tap;
    enter_netns(netns);
    tap.fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    strncpy(request.ifr_name, device, IFNAMSIZ - 1);
    request.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (virtio ? IFF_VNET_HDR : 0));
    if (tap.fd < 0 || ioctl(tap.fd, TUNSETIFF, &request) < 0)
        die("TUNSETIFF");
    if (offload)
        take_offloads(tap.fd);
    if (ioctl(tap.fd, SIOCGIFHWADDR, &request) < 0)
        die("SIOCGIFHWADDR");
    memcpy(tap.mac, request.ifr_hwaddr.sa_data, sizeof tap.mac);
    set_up(device);
    return tap;
}

uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

double number(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0') {
        errno = EINVAL;
        die(text);
    }
    return value;
}

uint32_t address_of(const char *text)
{
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1) {
        errno = EINVAL;
        die(text);
    }
    return ntohl(address.s_addr);
}

uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t size)
{
    for (; size > 1; size -= 2, bytes += 2)
        sum += get16(bytes);
    return size == 1 ? sum + (uint32_t)(bytes[0] << 8) : sum;
}

uint16_t fold(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)(sum + (sum >> 16));
}

void ip4_checksum(uint8_t *ip)
{
    put16(ip + 10, 0);
    put16(ip + 10, (uint16_t)~fold(add_words(0, ip, IP4_SIZE)));
}
