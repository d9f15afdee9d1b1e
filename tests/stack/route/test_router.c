/* Default routers that advertise themselves: who stands in the list and until when, against a list that is looked through from
 * end to end; and who is chosen, in sentences. */
#include "route/router.h"

#include <string.h>

#include "tests/dice.h"
#include "tests/stack/route/homes.h"

enum {
    STEPS = 20000,
    IFACES = 3,
    HOSTS = 12 /* on each interface: more than the list holds */
};

#define SECONDS INT64_C(1000000000)

static struct core core;
static struct timer others[3]; /* of somebody else, later than all of ours */
static struct routers routers;
static struct route_table routes;
static struct addresses addresses;

/* Interface n has 10.0.n.1/24, and 192.0.2.1 is far away on it. */
static const struct home homes[HOMES] = {{IP(10, 0, 0, 1), 24, 0, TAPIR_ADDRESS_READY},
                                         {IP(10, 0, 1, 1), 24, 1, TAPIR_ADDRESS_READY},
                                         {IP(10, 0, 2, 1), 24, 2, TAPIR_ADDRESS_READY}};

static int begin(void **state)
{
    (void)state;
    core = (struct core){0};
    routers = (struct routers){.timer.kind = TIMER_ROUTERS};
    for (int64_t i = 0; i < 3; i++) {
        others[i] = (struct timer){0};
        timer_arm(&core.timers, &others[i], (tapir_instant){INT64_MAX - 3 + i});
    }
    homes_begin(&addresses, &core.memory, homes);
    route_table_init(&routes, &core.memory, 8);
    for (unsigned i = 0; i < IFACES; i++) {
        const struct tapir_route net = {
            .prefix = homes_prefix(IP(10, 0, i, 0), 24), .kind = TAPIR_ROUTE_CONNECTED, .iface = i};
        assert_int_equal(route_add(&routes, &net), TAPIR_OK);
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    timer_cancel(&core.timers, &routers.timer);
    core.now = TAPIR_NEVER;
    for (size_t i = 0; i < 3; i++)
        if (timer_take_due(&core.timers, core.now) != &others[i])
            return -1;
    route_table_free(&routes);
    address_table_free(&addresses, &core.memory);
    return core.memory.used == 0 ? 0 : -1;
}

static struct ip4 host(unsigned iface, uint32_t n)
{
    return (struct ip4){IP(10, 0, iface, n)};
}

static void learn(unsigned iface, uint32_t n, int32_t preference, int64_t expires)
{
    const struct router heard = {host(iface, n), iface, preference, {expires}};
    router_learn(&routers, &core.timers, &heard, core.now);
}

static bool is_listed(unsigned iface, uint32_t n)
{
    return router_is_listed(&routers, iface, host(iface, n));
}

static void expect_timer(int64_t deadline)
{
    assert_int_equal(timer_is_armed(&routers.timer), deadline != INT64_MAX);
    if (deadline != INT64_MAX)
        assert_int_equal(routers.timer.deadline.ns, deadline);
}

/* ---- the list, told in stories ---- */

static void one_that_is_heard_is_listed_where_it_was(void **state)
{
    (void)state;
    assert_false(is_listed(1, 9));
    assert_false(router_is_listed(&routers, 0, (struct ip4){0})); /* as a free place looks */
    expect_timer(INT64_MAX);
    learn(1, 9, 5, 30);
    assert_true(is_listed(1, 9));
    assert_false(is_listed(1, 8));
    assert_false(router_is_listed(&routers, 2, host(1, 9)));
    expect_timer(30);
}

static void one_that_is_heard_again_keeps_its_place_and_is_as_it_says_now(void **state)
{
    (void)state;
    learn(1, 9, 5, 30);
    learn(1, 8, 6, 50);
    learn(1, 9, 7, 60);
    expect_timer(50);
    const struct router *chosen = router_choose(&routers, &routes, NULL);
    assert_ptr_equal(chosen, &routers.list[0]);
    assert_int_equal(chosen->preference, 7);
    router_forget(&routers, &core.timers, 2);
    assert_true(is_listed(1, 9) && is_listed(1, 8));
    learn(1, 9, 7, core.now.ns); /* says good-bye */
    assert_false(is_listed(1, 9));
    assert_true(is_listed(1, 8));
    expect_timer(50);
    learn(1, 8, 7, core.now.ns);
    expect_timer(INT64_MAX);
}

static void an_address_on_two_interfaces_is_two_routers(void **state)
{
    (void)state;
    const struct router heard[] = {{host(1, 9), 1, 0, {30}}, {host(1, 9), 2, 0, {40}}};
    router_learn(&routers, &core.timers, &heard[0], core.now);
    router_learn(&routers, &core.timers, &heard[1], core.now);
    router_forget(&routers, &core.timers, 1);
    assert_false(router_is_listed(&routers, 1, host(1, 9)));
    assert_true(router_is_listed(&routers, 2, host(1, 9)));
    expect_timer(40);
}

static void fill(int32_t preference)
{
    for (uint32_t n = 0; n < LIMIT_ROUTERS; n++)
        learn(1, 10 + n, n == 6 || n == 9 ? preference - 1 : preference, 100 + n);
}

static void in_a_full_list_the_least_preferred_makes_room_for_a_better_one(void **state)
{
    (void)state;
    fill(5);
    assert_false(router_is_listed(&routers, 0, (struct ip4){0}));
    learn(2, 9, 4, 500); /* no better than the least */
    assert_false(is_listed(2, 9));
    learn(2, 9, INT32_MAX, core.now.ns); /* a good-bye of one that nobody knows */
    learn(2, 9, 5, 500);
    assert_true(is_listed(2, 9));
    for (uint32_t n = 0; n < LIMIT_ROUTERS; n++)
        assert_int_equal(is_listed(1, 10 + n), n != 6); /* the first of the two */
    learn(2, 8, 5, 500);
    assert_true(is_listed(2, 8) && is_listed(2, 9));
    assert_false(is_listed(1, 19));
    learn(2, 7, 5, 500);
    assert_false(is_listed(2, 7));
    learn(1, 12, 4, 500); /* of the list already: renewed, though no better */
    assert_int_equal(routers.list[2].preference, 4);
    expect_timer(100);
}

static void each_goes_at_its_time(void **state)
{
    (void)state;
    fill(5);
    for (uint32_t n = 0; n < LIMIT_ROUTERS; n++) {
        expect_timer(100 + n);
        core.now.ns = 100 + n;
        assert_ptr_equal(timer_take_due(&core.timers, core.now), &routers.timer);
        router_tick(&routers, &core.timers, core.now);
        for (uint32_t i = 0; i < LIMIT_ROUTERS; i++)
            assert_int_equal(is_listed(1, 10 + i), i > n);
    }
    expect_timer(INT64_MAX);
    core.now.ns = INT64_MAX - 4;
    fill(5); /* all of it is past */
    expect_timer(INT64_MAX);
    core.now.ns = 0;
    fill(5);
    core.now.ns = INT64_MAX - 4;
    router_tick(&routers, &core.timers, core.now);
    expect_timer(INT64_MAX);
}

/* What follows the list in memory is its timer, and here it is all that is armed. */
static void nobody_looks_behind_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        timer_cancel(&core.timers, &others[i]);
    fill(5);
    assert_false(router_is_listed(&routers, 0, (struct ip4){0}));
    router_forget(&routers, &core.timers, 0);
    expect_timer(100);
    core.now.ns = 100;
    assert_ptr_equal(timer_take_due(&core.timers, core.now), &routers.timer);
    assert_null(timer_take_due(&core.timers, core.now));
    for (int64_t i = 0; i < 3; i++)
        timer_arm(&core.timers, &others[i], (tapir_instant){INT64_MAX - 3 + i});
}

