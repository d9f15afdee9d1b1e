/* tapir_apply: a list of operations, all or none. Each leaves a note of what takes it back. */
#include "apply_address.h"

#include <assert.h>
#include <string.h>

#include "icmp4/router_discovery.h"
#include "link/acd.h"
#include "pipeline.h"

static struct iface *iface_of(struct tapir *stack, const struct tapir_op *op)
{
    return iface_lookup(&stack->ip4.link.ifaces, op->iface);
}

static struct outcome no_interface(void)
{
    return outcome_no(TAPIR_MISSING, "there is no interface of that number");
}

/* ---- interfaces ---- */

static struct outcome add_interface(struct tapir *stack, const struct tapir_op *op)
{
    if (op->iface >= stack->limits.interfaces)
        return outcome_no(TAPIR_FULL, "the number is beyond limits.interfaces");
    if (iface_of(stack, op) != NULL)
        return outcome_no(TAPIR_EXISTS, "an interface of that number is there already");
    if (op->interface.mtu < 68)
        return outcome_no(TAPIR_INVALID, "the MTU is below 68, the least that IPv4 allows");
    if (mac_is_group(op->interface.mac) || mac_is_zero(op->interface.mac))
        return outcome_no(TAPIR_INVALID, "the MAC cannot be a host's");
    const struct iface *iface = iface_add(&stack->ip4.link.ifaces, &stack->core, op->iface,
                                          op->interface.name, op->interface.mac, op->interface.mtu);
    return iface == NULL ? outcome_no(TAPIR_FULL, "no memory for the interface") : outcome_ok();
}

static bool has_addresses(const struct tapir *stack, unsigned iface)
{
    uint64_t cursor = 0;
    for (const struct address *a; (a = address_next(&stack->ip4.addresses, &cursor)) != NULL;)
        if (a->iface == iface)
            return true;
    return false;
}

static bool has_permanent_neighbors(const struct tapir *stack, unsigned iface)
{
    const struct neighbor *at = stack->ip4.link.neighbors.classes[CLASS_PERMANENT].first;
    while (at != NULL && at->iface != iface)
        at = at->after;
    return at != NULL;
}

static struct outcome remove_interface(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    struct iface *iface = iface_of(stack, op);
    if (iface == NULL)
        return no_interface();
    if (has_addresses(stack, op->iface))
        return outcome_no(TAPIR_BUSY, "the interface still has addresses");
    if (has_permanent_neighbors(stack, op->iface))
        return outcome_no(TAPIR_BUSY, "the interface still has neighbors set by hand");
    route_iface_up(&stack->ip4.routes, op->iface, true); /* for the next one of that number */
    iface_detach(&stack->ip4.link.ifaces, iface);
    undo->removed = iface;
    return outcome_ok();
}

/* An interface is gone for good, and with it what it knew and held. There may be a new one of its number already, but nothing
 * that is not set by hand can be of that one. */
static void commit_removal(struct tapir *stack, struct iface *removed)
{
    static const struct ip4_prefix all; /* of length 0 */
    unsigned number = removed->number;
    if (iface_lookup(&stack->ip4.link.ifaces, number) == NULL)
        neighbor_drop_all(&stack->ip4.link, &stack->core, number, TAPIR_NEIGHBOR_FLUSHED);
    else
        neighbor_flush(&stack->ip4.link, &stack->core, number, all, TAPIR_NEIGHBOR_FLUSHED);
    reass_flush(&stack->ip4.reass, &stack->core, number, TAPIR_IP4_FRAGMENT_FLUSHED);
    group_forget_iface(&stack->ip4.groups, number);
    iface_flush(&stack->core, removed, TAPIR_OUT_DOWN);
    iface_free(&stack->core, removed);
}

