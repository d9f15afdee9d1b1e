#include "route/exception.h"

#include "core/siphash.h"

enum {
    WAYS = 4,
    SETS = LIMIT_EXCEPTIONS / WAYS
};

static const size_t entries_size = LIMIT_EXCEPTIONS * sizeof(struct exception);

bool exception_table_init(struct exceptions *exceptions, struct memory *memory)
{
    *exceptions = (struct exceptions){.entries = memory_allocate(memory, entries_size)};
    return exceptions->entries != NULL;
}

void exception_table_free(struct exceptions *exceptions, struct memory *memory)
{
    memory_release(memory, exceptions->entries, entries_size);
}

static struct exception *set_of(const struct exceptions *exceptions, const struct core *core,
                                struct ip4 destination)
{
    uint64_t hash = siphash_words(core->hash_key, &destination.value, 1);
    return &exceptions->entries[hash % SETS * WAYS];
}

/* What of an entry holds now. */
static struct exception alive(const struct exception *entry, tapir_instant now)
{
    struct exception left = *entry;
    if (time_reached(now, left.gateway_until))
        left.gateway = (struct ip4){0};
    if (time_reached(now, left.mtu_until))
        left.mtu = 0;
    return left;
}

static bool is_alive(const struct exception *entry, tapir_instant now)
{
    struct exception left = alive(entry, now);
    return !ip4_is_zero(left.gateway) || left.mtu != 0;
}

/* The way of `set` that a new entry gets: a free one, one that expired, any. */
static struct exception *make_room(struct exceptions *exceptions, struct core *core, struct exception set[])
{
    struct exception *room = NULL;
    for (size_t way = 0; way < WAYS && (room == NULL || !ip4_is_zero(room->destination)); way++)
        if (ip4_is_zero(set[way].destination) || !is_alive(&set[way], core->now))
            room = &set[way];
    if (room == NULL)
        room = &set[rand_below(&core->random, WAYS)];
    if (ip4_is_zero(room->destination) && ++exceptions->count > exceptions->peak)
        exceptions->peak = exceptions->count;
    return room;
}

/* The entry of `destination`, a new one when there is none. */
static struct exception *entry_of(struct exceptions *exceptions, struct core *core, struct ip4 destination)
{
    struct exception *set = set_of(exceptions, core, destination);
    for (size_t way = 0; way < WAYS; way++)
        if (ip4_equal(set[way].destination, destination))
            return &set[way];
    struct exception *entry = make_room(exceptions, core, set);
    *entry = (struct exception){.destination = destination};
    return entry;
}

void exception_learn_gateway(struct exceptions *exceptions, struct core *core, const struct exception *learnt)
{
    struct exception *entry = entry_of(exceptions, core, learnt->destination);
    entry->gateway = learnt->gateway;
    entry->instead_of = learnt->instead_of;
    entry->exit = learnt->exit;
    entry->gateway_until = learnt->gateway_until;
}

void exception_learn_mtu(struct exceptions *exceptions, struct core *core, const struct exception *learnt)
{
    struct exception *entry = entry_of(exceptions, core, learnt->destination);
    entry->mtu = learnt->mtu;
    entry->mtu_until = learnt->mtu_until;
}

struct exception exception_lookup(const struct exceptions *exceptions, const struct core *core,
                                  struct ip4 destination)
{
    if (exceptions->count == 0)
        return (struct exception){0};
    const struct exception *set = set_of(exceptions, core, destination);
    for (size_t way = 0; way < WAYS; way++)
        if (ip4_equal(set[way].destination, destination))
            return alive(&set[way], core->now);
    return (struct exception){0};
}

size_t exception_list(const struct exceptions *exceptions, const struct core *core, uint64_t *cursor,
                      union tapir_row rows[], size_t max)
{
    size_t n = 0;
    for (; n < max && *cursor < LIMIT_EXCEPTIONS; (*cursor)++) {
        const struct exception *entry = &exceptions->entries[*cursor];
        if (ip4_is_zero(entry->destination) || !is_alive(entry, core->now))
            continue;
        struct exception left = alive(entry, core->now);
        rows[n].exception.destination = left.destination;
        rows[n].exception.gateway = left.gateway;
        rows[n].exception.iface = left.exit;
        rows[n].exception.mtu = left.mtu;
        rows[n].exception.gateway_until = left.gateway_until;
        rows[n++].exception.mtu_until = left.mtu_until;
    }
    return n;
}
