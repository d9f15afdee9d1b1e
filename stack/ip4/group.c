#include "ip4/group.h"

#include "ip4/ip4.h"

#define ALL_HOSTS   UINT32_C(0xe0000001) /* 224.0.0.1 */
#define ALL_ROUTERS UINT32_C(0xe0000002) /* 224.0.0.2 */

static struct group_member *find(struct groups *groups, struct ip4 group, unsigned iface,
                                 const struct tapir_socket *socket)
{
    for (struct group_member *m = groups->members; m < groups->members + groups->count; m++)
        if (m->iface == iface && m->socket == socket && ip4_equal(m->group, group))
            return m;
    return NULL;
}

static void remove_member(struct groups *groups, struct group_member *member)
{
    *member = groups->members[--groups->count];
}

enum tapir_result group_join(struct groups *groups, struct ip4 group, unsigned iface,
                             const struct tapir_socket *socket)
{
    if (!ip4_is_multicast(group))
        return TAPIR_INVALID;
    if (find(groups, group, iface, socket) != NULL)
        return TAPIR_EXISTS;
    if (groups->count == LIMIT_GROUPS)
        return TAPIR_FULL;
    groups->members[groups->count++] = (struct group_member){group, iface, socket};
    return TAPIR_OK;
}

enum tapir_result group_leave(struct groups *groups, struct ip4 group, unsigned iface,
                              const struct tapir_socket *socket)
{
    struct group_member *member = find(groups, group, iface, socket);
    if (member == NULL)
        return TAPIR_MISSING;
    remove_member(groups, member);
    return TAPIR_OK;
}

void group_forget_socket(struct groups *groups, const struct tapir_socket *socket)
{
    for (uint32_t i = groups->count; i-- > 0;)
        if (groups->members[i].socket == socket)
            remove_member(groups, &groups->members[i]);
}

void group_forget_iface(struct groups *groups, unsigned iface)
{
    for (uint32_t i = groups->count; i-- > 0;)
        if (groups->members[i].iface == iface)
            remove_member(groups, &groups->members[i]);
}

static bool is_everybodys(const struct iface *iface, struct ip4 group)
{
    return group.value == ALL_HOSTS || (group.value == ALL_ROUTERS && ip4_is_forwarding(&iface->settings));
}

bool group_is_joined(const struct groups *groups, const struct iface *iface, struct ip4 group)
{
    if (is_everybodys(iface, group))
        return true;
    for (uint32_t i = 0; i < groups->count; i++)
        if (groups->members[i].iface == iface->number && ip4_equal(groups->members[i].group, group))
            return true;
    return false;
}

bool group_is_heard(const struct groups *groups, const struct iface *iface, struct ip4 group,
                    const struct tapir_socket *socket)
{
    if (is_everybodys(iface, group))
        return true;
    for (uint32_t i = 0; i < groups->count; i++)
        if (groups->members[i].socket == socket && groups->members[i].iface == iface->number &&
            ip4_equal(groups->members[i].group, group))
            return true;
    return false;
}
