/* How the memory for fragments is shared out among the sizes of its slots. */
#include "ip4/reass_table.h"

#include <stdlib.h>

#include "tests/table.h"

static void *take(void *context, size_t size)
{
    (void)context;
    return calloc(1, size);
}

static void give_back(void *context, void *block, size_t size)
{
    (void)context, (void)size;
    free(block);
}

static const struct row {
    const char *sentence;
    size_t octets;
} rows[] = {
    {"a quarter is for short ones, half for frames of usual size, a quarter for jumbo ones: 1 MiB (FRG-17)",
     1048576},
    {"the same of 16 MiB (FRG-17)", 16777216},
};

/* As many slots as fit in a share, and not one fewer. */
static void check_share(const struct pool *pool, size_t share)
{
    assert_true(pool->slots * pool->stride <= share);
    assert_true((pool->slots + 1) * pool->stride > share);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct memory memory = {.from = {take, give_back, NULL, false}};
    struct tapir_limits limits = {.reassemblies = 8, .reassembly = row->octets};
    struct reass reass;
    assert_true(reass_table_init(&reass, &memory, &limits));
    check_share(&reass.store.pools[0], row->octets / 4);
    check_share(&reass.store.pools[1], row->octets / 2);
    check_share(&reass.store.pools[2], row->octets / 4);
    reass_table_free(&reass, &memory);
}

int main(void)
{
    return RUN_TABLE("memory for fragments", rows, check);
}
