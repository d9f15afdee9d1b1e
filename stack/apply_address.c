/* An address and the routes that follow it: itself, its network, its broadcast and the old form of that. */
#include "apply_address.h"

#include "link/acd.h"

static struct tapir_route follower(struct ip4 address, uint8_t length, enum tapir_route_kind kind,
                                   unsigned iface)
{
    return (struct tapir_route){.prefix = {address, length}, .kind = kind, .iface = iface};
}

enum {
    FOLLOWERS = 4
};

/* Fills in the routes of an address; returns how many. The connected network comes first: it is the one that
 * may be refused. */
static size_t followers(const struct ip4_prefix *address, unsigned iface,
                        struct tapir_route routes[FOLLOWERS])
{
    size_t n = 0;
    routes[n++] = follower(ip4_network(*address), address->length, TAPIR_ROUTE_CONNECTED, iface);
    routes[n++] = follower(address->address, 32, TAPIR_ROUTE_LOCAL, iface);
    if (!ip4_has_broadcast(*address))
        return n;
    routes[n++] = follower(ip4_broadcast(*address), 32, TAPIR_ROUTE_BROADCAST, iface);
    routes[n++] = follower(ip4_network(*address), 32, TAPIR_ROUTE_BROADCAST, iface);
    return n;
}

static bool is_same_route(const struct tapir_route *a, const struct tapir_route *b)
{
    return a->kind == b->kind && a->iface == b->iface && a->prefix.length == b->prefix.length &&
           ip4_equal(a->prefix.address, b->prefix.address);
}

/* Another address brings the same route: it is there once for both. */
static bool is_shared(const struct tapir *stack, const struct address *address,
                      const struct tapir_route *route)
{
    uint64_t cursor = 0;
    for (const struct address *other; (other = address_next(&stack->ip4.addresses, &cursor)) != NULL;) {
        struct tapir_route routes[FOLLOWERS];
        size_t n = other == address ? 0 : followers(&other->prefix, other->iface, routes);
        for (size_t i = 0; i < n; i++)
            if (is_same_route(route, &routes[i]))
                return true;
    }
    return false;
}

static bool is_host_address(const struct ip4_prefix *address)
{
    struct ip4 a = address->address;
    if (address->length == 0 || address->length > 32)
        return false;
    if (ip4_is_this_net(a) || ip4_is_loopback(a) || ip4_is_multicast(a) || ip4_is_class_e(a))
        return false;
    return !ip4_has_broadcast(*address) ||
           (!ip4_equal(a, ip4_network(*address)) && !ip4_equal(a, ip4_broadcast(*address)));
}

static bool is_known(const struct tapir *stack, struct ip4 ip)
{
    uint64_t cursor = 0;
    for (const struct address *a; (a = address_next(&stack->ip4.addresses, &cursor)) != NULL;)
        if (ip4_equal(a->prefix.address, ip))
            return true;
    return false;
}

static void remove_followers(struct tapir *stack, const struct address *address,
                             const struct tapir_route routes[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_shared(stack, address, &routes[i]))
            route_remove(&stack->ip4.routes, &routes[i]);
}

/* A route that is there already came with another address: nobody adds one of these kinds by hand. To ask all other addresses
 * would make the start of 4,096 interfaces a matter of seconds. */
static bool add_follower(struct tapir *stack, const struct tapir_route *route)
{
    enum tapir_result result = route_add(&stack->ip4.routes, route);
    return result == TAPIR_OK || result == TAPIR_EXISTS;
}

static bool add_followers(struct tapir *stack, const struct address *address)
{
    struct tapir_route routes[FOLLOWERS];
    size_t n = followers(&address->prefix, address->iface, routes);
    for (size_t i = 0; i < n; i++) {
        if (add_follower(stack, &routes[i]))
            continue;
        remove_followers(stack, address, routes, i);
        return false;
    }
    return true;
}

static struct outcome add(struct tapir *stack, const struct tapir_op *op)
{
    const struct iface *iface = iface_lookup(&stack->ip4.link.ifaces, op->iface);
    if (iface == NULL)
        return outcome_no(TAPIR_MISSING, "there is no interface of that number");
    if (!is_host_address(&op->address))
        return outcome_no(TAPIR_INVALID, "the address cannot be a host's");
    if (is_known(stack, op->address.address))
        return outcome_no(TAPIR_EXISTS, "the address is ours already");
    bool probe = settings_is_on(&iface->settings, TAPIR_SET_ARP_ACD);
    struct address *address = address_add(&stack->ip4.addresses, op->iface, op->address,
                                          probe ? TAPIR_ADDRESS_TENTATIVE : TAPIR_ADDRESS_READY);
    if (address == NULL)
        return outcome_no(TAPIR_FULL, "limits.addresses is reached");
    if (!add_followers(stack, address)) {
        address_remove(&stack->ip4.addresses, address);
        return outcome_no(TAPIR_FULL, "no memory for the routes of the address, or limits.routes is reached");
    }
    if (probe)
        acd_start(&stack->core, address);
    return outcome_ok();
}

static struct outcome remove_address(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    struct address *address = address_find(&stack->ip4.addresses, op->iface, op->address.address);
    if (address == NULL || address->prefix.length != op->address.length)
        return outcome_no(TAPIR_MISSING, "the interface does not have the address");
    struct tapir_route routes[FOLLOWERS];
    size_t n = followers(&op->address, op->iface, routes);
    bool shared = is_shared(stack, address, &routes[0]);
    if (!shared && route_remove(&stack->ip4.routes, &routes[0]) != TAPIR_OK)
        return outcome_no(TAPIR_BUSY, "routes still lead through the network of the address");
    remove_followers(stack, address, routes + 1, n - 1);
    undo->was = *address;
    undo->place = (uint32_t)(address - stack->ip4.addresses.list);
    timer_cancel(&stack->core.timers, &address->timer);
    event_forget(&stack->core.events, &address->event);
    undo->flushes = !shared;
    address_remove(&stack->ip4.addresses, address);
    return outcome_ok();
}

struct outcome apply_address(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    return op->remove ? remove_address(stack, op, undo) : add(stack, op);
}

void restore_address(struct tapir *stack, const struct undo *undo)
{
    struct address *address =
        address_add_at(&stack->ip4.addresses, undo->place, undo->op.iface, undo->op.address, undo->was.state);
    address->sent = undo->was.sent;
    address->defended = undo->was.defended;
    address->conflict = undo->was.conflict;
    address->unadvertised = undo->was.unadvertised;
    address->advertised = undo->was.advertised;
    add_followers(stack, address);
    if (timer_is_armed(&undo->was.timer))
        timer_arm(&stack->core.timers, &address->timer, undo->was.timer.deadline);
}

struct outcome apply_advertise(struct tapir *stack, const struct tapir_op *op)
{
    struct address *address = address_find(&stack->ip4.addresses, op->iface, op->address.address);
    if (address == NULL)
        return outcome_no(TAPIR_MISSING, "the interface does not have the address");
    if (address->unadvertised == op->remove)
        return outcome_no(op->remove ? TAPIR_MISSING : TAPIR_EXISTS,
                          op->remove ? "the address is left out already" : "the address is listed already");
    address->unadvertised = op->remove;
    return outcome_ok();
}
