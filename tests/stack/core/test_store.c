/* The store: three sizes of slots, the next larger one when a size is out, never more than there are. */
#include "tests/stack/core/bare.h"

enum {
    NONE = -1
};

/* Octets that the slot has room for behind its headroom. */
static size_t room_of(const struct tapir_packet *packet)
{
    return packet->size + packet->tailroom;
}

static void expect_slot(struct bare *bare, size_t size, size_t least, size_t below)
{
    struct tapir_packet *packet = store_take(&bare->core.store, size);
    assert_non_null(packet);
    assert_true(room_of(packet) >= least && room_of(packet) < below);
    assert_int_equal(packet->headroom, TAPIR_HEADROOM);
    assert_int_equal(packet->size, 0);
    assert_int_equal(packet->number, 0);
    assert_true(store_owns(&bare->core.store, packet));
    memset(packet->data - packet->headroom, 0xee,
           packet->headroom + room_of(packet)); /* all of it is there */
    packet_release(packet);
}

static const struct row {
    const char *sentence;
    size_t size, least, below;
} rows[] = {
    {"nothing at all takes a small slot", 0, 256, 512},
    {"256 octets take a small slot", 256, 256, 512},
    {"257 octets take a medium slot", 257, 2048, 4096},
    {"a full Ethernet frame takes a medium slot", 1514, 2048, 4096},
    {"2,048 octets take a medium slot", 2048, 2048, 4096},
    {"2,049 octets take a large slot", 2049, 67584, 68000},
    {"the largest datagram in a frame takes a large slot", 65535 + 14, 67584, 68000},
};

static void check_size(void **state)
{
    const struct row *row = *state;
    struct bare *bare = bare_begin(2, 2, 2);
    expect_slot(bare, row->size, row->least, row->below);
    bare_end(bare);
}

/* What is free, and what the next slot would cost: by hand, for a store of 2 small, 4 medium and 4 large ones. A size leaves its
 * last quarter to those that need it. */
static const struct left_row {
    const char *sentence;
    size_t size;
    unsigned taken; /* slots of that size before */
    uint32_t room;
    int cost, least; /* of which size a slot costs; NONE: 0 */
} lefts[] = {
    {"a short packet finds all small ones and three quarters of the others", 60, 0, 2 + 3 + 3, 0, 0},
    {"and costs a medium one when the small ones are out", 60, 2, 3 + 3, 1, 0},
    {"and a large one when those are out too", 60, 5, 3, 2, 0},
    {"and then there is none, whatever it would cost at least", 60, 8, 0, NONE, 0},
    {"a small slot's room", STORE_SMALL, 0, 8, 0, 0},
    {"a longer packet finds all medium ones", STORE_SMALL + 1, 0, 4 + 3, 1, 1},
    {"a medium slot's room", STORE_MEDIUM, 6, 1, 2, 1},
    {"a long packet finds the large ones", STORE_MEDIUM + 1, 0, 4, 2, 2},
    {"to the last", STORE_LARGE, 3, 1, 2, 2},
    {"and then none", STORE_LARGE, 4, 0, NONE, 2},
    {"no slot is that large", STORE_LARGE + 1, 0, 0, NONE, NONE},
};

static void check_left(void **state)
{
    const struct left_row *row = *state;
    struct bare *bare = bare_begin(2, 4, 4);
    struct store *store = &bare->core.store;
    struct tapir_packet *taken[8];
    for (unsigned i = 0; i < row->taken; i++)
        assert_non_null(taken[i] = store_take(store, row->size));
    assert_int_equal(store_room(store, row->size), row->room);
    assert_int_equal(store_has_room(store, row->size), row->room > 0);
    assert_int_equal(store_cost(store, row->size), row->cost == NONE ? 0 : store->pools[row->cost].stride);
    assert_int_equal(store_least_cost(store, row->size),
                     row->least == NONE ? 0 : store->pools[row->least].stride);
    for (unsigned i = 0; i < row->taken; i++)
        packet_release(taken[i]);
    bare_end(bare);
}

/* Of a size that has no slots nothing is taken, and it costs nothing. */
static void test_sizes_without_slots(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(0, 0, 1);
    const struct store *store = &bare->core.store;
    assert_int_equal(store_least_cost(store, 60), store->pools[2].stride);
    assert_int_equal(store_room(store, 60), 1);
    bare_end(bare);
    bare = bare_begin(1, 0, 0);
    assert_int_equal(store_least_cost(&bare->core.store, STORE_MEDIUM), 0);
    assert_int_equal(bare->core.memory.used, pool_stride(STORE_SMALL) + 3 * 64);
    bare_end(bare);
}