static void those_whose_network_went_are_forgotten(void **state)
{
    (void)state;
    learn(0, 9, 0, 30);
    learn(1, 9, 0, 20);
    learn(2, 9, 0, 40);
    router_review(&routers, &core.timers, &addresses);
    assert_true(is_listed(0, 9) && is_listed(1, 9) && is_listed(2, 9));
    address_remove(&addresses, &addresses.list[1]);
    router_review(&routers, &core.timers, &addresses);
    assert_true(is_listed(0, 9) && is_listed(2, 9));
    assert_false(is_listed(1, 9));
    expect_timer(30);
    address_become(&addresses, &addresses.list[0], TAPIR_ADDRESS_CONFLICT);
    address_remove(&addresses, &addresses.list[2]);
    router_review(&routers, &core.timers, &addresses);
    expect_timer(INT64_MAX);
}

/* ---- the list, against one that is looked through ---- */

static struct router model[LIMIT_ROUTERS];

static size_t model_place(const struct router *heard)
{
    size_t place = LIMIT_ROUTERS;
    for (size_t i = LIMIT_ROUTERS; i-- > 0;) /* the last look wins: the least preferred, the first of those */
        if (place == LIMIT_ROUTERS || model[i].preference <= model[place].preference)
            place = i;
    if (model[place].preference >= heard->preference)
        place = LIMIT_ROUTERS;
    for (size_t i = LIMIT_ROUTERS; i-- > 0;)
        if (model[i].address.value == 0)
            place = i;
    for (size_t i = 0; i < LIMIT_ROUTERS; i++)
        if (model[i].address.value == heard->address.value && model[i].iface == heard->iface)
            place = i;
    return place;
}

