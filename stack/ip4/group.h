/* Multicast groups: who has joined which, on which interface.
 *
 * A membership belongs to a socket, a group and an interface; the node hears a group on an interface while at
 * least one of its sockets has joined it there. All hosts (224.0.0.1) are members of that group everywhere, and
 * all routers of 224.0.0.2, without a socket's asking. At most LIMIT_GROUPS memberships. No IGMP: neighbors that
 * prune (switches, routers) are not told. RFC 1112 7.2, RFC 1122 3.2.1.3. Next: ip4/input.h. */
#ifndef IP4_GROUP_H
#define IP4_GROUP_H

#include "core/limits.h"
#include "link/iface.h"

struct group_member {
    struct ip4 group;
    unsigned iface;
    const struct tapir_socket *socket;
};

struct groups {
    struct group_member members[LIMIT_GROUPS]; /* the first `count` of them, in no order */
    uint32_t count;
};

/* Enters a membership. INVALID: no multicast address. EXISTS. FULL: LIMIT_GROUPS. */
enum tapir_result group_join(struct groups *groups, struct ip4 group, unsigned iface,
                             const struct tapir_socket *socket);

/* Ends a membership. MISSING: there is none. */
enum tapir_result group_leave(struct groups *groups, struct ip4 group, unsigned iface,
                              const struct tapir_socket *socket);

/* Ends all memberships of a socket, or all on an interface. */
void group_forget_socket(struct groups *groups, const struct tapir_socket *socket);
void group_forget_iface(struct groups *groups, unsigned iface);

/* Some socket has joined the group on `iface`, or all nodes of our kind belong to it: RFC 1122 3.3.7, RFC 1256 4.3. */
bool group_is_joined(const struct groups *groups, const struct iface *iface, struct ip4 group);

/* The same for one socket. */
bool group_is_heard(const struct groups *groups, const struct iface *iface, struct ip4 group,
                    const struct tapir_socket *socket);

#endif
