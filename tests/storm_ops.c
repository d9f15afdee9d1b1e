/* What happens to the network while a storm blows: operations of every kind, right and wrong, alone and in
 * lists. */
#include "tests/storm.h"

#include <string.h>

static const struct ip4_prefix prefixes[] = {
    {{0x0a000001}, 24}, {{0x0a000101}, 24}, {{0xc0a80701}, 30}, {{0xac100000}, 31}, {{0x0a00000a}, 24},
    {{0x0a000901}, 24}, {{0x0a00002a}, 32}, {{0x0a000010}, 28}, {{0x0a0000ff}, 24}, {{0xe0000001}, 4},
};

static struct tapir_op interface_op(struct storm *storm, unsigned iface)
{
    struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = iface};
    op.interface.mac = (struct mac){{2, 0, 0, 0, 0, (uint8_t)(iface + 1)}};
    op.interface.mtu =
        dice_once_in(&storm->dice, 4) ? (uint16_t)(68 + dice_below(&storm->dice, 1433)) : STORM_MTU;
    memcpy(op.interface.name, "eth", 4);
    return op;
}

static struct tapir_op route_op(struct storm *storm)
{
    static const uint8_t kinds[] = {0, 0, 0, 0, 4, 5, 6, 1};
    static const uint32_t hops[] = {0x0a0000fe, 0x0a0001fe, 0x0a0001fd, 0x0a00000a,
                                    0xac100001, 0x0a000001, 0x09000001};
    struct tapir_op op = {.kind = TAPIR_OP_ROUTE};
    uint8_t length = (uint8_t)(8 * dice_below(&storm->dice, 5));
    uint32_t value = length == 0 ? 0 : 0x0a400000 + (dice_below(&storm->dice, 8) << 16);
    op.route.prefix = (struct ip4_prefix){{length == 8 ? 0x0b000000 : value}, length};
    op.route.kind = (enum tapir_route_kind)DICE_PICK(&storm->dice, kinds);
    op.route.via.value = DICE_PICK(&storm->dice, hops);
    op.route.metric = dice_below(&storm->dice, 3);
    op.route.tos = (uint8_t)(dice_once_in(&storm->dice, 4) ? 1U << dice_below(&storm->dice, 6) : 0);
    return op;
}

/* What the oracle allows from now on. */
static void note_set(struct storm *storm, const struct tapir_op *op)
{
    enum tapir_setting setting = op->set.setting;
    bool on = op->set.value == 1;
    storm->believes_martians |= setting == TAPIR_SET_IP_MARTIANS && op->set.value == 0;
    storm->quenches |= setting == TAPIR_SET_ICMP_SOURCE_QUENCH_SEND && on;
    storm->extends |= setting == TAPIR_SET_ICMP_EXTENSIONS_INTERFACE && on;
    storm->counts_hops |= setting == TAPIR_SET_ICMP_TRACEROUTE1393 && on;
    storm->discovers |= setting == TAPIR_SET_ICMP_ROUTER_DISCOVERY && on;
    storm->proxies |= setting == TAPIR_SET_ARP_PROXY && on;
    storm->passes_broadcasts |= setting == TAPIR_SET_IP_DIRECTED_BROADCAST && on;
    storm->informs |= setting == TAPIR_SET_ICMP_INFORMATION && on;
    storm->tells_masks |= setting == TAPIR_SET_ICMP_ADDRESS_MASK && on; /* agent */
    storm->probes |= setting == TAPIR_SET_ICMP_PROBE_ANSWER && on;
}

