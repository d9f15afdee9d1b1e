/* TAP devices with virtio-net headers against the kernel, in a network namespace of the test's own. The oracle is a packet socket at the
 * kernel's end, which reads and writes such headers itself, and ethtool. Skipped without root or /dev/net/tun. */
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/packet.h"
#include "tests/supers.h"
#include "tests/tap/private.h"

enum {
    ETHER = 14,
    HEADER = sizeof(struct virtio_net_hdr)
};

/* ---- asked for, and given back ---- */

/* What the kernel's end leaves to us, by ethtool. */
static bool leaves_checksums(const char *name)
{
    struct ethtool_value value = {.cmd = ETHTOOL_GTXCSUM};
    struct ifreq request = {.ifr_data = (void *)&value};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    assert_int_equal(ioctl(fd, SIOCETHTOOL, &request), 0);
    close(fd);
    return value.data != 0;
}

/* A program with offloads that was killed. */
static void leave_offloads_behind(const char *name)
{
    struct ifreq request = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR)};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    assert_int_equal(ioctl(fd, TUNSETIFF, &request), 0);
    assert_int_equal(ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4), 0);
    close(fd);
    assert_true(leaves_checksums(name));
}

static const struct row {
    const char *sentence;
    enum network_offload offload;
    bool created, existed; /* are there offloads of a device that we made, or that was there? */
} rows[] = {{"auto: when we created it", NETWORK_OFFLOAD_AUTO, true, false},
            {"off: never", NETWORK_OFFLOAD_OFF, false, false},
            {"on: always", NETWORK_OFFLOAD_ON, true, true}};

static void check_created(void **state)
{
    const struct row *row = *state;
    private_need();
    struct device *device = private_open("t0", row->offload);
    assert_int_equal(device->takes != 0, row->created);
    assert_int_equal(leaves_checksums("t0"), row->created);
    device->ops->close(device);
}

static void check_existed(void **state)
{
    const struct row *row = *state;
    private_need();
    for (int was_killed = 0; was_killed < 2; was_killed++) {
        shell("ip tuntap add t1 mode tap && ip link set t1 up");
        if (was_killed == 1)
            leave_offloads_behind("t1");
        struct device *device = private_open("t1", row->offload);
        bool takes = device->takes != 0, leaves = leaves_checksums("t1");
        device->ops->close(device);
        bool leaves_still = leaves_checksums("t1");
        shell("ip link del t1");
        assert_int_equal(takes, row->existed);
        assert_int_equal(leaves, row->existed);
        assert_false(leaves_still);
    }
}

/* ---- frames ---- */

static const struct super tcp = {.protocol = 6, .data = 60001, .segment = 1300, .flags = 0x98},
                          udp = {.data = 20000, .segment = 1300};

static size_t super_frame(const struct super *super, uint8_t *frame, struct tapir_offload *offload)
{
    memset(frame, 0xff, 6);
    memcpy(frame + 6, "\x02\0\0\0\0\x09\x08\0", 8);
    return ETHER + super_whole(super, frame + ETHER, offload);
}

/* A packet socket at the kernel's end, with a header before each frame. */
static int open_kernel_end(const char *name)
{
    int fd = private_kernel_end(name), one = 1;
    assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof one), 0);
    return fd;
}

static void check_written(const struct super *super, unsigned type)
{
    static uint8_t frame[ETHER + SUPER_MAX], heard[HEADER + ETHER + SUPER_MAX];
    struct device *device = private_open("t0", NETWORK_OFFLOAD_ON);
    int fd = open_kernel_end("t0");
    struct tapir_packet *packet = pool_take(device->pool);
    packet->size = (uint32_t)super_frame(super, frame, &packet->offload);
    memcpy(packet->data, frame, packet->size);
    device->ops->tx_batch(device, &packet, 1, (tapir_instant){0});
    assert_int_equal(device->sent, 1);
    assert_int_equal(recv(fd, heard, sizeof heard, MSG_DONTWAIT), HEADER + packet->size);
    struct virtio_net_hdr header;
    memcpy(&header, heard, sizeof header);
    assert_int_equal(header.gso_type, type);
    assert_int_equal(header.gso_size, super->segment);
    assert_int_equal(header.csum_start, 34);
    assert_memory_equal(heard + HEADER, frame, packet->size);
    packet_release(packet);
    close(fd);
    device->ops->close(device);
}

static void the_kernel_takes_what_we_write(void **state)
{
    (void)state;
    private_need();
    check_written(&tcp, VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN);
    check_written(&udp, 5 /* VIRTIO_NET_HDR_GSO_UDP_L4 */);
}

static void check_read(const struct super *super, uint8_t type)
{
    static uint8_t frame[HEADER + ETHER + SUPER_MAX];
    struct tapir_offload offload;
    struct device *device = private_open("t0", NETWORK_OFFLOAD_ON);
    int fd = open_kernel_end("t0");
    size_t size = super_frame(super, frame + HEADER, &offload);
    struct virtio_net_hdr header = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
                                    .gso_type = type,
                                    .gso_size = offload.segment,
                                    .csum_start = offload.start,
                                    .csum_offset = offload.offset};
    memcpy(frame, &header, sizeof header);
    assert_int_equal(send(fd, frame, HEADER + size, 0), HEADER + size);
    struct pollfd wait = {.fd = device->ops->fd(device), .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 2000), 1);
    struct tapir_packet *packet;
    tap_readable(device);
    assert_int_equal(device->ops->rx_batch(device, &packet, 1, (tapir_instant){0}), 1);
    assert_int_equal(packet->size, size);
    assert_memory_equal(packet->data, frame + HEADER, size);
    assert_int_equal(packet->offload.kind, offload.kind);
    assert_int_equal(packet->offload.segment, offload.segment);
    assert_int_equal(packet->offload.start, offload.start);
    assert_int_equal(packet->offload.offset, offload.offset);
    assert_true(packet->offload.partial);
    packet_release(packet);
    close(fd);
    device->ops->close(device);
}

static void we_read_what_the_kernel_hands_over(void **state)
{
    (void)state;
    private_need();
    check_read(&tcp, VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN);
    check_read(&udp, 5 /* VIRTIO_NET_HDR_GSO_UDP_L4 */);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_takes_what_we_write),
        cmocka_unit_test(we_read_what_the_kernel_hands_over),
    };
    int failed = cmocka_run_group_tests_name("frames", tests, private_enter, NULL);
    failed += RUN_TABLE("created", rows, check_created) + RUN_TABLE("existed", rows, check_existed);
    (void)private_leave(NULL);
    return failed;
}