static void test_too_large(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(2, 2, 2);
    assert_null(store_take(&bare->core.store, STORE_LARGE + 1));
    assert_null(store_take(&bare->core.store, SIZE_MAX));
    bare_end(bare);
}

/* Four errors in line for a paused device must not take the slot that a long datagram needs. */
static void test_last_quarter(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 8, 4);
    struct tapir_packet *all[16];
    size_t n = 0;
    while (n < 16 && (all[n] = store_take(&bare->core.store, 60)) != NULL)
        n++;
    assert_int_equal(n, 1 + 6 + 3);
    assert_non_null(all[n++] = store_take(&bare->core.store, 1500));
    assert_non_null(all[n++] = store_take(&bare->core.store, 60000));
    assert_false(store_has_room(&bare->core.store, 60));
    for (size_t i = 0; i < n; i++)
        packet_release(all[i]);
    bare_end(bare);
}

static void test_next_larger(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 2, 1);
    struct tapir_packet *all[4];
    static const size_t least[] = {256, 2048, 2048, 67584};
    for (size_t i = 0; i < 4; i++) {
        all[i] = store_take(&bare->core.store, 60);
        assert_non_null(all[i]);
        assert_true(room_of(all[i]) >= least[i]);
    }
    assert_null(store_take(&bare->core.store, 60));
    packet_release(all[3]);
    assert_non_null(all[3] = store_take(&bare->core.store, 1500));
    packet_release(all[0]);
    assert_null(store_take(&bare->core.store, 1500)); /* a smaller one never serves */
    assert_non_null(all[0] = store_take(&bare->core.store, 60));
    for (size_t i = 0; i < 4; i++)
        packet_release(all[i]);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(bare->core.store.pools[i].use, 0);
    bare_end(bare);
}

static void *allocate_askew(void *context, size_t size)
{
    uint8_t *block = aligned_alloc(64, (size + 63) / 64 * 64 + 128);
    return block == NULL ? NULL : block + *(const size_t *)context;
}

static void release_askew(void *context, void *block, size_t size)
{
    (void)size;
    free((uint8_t *)block - *(const size_t *)context);
}

static void test_alignment(void **state)
{
    (void)state;
    for (size_t skew = 0; skew < 64; skew += 16) { /* an allocator promises 16 octets, a cache line has 64 */
        struct memory memory = {.from = {allocate_askew, release_askew, &skew, false}};
        struct store store;
        const struct tapir_limits limits = {.store_small = 3, .store_medium = 3, .store_large = 3};
        assert_true(store_init(&store, &memory, &limits));
        for (size_t i = 0; i < 9; i++) {
            struct tapir_packet *packet = store_take(&store, i < 3 ? 1 : i < 6 ? 1500 : 9000);
            assert_non_null(packet);
            assert_int_equal((uintptr_t)packet % 64, 0);
            memset(packet->data, 0xee,
                   packet->tailroom); /* not beyond the block: AddressSanitizer looks on */
        }
        for (size_t i = 0; i < STORE_SIZES; i++)
            assert_int_equal(store.pools[i].stride / 64 % 2, 1);
        store_free(&store, &memory);
        assert_int_equal(memory.used, 0);
    }
}

static void test_foreign(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *foreign = bare_packet(bare, 8, 1);
    assert_false(store_owns(&bare->core.store, foreign));
    packet_release(foreign);
    bare_end(bare);
}

static void test_no_memory(void **state)
{
    (void)state;
    const struct tapir_limits limits = {.store_small = 4, .store_medium = 4, .store_large = 4};
    const size_t all = 4 * (pool_stride(STORE_SMALL) + pool_stride(STORE_MEDIUM) + pool_stride(STORE_LARGE));
    for (size_t budget = 16; budget < all; budget += 1024) {
        struct memory memory = {.from = {bare_allocate, bare_release, NULL, false}, .limit = budget};
        struct store store = {0};
        assert_false(store_init(&store, &memory, &limits));
        store_free(&store, &memory);
        assert_int_equal(memory.used, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"what no slot fits gets none", test_too_large, NULL, NULL, NULL},
        {"the last quarter of a size is for what needs it", test_last_quarter, NULL, NULL, NULL},
        {"when a size is out the next larger one serves, and then nothing", test_next_larger, NULL, NULL,
         NULL},
        {"slots begin on a cache line, an odd number of lines apart", test_alignment, NULL, NULL, NULL},
        {"a size may have no slots", test_sizes_without_slots, NULL, NULL, NULL},
        {"a slot of the caller is not the store's", test_foreign, NULL, NULL, NULL},
        {"a store that finds no memory leaves nothing behind", test_no_memory, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL) +
           RUN_TABLE("store sizes", rows, check_size) +
           RUN_TABLE("what is left of a store", lefts, check_left);
}
