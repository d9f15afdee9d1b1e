/* The agenda against a naive one: a list of deadlines that is searched from one end to the other. */
#include "tap/agenda.h"

#include "tests/dice.h"
#include "tests/table.h"

enum {
    PLACES_MOST = 200
};

static const struct row {
    const char *sentence;
    uint32_t places, instants; /* few instants: many are due together */
    int steps;
} rows[] = {
    {"one place", 1, 5, 100},
    {"two places that are often due together", 2, 2, 1000},
    {"two hundred places that are often due together", 200, 7, 20000},
    {"two hundred places at many instants", 200, 1000000, 20000},
};

static int64_t naive[PLACES_MOST];

static uint32_t naive_first(uint32_t n)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < n; i++)
        if (naive[i] < naive[first])
            first = i;
    return first;
}

static void check(void **state)
{
    const struct row *row = *state;
    struct agenda agenda;
    struct dice dice = dice_of(1);
    assert_true(agenda_init(&agenda, row->places));
    for (uint32_t i = 0; i < row->places; i++)
        naive[i] = TAPIR_NEVER.ns;
    for (int step = 0; step < row->steps; step++) {
        uint32_t place = dice_below(&dice, row->places), first = naive_first(row->places), got = UINT32_MAX;
        assert_int_equal(agenda_deadline(&agenda).ns, naive[first]);
        assert_int_equal(agenda_first(&agenda, (tapir_instant){naive[first]}, &got),
                         naive[first] != TAPIR_NEVER.ns);
        if (naive[first] != TAPIR_NEVER.ns)
            assert_int_equal(got, first);
        assert_false(agenda_first(&agenda, (tapir_instant){naive[first] - 1}, &got));
        bool never = dice_below(&dice, 4) == 0;
        naive[place] = never ? TAPIR_NEVER.ns : (int64_t)dice_below(&dice, row->instants);
        agenda_set(&agenda, place, (tapir_instant){naive[place]});
        assert_int_equal(agenda_due(&agenda, place).ns, naive[place]);
    }
    agenda_free(&agenda);
}

static void an_agenda_of_nobody(void **state)
{
    struct agenda agenda;
    uint32_t place;
    (void)state;
    assert_true(agenda_init(&agenda, 0));
    assert_int_equal(agenda_deadline(&agenda).ns, TAPIR_NEVER.ns);
    assert_false(agenda_first(&agenda, (tapir_instant){1}, &place));
    agenda_free(&agenda);
}

int main(void)
{
    const struct CMUnitTest others[] = {cmocka_unit_test(an_agenda_of_nobody)};
    return RUN_TABLE("agenda", rows, check) + cmocka_run_group_tests_name("nobody", others, NULL, NULL);
}
