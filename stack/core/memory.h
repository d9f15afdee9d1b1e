/* Memory for tables: the caller's allocator behind a budget.
 *
 * Only tapir_create, tapir_apply and tapir_open get here, never a packet. Next: core/store.h. */
#ifndef CORE_MEMORY_H
#define CORE_MEMORY_H

#include "tapir.h"

struct memory {
    struct tapir_memory from;
    size_t limit, used, peak; /* octets; limit 0: none */
};

/* A zeroed block of `size` octets aligned to 16, or NULL: no memory or over the budget. */
void *memory_allocate(struct memory *memory, size_t size);

/* The same, but not zeroed and not touched: for slots, so that a system that gives memory on demand gives
 * none yet. */
void *memory_reserve(struct memory *memory, size_t size);

/* Gives back a block of memory_allocate or memory_reserve with the size that was asked for. NULL is fine. */
void memory_release(struct memory *memory, void *block, size_t size);

#endif
