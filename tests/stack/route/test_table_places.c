/* What the routing table keeps beside the trie: places for routes, and which interfaces are down. */
#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

#include "tests/dice.h"
#include "tests/stack/route/lone_table.h"

/* Routes of one prefix, so that the trie takes no more: 256 of 28 octets a time, and pointers to them that double from 8 on. */
static void memory_comes_with_every_256th_route(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 17 * 256; i++) {
        size_t used = memory.used, pointers = i == 8 * 256 ? 64 : i == 16 * 256 ? 128 : 0;
        add((struct tapir_route){
            .prefix = {{0x0a000000}, 8}, .kind = TAPIR_ROUTE_BLACKHOLE, .metric = 100000 - i});
        if (i > 0)
            assert_int_equal(memory.used - used, i % 256 == 0 ? 256 * 28 + pointers : 0);
    }
}

enum {
    IFACES = 300
};

static void add_networks(void)
{
    for (unsigned i = 0; i < IFACES; i++)
        add((struct tapir_route){
            .prefix = {{0x0a000000 | i << 8}, 24}, .kind = TAPIR_ROUTE_CONNECTED, .iface = i});
}

static bool is_down(unsigned iface)
{
    enum route_absence absence;
    const struct route *route =
        route_lookup(&table, (struct route_query){{0x0a000000 | iface << 8}, 0}, &absence);
    assert_int_equal(absence, route == NULL ? ROUTE_DOWN : ROUTE_FOUND);
    return route == NULL;
}

static void any_interface_may_be_the_first_to_go_down(void **state)
{
    for (unsigned iface = 0; iface < IFACES; iface++) {
        lone_table_begin(state);
        add_networks();
        size_t used = memory.used;
        assert_true(route_iface_up(&table, iface, false));
        assert_int_equal(memory.used - used, iface < 64 ? 8 : iface < 128 ? 16 : iface < 256 ? 32 : 64);
        for (unsigned i = 0; i < IFACES; i++)
            assert_int_equal(is_down(i), i == iface);
        assert_true(route_iface_up(&table, iface, true));
        assert_false(is_down(iface));
        assert_int_equal(lone_table_end(state), 0);
    }
}

/* A bit for each interface up to it, in words that double. */
static void memory_of_interfaces_that_are_down(void **state)
{
    (void)state;
    assert_true(route_iface_up(&table, 1000, true)); /* it is up: nothing to be remembered */
    assert_int_equal(memory.used, 0);
    for (unsigned iface = 0; iface < 300; iface++) {
        assert_true(route_iface_up(&table, iface, false));
        assert_int_equal(memory.used, iface < 64 ? 8 : iface < 128 ? 16 : iface < 256 ? 32 : 64);
    }
    assert_true(route_iface_up(&table, 1000, true));
    assert_true(route_iface_up(&table, 299, true));
    assert_int_equal(memory.used, 64);
}

static void each_interface_is_down_for_itself(void **state)
{
    (void)state;
    struct dice dice = dice_of(64);
    bool down[IFACES] = {false};
    add_networks();
    for (unsigned step = 0; step < 2000; step++) {
        unsigned n = dice_below(&dice, step < 1000 ? 1 + step * IFACES / 1000 : IFACES);
        down[n] = dice_below(&dice, 2) == 0;
        assert_true(route_iface_up(&table, n, !down[n]));
        for (unsigned i = step % 7; i < IFACES; i += 7)
            assert_int_equal(is_down(i), down[i]);
        assert_int_equal(is_down(n), down[n]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_comes_with_every_256th_route, lone_table_begin,
                                        lone_table_end),
        cmocka_unit_test(any_interface_may_be_the_first_to_go_down),
        cmocka_unit_test_setup_teardown(memory_of_interfaces_that_are_down, lone_table_begin, lone_table_end),
        cmocka_unit_test_setup_teardown(each_interface_is_down_for_itself, lone_table_begin, lone_table_end),
    };
    return cmocka_run_group_tests_name("places of the route table", tests, NULL, NULL);
}