static struct outcome apply_link(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    struct iface *iface = iface_of(stack, op);
    if (iface == NULL)
        return no_interface();
    bool has_super = (op->link.takes & ~TAPIR_TAKES(TAPIR_OFFLOAD_CHECKSUM)) != 0;
    if (has_super && (op->link.takes & TAPIR_TAKES(TAPIR_OFFLOAD_CHECKSUM)) == 0)
        return outcome_no(TAPIR_INVALID, "a device that takes super-frames takes partial checksums, too");
    undo->op.link.up = iface->up;
    undo->op.link.takes = iface->takes;
    if (!route_iface_up(&stack->ip4.routes, op->iface, op->link.up))
        return outcome_no(TAPIR_FULL, "no memory");
    iface->up = op->link.up;
    iface->takes = op->link.takes;
    return outcome_ok();
}

/* A link changed for good: what waited for it goes, or its addresses are probed anew. */
static void commit_link(struct tapir *stack, const struct undo *undo)
{
    struct iface *iface = iface_of(stack, &undo->op);
    bool was_up = undo->op.link.up;
    if (iface == NULL)
        return;
    if (iface->up && !was_up)
        acd_restart(&stack->ip4.link, &stack->core, iface);
    if ((undo->op.link.takes & ~iface->takes) != 0) /* what waits may be more than its device takes now */
        iface_flush(&stack->core, iface, TAPIR_OUT_DOWN);
    if (iface->up)
        return;
    iface_flush(&stack->core, iface, TAPIR_OUT_DOWN);
    neighbor_flush(&stack->ip4.link, &stack->core, iface->number, (struct ip4_prefix){.length = 0},
                   TAPIR_NEIGHBOR_FLUSHED);
}

/* ---- routes and neighbors ---- */

static struct outcome apply_route(struct tapir *stack, const struct tapir_op *op)
{
    enum tapir_route_kind kind = op->route.kind;
    if (kind == TAPIR_ROUTE_CONNECTED || kind == TAPIR_ROUTE_LOCAL || kind == TAPIR_ROUTE_BROADCAST)
        return outcome_no(TAPIR_INVALID, "routes of this kind follow addresses");
    enum tapir_result result =
        op->remove ? route_remove(&stack->ip4.routes, &op->route) : route_add(&stack->ip4.routes, &op->route);
    switch (result) {
    case TAPIR_OK:
        return outcome_ok();
    case TAPIR_EXISTS:
        return outcome_no(result, "the route is there already");
    case TAPIR_MISSING:
        return outcome_no(result, op->remove ? "there is no such route"
                                             : "the next hop lies in none of the connected networks");
    case TAPIR_FULL:
        return outcome_no(result, "no memory for the route, or limits.routes is reached");
    case TAPIR_INVALID:
        return outcome_no(result,
                          "the prefix has bits set beyond its length, or the next hop is an address of ours");
    case TAPIR_BUSY:
    case TAPIR_AGAIN:
    case TAPIR_TOO_LARGE:
    case TAPIR_UNREACHABLE:
        break;
    }
    return outcome_no(result, "the route cannot be changed now");
}

static struct outcome apply_neighbor(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    struct iface *iface = iface_of(stack, op);
    if (iface == NULL)
        return no_interface();
    struct ip4 address = op->neighbor.address;
    if (!op->remove && (ip4_is_this_net(address) || ip4_is_loopback(address) || ip4_is_multicast(address) ||
                        ip4_is_class_e(address) ||
                        address_lookup(&stack->ip4.addresses, address, op->iface, NULL) != ADDRESS_NOTHING))
        return outcome_no(TAPIR_INVALID, "the address cannot be a neighbor's");
    if (mac_is_group(op->neighbor.mac) || (!op->remove && mac_is_zero(op->neighbor.mac)))
        return outcome_no(TAPIR_INVALID, "the MAC cannot be a host's");
    const struct neighbor *known =
        neighbor_lookup(&stack->ip4.link.neighbors, &stack->core, op->iface, op->neighbor.address);
    if (known != NULL)
        undo->op.neighbor.mac = known->mac;
    enum tapir_result result =
        op->remove ? neighbor_remove_permanent(&stack->ip4.link, &stack->core, iface, op->neighbor.address)
                   : neighbor_add_permanent(&stack->ip4.link, &stack->core, iface, op->neighbor.address,
                                            op->neighbor.mac);
    if (result == TAPIR_EXISTS)
        return outcome_no(result, "the neighbor is there already");
    if (result == TAPIR_MISSING)
        return outcome_no(result, "there is no such permanent neighbor");
    return result == TAPIR_OK ? outcome_ok() : outcome_no(result, "limits.neighbors is reached");
}

