/* TAP devices against the kernel, in a network namespace of the test's own. The oracle is a packet socket at
 * the kernel's end, and what `ip` and ioctl say. All is done twice, the second time by a ring. Skipped without root or
 * /dev/net/tun; the second time also where there is no io_uring. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/tap/private.h"

static struct ring *ring; /* NULL: by system calls of its own */

static int leave(void **state)
{
    int result = private_leave(state);
    ring_destroy(ring);
    return result;
}

static bool wants_ring;

static int enter_with_ring(void **state)
{
    wants_ring = true;
    ring = ring_create();
    return private_enter(state);
}

static void need_rights(void)
{
    if (rtnl == NULL || (wants_ring && ring == NULL))
        skip();
}

static void join(struct device *device)
{
    if (ring != NULL)
        assert_true(tap_join(device, ring));
}

static bool holds(const char *command)
{
    return system(command) == 0;
}

static struct device *open_with(const char *name, enum network_offload offload)
{
    struct device *device = private_open(name, offload);
    join(device);
    return device;
}

static struct device *open_device(const char *name)
{
    return open_with(name, NETWORK_OFFLOAD_AUTO);
}

static void make_frame(uint8_t *frame, size_t size, uint8_t mark)
{
    memset(frame, mark, size);
    memcpy(frame, "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x88\xb5",
           14); /* local experimental EtherType */
}

static void send_from_kernel(const char *name, size_t size, uint8_t mark)
{
    uint8_t frame[9100];
    int fd = private_kernel_end(name);
    make_frame(frame, size, mark);
    assert_int_equal(send(fd, frame, size, 0), size);
    close(fd);
}

static size_t receive(struct device *device, struct tapir_packet *packets[], size_t max)
{
    struct pollfd wait = {.fd = device->ops->fd(device), .events = POLLIN};
    poll(&wait, 1, 200);
    if (ring == NULL)
        tap_readable(device);
    while (ring != NULL && ring_wait(ring, 5000000) == RING_FRAMES)
        ;
    return device->ops->rx_batch(device, packets, max, (tapir_instant){0});
}

static void send_to_kernel(struct device *device, size_t size, uint8_t mark)
{
    struct tapir_packet *packet = pool_take(device->pool);
    make_frame(packet->data, size, mark);
    packet->size = (uint32_t)size;
    device->ops->tx_batch(device, &packet, 1, (tapir_instant){0});
    device_flush(device);
}

static void give_back(struct device *device, struct tapir_packet *packets[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        device->pool->face.give(&device->pool->face, packets[i]);
}

/* Hears what the kernel has to tell. */
static enum tap_change hear(struct device *device)
{
    enum tap_change change = TAP_SAME;
    struct rtnl_link link;
    bool lost;
    while (rtnl_next(rtnl, &link, &lost)) {
        enum tap_change now = tap_notice(device, &link);
        change = now != TAP_SAME ? now : change;
    }
    return change;
}

static void a_device_that_is_missing_is_created_up_with_our_mtu_and_goes_with_us(void **state)
{
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    assert_non_null(device);
    assert_true(device->up);
    assert_int_equal(device->mtu, 1400);
    assert_true(holds("ip link show dev t0 | grep -q 'LOWER_UP.*mtu 1400'"));
    device->ops->close(device);
    assert_false(holds("ip link show dev t0 >/dev/null 2>&1"));
}

static void a_created_device_says_nothing_unasked(void **state)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    assert_int_equal(receive(device, packets, DEVICE_BATCH), 0);
    shell("ip -6 addr show dev t0 | grep -q inet6 && exit 1 || exit 0");
    send_from_kernel("t0", 60, 1); /* the same look sees what is there */
    assert_int_equal(receive(device, packets, DEVICE_BATCH), 1);
    give_back(device, packets, 1);
    device->ops->close(device);
}

static void a_frame_from_the_kernel_arrives_as_it_was_sent(void **state)
{
    uint8_t frame[1414];
    struct tapir_packet *packets[DEVICE_BATCH];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    make_frame(frame, sizeof frame, 0x5a);
    send_from_kernel("t0", sizeof frame, 0x5a);
    assert_int_equal(receive(device, packets, DEVICE_BATCH), 1);
    assert_int_equal(packets[0]->size, sizeof frame);
    assert_int_equal(packets[0]->headroom, TAPIR_HEADROOM);
    assert_memory_equal(packets[0]->data, frame, sizeof frame);
    assert_int_equal(device->received, 1);
    give_back(device, packets, 1);
    device->ops->close(device);
}

static void frames_come_in_batches_in_their_order(void **state)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    for (uint8_t i = 0; i < 70; i++)
        send_from_kernel("t0", 60, i);
    assert_int_equal(receive(device, packets, DEVICE_BATCH), DEVICE_BATCH);
    for (uint8_t i = 0; i < DEVICE_BATCH; i++)
        assert_int_equal(packets[i]->data[20], i);
    give_back(device, packets, DEVICE_BATCH);
    assert_int_equal(device->ops->rx_batch(device, packets, DEVICE_BATCH, (tapir_instant){0}), 6);
    give_back(device, packets, 6);
    device->ops->close(device);
}

