/* What a stack costs: an allocator that knows each block, fills it with a pattern and counts what was
 * touched. */
#include "tests/table.h"

#include "tapir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RESERVED = 512 * 1024, /* octets */
    BLOCKS = 64,
    PAGE = 4096,
    PATTERN = 0xa5,
    BOUND = 256 * 1024, /* octets of one stack beyond its store */
    IDLE = 1000
};

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#define IS_SANITIZED __has_feature(address_sanitizer)
#else
#define IS_SANITIZED false
#endif

struct heap {
    struct {
        uint8_t *at;
        size_t size;
    } blocks[BLOCKS];
    size_t used, peak;
    bool fill;
};

static void *heap_allocate(void *context, size_t size)
{
    struct heap *heap = context;
    size_t i = 0;
    while (i < BLOCKS && heap->blocks[i].at != NULL)
        i++;
    assert_true(i < BLOCKS);
    heap->blocks[i].at = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE);
    heap->blocks[i].size = size;
    assert_non_null(heap->blocks[i].at);
    if (heap->fill)
        memset(heap->blocks[i].at, PATTERN, (size + PAGE - 1) / PAGE * PAGE);
    heap->used += size;
    if (heap->used > heap->peak)
        heap->peak = heap->used;
    return heap->blocks[i].at;
}

static void heap_release(void *context, void *block, size_t size)
{
    struct heap *heap = context;
    size_t i = 0;
    while (i < BLOCKS && heap->blocks[i].at != block)
        i++;
    assert_true(i < BLOCKS && heap->blocks[i].size == size);
    heap->blocks[i].at = NULL;
    heap->used -= size;
    free(block);
}

static size_t touched_pages(const struct heap *heap)
{
    size_t n = 0;
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t at = 0; heap->blocks[i].at != NULL && at < heap->blocks[i].size; at += PAGE) {
            size_t k = 0;
            while (k < PAGE && heap->blocks[i].at[at + k] == PATTERN)
                k++;
            n += k < PAGE;
        }
    return n;
}

/* What is reserved for packets and fragments, in blocks larger than any table that is in use. */
static size_t store_octets(const struct heap *heap)
{
    size_t sum = 0;
    for (size_t i = 0; i < BLOCKS; i++)
        if (heap->blocks[i].at != NULL && heap->blocks[i].size >= RESERVED)
            sum += heap->blocks[i].size;
    return sum;
}

/* One interface, one address, a default route, a host that listens nowhere: what `tapir host` makes. */
static struct tapir *make(struct heap *heap)
{
    struct tapir_config config = {.observe = true};
    struct tapir_memory memory = {heap_allocate, heap_release, heap, false};
    struct tapir *stack = tapir_create(&config, &memory, (tapir_instant){0});
    assert_non_null(stack);
    struct tapir_op ops[3] = {
        {.kind = TAPIR_OP_INTERFACE},
        {.kind = TAPIR_OP_ADDRESS, .address = {{0x0a000001}, 24}},
        {.kind = TAPIR_OP_ROUTE, .route = {.via = {0x0a0000fe}}},
    };
    ops[0].interface.mac = (struct mac){{2, 0, 0, 0, 0, 1}};
    ops[0].interface.mtu = 1500;
    assert_int_equal(tapir_apply(stack, ops, 3, NULL, (tapir_instant){0}), TAPIR_OK);
    return stack;
}

static void a_stack_with_one_interface_takes_less_than_256_kib_beyond_its_store(void **state)
{
    (void)state;
    struct heap heap = {.fill = false};
    struct tapir *stack = make(&heap);
    size_t store = store_octets(&heap), tables = heap.used - store;
    print_message("a stack with one interface: %zu octets of tables (%zu KiB), store %zu KiB\n", tables,
                  (tables + 1023) / 1024, (store + 1023) / 1024);
    assert_in_range(tables, 1024, BOUND - 1);
    assert_true(heap.peak - store < BOUND);
    tapir_destroy(stack);
    assert_int_equal(heap.used, 0);
}

static void an_idle_stack_does_not_touch_its_store(void **state)
{
    (void)state;
    struct heap heap = {.fill = true};
    struct tapir *stack = make(&heap);
    tapir_tick(stack, (tapir_instant){1000000000});
    size_t touched = touched_pages(&heap), store = store_octets(&heap);
    print_message("an idle stack: %zu pages of 4 KiB touched, of %zu\n", touched, heap.used / PAGE);
    assert_true(touched * PAGE < BOUND + 16 * PAGE);
    assert_true(touched * PAGE < heap.used - store + 16 * PAGE);
    tapir_destroy(stack);
}

/* Pages of this process, from the kernel. */
static size_t resident_octets(void)
{
    size_t size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%zu %zu", &size, &resident), 2);
    fclose(file);
    return resident * PAGE;
}

static void a_thousand_idle_stacks_use_what_their_tables_need(void **state)
{
    (void)state;
    if (IS_SANITIZED)
        skip(); /* the shadow is what one would measure */
    struct heap *heaps = calloc(IDLE, sizeof *heaps);
    struct tapir **stacks = calloc(IDLE, sizeof(struct tapir *));
    assert_true(heaps != NULL && stacks != NULL);
    size_t before = resident_octets();
    for (size_t i = 0; i < IDLE; i++)
        stacks[i] = make(&heaps[i]);
    size_t each = (resident_octets() - before) / IDLE;
    size_t tables = heaps[0].used - store_octets(&heaps[0]);
    print_message("a thousand idle stacks: %zu KiB resident each\n", each / 1024);
    assert_true(each <
                tables + 40 * PAGE); /* a page or two of each block of its own belong to the allocator */
    for (size_t i = 0; i < IDLE; i++)
        tapir_destroy(stacks[i]);
    free(stacks);
    free(heaps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stack_with_one_interface_takes_less_than_256_kib_beyond_its_store),
        cmocka_unit_test(an_idle_stack_does_not_touch_its_store),
        cmocka_unit_test(a_thousand_idle_stacks_use_what_their_tables_need),
    };
    return cmocka_run_group_tests_name("memory figure", tests, NULL, NULL);
}