/* ---- settings and the clock ---- */

static void inherit(struct tapir *stack)
{
    for (unsigned i = 0; i < stack->limits.interfaces; i++) {
        struct iface *iface = iface_lookup(&stack->ip4.link.ifaces, i);
        if (iface != NULL)
            settings_inherit(&iface->settings, iface->own, &stack->core.settings);
    }
}

static struct outcome apply_set(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    enum tapir_setting setting = op->set.setting;
    if (!settings_accepts(setting, op->set.value))
        return outcome_no(TAPIR_INVALID, "no such setting, or not one of its values");
    if (op->iface == TAPIR_EVERYWHERE) {
        undo->op.set.value = settings_get(&stack->core.settings, setting);
        settings_put(&stack->core.settings, setting, op->set.value);
        inherit(stack);
        return outcome_ok();
    }
    struct iface *iface = iface_of(stack, op);
    if (iface == NULL)
        return no_interface();
    if (tapir_setting(setting)->scope == TAPIR_SCOPE_NODE)
        return outcome_no(TAPIR_INVALID, "the setting holds for the whole node, not for one interface");
    undo->op.set.value = settings_get(&iface->settings, setting);
    undo->forgets_own = !iface->own[setting];
    settings_put(&iface->settings, setting, op->set.value);
    iface->own[setting] = true;
    return outcome_ok();
}

static struct outcome apply_clock(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    undo->op.clock.offset_ns = stack->core.wall.offset_ns;
    undo->forgets_clock = !stack->core.wall.is_known;
    stack->core.wall.offset_ns = op->clock.offset_ns;
    stack->core.wall.is_known = true;
    return outcome_ok();
}

/* ---- all or none ---- */

static struct outcome apply(struct tapir *stack, const struct tapir_op *op, struct undo *undo)
{
    *undo = (struct undo){.op = *op};
    undo->op.remove = !op->remove;
    switch (op->kind) {
    case TAPIR_OP_INTERFACE:
        return op->remove ? remove_interface(stack, op, undo) : add_interface(stack, op);
    case TAPIR_OP_LINK:
        return apply_link(stack, op, undo);
    case TAPIR_OP_ADDRESS:
        return apply_address(stack, op, undo);
    case TAPIR_OP_ROUTE:
        return apply_route(stack, op);
    case TAPIR_OP_NEIGHBOR:
        return apply_neighbor(stack, op, undo);
    case TAPIR_OP_SET:
        return apply_set(stack, op, undo);
    case TAPIR_OP_CLOCK:
        return apply_clock(stack, op, undo);
    case TAPIR_OP_ADVERTISE:
        return apply_advertise(stack, op);
    }
    return outcome_no(TAPIR_INVALID, "no such operation");
}

/* It was there, so it comes back, also where no new one could be: its address may be ours now. */
static void restore_neighbor(struct tapir *stack, const struct tapir_op *op)
{
    struct iface *iface = iface_lookup(&stack->ip4.link.ifaces, op->iface);
    neighbor_add_permanent(&stack->ip4.link, &stack->core, iface, op->neighbor.address, op->neighbor.mac);
}

static void take_back(struct tapir *stack, const struct undo *undo)
{
    struct undo ignored;
    if (undo->removed != NULL) {
        iface_attach(&stack->ip4.link.ifaces, undo->removed);
        route_iface_up(&stack->ip4.routes, undo->removed->number, undo->removed->up);
        return;
    }
    if (undo->op.kind == TAPIR_OP_ADDRESS && !undo->op.remove) {
        restore_address(stack, undo);
        return;
    }
    if (undo->op.kind == TAPIR_OP_NEIGHBOR && !undo->op.remove) {
        restore_neighbor(stack, &undo->op);
        return;
    }
    apply(stack, &undo->op, &ignored);
    if (ignored.removed != NULL)
        iface_free(&stack->core, ignored.removed);
    if (undo->forgets_own)
        iface_lookup(&stack->ip4.link.ifaces, undo->op.iface)->own[undo->op.set.setting] = false;
    if (undo->forgets_clock)
        stack->core.wall.is_known = false;
}

