/* Settings at the ends of their ranges, and where they may stand. What each does in between stands with its feature; that no
 * choice of any is forgotten, tests/lint/settings sees to. */
#include <string.h>

#include "tests/world/pieces.h"
#include "tests/world/trial.h"

/* ---- where ---- */

static int64_t some_value(enum tapir_setting setting)
{
    return tapir_setting(setting)->low;
}

/* By operations: what interfaces share is refused, with all that stood in the same list; the rest is taken, and holds there. */
static void what_interfaces_share_is_no_setting_of_one(void **state)
{
    (void)state;
    unsigned refused = 0;
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        struct tapir_op ops[2] = {{.kind = TAPIR_OP_SET, .iface = TAP_A, .set = {TAPIR_SET_IP_TTL, 7}},
                                  {.kind = TAPIR_OP_SET, .iface = TAP_A}};
        ops[1].set.setting = (enum tapir_setting)i;
        ops[1].set.value = i == TAPIR_SET_IP_TTL ? 7 : some_value((enum tapir_setting)i);
        struct tapir_fault fault = {0};
        enum tapir_result result = tapir_apply(bench->stack, ops, 2, &fault, (tapir_instant){bench->now_ns});
        if (tapir_setting((enum tapir_setting)i)->scope == TAPIR_SCOPE_ANY) {
            assert_int_equal(result, TAPIR_OK);
            bench_close(bench);
            continue;
        }
        refused++;
        assert_int_equal(result, TAPIR_INVALID);
        assert_int_equal(fault.op, 1);
        assert_string_equal(fault.why, "the setting holds for the whole node, not for one interface");
        bench_send(bench, &(struct frame){.carries = UDP});
        assert_int_equal(expect_udp(bench, 5000)->view.ttl, 64);
        bench_close(bench);
    }
    assert_int_equal(refused, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_interfaces_share_is_no_setting_of_one),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
