#include "route/address.h"

#include "core/power.h"

enum {
    SPECIALS = 3,         /* of one address: itself, broadcast, zero host */
    SPARSE = 2 * SPECIALS /* slots of the hash table for one address: at most half full */
};

static size_t list_size(const struct addresses *addresses)
{
    return addresses->limit * sizeof *addresses->list;
}

static size_t special_size(const struct addresses *addresses)
{
    return (addresses->mask + 1) * sizeof *addresses->special;
}

bool address_table_init(struct addresses *addresses, struct memory *memory, uint32_t limit)
{
    *addresses = (struct addresses){.limit = limit, .mask = power_above(SPARSE * limit) - 1};
    addresses->shift = (unsigned)__builtin_clz(addresses->mask);
    addresses->list = memory_allocate(memory, list_size(addresses));
    addresses->special = memory_allocate(memory, special_size(addresses));
    return addresses->list != NULL && addresses->special != NULL;
}

void address_table_free(struct addresses *addresses, struct memory *memory)
{
    memory_release(memory, addresses->list, list_size(addresses));
    memory_release(memory, addresses->special, special_size(addresses));
}

static void special_add(struct addresses *addresses, struct ip4 key, uint32_t place, enum address_kind kind)
{
    uint32_t slot = address_slot(addresses, key);
    while (addresses->special[slot].place != 0)
        slot = (slot + 1) & addresses->mask;
    addresses->special[slot] = (struct address_special){key, place, kind};
}

/* Adds the specials of the address at `place` of the list. */
static void specials_add(struct addresses *addresses, uint32_t place)
{
    const struct address *address = &addresses->list[place];
    if (address->state == TAPIR_ADDRESS_READY)
        special_add(addresses, address->prefix.address, place + 1, ADDRESS_OURS);
    if (!ip4_has_broadcast(address->prefix))
        return;
    special_add(addresses, ip4_broadcast(address->prefix), place + 1, ADDRESS_BROADCAST);
    special_add(addresses, ip4_network(address->prefix), place + 1, ADDRESS_ZERO_HOST);
}

/* Other changes than a new last address are rare: the table is made anew from the list, in its order. */
static void special_rebuild(struct addresses *addresses)
{
    for (uint32_t slot = 0; slot <= addresses->mask; slot++)
        addresses->special[slot].place = 0;
    for (uint32_t i = 0; i < addresses->limit; i++)
        if (addresses->list[i].used)
            specials_add(addresses, i);
}

/* A new address is most often the last of the list. Its specials then come last in the table too, as if it were made anew,
 * which for each of 4,096 addresses would take long. */
static void special_follow(struct addresses *addresses, uint32_t place)
{
    if (place < addresses->end) {
        special_rebuild(addresses);
        return;
    }
    specials_add(addresses, place);
    addresses->end = place + 1;
}

struct address *address_add_at(struct addresses *addresses, uint32_t place, unsigned iface,
                               struct ip4_prefix prefix, enum tapir_address_state state)
{
    struct address *address = &addresses->list[place];
    *address = (struct address){.prefix = prefix, .iface = iface, .state = state, .used = true};
    address->timer.kind = TIMER_ADDRESS;
    address->event.event = (struct tapir_event){.iface = iface, .address = prefix.address};
    addresses->count++;
    special_follow(addresses, place);
    return address;
}

struct address *address_add(struct addresses *addresses, unsigned iface, struct ip4_prefix prefix,
                            enum tapir_address_state state)
{
    for (uint32_t place = 0; place < addresses->limit; place++)
        if (!addresses->list[place].used)
            return address_add_at(addresses, place, iface, prefix, state);
    return NULL;
}

void address_remove(struct addresses *addresses, struct address *address)
{
    address->used = false;
    addresses->count--;
    special_rebuild(addresses);
}

void address_become(struct addresses *addresses, struct address *address, enum tapir_address_state state)
{
    address->state = state;
    address->sent = 0;
    special_rebuild(addresses);
}

static bool is_on(const struct addresses *addresses, const struct address_special *special, unsigned iface)
{
    return addresses->list[special->place - 1].iface == iface;
}

/* Ours before a broadcast, the network of `iface` before another's. */
static bool is_better(const struct addresses *addresses, const struct address_special *a,
                      const struct address_special *than, unsigned iface)
{
    return than == NULL || a->kind < than->kind ||
           (a->kind == than->kind && is_on(addresses, a, iface) && !is_on(addresses, than, iface));
}

enum address_kind address_lookup_special(const struct addresses *addresses, struct ip4 ip, unsigned iface,
                                         const struct address **address)
{
    const struct address_special *best = NULL;
    for (uint32_t slot = address_slot(addresses, ip); addresses->special[slot].place != 0;
         slot = (slot + 1) & addresses->mask) {
        const struct address_special *special = &addresses->special[slot];
        if (ip4_equal(special->key, ip) && is_better(addresses, special, best, iface))
            best = special;
    }
    if (best == NULL)
        return ADDRESS_NOTHING;
    if (address != NULL)
        *address = &addresses->list[best->place - 1];
    return best->kind;
}

struct address *address_find(const struct addresses *addresses, unsigned iface, struct ip4 ip)
{
    for (uint32_t i = 0; i < addresses->limit; i++) {
        struct address *address = &addresses->list[i];
        if (address->used && address->iface == iface && ip4_equal(address->prefix.address, ip))
            return address;
    }
    return NULL;
}

const struct address *address_towards(const struct addresses *addresses, unsigned iface, struct ip4 ip)
{
    for (uint32_t i = 0; i < addresses->limit; i++) {
        const struct address *address = &addresses->list[i];
        if (address->used && address->iface == iface && address->state == TAPIR_ADDRESS_READY &&
            ip4_in_prefix(ip, address->prefix))
            return address;
    }
    return NULL;
}

struct address *address_next(const struct addresses *addresses, uint64_t *cursor)
{
    while (*cursor < addresses->limit) {
        struct address *address = &addresses->list[(*cursor)++];
        if (address->used)
            return address;
    }
    return NULL;
}

const struct address *address_next_ready(const struct addresses *addresses, unsigned iface, uint64_t *cursor)
{
    const struct address *a;
    while ((a = address_next(addresses, cursor)) != NULL)
        if (a->iface == iface && a->state == TAPIR_ADDRESS_READY)
            return a;
    return NULL;
}