/* What cannot be taken back is done when the whole list is: packets are settled, and what was learnt is forgotten. */
static void commit(struct tapir *stack, const struct undo undos[], size_t n)
{
    bool ages_otherwise = false;
    for (size_t i = 0; i < n; i++) {
        if (undos[i].flushes)
            neighbor_flush(&stack->ip4.link, &stack->core, undos[i].op.iface, undos[i].op.address,
                           TAPIR_NEIGHBOR_FLUSHED);
        if (undos[i].removed != NULL)
            commit_removal(stack, undos[i].removed);
        if (undos[i].op.kind == TAPIR_OP_LINK)
            commit_link(stack, &undos[i]);
        ages_otherwise |=
            undos[i].op.kind == TAPIR_OP_SET && undos[i].op.set.setting == TAPIR_SET_ARP_TIMEOUT;
    }
    if (ages_otherwise)
        neighbor_distrust_all(&stack->ip4.link.neighbors);
    mask_review(&stack->icmp4, &stack->core);
}

/* A route is taken back by the opposite operation alone: a million of them leave no notes. */
static bool leaves_note(const struct tapir_op *op)
{
    return op->kind != TAPIR_OP_ROUTE;
}

static size_t count_notes(const struct tapir_op ops[], size_t n)
{
    size_t notes = 0;
    for (size_t i = 0; i < n; i++)
        notes += leaves_note(&ops[i]);
    return notes;
}

/* What has been applied so far, and the notes of it. */
struct progress {
    size_t ops, notes;
};

static struct outcome apply_until(struct tapir *stack, const struct tapir_op ops[], size_t n,
                                  struct undo undos[], struct progress *done)
{
    struct undo unnoted;
    while (done->ops < n) {
        const struct tapir_op *op = &ops[done->ops];
        assert(undos != NULL || !leaves_note(op));
        struct outcome outcome = apply(stack, op, leaves_note(op) ? &undos[done->notes] : &unnoted);
        if (outcome.result != TAPIR_OK)
            return outcome;
        done->ops++;
        done->notes += leaves_note(op);
    }
    return outcome_ok();
}

static void take_back_all(struct tapir *stack, const struct tapir_op ops[], const struct undo undos[],
                          struct progress done)
{
    while (done.ops > 0) {
        struct undo undo = {.op = ops[--done.ops]};
        undo.op.remove = !undo.op.remove;
        take_back(stack, leaves_note(&undo.op) ? &undos[--done.notes] : &undo);
    }
}

enum tapir_result tapir_apply(struct tapir *stack, const struct tapir_op ops[], size_t n,
                              struct tapir_fault *fault, tapir_instant now)
{
    pipeline_advance(stack, now);
    size_t size = count_notes(ops, n) * sizeof(struct undo);
    struct undo *undos = size == 0 ? NULL : memory_allocate(&stack->core.memory, size);
    struct progress done = {0, 0};
    struct outcome outcome = size > 0 && undos == NULL
                                 ? outcome_no(TAPIR_FULL, "no memory for the operations")
                                 : apply_until(stack, ops, n, undos, &done);
    if (outcome.result == TAPIR_OK)
        commit(stack, undos, done.notes);
    else if (fault != NULL)
        *fault = (struct tapir_fault){done.ops, outcome.why};
    if (outcome.result != TAPIR_OK)
        take_back_all(stack, ops, undos, done);
    memory_release(&stack->core.memory, undos, size);
    discovery_review(&stack->icmp4, &stack->core);
    pipeline_run(stack);
    return outcome.result;
}
