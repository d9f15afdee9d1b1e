/* A network namespace of the test's own, TAP devices in it and the kernel's end of them. Where nobody may have one, rtnl stays
 * NULL, and tests are skipped. */
#ifndef TESTS_TAP_PRIVATE_H
#define TESTS_TAP_PRIVATE_H

#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap/log.h"
#include "tap/tap.h"
#include "tests/table.h"

static struct netns own;
static struct rtnl *rtnl;
static char error[TAP_ERROR];

static inline int private_enter(void **state)
{
    (void)state;
    log_limit(LOG_ERROR);
    if (access("/dev/net/tun", R_OK | W_OK) != 0 || unshare(CLONE_NEWNET) != 0)
        return 0;
    rtnl = rtnl_open();
    return netns_open(&own, NULL, error, sizeof error) && rtnl != NULL ? 0 : -1;
}

static inline int private_leave(void **state)
{
    (void)state;
    if (rtnl == NULL)
        return 0;
    rtnl_close(rtnl);
    rtnl = NULL;
    netns_close(&own);
    return 0;
}

static inline void private_need(void)
{
    if (rtnl == NULL)
        skip();
}

static inline void shell(const char *command)
{
    assert_int_equal(system(command), 0);
}

static inline struct device *private_open(const char *name, enum network_offload offload)
{
    const struct tap_spec spec = {.name = name, .mtu = 1400, .offload = offload};
    struct device *device = tap_open(&spec, &own, rtnl, error, sizeof error);
    if (device == NULL)
        fail_msg("%s", error);
    return device;
}

/* A packet socket at the kernel's end. */
static inline int private_kernel_end(const char *name)
{
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = 0x0300, /* ETH_P_ALL on the wire */
                                  .sll_ifindex = (int)if_nametoindex(name)};
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

#endif
