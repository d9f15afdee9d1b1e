/* All that can be seen of a stack as one text, and the settings that cannot: for comparing before and after. */
#ifndef TESTS_STACK_STAGE_SNAPSHOT_H
#define TESTS_STACK_STAGE_SNAPSHOT_H

#include "tests/stack/stage_set.h"

struct snapshot {
    char text[16384];
    struct settings node, ifaces[4];
    bool own[4][TAPIR_SETTING_COUNT];
    struct {
        enum tapir_address_state state;
        bool unadvertised, advertised, defended, is_armed;
        uint8_t sent;
        int64_t conflict, deadline;
    } addresses[6]; /* by place */
    int64_t wall_offset_ns;
    bool is_wall_known;
};

static inline void row_print(char *text, size_t size, enum tapir_table table, const union tapir_row *row)
{
    text[0] = '\0';
    switch (table) {
    case TAPIR_TABLE_INTERFACES:
        snprintf(text, size, "interface %u %s mtu %u mac %u up %d waiting %u\n", row->interface.iface,
                 row->interface.name, row->interface.mtu, row->interface.mac.octet[5], row->interface.up,
                 row->interface.waiting);
        return;
    case TAPIR_TABLE_ADDRESSES:
        snprintf(text, size, "address %u %08x/%u state %d\n", row->address.iface,
                 row->address.address.address.value, row->address.address.length, (int)row->address.state);
        return;
    case TAPIR_TABLE_ROUTES:
        snprintf(text, size, "route %08x/%u kind %d via %08x metric %u tos %u iface %u\n",
                 row->route.prefix.address.value, row->route.prefix.length, (int)row->route.kind,
                 row->route.via.value, row->route.metric, row->route.tos, row->route.iface);
        return;
    case TAPIR_TABLE_NEIGHBORS:
        snprintf(text, size, "neighbor %u %08x mac %u state %d held %u\n", row->neighbor.iface,
                 row->neighbor.address.value, row->neighbor.mac.octet[5], (int)row->neighbor.state,
                 row->neighbor.held);
        return;
    case TAPIR_TABLE_LIMITS: /* memory may stay with a table that grew */
        if (strcmp(row->limit.name, "memory") == 0)
            return;
        snprintf(text, size, "limit %s use %llu of %llu\n", row->limit.name,
                 (unsigned long long)row->limit.use, (unsigned long long)row->limit.limit);
        return;
    case TAPIR_TABLE_EXCEPTIONS:
        snprintf(text, size, "exception %08x via %08x iface %u mtu %u\n", row->exception.destination.value,
                 row->exception.gateway.value, row->exception.iface, row->exception.mtu);
        return;
    }
}

static inline void snapshot_addresses(const struct stage_set *set, struct snapshot *snapshot)
{
    const struct addresses *addresses = &set->stack->ip4.addresses;
    for (uint32_t i = 0; i < addresses->limit && i < COUNT(snapshot->addresses); i++) {
        const struct address *address = &addresses->list[i];
        if (!address->used)
            continue;
        snapshot->addresses[i].state = address->state;
        snapshot->addresses[i].unadvertised = address->unadvertised;
        snapshot->addresses[i].advertised = address->advertised;
        snapshot->addresses[i].defended = address->defended;
        snapshot->addresses[i].is_armed = timer_is_armed(&address->timer);
        snapshot->addresses[i].sent = address->sent;
        snapshot->addresses[i].conflict = address->conflict.ns;
        snapshot->addresses[i].deadline = timer_is_armed(&address->timer) ? address->timer.deadline.ns : 0;
    }
}

static inline void snapshot_take(const struct stage_set *set, struct snapshot *snapshot)
{
    memset(snapshot, 0, sizeof *snapshot);
    size_t at = 0;
    for (enum tapir_table table = TAPIR_TABLE_INTERFACES; table <= TAPIR_TABLE_EXCEPTIONS; table++) {
        union tapir_row row;
        for (uint64_t cursor = 0; tapir_list(set->stack, table, &cursor, &row, 1) == 1;) {
            row_print(snapshot->text + at, sizeof snapshot->text - at, table, &row);
            at += strlen(snapshot->text + at);
            assert_true(at + 200 < sizeof snapshot->text);
        }
    }
    snapshot->node = set->stack->core.settings;
    for (unsigned i = 0; i < 4; i++) {
        const struct iface *iface = iface_lookup(&set->stack->ip4.link.ifaces, i);
        if (iface == NULL)
            continue;
        snapshot->ifaces[i] = iface->settings;
        memcpy(snapshot->own[i], iface->own, sizeof iface->own);
    }
    snapshot_addresses(set, snapshot);
    snapshot->wall_offset_ns = set->stack->core.wall.offset_ns;
    snapshot->is_wall_known = set->stack->core.wall.is_known;
}

static inline void expect_same_state(const struct snapshot *before, const struct snapshot *after)
{
    assert_string_equal(after->text, before->text);
    assert_memory_equal(after, before, sizeof *after);
}

#endif
