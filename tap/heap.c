#include "tap/heap.h"

#include <stdlib.h>
#include <sys/mman.h>

enum {
    LARGE = 16384 /* octets: a mapping wastes at most a quarter */
};

static void *heap_allocate(void *context, size_t size)
{
    (void)context;
    if (size < LARGE)
        return calloc(1, size);
    void *block =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? NULL : block;
}

static void heap_release(void *context, void *block, size_t size)
{
    (void)context;
    if (size < LARGE)
        free(block);
    else
        munmap(block, size);
}

struct tapir_memory heap_memory(void)
{
    return (struct tapir_memory){heap_allocate, heap_release, NULL, .zeroed = true};
}
