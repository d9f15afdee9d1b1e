/* A routing table of its own for each test of a group: set up by lone_table_begin, and gone, with all its memory, after
 * lone_table_end. */
#ifndef TESTS_STACK_ROUTE_LONE_TABLE_H
#define TESTS_STACK_ROUTE_LONE_TABLE_H

#include "route/table.h"
#include "tests/stack/heap.h"

static struct memory memory;
static struct route_table table;

static inline int lone_table_begin(void **state)
{
    (void)state;
    memory = heap_memory();
    route_table_init(&table, &memory, 100000);
    return 0;
}

static inline int lone_table_end(void **state)
{
    (void)state;
    route_table_free(&table);
    return memory.used == 0 ? 0 : -1;
}

static inline void add(struct tapir_route route)
{
    assert_int_equal(route_add(&table, &route), TAPIR_OK);
}

#endif
