/* Looking in: counters, tables, trail, events. */
#include "state.h"

const struct tapir_counters *tapir_counters(const struct tapir *t)
{
    return &t->core.counters;
}

size_t tapir_trail(struct tapir *t, struct tapir_step steps[], size_t max)
{
    return trail_take(&t->core.trail, steps, max);
}

bool tapir_next_event(struct tapir *t, struct tapir_event *event)
{
    return event_take(&t->core.events, event);
}

static size_t list_interfaces(const struct tapir *t, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (; n < max && *cursor < t->limits.interfaces; (*cursor)++) {
        const struct iface *iface = iface_lookup(&t->ip4.link.ifaces, (unsigned)*cursor);
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

static size_t list_addresses(const struct tapir *t, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (const struct address *a; n < max && (a = address_next(&t->ip4.addresses, cursor)) != NULL; n++) {
        rows[n].address.iface = a->iface;
        rows[n].address.address = a->prefix;
        rows[n].address.state = a->state;
    }
    return n;
}

static size_t list_neighbors(const struct tapir *t, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    const struct neighbors *neighbors = &t->ip4.link.neighbors;
    for (; n < max && *cursor < neighbors->limit; (*cursor)++) {
        const struct neighbor *neighbor = &neighbors->entries[*cursor];
        if (!neighbor->is_taken)
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
    LIMITS = 8
};

static union tapir_row limit_row(const struct tapir *t, uint64_t place)
{
    const struct pool *pools = t->core.store.pools;
    const struct tapir_limits *limits = &t->limits;
    const struct neighbors *neighbors = &t->ip4.link.neighbors;
    const uint64_t values[LIMITS][3] = {
        {t->ip4.link.ifaces.count, t->ip4.link.ifaces.count, limits->interfaces},
        {t->ip4.addresses.count, t->ip4.addresses.count, limits->addresses},
        {neighbors->count, neighbors->peak, limits->neighbors},
        {t->udp.count, t->udp.count, limits->sockets},
        {pools[0].use, pools[0].peak, pools[0].slots},
        {pools[1].use, pools[1].peak, pools[1].slots},
        {pools[2].use, pools[2].peak, pools[2].slots},
        {t->core.memory.used, t->core.memory.peak, t->core.memory.limit},
    };
    static const char *const names[LIMITS] = {"interfaces",  "addresses",    "neighbors",   "sockets",
                                              "store.small", "store.medium", "store.large", "memory"};
    union tapir_row row = {.limit = {names[place], values[place][0], values[place][1], values[place][2]}};
    return row;
}

static size_t list_limits(const struct tapir *t, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (; n < max && *cursor < LIMITS; n++)
        rows[n] = limit_row(t, (*cursor)++);
    return n;
}

size_t tapir_list(const struct tapir *t, enum tapir_table table, uint64_t *cursor, union tapir_row rows[], size_t max)
{
    switch (table) {
    case TAPIR_TABLE_INTERFACES:
        return list_interfaces(t, cursor, rows, max);
    case TAPIR_TABLE_ADDRESSES:
        return list_addresses(t, cursor, rows, max);
    case TAPIR_TABLE_ROUTES:
        return route_list(&t->ip4.routes, cursor, rows, max);
    case TAPIR_TABLE_NEIGHBORS:
        return list_neighbors(t, cursor, rows, max);
    case TAPIR_TABLE_LIMITS:
        return list_limits(t, cursor, rows, max);
    }
    return 0;
}
