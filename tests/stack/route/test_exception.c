/* Exceptions against a naive model: a list of all that was ever taught. What the table says is always the last thing taught and
 * not over; what it does not say was taught and is over, or had to make room. */
#include "tests/table.h"

#include <stdlib.h>
#include <string.h>

#include "core/siphash.h"
#include "route/exception.h"

enum {
    HOSTS = 3000,
    STEPS = 40000
};

/* What was taught last of each host. */
static struct {
    struct ip4 gateway;
    uint16_t mtu;
    int64_t gateway_until, mtu_until;
} taught[HOSTS];

static struct core core;
static struct exceptions table;

/* Behind the last octet of the table: who looks there is told of somebody whom nobody taught. */
static struct exception beyond;

static void *heap_allocate(void *context, size_t size)
{
    (void)context;
    uint8_t *block = malloc(size + sizeof beyond);
    assert_non_null(block);
    memcpy(block + size, &beyond, sizeof beyond);
    return block;
}

static void heap_release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

/* A host of the last of the 128 sets of four. */
static struct ip4 host_of_the_last_set(void)
{
    uint32_t host = 1;
    while (siphash_words(core.hash_key, &host, 1) % 128 != 127)
        host++;
    return (struct ip4){host};
}

static int set_up(void **state)
{
    (void)state;
    static const uint8_t seed[16] = "exceptions";
    core = (struct core){.memory.from = {heap_allocate, heap_release, NULL, false}};
    memset(taught, 0, sizeof taught);
    memcpy(core.hash_key, seed, sizeof seed);
    rand_init(&core.random, seed, 0);
    beyond = (struct exception){.destination = host_of_the_last_set(), .mtu = 1400, .mtu_until = TAPIR_NEVER};
    return exception_table_init(&table, &core.memory) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    exception_table_free(&table, &core.memory);
    return core.memory.used == 0 ? 0 : -1;
}

static struct ip4 host(uint32_t n)
{
    return (struct ip4){0x0a090000 + n};
}

static void teach_gateway(uint32_t n, uint32_t gateway, int64_t until)
{
    struct exception learnt = {
        .destination = host(n), .gateway = {gateway}, .instead_of = {7}, .exit = 3, .gateway_until = {until}};
    exception_learn_gateway(&table, &core, &learnt);
    taught[n].gateway = learnt.gateway;
    taught[n].gateway_until = until;
}

static void teach_mtu(uint32_t n, uint16_t mtu, int64_t until)
{
    struct exception learnt = {.destination = host(n), .mtu = mtu, .mtu_until = {until}};
    exception_learn_mtu(&table, &core, &learnt);
    taught[n].mtu = mtu;
    taught[n].mtu_until = until;
}

/* What is said of host `n` is what was taught, and holds; returns whether anything is. */
static bool look(uint32_t n)
{
    struct exception said = exception_lookup(&table, &core, host(n));
    if (said.gateway.value != 0) {
        assert_int_equal(said.gateway.value, taught[n].gateway.value);
        assert_true(taught[n].gateway_until > core.now.ns);
        assert_int_equal(said.instead_of.value, 7);
        assert_int_equal(said.exit, 3);
    }
    if (said.mtu != 0) {
        assert_int_equal(said.mtu, taught[n].mtu);
        assert_true(taught[n].mtu_until > core.now.ns);
    }
    return said.gateway.value != 0 || said.mtu != 0;
}

static bool is_over(uint32_t n)
{
    return taught[n].gateway_until <= core.now.ns && taught[n].mtu_until <= core.now.ns;
}

static void nothing_is_known_at_first(void **state)
{
    (void)state;
    assert_false(look(1));
    assert_int_equal(exception_lookup(&table, &core, host(1)).destination.value, 0);
    assert_int_equal(table.count, 0);
    teach_mtu(2, 1400, 100);
    for (uint32_t n = 0; n < 20; n++)
        if (n != 2)
            assert_int_equal(exception_lookup(&table, &core, host(n)).destination.value, 0);
    assert_int_equal(exception_lookup(&table, &core, beyond.destination).mtu, 0);
    struct exception learnt = {.destination = beyond.destination, .mtu = 576, .mtu_until = {100}};
    exception_learn_mtu(&table, &core, &learnt);
    assert_int_equal(exception_lookup(&table, &core, beyond.destination).mtu, 576);
    assert_int_equal(table.count, 2);
}

static void both_halves_stand_beside_each_other(void **state)
{
    (void)state;
    teach_gateway(1, 0x0a000001, 100);
    teach_mtu(1, 1400, 50);
    struct exception said = exception_lookup(&table, &core, host(1));
    assert_int_equal(said.gateway.value, 0x0a000001);
    assert_int_equal(said.mtu, 1400);
    core.now.ns = 50;
    said = exception_lookup(&table, &core, host(1));
    assert_int_equal(said.gateway.value, 0x0a000001);
    assert_int_equal(said.mtu, 0);
    core.now.ns = 100;
    assert_false(look(1));
    teach_mtu(1, 1300, 200);
    said = exception_lookup(&table, &core, host(1));
    assert_int_equal(said.gateway.value, 0);
    assert_int_equal(said.mtu, 1300);
    assert_int_equal(table.count, 1);
}

