/* The listing of routes: every field of a row, and a table that changes between two portions. */
#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

#include "tests/stack/route/lone_table.h"

static void drop(struct tapir_route route)
{
    assert_int_equal(route_remove(&table, &route), TAPIR_OK);
}

static void expect(uint64_t *cursor, const struct tapir_route *route)
{
    union tapir_row row;
    assert_int_equal(route_list(&table, cursor, &row, 1), 1);
    assert_int_equal(row.route.prefix.address.value, route->prefix.address.value);
    assert_int_equal(row.route.prefix.length, route->prefix.length);
    assert_int_equal(row.route.kind, route->kind);
    assert_int_equal(row.route.via.value, route->via.value);
    assert_int_equal(row.route.metric, route->metric);
    assert_int_equal(row.route.tos, route->tos);
    assert_int_equal(row.route.iface, route->iface);
}

static void expect_end(uint64_t cursor)
{
    union tapir_row row;
    assert_int_equal(route_list(&table, &cursor, &row, 1), 0);
}

/* In the order in which they are listed. */
static const struct tapir_route all[] = {
    {.prefix = {{0}, 0}, .via = {0x0a000109}, .metric = 7, .iface = 3},
    {.prefix = {{0x0a000100}, 24}, .kind = TAPIR_ROUTE_CONNECTED, .iface = 3},
    {.prefix = {{0x0a000101}, 32}, .kind = TAPIR_ROUTE_LOCAL, .iface = 3},
    {.prefix = {{0x0a0001ff}, 32}, .kind = TAPIR_ROUTE_BROADCAST, .iface = 3},
    {.prefix = {{0x0a090000}, 16}, .kind = TAPIR_ROUTE_UNREACHABLE, .metric = 1},
    {.prefix = {{0x0a090000}, 16}, .via = {0x0a000105}, .metric = 1, .tos = 4, .iface = 3},
    {.prefix = {{0x0a090000}, 16}, .kind = TAPIR_ROUTE_BLACKHOLE, .metric = 2, .tos = 4},
    {.prefix = {{0xffffff00}, 31}, .kind = TAPIR_ROUTE_PROHIBIT, .metric = UINT32_MAX, .tos = 16},
    {.prefix = {{UINT32_MAX}, 32}, .kind = TAPIR_ROUTE_BLACKHOLE},
};

enum {
    ALL = sizeof all / sizeof all[0]
};

static void add_all(void)
{
    add(all[1]); /* before those whose next hops it holds */
    for (size_t i = ALL; i-- > 0;)
        if (i != 1)
            add(all[i]);
}

static void every_field_of_a_route_is_listed(void **state)
{
    (void)state;
    add_all();
    uint64_t cursor = 0;
    for (size_t i = 0; i < ALL; i++)
        expect(&cursor, &all[i]);
    expect_end(cursor);
}

/* Whatever goes between two rows, none of the others is missing or told twice. */
static void a_route_that_goes_meanwhile_takes_no_other_with_it(void **state)
{
    (void)state;
    for (size_t told = 1; told < ALL; told++)
        for (size_t gone = 0; gone < ALL; gone++) {
            if (gone == 1 || (told > gone && all[gone].prefix.address.value == 0x0a090000))
                continue; /* places in a chain count from its beginning */
            lone_table_begin(state);
            add_all();
            uint64_t cursor = 0;
            for (size_t i = 0; i < told; i++)
                expect(&cursor, &all[i]);
            drop(all[gone]);
            for (size_t i = told; i < ALL; i++)
                if (i != gone)
                    expect(&cursor, &all[i]);
            expect_end(cursor);
            assert_int_equal(lone_table_end(state), 0);
        }
}

static void a_chain_that_goes_meanwhile_is_left_and_the_next_is_told_whole(void **state)
{
    (void)state;
    const struct tapir_route after = {.prefix = {{0x0a0a0000}, 16}, .kind = TAPIR_ROUTE_PROHIBIT},
                             behind = {
                                 .prefix = {{0x0a0a0000}, 16}, .kind = TAPIR_ROUTE_PROHIBIT, .metric = 1};
    add_all();
    add(after);
    add(behind);
    uint64_t cursor = 0;
    for (size_t i = 0; i < 6; i++)
        expect(&cursor, &all[i]);
    for (size_t i = 4; i < 7; i++)
        drop(all[i]);
    expect(&cursor, &after);
    expect(&cursor, &behind);
    expect(&cursor, &all[7]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_field_of_a_route_is_listed, lone_table_begin, lone_table_end),
        cmocka_unit_test(a_route_that_goes_meanwhile_takes_no_other_with_it),
        cmocka_unit_test_setup_teardown(a_chain_that_goes_meanwhile_is_left_and_the_next_is_told_whole,
                                        lone_table_begin, lone_table_end),
    };
    return cmocka_run_group_tests_name("listing of routes", tests, NULL, NULL);
}
