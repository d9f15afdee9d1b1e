#include "core/store.h"

static const size_t room[STORE_SIZES] = {STORE_SMALL, STORE_MEDIUM, STORE_LARGE};

/* Slots begin on a cache line; the allocator promises 16 octets. */
enum {
    ALIGNMENT = 64
};

static size_t block_size(const struct pool *pool)
{
    return pool->slots * pool->stride + ALIGNMENT;
}

bool store_init(struct store *store, struct memory *memory, const struct tapir_limits *limits)
{
    const uint32_t slots[STORE_SIZES] = {limits->store_small, limits->store_medium, limits->store_large};
    for (size_t i = 0; i < STORE_SIZES; i++) {
        pool_init(&store->pools[i], NULL, slots[i], room[i]);
        store->block[i] = memory_reserve(memory, block_size(&store->pools[i]));
        if (store->block[i] == NULL)
            return false;
        uintptr_t start = ((uintptr_t)store->block[i] + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
        store->pools[i].memory = (uint8_t *)start;
    }
    return true;
}

void store_free(struct store *store, struct memory *memory)
{
    for (size_t i = 0; i < STORE_SIZES; i++)
        memory_release(memory, store->block[i], block_size(&store->pools[i]));
}

/* Slots of one size that serve `size` octets. A size serves smaller packets too, but keeps its last quarter for
 * those that need it. */
static uint32_t room_in(const struct store *store, size_t i, size_t size)
{
    if (size > room[i])
        return 0;
    uint32_t available = pool_available(&store->pools[i]);
    bool fits_smaller = i > 0 && size <= room[i - 1];
    uint32_t kept = fits_smaller ? store->pools[i].slots / 4 : 0;
    return available > kept ? available - kept : 0;
}

struct tapir_packet *store_take(struct store *store, size_t size)
{
    for (size_t i = 0; i < STORE_SIZES; i++)
        if (room_in(store, i, size) > 0)
            return pool_take(&store->pools[i]);
    return NULL;
}

uint32_t store_room(const struct store *store, size_t size)
{
    uint32_t slots = 0;
    for (size_t i = 0; i < STORE_SIZES; i++)
        slots += room_in(store, i, size);
    return slots;
}

size_t store_cost(const struct store *store, size_t size)
{
    for (size_t i = 0; i < STORE_SIZES; i++)
        if (room_in(store, i, size) > 0)
            return store->pools[i].stride;
    return 0;
}

size_t store_least_cost(const struct store *store, size_t size)
{
    for (size_t i = 0; i < STORE_SIZES; i++)
        if (size <= room[i] && store->pools[i].slots > 0)
            return store->pools[i].stride;
    return 0;
}

bool store_has_room(const struct store *store, size_t size)
{
    return store_room(store, size) > 0;
}

bool store_owns(const struct store *store, const struct tapir_packet *packet)
{
    for (size_t i = 0; i < STORE_SIZES; i++)
        if (packet->within.home == &store->pools[i].face)
            return true;
    return false;
}