static void a_frame_that_is_written_reaches_the_kernel(void **state)
{
    uint8_t frame[60], heard[200];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    int fd = private_kernel_end("t0");
    make_frame(frame, sizeof frame, 0x77);
    send_to_kernel(device, sizeof frame, 0x77);
    assert_int_equal(recv(fd, heard, sizeof heard, MSG_DONTWAIT), sizeof frame);
    assert_memory_equal(heard, frame, sizeof frame);
    assert_int_equal(device->sent, 1);
    close(fd);
    device->ops->close(device);
}

/* Many times more than a batch, or than a ring has requests. */
static void four_hundred_frames_go_out_in_their_order(void **state)
{
    uint8_t heard[200];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    int fd = private_kernel_end("t0");
    for (int i = 0; i < 400; i++) {
        struct tapir_packet *packet = pool_take(device->pool);
        make_frame(packet->data, 60, (uint8_t)i);
        packet->size = 60;
        device->ops->tx_batch(device, &packet, 1, (tapir_instant){0});
    }
    device_flush(device);
    assert_int_equal(device->sent, 400);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(recv(fd, heard, sizeof heard, MSG_DONTWAIT), 60);
        assert_int_equal(heard[20], (uint8_t)i);
    }
    close(fd);
    device->ops->close(device);
}

static void a_device_whose_slots_are_all_out_goes_on_when_they_are_home(void **state)
{
    struct tapir_packet *packets[TAP_SLOTS];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    size_t out = 0, n;
    for (int i = 0; i < 900; i++)
        send_from_kernel("t0", 60, (uint8_t)i);
    while ((n = receive(device, packets + out, DEVICE_BATCH)) > 0)
        out += n;
    assert_int_equal(out, TAP_SLOTS);
    give_back(device, packets, out);
    for (out = 0; out < 900 - TAP_SLOTS; out += n) {
        n = receive(device, packets + out, DEVICE_BATCH);
        assert_int_not_equal(n, 0);
    }
    assert_int_equal(packets[0]->data[20], (uint8_t)TAP_SLOTS);
    give_back(device, packets, out);
    device->ops->close(device);
}

static void a_frame_longer_than_the_slot_is_lost_and_counted(void **state)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    (void)state;
    need_rights();
    struct device *device = open_with("t0", NETWORK_OFFLOAD_OFF);
    shell("ip link set t0 mtu 9000");
    send_from_kernel("t0", 9000, 1);
    send_from_kernel("t0", 60, 2);
    assert_int_equal(receive(device, packets, DEVICE_BATCH), 1);
    assert_int_equal(packets[0]->data[20], 2);
    assert_int_equal(device->lost, 1);
    give_back(device, packets, 1);
    device->ops->close(device);
}

static void a_device_that_existed_keeps_its_mtu_and_stays(void **state)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    (void)state;
    need_rights();
    shell("ip tuntap add t1 mode tap && ip link set t1 mtu 9000 up");
    struct device *device = open_device("t1");
    assert_int_equal(device->mtu, 9000);
    send_from_kernel("t1", 9014, 3); /* the largest frame of the link, whatever our own MTU is */
    size_t n, found = 0;
    while ((n = receive(device, packets, DEVICE_BATCH)) > 0) {
        for (size_t i = 0; i < n; i++)
            found += packets[i]->size == 9014;
        give_back(device, packets, n);
    }
    assert_int_equal(found, 1);
    device->ops->close(device);
    assert_true(holds("ip link show dev t1 | grep -q 'mtu 9000'"));
    shell("ip link del t1");
}

static void the_kernels_end_gets_address_and_route_and_loses_them_when_the_device_stays(void **state)
{
    const struct tap_spec spec = {.name = "t1",
                                  .has_peer = true,
                                  .has_gateway = true,
                                  .peer = {{0x0a4d010a}, 24},
                                  .gateway = {0x0a4d0101}};
    (void)state;
    need_rights();
    shell("ip tuntap add t1 mode tap");
    struct device *device = tap_open(&spec, &own, rtnl, error, sizeof error);
    assert_non_null(device);
    assert_true(device->up);
    assert_true(holds("ip addr show dev t1 | grep -q 'inet 10.77.1.10/24'"));
    assert_true(holds("ip route | grep -q '^default via 10.77.1.1 dev t1'"));
    device->ops->close(device);
    assert_false(holds("ip addr show dev t1 | grep -q 'inet '"));
    assert_false(holds("ip route | grep -q default"));
    shell("ip link del t1");
}

static void what_was_configured_before_is_kept(void **state)
{
    const struct tap_spec spec = {.name = "t1", .has_peer = true, .peer = {{0x0a4d010a}, 24}};
    (void)state;
    need_rights();
    shell("ip tuntap add t1 mode tap && ip addr add 10.77.1.10/24 dev t1 && ip link set t1 up");
    struct device *device = tap_open(&spec, &own, rtnl, error, sizeof error);
    assert_non_null(device);
    device->ops->close(device);
    assert_true(holds("ip addr show dev t1 | grep -q 'inet 10.77.1.10/24'"));
    shell("ip link del t1");
}

