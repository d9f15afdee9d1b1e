/* A pool of slots: which one comes next, and which are left alone. */
#include "core/pool.h"

#include <stdalign.h>
#include <string.h>

#include "tests/table.h"

enum {
    SLOTS = 8,
    ROOM = 1514,
    OCTETS = 32768
};

static alignas(64) uint8_t block[OCTETS];

static struct pool fresh_pool(void)
{
    struct pool pool;
    memset(block, 0xa5, sizeof block);
    assert_true(SLOTS * pool_stride(ROOM) <= OCTETS);
    pool_init(&pool, block, SLOTS, ROOM);
    return pool;
}

static void give(struct tapir_packet *packet)
{
    packet->within.home->give(packet->within.home, packet);
}

static bool is_untouched(size_t from)
{
    for (size_t i = from; i < OCTETS; i++)
        if (block[i] != 0xa5)
            return false;
    return true;
}

static void test_stride(void **state)
{
    (void)state;
    for (size_t room = 0; room < 70000; room += 7) {
        size_t stride = pool_stride(room);
        assert_int_equal(stride % 64, 0);
        assert_int_equal(stride / 64 % 2, 1);
        assert_true(stride >= sizeof(struct tapir_packet) + TAPIR_HEADROOM + room);
        assert_true(stride < sizeof(struct tapir_packet) + TAPIR_HEADROOM + room + 128);
    }
}

static void test_fresh_first(void **state)
{
    (void)state;
    struct pool pool = fresh_pool();
    size_t stride = pool_stride(ROOM);
    for (size_t i = 0; i < SLOTS; i++) {
        assert_true(is_untouched(i * stride));
        assert_int_equal(pool_available(&pool), SLOTS - i);
        assert_ptr_equal(pool_take(&pool), block + i * stride);
    }
    assert_null(pool_take(&pool));
    assert_int_equal(pool_available(&pool), 0);
    assert_true(is_untouched(SLOTS * stride));
}

static void test_last_given_first(void **state)
{
    (void)state;
    struct pool pool = fresh_pool();
    struct tapir_packet *packet[3];
    for (int i = 0; i < 3; i++)
        packet[i] = pool_take(&pool);
    give(packet[0]);
    give(packet[2]);
    assert_ptr_equal(pool_take(&pool), packet[2]);
    assert_ptr_equal(pool_take(&pool), packet[0]);
    assert_true(is_untouched(3 * pool_stride(ROOM)));
    assert_ptr_equal(pool_take(&pool), block + 3 * pool_stride(ROOM));
}

static void test_use_and_peak(void **state)
{
    (void)state;
    struct pool pool = fresh_pool();
    struct tapir_packet *a = pool_take(&pool), *b = pool_take(&pool);
    assert_int_equal(pool.use, 2);
    give(a);
    give(b);
    assert_int_equal(pool.use, 0);
    assert_int_equal(pool.peak, 2);
    pool_take(&pool);
    assert_int_equal(pool.peak, 2);
    assert_int_equal(pool_available(&pool), SLOTS - 1);
}

static void test_empty_slot(void **state)
{
    (void)state;
    struct pool pool = fresh_pool();
    struct tapir_packet *packet = pool_take(&pool);
    packet->number = 7;
    packet->verdict = TAPIR_SENT;
    packet->size = 99;
    give(packet);
    assert_int_equal(packet->number, 0);
    assert_ptr_equal(pool_take(&pool), packet);
    assert_int_equal(packet->number + packet->size + packet->verdict, 0);
    assert_int_equal(packet->headroom, TAPIR_HEADROOM);
    assert_true(packet->tailroom >= ROOM);
    assert_ptr_equal(packet->data - packet->headroom, packet + 1);
    assert_ptr_equal(packet->data + packet->tailroom, (uint8_t *)packet + pool_stride(ROOM));
    assert_ptr_equal(packet->within.home, &pool.face);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a stride is an odd number of cache lines, the least that fits", test_stride, NULL, NULL, NULL},
        {"fresh slots come in order, and none is touched before", test_fresh_first, NULL, NULL, NULL},
        {"what was given back last comes first, before fresh ones", test_last_given_first, NULL, NULL, NULL},
        {"use is counted and its peak remembered", test_use_and_peak, NULL, NULL, NULL},
        {"a slot comes back empty, with all its room", test_empty_slot, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
