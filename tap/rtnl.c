#include "tap/rtnl.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

enum {
    BUFFER = 32768 /* a message about a device with many statistics */
};

struct rtnl {
    struct mnl_socket *requests, *events;
    uint32_t sequence;
    int64_t buffer[BUFFER / 8];
    const struct nlmsghdr *next; /* messages of the last read that rtnl_next has not looked at */
    int left;
};

/* What the kernel says may be about another device, or be no answer at all: size and kind are checked. */
static int read_attribute(const struct nlattr *attribute, void *data)
{
    struct rtnl_link *link = data;
    if (mnl_attr_get_type(attribute) == IFLA_IFNAME && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
        strncpy(link->name, mnl_attr_get_str(attribute), sizeof link->name - 1);
    if (mnl_attr_get_type(attribute) == IFLA_MTU && mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
        link->mtu = mnl_attr_get_u32(attribute);
    return MNL_CB_OK;
}

/* True when the message is about a device. A bridge tells of its ports under AF_BRIDGE: those are not about
 * the device itself, and an RTM_DELLINK among them only says that it left the bridge. */
static bool read_link(const struct nlmsghdr *message, struct rtnl_link *link)
{
    const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
    bool about = message->nlmsg_type == RTM_NEWLINK || message->nlmsg_type == RTM_DELLINK;
    if (!about || mnl_nlmsg_get_payload_len(message) < sizeof *info || info->ifi_family != AF_UNSPEC)
        return false;
    *link = (struct rtnl_link){.index = info->ifi_index,
                               .gone = message->nlmsg_type == RTM_DELLINK,
                               .up = (info->ifi_flags & IFF_UP) != 0};
    return mnl_attr_parse(message, sizeof *info, read_attribute, link) >= 0;
}

static struct mnl_socket *open_socket(unsigned groups, int flags)
{
    struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | flags);
    if (socket == NULL)
        return NULL;
    if (mnl_socket_bind(socket, groups, MNL_SOCKET_AUTOPID) >= 0)
        return socket;
    int kept = errno;
    mnl_socket_close(socket);
    errno = kept;
    return NULL;
}

struct rtnl *rtnl_open(void)
{
    struct rtnl *rtnl = calloc(1, sizeof *rtnl);
    if (rtnl == NULL)
        return NULL;
    rtnl->requests = open_socket(0, 0);
    rtnl->events = open_socket(RTMGRP_LINK, SOCK_NONBLOCK);
    if (rtnl->requests != NULL && rtnl->events != NULL)
        return rtnl;
    rtnl_close(rtnl);
    return NULL;
}

void rtnl_close(struct rtnl *rtnl)
{
    int kept = errno;
    if (rtnl->requests != NULL)
        mnl_socket_close(rtnl->requests);
    if (rtnl->events != NULL)
        mnl_socket_close(rtnl->events);
    free(rtnl);
    errno = kept;
}

int rtnl_fd(const struct rtnl *rtnl)
{
    return mnl_socket_get_fd(rtnl->events);
}

/* Reads the next datagram of notifications. */
static bool refill(struct rtnl *rtnl, bool *lost)
{
    ssize_t size = mnl_socket_recvfrom(rtnl->events, rtnl->buffer, sizeof rtnl->buffer);
    if (size < 0 && (errno == ENOBUFS || errno == ENOSPC))
        *lost = true;
    rtnl->next = (const void *)rtnl->buffer;
    rtnl->left = size > 0 ? (int)size : 0;
    return size > 0 || *lost;
}

bool rtnl_next(struct rtnl *rtnl, struct rtnl_link *link, bool *lost)
{
    *lost = false;
    for (;;) {
        while (mnl_nlmsg_ok(rtnl->next, rtnl->left)) {
            const struct nlmsghdr *message = rtnl->next;
            rtnl->next = mnl_nlmsg_next(message, &rtnl->left);
            if (read_link(message, link))
                return true;
        }
        if (!refill(rtnl, lost))
            return false;
        if (*lost)
            return true;
    }
}

/* Begins a request that wants to be acknowledged. */
static struct nlmsghdr *build_request(struct rtnl *rtnl, void *buffer, uint16_t type, uint16_t flags)
{
    struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
    message->nlmsg_type = type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    message->nlmsg_seq = ++rtnl->sequence;
    return message;
}

static int take_link(const struct nlmsghdr *message, void *data)
{
    return read_link(message, data) ? MNL_CB_STOP : MNL_CB_OK;
}

/* Sends a request and waits for the answer, which the kernel gives at once. False: errno says why. */
static bool ask(struct rtnl *rtnl, struct nlmsghdr *message, mnl_cb_t take, void *data)
{
    int64_t answer[BUFFER / 8];
    unsigned port = mnl_socket_get_portid(rtnl->requests);

    if (mnl_socket_sendto(rtnl->requests, message, message->nlmsg_len) < 0)
        return false;
    for (;;) {
        ssize_t size = mnl_socket_recvfrom(rtnl->requests, answer, sizeof answer);
        if (size < 0)
            return false;
        int run = mnl_cb_run(answer, (size_t)size, rtnl->sequence, port, take, data);
        if (run < 0)
            return false;
        if (run == MNL_CB_STOP)
            return true;
    }
}

/* The name comes as a user wrote it: one that is too long for a device is no device's. */
bool rtnl_lookup(struct rtnl *rtnl, const char *name, struct rtnl_link *link)
{
    uint8_t buffer[256] __attribute__((aligned(8)));
    if (strlen(name) >= IFNAMSIZ) {
        errno = ENODEV;
        return false;
    }
    struct nlmsghdr *message = build_request(rtnl, buffer, RTM_GETLINK, 0);
    message->nlmsg_flags = NLM_F_REQUEST;
    mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
    mnl_attr_put_strz(message, IFLA_IFNAME, name);
    return ask(rtnl, message, take_link, link);
}

/* A message about one device, its flags changed as told. */
static struct nlmsghdr *build_link(struct rtnl *rtnl, void *buffer, int index, unsigned flags)
{
    struct nlmsghdr *message = build_request(rtnl, buffer, RTM_NEWLINK, 0);
    struct ifinfomsg *info = mnl_nlmsg_put_extra_header(message, sizeof *info);
    info->ifi_index = index;
    info->ifi_flags = flags;
    info->ifi_change = flags;
    return message;
}

bool rtnl_quiet(struct rtnl *rtnl, int index)
{
    uint8_t buffer[256] __attribute__((aligned(8)));
    struct nlmsghdr *message = build_link(rtnl, buffer, index, 0);
    struct nlattr *families = mnl_attr_nest_start(message, IFLA_AF_SPEC);
    struct nlattr *ip6 = mnl_attr_nest_start(message, AF_INET6);
    mnl_attr_put_u8(message, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    mnl_attr_nest_end(message, ip6);
    mnl_attr_nest_end(message, families);
    return ask(rtnl, message, NULL, NULL);
}

bool rtnl_mtu(struct rtnl *rtnl, int index, uint32_t mtu)
{
    uint8_t buffer[256] __attribute__((aligned(8)));
    struct nlmsghdr *message = build_link(rtnl, buffer, index, 0);
    mnl_attr_put_u32(message, IFLA_MTU, mtu);
    return ask(rtnl, message, NULL, NULL);
}

bool rtnl_up(struct rtnl *rtnl, int index)
{
    uint8_t buffer[256] __attribute__((aligned(8)));
    return ask(rtnl, build_link(rtnl, buffer, index, IFF_UP), NULL, NULL);
}

/* Sends a request to add or to remove; to find it done already is as good. */
static enum rtnl_result change(struct rtnl *rtnl, struct nlmsghdr *message)
{
    if (ask(rtnl, message, NULL, NULL))
        return RTNL_DONE;
    bool adds = (message->nlmsg_flags & NLM_F_CREATE) != 0;
    bool already = adds ? errno == EEXIST : errno == EADDRNOTAVAIL || errno == ESRCH || errno == ENODEV;
    return already ? RTNL_ALREADY : RTNL_FAILED;
}

static void put_ip4(struct nlmsghdr *message, uint16_t type, struct ip4 address)
{
    uint8_t octets[4] = {(uint8_t)(address.value >> 24), (uint8_t)(address.value >> 16),
                         (uint8_t)(address.value >> 8), (uint8_t)address.value};
    mnl_attr_put(message, type, sizeof octets, octets);
}

enum rtnl_result rtnl_address(struct rtnl *rtnl, int index, struct ip4_prefix address, bool remove)
{
    uint8_t buffer[256] __attribute__((aligned(8)));
    uint16_t type = remove ? RTM_DELADDR : RTM_NEWADDR;
    struct nlmsghdr *message = build_request(rtnl, buffer, type, remove ? 0 : NLM_F_CREATE | NLM_F_EXCL);
    struct ifaddrmsg *info = mnl_nlmsg_put_extra_header(message, sizeof *info);
    info->ifa_family = AF_INET;
    info->ifa_prefixlen = address.length;
    info->ifa_index = (uint32_t)index;
    put_ip4(message, IFA_LOCAL, address.address);
    put_ip4(message, IFA_ADDRESS, address.address);
    return change(rtnl, message);
}

enum rtnl_result rtnl_gateway(struct rtnl *rtnl, int index, struct ip4 gateway, bool remove)
{
    uint8_t buffer[256] __attribute__((aligned(8)));
    uint16_t type = remove ? RTM_DELROUTE : RTM_NEWROUTE;
    struct nlmsghdr *message = build_request(rtnl, buffer, type, remove ? 0 : NLM_F_CREATE | NLM_F_EXCL);
    struct rtmsg *info = mnl_nlmsg_put_extra_header(message, sizeof *info);
    info->rtm_family = AF_INET;
    info->rtm_table = RT_TABLE_MAIN;
    info->rtm_protocol = remove ? RTPROT_UNSPEC : RTPROT_STATIC;
    info->rtm_scope = remove ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE;
    info->rtm_type = remove ? RTN_UNSPEC : RTN_UNICAST;
    put_ip4(message, RTA_GATEWAY, gateway);
    mnl_attr_put_u32(message, RTA_OIF, (uint32_t)index);
    return change(rtnl, message);
}
