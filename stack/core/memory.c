#include "core/memory.h"

#include <string.h>

void *memory_reserve(struct memory *memory, size_t size)
{
    if (memory->limit != 0 && size > memory->limit - memory->used)
        return NULL;
    void *block = memory->from.allocate(memory->from.context, size);
    if (block == NULL)
        return NULL;
    memory->used += size;
    if (memory->used > memory->peak)
        memory->peak = memory->used;
    return block;
}

void *memory_allocate(struct memory *memory, size_t size)
{
    void *block = memory_reserve(memory, size);
    return block == NULL || memory->from.zeroed ? block : memset(block, 0, size);
}

void memory_release(struct memory *memory, void *block, size_t size)
{
    if (block == NULL)
        return;
    memory->used -= size;
    memory->from.release(memory->from.context, block, size);
}
