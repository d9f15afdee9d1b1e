#include "tests/blocks.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    PAGE = 4096,
    DIRT = 0xa5,
    KEPT = 64 /* mappings given back whose place stays empty */
};

static size_t up(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

/* ---- large blocks: pages between two that nobody may touch ---- */

static void *empty(void *at, size_t size)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at == NULL ? 0 : MAP_FIXED);
    return mmap(at, size, PROT_NONE, flags, -1, 0);
}

/* The block ends where its pages end. */
static void *map(size_t size)
{
    size_t pages = up(size, PAGE);
    uint8_t *whole = empty(NULL, pages + 2 * PAGE);
    if (whole == MAP_FAILED)
        return NULL;
    if (mprotect(whole + PAGE, pages, PROT_READ | PROT_WRITE) == 0)
        return memset(whole + PAGE + pages - up(size, 16), DIRT, PAGE);
    munmap(whole, pages + 2 * PAGE);
    return NULL;
}

/* The place of the block is free for others after KEPT more. */
static void unmap(void *block, size_t size)
{
    static struct {
        void *whole;
        size_t size;
    } kept[KEPT];
    static size_t turn;
    size_t pages = up(size, PAGE);
    uint8_t *whole = (uint8_t *)block + up(size, 16) - pages - PAGE;
    size_t at = turn++ % KEPT;
    if (kept[at].whole != NULL)
        munmap(kept[at].whole, kept[at].size);
    kept[at].whole = empty(whole, pages + 2 * PAGE);
    kept[at].size = pages + 2 * PAGE;
    assert(kept[at].whole == whole);
}

void *block_take(size_t size)
{
    if (size > BLOCK_LARGE)
        return map(size);
    void *block = aligned_alloc(16, up(size, 16));
    return block == NULL ? NULL : memset(block, DIRT, size);
}

void block_give(void *block, size_t size)
{
    if (size > BLOCK_LARGE)
        unmap(block, size);
    else
        free(block);
}