static void a_device_that_goes_down_takes_nothing_until_it_is_up_again(void **state)
{
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    shell("ip link set t0 down");
    send_to_kernel(device, 60, 1); /* EIO tells before rtnetlink does */
    assert_false(device->up);
    assert_int_equal(device->lost, 1);
    hear(device);
    assert_false(device->up);
    shell("ip link set t0 up");
    hear(device);
    assert_true(device->up);
    send_to_kernel(device, 60, 1);
    assert_int_equal(device->sent, 1);
    device->ops->close(device);
}

static void a_device_that_is_removed_is_waited_for(void **state)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    shell("ip link del t0");
    assert_int_equal(receive(device, packets, DEVICE_BATCH), 0);
    assert_int_equal(device->ops->fd(device), -1);
    assert_false(device->up);
    assert_int_equal(hear(device), TAP_SAME);
    shell("ip tuntap add t9 mode tap && ip link set t9 up && ip link del t9");
    assert_int_equal(hear(device), TAP_SAME); /* another one is not ours */
    shell("ip tuntap add t0 mode tap && ip link set t0 up");
    assert_int_equal(hear(device), TAP_ATTACHED);
    assert_true(device->up);
    send_from_kernel("t0", 60, 9);
    size_t n = receive(device, packets, DEVICE_BATCH);
    assert_true(n > 0);
    give_back(device, packets, n);
    device->ops->close(device);
    shell("ip link del t0");
}

static void a_removal_is_noticed_without_a_frame(void **state)
{
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    shell("ip link del t0");
    hear(device);
    assert_int_equal(device->ops->fd(device), -1);
    device->ops->close(device);
}

static void a_device_that_is_back_but_held_is_busy(void **state)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI, .ifr_name = "t0"};
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    shell("ip link del t0");
    hear(device);
    int other = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    assert_int_equal(ioctl(other, TUNSETIFF, &request), 0);
    assert_int_equal(hear(device), TAP_BUSY);
    ioctl(other, TUNSETPERSIST, 1);
    close(other);
    assert_int_equal(tap_return(device), TAP_ATTACHED);
    device->ops->close(device);
    shell("ip link del t0");
}

static void a_device_moved_to_another_namespace_is_still_ours(void **state)
{
    char command[80];
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    pid_t child = fork();
    if (child == 0) {
        unshare(CLONE_NEWNET);
        pause();
        _exit(0);
    }
    usleep(20000);
    snprintf(command, sizeof command, "ip link set t0 netns %d", child);
    shell(command);
    hear(device);
    assert_true(device->ops->fd(device) >= 0);
    kill(child, SIGKILL);
    device->ops->close(device);
}

static void a_device_that_another_program_holds_is_busy(void **state)
{
    const struct tap_spec spec = {.name = "t0"};
    (void)state;
    need_rights();
    struct device *device = open_device("t0");
    assert_null(tap_open(&spec, &own, rtnl, error, sizeof error));
    assert_non_null(strstr(error, "busy"));
    device->ops->close(device);
}

static void a_tap_with_several_queues_lends_one(void **state)
{
    (void)state;
    need_rights();
    shell("ip tuntap add t3 mode tap multi_queue && ip link set t3 up");
    struct device *device = open_device("t3");
    assert_non_null(device);
    device->ops->close(device);
    shell("ip link del t3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_is_missing_is_created_up_with_our_mtu_and_goes_with_us),
        cmocka_unit_test(a_created_device_says_nothing_unasked),
        cmocka_unit_test(a_frame_from_the_kernel_arrives_as_it_was_sent),
        cmocka_unit_test(frames_come_in_batches_in_their_order),
        cmocka_unit_test(a_frame_that_is_written_reaches_the_kernel),
        cmocka_unit_test(four_hundred_frames_go_out_in_their_order),
        cmocka_unit_test(a_device_whose_slots_are_all_out_goes_on_when_they_are_home),
        cmocka_unit_test(a_frame_longer_than_the_slot_is_lost_and_counted),
        cmocka_unit_test(a_device_that_existed_keeps_its_mtu_and_stays),
        cmocka_unit_test(the_kernels_end_gets_address_and_route_and_loses_them_when_the_device_stays),
        cmocka_unit_test(what_was_configured_before_is_kept),
        cmocka_unit_test(a_device_that_goes_down_takes_nothing_until_it_is_up_again),
        cmocka_unit_test(a_device_that_is_removed_is_waited_for),
        cmocka_unit_test(a_removal_is_noticed_without_a_frame),
        cmocka_unit_test(a_device_that_is_back_but_held_is_busy),
        cmocka_unit_test(a_device_moved_to_another_namespace_is_still_ours),
        cmocka_unit_test(a_device_that_another_program_holds_is_busy),
        cmocka_unit_test(a_tap_with_several_queues_lends_one),
    };
    int failed = cmocka_run_group_tests_name("TAP devices", tests, private_enter, leave);
    failed += cmocka_run_group_tests_name("TAP devices at a ring", tests, enter_with_ring, leave);
    return failed;
}
