/* The list of dead gateways: bounded, timed, forgotten by network. */
#include "tests/table.h"

#include "route/gateway.h"

static struct core core;
static struct gateways list;

static struct ip4 hop(uint32_t n)
{
    return (struct ip4){0x0a000000 + n};
}

static tapir_instant at(int64_t s)
{
    return (tapir_instant){s * TIME_SECOND};
}

static int set_up(void **state)
{
    (void)state;
    core = (struct core){0};
    gateway_list_init(&list);
    assert_int_equal(list.timer.kind, TIMER_GATEWAY);
    return 0;
}

static void one_that_is_learnt_is_dead_where_it_was(void **state)
{
    (void)state;
    gateway_learn(&list, &core, 1, hop(1), at(60));
    assert_true(gateway_is_dead(&list, 1, hop(1)));
    assert_false(gateway_is_dead(&list, 2, hop(1)));
    assert_false(gateway_is_dead(&list, 1, hop(2)));
}

static void each_rises_at_its_time(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 3; n++)
        gateway_learn(&list, &core, 1, hop(n), at(n));
    gateway_learn(&list, &core, 1, hop(1), at(4)); /* failed anew */
    assert_int_equal(list.count, 3);
    for (int64_t s = 2; s <= 4; s++) {
        assert_int_equal(timer_deadline(&core.timers).ns, at(s).ns);
        core.now = at(s);
        assert_non_null(timer_take_due(&core.timers, core.now));
        gateway_tick(&list, &core);
        assert_int_equal(list.count, 4 - s);
        assert_int_equal(gateway_is_dead(&list, 1, hop(1)), s < 4);
        assert_int_equal(gateway_is_dead(&list, 1, hop(3)), s < 3);
    }
    assert_int_equal(timer_deadline(&core.timers).ns, INT64_MAX);
}

static void a_network_is_forgotten_on_its_interface(void **state)
{
    (void)state;
    gateway_learn(&list, &core, 1, hop(1), at(60));
    gateway_learn(&list, &core, 1, hop(0x101), at(60));
    gateway_learn(&list, &core, 2, hop(2), at(60));
    gateway_forget(&list, &core, 1, (struct ip4_prefix){hop(0), 24});
    assert_false(gateway_is_dead(&list, 1, hop(1)));
    assert_true(gateway_is_dead(&list, 1, hop(0x101)));
    assert_true(gateway_is_dead(&list, 2, hop(2)));
    gateway_forget(&list, &core, 1, (struct ip4_prefix){{0}, 0});
    gateway_forget(&list, &core, 2, (struct ip4_prefix){{0}, 0});
    assert_int_equal(list.count, 0);
    assert_false(timer_is_armed(&list.timer));
}

static void the_one_that_would_rise_first_makes_room(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < LIMIT_DEAD_GATEWAYS; n++)
        gateway_learn(&list, &core, 1, hop(n), at(n == 7 ? 5 : 60 + n));
    gateway_learn(&list, &core, 1, hop(1000), at(200));
    assert_int_equal(list.count, LIMIT_DEAD_GATEWAYS);
    assert_false(gateway_is_dead(&list, 1, hop(7)));
    assert_true(gateway_is_dead(&list, 1, hop(0)));
    assert_true(gateway_is_dead(&list, 1, hop(1000)));
    gateway_forget(&list, &core, 1, (struct ip4_prefix){{0}, 0});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_that_is_learnt_is_dead_where_it_was, set_up),
        cmocka_unit_test_setup(each_rises_at_its_time, set_up),
        cmocka_unit_test_setup(a_network_is_forgotten_on_its_interface, set_up),
        cmocka_unit_test_setup(the_one_that_would_rise_first_makes_room, set_up),
    };
    return cmocka_run_group_tests_name("dead gateways", tests, NULL, NULL);
}