static void model_learn(const struct router *heard)
{
    size_t place = model_place(heard);
    if (place == LIMIT_ROUTERS)
        return;
    bool known = model[place].address.value == heard->address.value && model[place].iface == heard->iface;
    if (heard->expires.ns > core.now.ns)
        model[place] = *heard;
    else if (known)
        model[place] = (struct router){0};
}

static void same_list(void)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < LIMIT_ROUTERS; i++) {
        if (model[i].address.value != 0 && model[i].expires.ns < first)
            first = model[i].expires.ns;
        assert_int_equal(routers.list[i].address.value, model[i].address.value);
        assert_int_equal(routers.list[i].iface, model[i].iface);
        assert_int_equal(routers.list[i].preference, model[i].preference);
        assert_int_equal(routers.list[i].expires.ns, model[i].expires.ns);
    }
    expect_timer(first);
}

static void drop_model(bool by_time, unsigned iface)
{
    for (size_t i = 0; i < LIMIT_ROUTERS; i++)
        if (by_time ? model[i].expires.ns <= core.now.ns : model[i].iface == iface)
            model[i] = (struct router){0};
}

static void a_random_history_agrees_with_the_model(void **state)
{
    (void)state;
    struct dice dice = dice_of(1256);
    memset(model, 0, sizeof model);
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned iface = dice_below(&dice, IFACES);
        const struct router heard = {host(iface, 10 + dice_below(&dice, HOSTS)),
                                     iface,
                                     (int32_t)dice_below(&dice, 5) - 2,
                                     {core.now.ns + dice_below(&dice, 900)}};
        if (dice_once_in(&dice, 200)) {
            router_forget(&routers, &core.timers, iface);
            drop_model(false, iface);
        } else if (dice_once_in(&dice, 4)) {
            core.now.ns += dice_below(&dice, 60);
            while (timer_take_due(&core.timers, core.now) != NULL)
                router_tick(&routers, &core.timers, core.now);
            drop_model(true, 0);
        } else {
            router_learn(&routers, &core.timers, &heard, core.now);
            model_learn(&heard);
        }
        same_list();
    }
}

/* ---- who is chosen ---- */

enum {
    NO_ROUTE,
    DEFAULT, /* a default route by 10.0.0.99 */
    SHORT,   /* not a default route */
    REFUSING /* a default route that refuses */
};

/* Routers 10.0.1.1x and 10.0.2.2x by preference, 0: there is none of it; whose next hop is dead; who is chosen, by its last octet:
 * 0: nobody. */