static void what_never_ends_never_ends(void **state)
{
    (void)state;
    teach_mtu(1, 1400, INT64_MAX);
    core.now.ns = INT64_MAX;
    assert_int_equal(exception_lookup(&table, &core, host(1)).mtu, 1400);
}

static void half_as_many_as_fit_mostly_stay(void **state)
{
    (void)state;
    unsigned kept = 0;
    for (uint32_t n = 0; n < LIMIT_EXCEPTIONS / 2; n++)
        teach_mtu(n, 1400, 100);
    for (uint32_t n = 0; n < LIMIT_EXCEPTIONS / 2; n++)
        kept += look(n);
    assert_true(kept > LIMIT_EXCEPTIONS / 2 * 9 / 10);
}

/* One that is over makes room before one that holds. */
static void what_is_over_goes_first(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < HOSTS; n++)
        teach_mtu(n, 1400, 10);
    core.now.ns = 10;
    teach_mtu(0, 1400, 100);
    uint32_t more = 1;
    for (; more < LIMIT_EXCEPTIONS / 2; more++)
        teach_gateway(more, 0x0a000001, 100);
    unsigned kept = 0;
    for (uint32_t n = 0; n < more; n++)
        kept += look(n);
    assert_true(kept > LIMIT_EXCEPTIONS / 2 * 9 / 10);
    assert_true(table.count <= LIMIT_EXCEPTIONS);
}

/* Few in a large table: each newcomer finds a free place, and what is over keeps its own until none is left. */
static void free_places_are_taken_first_and_all_of_them(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 30; n++)
        teach_mtu(n, 1400, 10);
    core.now.ns = 10;
    for (uint32_t n = 30; n < 60; n++)
        teach_mtu(n, 1400, 100);
    assert_int_equal(table.count, 60);
    assert_int_equal(table.peak, 60);
    for (uint32_t n = 60; n < HOSTS; n++)
        teach_mtu(n, 1400, 100);
    assert_int_equal(table.count, LIMIT_EXCEPTIONS);
    assert_int_equal(table.peak, LIMIT_EXCEPTIONS);
}

/* Which one of a full set goes cannot be foretold: with other chance it is another one. */
static void who_goes_is_drawn(void **state)
{
    (void)state;
    static const uint8_t other[16] = "another";
    static bool kept[2][HOSTS];
    unsigned differ = 0;
    for (int run = 0; run < 2; run++) {
        if (run == 1) {
            exception_table_free(&table, &core.memory);
            assert_true(exception_table_init(&table, &core.memory));
            rand_init(&core.random, other, 0);
        }
        for (uint32_t n = 0; n < HOSTS; n++)
            teach_mtu(n, 1400, 100);
        for (uint32_t n = 0; n < HOSTS; n++)
            kept[run][n] = look(n);
    }
    for (uint32_t n = 0; n < HOSTS; n++)
        differ += kept[0][n] != kept[1][n];
    assert_true(differ > 100);
}

static void it_agrees_with_a_list(void **state)
{
    (void)state;
    srand(1);
    for (int step = 0; step < STEPS; step++) {
        uint32_t n = (uint32_t)rand() % HOSTS;
        core.now.ns += rand() % 3;
        if (rand() % 2 == 0)
            teach_mtu(n, (uint16_t)(552 + rand() % 900), core.now.ns + 1 + rand() % 2000);
        else
            teach_gateway(n, 1 + (uint32_t)rand() % 9, core.now.ns + 1 + rand() % 2000);
        assert_true(look(n));
        look((uint32_t)rand() % HOSTS);
        assert_true(table.count <= LIMIT_EXCEPTIONS && table.peak <= LIMIT_EXCEPTIONS);
    }
    unsigned holds = 0, listed = 0;
    for (uint32_t n = 0; n < HOSTS; n++) {
        bool said = look(n);
        assert_false(said && is_over(n));
        holds += said;
    }
    union tapir_row row;
    for (uint64_t cursor = 0; exception_list(&table, &core, &cursor, &row, 1) == 1; listed++) {
        uint32_t n = row.exception.destination.value - host(0).value;
        struct exception said = exception_lookup(&table, &core, host(n));
        assert_int_equal(row.exception.gateway.value, said.gateway.value);
        assert_int_equal(row.exception.mtu, said.mtu);
        assert_int_equal(row.exception.iface, said.exit);
        assert_int_equal(row.exception.gateway_until.ns, said.gateway_until.ns);
        assert_int_equal(row.exception.mtu_until.ns, said.mtu_until.ns);
        if (said.mtu != 0)
            assert_int_equal(row.exception.mtu_until.ns, taught[n].mtu_until);
        if (said.gateway.value != 0)
            assert_int_equal(row.exception.gateway_until.ns, taught[n].gateway_until);
    }
    assert_int_equal(listed, holds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_known_at_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_halves_stand_beside_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_never_ends_never_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(half_as_many_as_fit_mostly_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_over_goes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(free_places_are_taken_first_and_all_of_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_goes_is_drawn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_agrees_with_a_list, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("exceptions", tests, NULL, NULL);
}
