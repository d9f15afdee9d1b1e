/* Which engine `auto` takes: machines that were measured, and what the choice is made from. */
#include "tap/engine.h"

#include "tests/table.h"

static const struct row {
    const char *sentence;
    int64_t call_ns;
    bool pays;
} rows[] = {
    {"a call of 150 ns, where forwarding by the ring was 0.93 as fast: read and write", 150, false},
    {"a call of 219 ns: read and write", 219, false},
    {"a call of 220 ns, where both cost the same: the ring", 220, true},
    {"a call of 1,070 ns, where the ring was three times as fast: the ring", 1070, true},
};

static void check(void **state)
{
    const struct row *row = *state;
    assert_int_equal(engine_pays(row->call_ns), row->pays);
}

/* No call takes less than a nanosecond, and none that does nothing takes a tenth of a millisecond as a rule. */
static void a_call_costs_something(void **state)
{
    (void)state;
    assert_in_range(engine_call_ns(), 1, 100000);
}

int main(void)
{
    const struct CMUnitTest others[] = {cmocka_unit_test(a_call_costs_something)};
    return RUN_TABLE("engine: auto", rows, check) + cmocka_run_group_tests_name("engine", others, NULL, NULL);
}
