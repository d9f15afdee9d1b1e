/* A core without a stack around it, for the tests of what stands in core/: lanes with names, a store of known
 * sizes, no stages. Packets of the caller come from a pool of their own that counts what comes back. */
#ifndef TESTS_STACK_CORE_BARE_H
#define TESTS_STACK_CORE_BARE_H

#include <stdlib.h>
#include <string.h>

#include "core/core.h"

#include "tests/blocks.h"
#include "tests/table.h"

static inline void *bare_allocate(void *context, size_t size)
{
    (void)context;
    return block_take(size);
}

static inline void bare_release(void *context, void *block, size_t size)
{
    (void)context;
    block_give(block, size);
}

struct bare {
    struct core core;
    struct tapir_pool pool; /* home of the caller's packets */
};

static unsigned bare_returned; /* packets of the caller that went home */

static inline void bare_give(struct tapir_pool *pool, struct tapir_packet *packet)
{
    (void)pool;
    bare_returned++;
    free(packet);
}

/* A core whose store has that many slots of each size. End it with bare_end. */
static inline struct bare *bare_begin(uint32_t small, uint32_t medium, uint32_t large)
{
    struct bare *bare = calloc(1, sizeof *bare);
    assert_non_null(bare);
    const struct tapir_limits limits = {.store_small = small, .store_medium = medium, .store_large = large};
    bare->core.memory.from = (struct tapir_memory){.allocate = bare_allocate, .release = bare_release};
    bare->pool.give = bare_give;
    for (int name = 0; name < LANE_COUNT; name++)
        lane_init(&bare->core.lanes[name], (enum lane_name)name);
    assert_true(store_init(&bare->core.store, &bare->core.memory, &limits));
    bare_returned = 0;
    return bare;
}

static inline void bare_end(struct bare *bare)
{
    store_free(&bare->core.store, &bare->core.memory);
    assert_int_equal(bare->core.memory.used, 0);
    free(bare);
}

/* A received packet of the caller, numbered, of `size` octets 0, 1, 2 ... */
static inline struct tapir_packet *bare_packet(struct bare *bare, size_t size, uint64_t number)
{
    size_t room = (sizeof(struct tapir_packet) + TAPIR_HEADROOM + size + 15) / 16 * 16;
    void *slot = aligned_alloc(16, room);
    assert_non_null(slot);
    struct tapir_packet *packet = tapir_packet_init(slot, room, &bare->pool);
    for (size_t i = 0; i < size; i++)
        packet->data[i] = (uint8_t)i;
    packet->size = (uint32_t)size;
    packet->tailroom -= (uint32_t)size;
    packet->number = number;
    packet->within.origin = TAPIR_RECEIVED;
    packet->within.end = (uint32_t)size;
    bare->core.counters.packets[TAPIR_RECEIVED]++;
    bare->core.counters.waiting[TAPIR_RECEIVED]++;
    return packet;
}

/* Sends home all that lies in lane `name`; returns how many. */
static inline unsigned bare_drain(struct bare *bare, enum lane_name name)
{
    unsigned n = 0;
    for (struct tapir_packet *packet; lane_take(&bare->core, name, &packet, 1) == 1; n++)
        packet_release(packet);
    return n;
}

#endif
