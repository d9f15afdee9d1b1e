/* The store: the stack's own slots, in three sizes, for packets that it holds and packets that it bears.
 *
 * Bounded: when a size is out the next larger one serves, up to its last quarter; when none is left the packet gets a
 * verdict, never a wait. Next: core/packet.h. */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include "core/memory.h"
#include "core/pool.h"

enum {
    STORE_SIZES = 3,
    STORE_SMALL = 256, /* octets of room in a slot, headroom apart */
    STORE_MEDIUM = 2048,
    STORE_LARGE = 67584
};

struct store {
    struct pool pools[STORE_SIZES];
    void *block[STORE_SIZES];
};

/* Makes the three pools with limits->store_* slots. False: no memory. */
bool store_init(struct store *store, struct memory *memory, const struct tapir_limits *limits);
void store_free(struct store *store, struct memory *memory);

/* An empty slot with TAPIR_HEADROOM and at least `size` octets behind it, or NULL. */
struct tapir_packet *store_take(struct store *store, size_t size);

/* store_take would give a slot. */
bool store_has_room(const struct store *store, size_t size);

/* So many slots for `size` octets each would store_take give, one after the other. */
uint32_t store_room(const struct store *store, size_t size);

/* Octets of memory that the slot takes which store_take would give; 0: none. */
size_t store_cost(const struct store *store, size_t size);

/* The same of a store whose slots are all at home. */
size_t store_least_cost(const struct store *store, size_t size);

/* The slot is one of the store's own. */
bool store_owns(const struct store *store, const struct tapir_packet *packet);

#endif