static struct tapir_op set_op(struct storm *storm, unsigned iface)
{
    struct tapir_op op = {.kind = TAPIR_OP_SET,
                          .iface = dice_once_in(&storm->dice, 2) ? TAPIR_EVERYWHERE : iface};
    op.set.setting = (enum tapir_setting)dice_below(&storm->dice, TAPIR_SETTING_COUNT);
    const struct tapir_setting_row *row = tapir_setting(op.set.setting);
    uint64_t span = (uint64_t)(row->high - row->low) + 1;
    op.set.value = row->low + (int64_t)(dice_next(&storm->dice) % span);
    note_set(storm, &op);
    if (op.set.setting == TAPIR_SET_ICMP_ECHO_BROADCAST)
        op.set.value = 0; /* the oracle's promise is about stacks that do not answer broadcasts */
    return op;
}

static struct tapir_op some_op(struct storm *storm)
{
    struct dice *dice = &storm->dice;
    unsigned iface = dice_once_in(dice, 16) ? 64 + dice_below(dice, 8) : dice_below(dice, STORM_IFACES);
    struct tapir_op op = {.kind = TAPIR_OP_LINK, .iface = iface};
    switch (dice_below(dice, 9)) {
    case 0:
    case 1:
        op.link.up = !dice_once_in(dice, 3);
        break;
    case 2:
        op = (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = iface};
        op.address = DICE_PICK(dice, prefixes);
        break;
    case 3:
    case 4:
        op = route_op(storm);
        break;
    case 5:
        op = (struct tapir_op){.kind = TAPIR_OP_NEIGHBOR, .iface = iface};
        op.neighbor.address.value = 0x0a00000a + dice_below(dice, 4);
        op.neighbor.mac = (struct mac){{2, 1, 1, 1, 1, (uint8_t)dice_below(dice, 9)}};
        break;
    case 6:
        op = set_op(storm, iface);
        break;
    case 7:
        op = interface_op(storm, iface);
        break;
    default:
        op = (struct tapir_op){.kind = TAPIR_OP_CLOCK};
        op.clock.offset_ns = (int64_t)dice_next(dice);
        break;
    }
    op.remove = op.kind != TAPIR_OP_LINK && dice_once_in(dice, 2);
    return op;
}

/* ---- all or none ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x100000001b3) + (hash >> 29);
}

static uint64_t hash_row(enum tapir_table table, const union tapir_row *row)
{
    uint64_t hash = mix(0x1234567, (uint64_t)table);
    if (table == TAPIR_TABLE_INTERFACES)
        return mix(mix(mix(hash, row->interface.iface), row->interface.mtu), row->interface.up);
    if (table == TAPIR_TABLE_ADDRESSES)
        return mix(mix(mix(hash, row->address.iface), row->address.address.address.value),
                   row->address.address.length);
    if (table == TAPIR_TABLE_NEIGHBORS)
        return row->neighbor.state != TAPIR_NEIGHBOR_PERMANENT
                   ? 0
                   : mix(mix(mix(hash, row->neighbor.iface), row->neighbor.address.value),
                         row->neighbor.mac.octet[5]);
    const struct tapir_route *route = &row->route;
    hash = mix(mix(mix(hash, route->prefix.address.value), route->prefix.length), (uint64_t)route->kind);
    return mix(mix(mix(mix(hash, route->via.value), route->metric), route->iface), route->tos);
}

/* The same for the same rows, in whatever order; of neighbors those set by hand. */
static uint64_t hash_tables(const struct tapir *stack)
{
    uint64_t sum = 0;
    union tapir_row rows[16];
    for (int table = TAPIR_TABLE_INTERFACES; table <= TAPIR_TABLE_NEIGHBORS; table++) {
        uint64_t cursor = 0;
        for (size_t n; (n = tapir_list(stack, (enum tapir_table)table, &cursor, rows, 16)) > 0;)
            for (size_t i = 0; i < n; i++)
                sum += hash_row((enum tapir_table)table, &rows[i]);
    }
    return sum;
}

