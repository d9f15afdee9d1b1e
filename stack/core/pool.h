/* A pool of packet slots in one piece of memory: the store's three sizes, and one for each device.
 *
 * Untouched slots are not touched: the free list begins empty and slots come from the rest of the block
 * first, so that memory that the system gives on demand is only used up to the peak. A stride is an odd
 * number of cache lines: slots that lie a power of two apart would share a few sets of the cache (2,048
 * octets: measured 3 to 5 times slower). Next: core/store.h. */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include "tapir.h"

struct pool {
    struct tapir_pool face; /* first: a packet's home points here */
    struct tapir_packet *free;
    uint8_t *memory;
    size_t stride;
    uint32_t fresh, slots; /* slots never used yet begin at `fresh` */
    uint32_t use, peak;
};

/* Octets from one slot to the next for frames of up to `room` octets. */
size_t pool_stride(size_t room);

/* Makes a pool of `slots` slots in `memory`: slots * pool_stride(room) octets, aligned to 64. */
void pool_init(struct pool *pool, void *memory, uint32_t slots, size_t room);

/* An empty slot, or NULL when all are out. */
struct tapir_packet *pool_take(struct pool *pool);

/* Number of slots that pool_take can give now. */
uint32_t pool_available(const struct pool *pool);

#endif
