/* Memory for tests of tables that stand alone: from the heap, until there is none. Behind each block stand ones, so that who
 * looks beyond its end is found out. */
#ifndef TESTS_STACK_HEAP_H
#define TESTS_STACK_HEAP_H

#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

enum {
    HEAP_BEYOND = 64 /* octets */
};

static bool heap_is_used_up;

static inline void *heap_allocate(void *context, size_t size)
{
    (void)context;
    if (heap_is_used_up)
        return NULL;
    uint8_t *block = malloc(size + HEAP_BEYOND);
    assert_non_null(block);
    memset(block + size, 0xff, HEAP_BEYOND);
    return block;
}

static inline void heap_release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

static inline struct memory heap_memory(void)
{
    return (struct memory){.from = {heap_allocate, heap_release, NULL, false}};
}

#endif
