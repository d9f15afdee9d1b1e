/* Tables of addresses for tests: a list of homes becomes a struct addresses of its own memory. */
#ifndef TESTS_STACK_ROUTE_HOMES_H
#define TESTS_STACK_ROUTE_HOMES_H

#include <stdlib.h>
#include <string.h>

#include "route/address.h"
#include "tests/table.h"

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

enum {
    HOMES = 4 /* addresses of a row at most */
};

/* An address that a row gives us. Length 0: no more. */
struct home {
    uint32_t ip;
    uint8_t length;
    unsigned iface;
    enum tapir_address_state state;
};

/* What stands behind the last octet of each block: who looks there finds an address that is nobody's. */
static struct address homes_beyond;

static inline void *homes_allocate(void *context, size_t size)
{
    (void)context;
    uint8_t *block = malloc(size + sizeof homes_beyond);
    assert_non_null(block);
    memcpy(block + size, &homes_beyond, sizeof homes_beyond);
    return block;
}

static inline void homes_release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

static inline struct memory homes_memory(void)
{
    return (struct memory){.from = {.allocate = homes_allocate, .release = homes_release}};
}

static inline struct ip4_prefix homes_prefix(uint32_t ip, uint8_t length)
{
    return (struct ip4_prefix){{ip}, length};
}

/* A table with the homes of a row. End it with address_table_free. */
static inline void homes_begin(struct addresses *addresses, struct memory *memory,
                               const struct home homes[HOMES])
{
    *memory = homes_memory();
    assert_true(address_table_init(addresses, memory, HOMES));
    for (unsigned i = 0; i < HOMES && homes[i].length != 0; i++)
        assert_non_null(address_add(addresses, homes[i].iface, homes_prefix(homes[i].ip, homes[i].length),
                                    homes[i].state));
}

#endif
