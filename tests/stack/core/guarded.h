/* Memory for the tests of tables: each block ends where memory ends, so that who reads or writes beyond it crashes in every
 * build; and it can be made to run dry. */
#ifndef TESTS_STACK_CORE_GUARDED_H
#define TESTS_STACK_CORE_GUARDED_H

#include "core/memory.h"

#include <string.h>
#include <sys/mman.h>

#include "tests/table.h"

enum {
    GUARDED_PAGE = 4096
};

static inline size_t guarded_room(size_t size)
{
    return (size + GUARDED_PAGE - 1) / GUARDED_PAGE * GUARDED_PAGE;
}

/* Dirty, a multiple of 8 octets. `context` counts the blocks that are left. */
static inline void *guarded_allocate(void *context, size_t size)
{
    unsigned *left = context;
    if (*left == 0)
        return NULL;
    --*left;
    size_t room = guarded_room(size);
    assert_int_equal(size % 8, 0);
    uint8_t *start =
        mmap(NULL, room + GUARDED_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(start != MAP_FAILED);
    assert_int_equal(mprotect(start + room, GUARDED_PAGE, PROT_NONE), 0);
    return memset(start + room - size, 0xa5, size);
}

static inline void guarded_release(void *context, void *block, size_t size)
{
    (void)context;
    uint8_t *end = (uint8_t *)block + size;
    assert_int_equal(munmap(end - guarded_room(size), guarded_room(size) + GUARDED_PAGE), 0);
}

/* It gives `*left` blocks, and then no more. */
static inline struct memory guarded_memory(unsigned *left)
{
    return (struct memory){
        .from = {.allocate = guarded_allocate, .release = guarded_release, .context = left}};
}

#endif