static void apply(struct storm *storm, const struct tapir_op ops[], size_t n)
{
    storm_flush(storm);
    tapir_tick(storm->stack, storm->now);
    size_t memory = storm->memory;
    uint64_t before = hash_tables(storm->stack);
    struct tapir_fault fault = {SIZE_MAX, NULL};
    enum tapir_result result = tapir_apply(storm->stack, ops, n, &fault, storm->now);
    if (result != TAPIR_OK && hash_tables(storm->stack) != before)
        storm_fault(storm, "a list failed and left its mark", NULL);
    if (result != TAPIR_OK && (fault.op >= n || fault.why == NULL))
        storm_fault(storm, "a list failed and nobody says why", NULL);
    if (result != TAPIR_OK && storm->memory > memory + 65536)
        storm_fault(storm, "a list failed and keeps memory", NULL);
    storm_look(storm);
}

/* Takes an interface with all that is on it away, or puts it back. */
static void replace_interface(struct storm *storm, unsigned iface)
{
    struct tapir_op ops[STORM_OWN + 2];
    size_t n = 0;
    uint64_t cursor = 0;
    union tapir_row row;
    while (n < STORM_OWN && tapir_list(storm->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1)
        if (row.address.iface == iface)
            ops[n++] = (struct tapir_op){
                .kind = TAPIR_OP_ADDRESS, .remove = true, .iface = iface, .address = row.address.address};
    cursor = 0;
    while (n < STORM_OWN && tapir_list(storm->stack, TAPIR_TABLE_NEIGHBORS, &cursor, &row, 1) == 1)
        if (row.neighbor.iface == iface && row.neighbor.state == TAPIR_NEIGHBOR_PERMANENT)
            ops[n++] = (struct tapir_op){.kind = TAPIR_OP_NEIGHBOR,
                                         .remove = true,
                                         .iface = iface,
                                         .neighbor = {row.neighbor.address, row.neighbor.mac}};
    ops[n++] = (struct tapir_op){.kind = TAPIR_OP_INTERFACE, .remove = true, .iface = iface};
    if (dice_once_in(&storm->dice, 3))
        ops[n++] = (struct tapir_op){.kind = TAPIR_OP_LINK, .iface = 99}; /* and back again */
    apply(storm, ops, n);
    if (dice_once_in(&storm->dice, 2))
        storm_wait(storm, 1000 * INT64_C(1000000) * dice_below(&storm->dice, 5));
    ops[0] = interface_op(storm, iface);
    ops[1] = (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = iface, .address = prefixes[iface]};
    apply(storm, ops, 2);
}

/* Removes the routes that lead through gateways: they hold the networks of addresses. */
static void remove_gateways(struct storm *storm)
{
    struct tapir_op ops[32];
    size_t n = 0;
    uint64_t cursor = 0;
    for (union tapir_row row; n < 32 && tapir_list(storm->stack, TAPIR_TABLE_ROUTES, &cursor, &row, 1) == 1;)
        if (row.route.kind == TAPIR_ROUTE_UNICAST)
            ops[n++] = (struct tapir_op){.kind = TAPIR_OP_ROUTE, .remove = true, .route = row.route};
    apply(storm, ops, n);
}

static void remove_lost_addresses(struct storm *storm)
{
    struct tapir_op ops[STORM_OWN];
    size_t n = 0;
    uint64_t cursor = 0;
    union tapir_row row;
    while (n < STORM_OWN && tapir_list(storm->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1)
        if (row.address.state == TAPIR_ADDRESS_CONFLICT)
            ops[n++] = (struct tapir_op){.kind = TAPIR_OP_ADDRESS,
                                         .remove = true,
                                         .iface = row.address.iface,
                                         .address = row.address.address};
    apply(storm, ops, n);
}

void storm_restore(struct storm *storm)
{
    struct tapir_op ops[32];
    remove_gateways(storm);
    remove_lost_addresses(storm);
    size_t n = storm->shape.n_network;
    const struct tapir_op *network = storm->shape.network;
    if (network == NULL) {
        n = storm_network(storm->shape.router, ops);
        network = ops;
    }
    for (size_t i = 0; i < n; i++)
        apply(storm, &network[i], 1);
    for (unsigned i = 0; i < STORM_IFACES; i++)
        apply(storm, &(struct tapir_op){.kind = TAPIR_OP_LINK, .iface = i, .link.up = true}, 1);
}

/* Settings that have an effect only together, or that chance would seldom find. */
static void switch_on(struct storm *storm)
{
    static const struct {
        enum tapir_setting setting;
        int64_t value;
    } sets[][9] = {
        {{TAPIR_SET_ICMP_PROBE_ANSWER, 1},
         {TAPIR_SET_ICMP_PROBE_REMOTE, 1},
         {TAPIR_SET_ICMP_PROBE_NAME, 1},
         {TAPIR_SET_ICMP_PROBE_NAME_FROM, 0},
         {TAPIR_SET_ICMP_PROBE_INDEX, 1},
         {TAPIR_SET_ICMP_PROBE_INDEX_FROM, 0},
         {TAPIR_SET_ICMP_PROBE_ADDRESS, 1},
         {TAPIR_SET_ICMP_PROBE_ADDRESS_FROM, 0}},
        {{TAPIR_SET_ICMP_ADDRESS_MASK, 1}, {TAPIR_SET_ICMP_ADDRESS_MASK_ANNOUNCE, 1}},
        {{TAPIR_SET_FORWARDING, 0}, {TAPIR_SET_ICMP_ADDRESS_MASK, 2}},
        {{TAPIR_SET_ICMP_ROUTER_DISCOVERY, 1}, {TAPIR_SET_ICMP_ADVERTISE_MAX, INT64_C(4000000000)}},
        {{TAPIR_SET_ICMP_INFORMATION, 1}},
        {{TAPIR_SET_ICMP_SOURCE_QUENCH_SEND, 1}, {TAPIR_SET_ARP_HOLD, 1}},
        {{TAPIR_SET_ICMP_EXTENSIONS_INTERFACE, 1}},
        {{TAPIR_SET_IP_OPTION_LSRR, 2}, {TAPIR_SET_IP_OPTION_SSRR, 2}},
        {{TAPIR_SET_ICMP_REDIRECT_ACCEPT, 1}},
        {{TAPIR_SET_ICMP_TRACEROUTE1393, 1}},
        {{TAPIR_SET_FORWARDING, 1}},
        {{TAPIR_SET_FORWARDING, 0}},
    };
    struct tapir_op ops[9];
    uint32_t which = dice_below(&storm->dice, sizeof sets / sizeof sets[0]);
    size_t n = 0;
    for (; n < 9 && (n == 0 || sets[which][n].setting != 0); n++) {
        ops[n] = (struct tapir_op){.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE};
        ops[n].set.setting = sets[which][n].setting;
        ops[n].set.value = sets[which][n].value;
        note_set(storm, &ops[n]);
    }
    apply(storm, ops, n);
}

static void apply_some(struct storm *storm)
{
    struct tapir_op ops[8];
    size_t n = 1 + (dice_once_in(&storm->dice, 3) ? dice_below(&storm->dice, 8) : 0U);
    for (size_t i = 0; i < n; i++)
        ops[i] = some_op(storm);
    apply(storm, ops, n);
}

void storm_operate(struct storm *storm)
{
    unsigned iface = dice_below(&storm->dice, storm->shape.router ? STORM_IFACES : 1);
    switch (dice_below(&storm->dice, 12)) {
    case 0:
        storm->paused[iface] = !storm->paused[iface];
        tapir_pause(storm->stack, iface, storm->paused[iface]);
        return;
    case 1:
        storm_restore(storm);
        return;
    case 2:
        if (dice_once_in(&storm->dice, 2))
            remove_gateways(storm);
        replace_interface(storm, iface);
        return;
    case 3:
    case 4:
    case 5:
        switch_on(storm);
        return;
    default:
        apply_some(storm);
        return;
    }
}
