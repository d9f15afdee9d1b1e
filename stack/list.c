/* Looking in: counters, tables, trail, events. */
#include "state.h"

const struct tapir_counters *tapir_counters(const struct tapir *stack)
{
    return &stack->core.counters;
}

size_t tapir_trail(struct tapir *stack, struct tapir_step steps[], size_t max)
{
    return trail_take(&stack->core.trail, steps, max);
}

bool tapir_next_event(struct tapir *stack, struct tapir_event *event)
{
    return event_take(&stack->core.events, event);
}

static size_t list_interfaces(const struct tapir *stack, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (; n < max && *cursor < stack->limits.interfaces; (*cursor)++) {
        const struct iface *iface = iface_lookup(&stack->ip4.link.ifaces, (unsigned)*cursor);
        if (iface == NULL)
            continue;
        rows[n].interface.iface = iface->number;
        rows[n].interface.name = iface->name;
        rows[n].interface.mac = iface->mac;
        rows[n].interface.mtu = iface->mtu;
        rows[n].interface.up = iface->up;
        rows[n++].interface.waiting = iface->out[BAND_OURS].size + iface->out[BAND_TRANSIT].size;
    }
    return n;
}

static size_t list_addresses(const struct tapir *stack, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (const struct address *a; n < max && (a = address_next(&stack->ip4.addresses, cursor)) != NULL; n++) {
        rows[n].address.iface = a->iface;
        rows[n].address.address = a->prefix;
        rows[n].address.state = a->state;
    }
    return n;
}

static size_t list_neighbors(const struct tapir *stack, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    const struct neighbors *neighbors = &stack->ip4.link.neighbors;
    for (; n < max && *cursor < neighbors->limit; (*cursor)++) {
        const struct neighbor *neighbor = &neighbors->entries[*cursor];
        if (!neighbor->is_taken || neighbor->is_forgotten)
            continue;
        rows[n].neighbor.iface = neighbor->iface;
        rows[n].neighbor.address = neighbor->address;
        rows[n].neighbor.mac = neighbor->mac;
        rows[n].neighbor.state = neighbor->state;
        rows[n].neighbor.held = neighbor->held.size;
        rows[n++].neighbor.confirmed = neighbor->confirmed;
    }
    return n;
}

/* The bounds that a person may want to raise. */
enum {
    LIMITS = 10
};

/* What of limits.reassembly the setting lets it use. */
static uint64_t reass_memory(const struct tapir *stack)
{
    uint64_t most = (uint64_t)settings_get(&stack->core.settings, TAPIR_SET_IP_REASSEMBLY_MEMORY);
    return most < stack->limits.reassembly ? most : stack->limits.reassembly;
}

static union tapir_row limit_row(const struct tapir *stack, uint64_t place)
{
    const struct pool *pools = stack->core.store.pools;
    const struct tapir_limits *limits = &stack->limits;
    const struct neighbors *neighbors = &stack->ip4.link.neighbors;
    const struct reass *reass = &stack->ip4.reass;
    const uint64_t values[LIMITS][3] = {
        {stack->ip4.link.ifaces.count, stack->ip4.link.ifaces.count, limits->interfaces},
        {stack->ip4.addresses.count, stack->ip4.addresses.count, limits->addresses},
        {neighbors->count, neighbors->peak, limits->neighbors},
        {stack->core.sockets, stack->core.sockets, limits->sockets},
        {pools[0].use, pools[0].peak, pools[0].slots},
        {pools[1].use, pools[1].peak, pools[1].slots},
        {pools[2].use, pools[2].peak, pools[2].slots},
        {reass->octets, reass->peak, reass_memory(stack)},
        {stack->ip4.exceptions.count, stack->ip4.exceptions.peak, LIMIT_EXCEPTIONS},
        {stack->core.memory.used, stack->core.memory.peak, stack->core.memory.limit},
    };
    static const char *const names[LIMITS] = {"interfaces",  "addresses",    "neighbors",   "sockets",
                                              "store.small", "store.medium", "store.large", "reassembly",
                                              "exceptions",  "memory"};
    union tapir_row row = {.limit = {names[place], values[place][0], values[place][1], values[place][2]}};
    return row;
}

static size_t list_limits(const struct tapir *stack, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (; n < max && *cursor < LIMITS; n++)
        rows[n] = limit_row(stack, (*cursor)++);
    return n;
}

size_t tapir_list(const struct tapir *stack, enum tapir_table table, uint64_t *cursor, union tapir_row rows[],
                  size_t max)
{
    switch (table) {
    case TAPIR_TABLE_INTERFACES:
        return list_interfaces(stack, cursor, rows, max);
    case TAPIR_TABLE_ADDRESSES:
        return list_addresses(stack, cursor, rows, max);
    case TAPIR_TABLE_ROUTES:
        return route_list(&stack->ip4.routes, cursor, rows, max);
    case TAPIR_TABLE_NEIGHBORS:
        return list_neighbors(stack, cursor, rows, max);
    case TAPIR_TABLE_LIMITS:
        return list_limits(stack, cursor, rows, max);
    case TAPIR_TABLE_EXCEPTIONS:
        return exception_list(&stack->ip4.exceptions, &stack->core, cursor, rows, max);
    }
    return 0;
}
