/* The budget of tables, over an allocator that counts and hands out dirty blocks. */
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

struct source {
    size_t out, blocks;
    bool dry;
};

static void *take(void *context, size_t size)
{
    struct source *source = context;
    if (source->dry)
        return NULL;
    source->out += size;
    source->blocks++;
    return memset(malloc(size), 0xa5, size);
}

static void give(void *context, void *block, size_t size)
{
    struct source *source = context;
    source->out -= size;
    source->blocks--;
    free(block);
}

static struct memory memory_over(struct source *source, size_t limit)
{
    return (struct memory){.from = {take, give, source, false}, .limit = limit};
}

static void test_zeroed(void **state)
{
    (void)state;
    struct source source = {0};
    struct memory memory = memory_over(&source, 0);
    static const uint8_t zero[1000];
    uint8_t *block = memory_allocate(&memory, 1000), *raw = memory_reserve(&memory, 10);
    assert_memory_equal(block, zero, 1000);
    assert_int_equal(raw[0], 0xa5);
    memory_release(&memory, block, 1000);
    memory_release(&memory, raw, 10);
    memory_release(&memory, NULL, 5);
    assert_int_equal(source.out + source.blocks + memory.used, 0);
}

static void test_budget(void **state)
{
    (void)state;
    struct source source = {0};
    struct memory memory = memory_over(&source, 100);
    void *sixty = memory_allocate(&memory, 60);
    assert_null(memory_allocate(&memory, 41));
    assert_null(memory_reserve(&memory, 41));
    assert_null(memory_allocate(&memory, SIZE_MAX));
    assert_int_equal(source.blocks, 1);
    void *forty = memory_reserve(&memory, 40);
    assert_non_null(forty);
    assert_null(memory_allocate(&memory, 1));
    memory_release(&memory, sixty, 60);
    assert_int_equal(memory.used, 40);
    assert_int_equal(memory.peak, 100);
    void *again = memory_allocate(&memory, 60);
    assert_non_null(again);
    memory_release(&memory, again, 60);
    memory_release(&memory, forty, 40);
    assert_int_equal(source.out, 0);
}

static void test_dry(void **state)
{
    (void)state;
    struct source source = {.dry = true};
    struct memory memory = memory_over(&source, 0);
    assert_null(memory_allocate(&memory, 1));
    assert_null(memory_reserve(&memory, 1));
    assert_int_equal(memory.used + memory.peak, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an allocated block is zeroed, a reserved one is as it came", test_zeroed, NULL, NULL, NULL},
        {"the budget holds to the octet, and the peak is remembered", test_budget, NULL, NULL, NULL},
        {"when the source is dry nothing is counted", test_dry, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