static const struct row {
    const char *sentence;
    int route;
    int32_t preferences[3]; /* of 10.0.1.11, 10.0.2.12, 10.0.1.13; NONE: not listed */
    uint32_t dead[4];       /* last octets */
    uint32_t chosen;
} rows[] = {
#define NONE   INT32_MIN + 1
#define UNUSED INT32_MIN
    {"without routers and routes there is nobody", NO_ROUTE, {NONE, NONE, NONE}, {0}, 0},
    {"without a route the most preferred one", NO_ROUTE, {-3, -2, -4}, {0}, 12},
    {"of equals the first in the list", NO_ROUTE, {-3, -3, -3}, {0}, 11},
    {"preference -2^31 is never used", NO_ROUTE, {UNUSED, NONE, NONE}, {0}, 0},
    {"one that does not answer gives way to one that does", NO_ROUTE, {-3, 9, -4}, {12}, 11},
    {"where none answers the most preferred one", NO_ROUTE, {-3, 9, -4}, {11, 12, 13}, 12},
    {"a default route counts as preference 0 and comes first among equals", DEFAULT, {0, -1, -2}, {0}, 0},
    {"above 0 a router takes its place", DEFAULT, {0, 1, -2}, {0}, 12},
    {"unless it does not answer", DEFAULT, {0, 1, -2}, {12}, 0},
    {"when the gateway of the route does not answer any router may", DEFAULT, {-8, -7, NONE}, {99}, 12},
    {"when nobody answers the route stands", DEFAULT, {-8, 7, NONE}, {99, 11, 12}, 0},
    {"a route that is no default stands", SHORT, {5, 6, 7}, {0}, 0},
    {"a default route that refuses stands", REFUSING, {5, 6, 7}, {0}, 0},
};

static const struct route *route_of(const struct row *row)
{
    enum route_absence absence;
    const struct tapir_route route = {.prefix.length = row->route == SHORT ? 1 : 0,
                                      .kind =
                                          row->route == REFUSING ? TAPIR_ROUTE_PROHIBIT : TAPIR_ROUTE_UNICAST,
                                      .via = host(0, 99)};
    if (row->route == NO_ROUTE)
        return NULL;
    assert_int_equal(route_add(&routes, &route), TAPIR_OK);
    return route_lookup(&routes, (struct route_query){{IP(100, 0, 0, 1)}, 0}, &absence);
}

/* 99 is on interface 0, 12 on 2, the others on 1. */
static unsigned iface_of(uint32_t n)
{
    return n == 99 ? 0 : n == 12 ? 2 : 1;
}

static void check(void **state)
{
    const struct row *row = *state;
    begin(state);
    const struct route *route = route_of(row);
    for (uint32_t i = 0; i < 3; i++)
        if (row->preferences[i] != NONE)
            learn(iface_of(11 + i), 11 + i, row->preferences[i], 100);
    for (int i = 0; i < 4 && row->dead[i] != 0; i++)
        gateway_learn(&routes.gateways, &core, iface_of(row->dead[i]),
                      host(iface_of(row->dead[i]), row->dead[i]), TAPIR_NEVER);
    const struct router *chosen = router_choose(&routers, &routes, route);
    assert_int_equal(chosen == NULL ? 0 : chosen->address.value & 0xff, row->chosen);
    for (unsigned iface = 0; iface < IFACES; iface++) /* and so it leads back */
        assert_int_equal(router_leads_back(&routers, &routes, (struct ip4){IP(100, 0, 0, 1)}, iface),
                         row->chosen != 0 && iface == iface_of(row->chosen));
    assert_int_equal(router_leads_back(&routers, &routes, (struct ip4){IP(100, 0, 0, 1)}, TAPIR_EVERYWHERE),
                     row->chosen != 0);
    assert_false(router_leads_back(&routers, &routes, host(1, 77), TAPIR_EVERYWHERE)); /* a neighbor */
    assert_int_equal(end(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_that_is_heard_is_listed_where_it_was, begin, end),
        cmocka_unit_test_setup_teardown(one_that_is_heard_again_keeps_its_place_and_is_as_it_says_now, begin,
                                        end),
        cmocka_unit_test_setup_teardown(an_address_on_two_interfaces_is_two_routers, begin, end),
        cmocka_unit_test_setup_teardown(in_a_full_list_the_least_preferred_makes_room_for_a_better_one, begin,
                                        end),
        cmocka_unit_test_setup_teardown(each_goes_at_its_time, begin, end),
        cmocka_unit_test_setup_teardown(nobody_looks_behind_the_list, begin, end),
        cmocka_unit_test_setup_teardown(those_whose_network_went_are_forgotten, begin, end),
        cmocka_unit_test_setup_teardown(a_random_history_agrees_with_the_model, begin, end),
    };
    return RUN_TABLE("the router to use", rows, check) +
           cmocka_run_group_tests_name("routers that advertise themselves", tests, NULL, NULL);
}
