/* How many errors we send, to whom: sentences with hand-counted answers. The burst of all is chosen so small, or so
 * large, that its jitter of a quarter decides nothing but where a sentence is about it. */
#include "icmp4/limiter.h"

#include "tests/stack/core/bare.h"

#define HOST(n)  ((struct ip4){0x0a000000 + (n)})
#define ANYBODY  0 /* a step's host: another one each time */
#define ERRORS   LIMITER_ERRORS
#define PATH_MTU LIMITER_PATH_MTU

enum {
    STEPS = 6,
    SET = 4 /* hosts that may share a place of the table */
};

static struct core core;
static struct limiter limiter;
static struct settings settings;
static uint32_t strangers;

static void begin(void)
{
    const uint8_t seed[16] = {1};
    core = (struct core){.memory.from = {.allocate = bare_allocate, .release = bare_release}};
    rand_init(&core.random, seed, 0);
    rand_bytes(&core.random, core.hash_key, sizeof core.hash_key);
    settings_init(&settings);
    strangers = 0x10000;
    assert_true(limiter_init(&limiter, &core.memory));
}

static void end(void)
{
    limiter_free(&limiter, &core.memory);
    assert_int_equal(core.memory.used, 0);
}

static void set(enum tapir_setting setting, int64_t value)
{
    settings_put(&settings, setting, value);
}

static enum tapir_verdict take(uint32_t host, enum limiter_class class)
{
    return limiter_take(&limiter, &core, &settings, HOST(host == ANYBODY ? ++strangers : host), class);
}

static unsigned take_many(unsigned tries, uint32_t host, enum limiter_class class)
{
    unsigned taken = 0;
    while (tries-- > 0)
        taken += take(host, class) == TAPIR_UNSETTLED;
    return taken;
}

/* ---- errors -------------------------------------------------------------------------------------------- */

/* `taken` of `tries` go to a host at each moment, after a setting was changed (0: none is). */
static const struct row {
    const char *sentence;
    uint32_t rate, burst, host_rate, host_burst;
    struct step {
        int64_t at;
        uint32_t host;
        enum limiter_class class;
        unsigned tries, taken;
        enum tapir_setting setting;
        int64_t value;
    } steps[STEPS];
} rows[] = {
    {"a host gets its burst and no more", 1000, 1000, 1, 6, {{0, 1, ERRORS, 20, 6, 0, 0}}},
    {"each host has a burst of its own",
     1000,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 20, 6, 0, 0}, {0, 2, ERRORS, 20, 6, 0, 0}, {0, 1, ERRORS, 1, 0, 0, 0}}},
    {"a host gets one more a second later, not a nanosecond earlier",
     1000,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 6, 6, 0, 0},
      {TIME_SECOND - 1, 1, ERRORS, 1, 0, 0, 0},
      {TIME_SECOND, 1, ERRORS, 5, 1, 0, 0}}},
    {"all hosts together get the common burst", 1, 3, 1, 6, {{0, ANYBODY, ERRORS, 20, 3, 0, 0}}},
    {"all hosts together get the common rate",
     10,
     1,
     1,
     6,
     {{0, ANYBODY, ERRORS, 5, 1, 0, 0},
      {TIME_SECOND / 10 - 1, ANYBODY, ERRORS, 5, 0, 0, 0},
      {TIME_SECOND / 10, ANYBODY, ERRORS, 5, 1, 0, 0}}},
    {"what a host's own limit refuses costs the others nothing",
     1,
     3,
     1,
     1,
     {{0, 1, ERRORS, 50, 1, 0, 0}, {0, ANYBODY, ERRORS, 5, 2, 0, 0}}},
    {"what the common limit refuses costs the host nothing",
     1000,
     1,
     1,
     1,
     {{0, 1, ERRORS, 1, 1, 0, 0}, {0, 2, ERRORS, 50, 0, 0, 0}, {TIME_MS, 2, ERRORS, 2, 1, 0, 0}}},
    {"a flood of errors to a host leaves it the path MTU",
     1000,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 50, 6, 0, 0}, {0, 1, PATH_MTU, 50, 6, 0, 0}}},
    {"a flood of errors to all leaves them the path MTU",
     1,
     3,
     1,
     6,
     {{0, ANYBODY, ERRORS, 50, 3, 0, 0}, {0, ANYBODY, PATH_MTU, 50, 3, 0, 0}}},
    {"a flood about the path MTU leaves the errors",
     1,
     3,
     1,
     6,
     {{0, ANYBODY, PATH_MTU, 50, 3, 0, 0}, {0, ANYBODY, ERRORS, 50, 3, 0, 0}}},
    {"icmp.rate = 0 switches both limits off", 0, 1, 1, 1, {{0, 1, ERRORS, 5000, 5000, 0, 0}}},
    {"icmp.destination.rate = 0 leaves the common limit alone", 1, 3, 0, 1, {{0, 1, ERRORS, 50, 3, 0, 0}}},
    {"a host's burst that is lowered holds at once",
     1000,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 1, 1, 0, 0}, {0, 1, ERRORS, 9, 1, TAPIR_SET_ICMP_DESTINATION_BURST, 2}}},
    {"a host's burst that is raised holds at once",
     1000,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 9, 6, 0, 0}, {0, 1, ERRORS, 9, 4, TAPIR_SET_ICMP_DESTINATION_BURST, 10}}},
    {"a host's rate that is raised holds for the time that has passed",
     1000,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 9, 6, 0, 0},
      {TIME_SECOND / 10, 1, ERRORS, 9, 0, 0, 0},
      {TIME_SECOND / 10, 1, ERRORS, 9, 1, TAPIR_SET_ICMP_DESTINATION_RATE, 10}}},
    {"the common rate that is raised holds at once",
     1,
     1,
     1,
     6,
     {{0, ANYBODY, ERRORS, 9, 1, 0, 0},
      {TIME_MS, ANYBODY, ERRORS, 9, 0, 0, 0},
      {TIME_MS, ANYBODY, ERRORS, 9, 1, TAPIR_SET_ICMP_RATE, 1000}}},
    {"limits that were off hold again when they are on",
     0,
     1000,
     1,
     6,
     {{0, 1, ERRORS, 99, 99, 0, 0}, {0, 1, ERRORS, 99, 6, TAPIR_SET_ICMP_RATE, 1000}}},
};

static void check(void **state)
{
    const struct row *row = *state;
    begin();
    set(TAPIR_SET_ICMP_RATE, row->rate);
    set(TAPIR_SET_ICMP_BURST, row->burst);
    set(TAPIR_SET_ICMP_DESTINATION_RATE, row->host_rate);
    set(TAPIR_SET_ICMP_DESTINATION_BURST, row->host_burst);
    for (const struct step *step = row->steps; step < row->steps + STEPS && step->tries > 0; step++) {
        core.now.ns = step->at;
        if (step->value != 0)
            set(step->setting, step->value);
        assert_int_equal(take_many(step->tries, step->host, step->class), step->taken);
    }
    end();
}

static void each_refusal_has_its_name(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_BURST, 2);
    set(TAPIR_SET_ICMP_DESTINATION_BURST, 1);
    assert_int_equal(take(1, ERRORS), TAPIR_UNSETTLED);
    assert_int_equal(take(1, ERRORS), TAPIR_ANSWER_RATE_DESTINATION);
    assert_int_equal(take(2, ERRORS), TAPIR_UNSETTLED);
    assert_int_equal(take(3, ERRORS), TAPIR_ANSWER_RATE);
    assert_int_equal(take(1, ERRORS), TAPIR_ANSWER_RATE_DESTINATION); /* his own comes first */
    end();
}

/* One in a few hundred hosts has both entries in one set of the table. */
static void every_host_has_both_classes_apart(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_BURST, 1000000);
    for (uint32_t host = 1; host < 3000; host++, core.now.ns++) {
        assert_int_equal(take_many(9, host, ERRORS), 6);
        assert_int_equal(take_many(9, host, PATH_MTU), 6);
    }
    end();
}

/* Whoever counts a burst of 100 finds 75 to 100, another number most of the time. */
static void the_common_burst_is_drawn_anew_each_time_it_was_full(void **state)
{
    (void)state;
    unsigned least = 1000, most = 0, changes = 0, before = 0;
    begin();
    set(TAPIR_SET_ICMP_BURST, 100);
    for (int64_t second = 0; second < 500; second++) {
        core.now.ns = second * TIME_SECOND;
        unsigned taken = take_many(150, ANYBODY, ERRORS);
        assert_in_range(taken, 75, 100);
        least = taken < least ? taken : least;
        most = taken > most ? taken : most;
        changes += taken != before;
        before = taken;
    }
    assert_in_range(least, 75, 77);
    assert_in_range(most, 98, 100);
    assert_true(changes > 400);
    end();
}

/* ---- room in the table --------------------------------------------------------------------------------- */

/* The place where a host lands in an empty table: hosts that share it share a set. */
static size_t place_of(uint32_t host)
{
    size_t place = 0;
    begin();
    take(host, ERRORS);
    while (place < LIMIT_RATED_HOSTS && limiter.hosts[place].host.value == 0)
        place++;
    end();
    return place;
}

static void the_host_asked_for_longest_ago_makes_room(void **state)
{
    (void)state;
    uint32_t hosts[SET + 1] = {1};
    for (uint32_t host = 2, n = 1; n <= SET; host++)
        if (place_of(host) == place_of(1))
            hosts[n++] = host;
    begin();
    set(TAPIR_SET_ICMP_BURST, 1000);
    for (size_t i = 0; i < SET; i++, core.now.ns++)
        assert_int_equal(take_many(9, hosts[i], ERRORS), 6);
    assert_int_equal(take(hosts[0], ERRORS), TAPIR_ANSWER_RATE_DESTINATION); /* asked in vain, but seen */
    core.now.ns++;
    assert_int_equal(take_many(9, hosts[SET], ERRORS), 6); /* in the place of hosts[1] */
    for (size_t i = 0; i <= SET; i++)
        if (i != 1)
            assert_int_equal(take(hosts[i], ERRORS), TAPIR_ANSWER_RATE_DESTINATION);
    assert_int_equal(take_many(9, hosts[1], ERRORS), 6); /* forgotten */
    end();
}

static void a_flood_of_strangers_fills_the_table_and_no_more(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_BURST, 1000000);
    for (unsigned i = 0; i < 4 * LIMIT_RATED_HOSTS; i++, core.now.ns++)
        assert_int_equal(take(ANYBODY, ERRORS), TAPIR_UNSETTLED);
    end();
}

/* ---- redirects ----------------------------------------------------------------------------------------- */

static bool redirect(uint32_t source, uint32_t destination)
{
    return limiter_take_redirect(&limiter, &core, &settings, HOST(source), HOST(destination));
}

static unsigned redirect_many(unsigned tries, uint32_t source, uint32_t destination)
{
    unsigned taken = 0;
    while (tries-- > 0)
        taken += redirect(source, destination);
    return taken;
}

static void a_pair_gets_its_burst_of_redirects_then_its_rate(void **state)
{
    (void)state;
    begin();
    assert_int_equal(redirect_many(20, 1, 2), 6);
    core.now.ns = TIME_SECOND - 1;
    assert_int_equal(redirect_many(20, 1, 2), 0);
    core.now.ns = TIME_SECOND;
    assert_int_equal(redirect_many(20, 1, 2), 1);
    end();
}

static void each_pair_has_redirects_of_its_own(void **state)
{
    (void)state;
    begin();
    assert_int_equal(redirect_many(20, 1, 2), 6);
    assert_int_equal(redirect_many(20, 1, 3), 6);
    assert_int_equal(redirect_many(20, 2, 1), 6);
    end();
}

static void redirects_and_errors_do_not_count_for_each_other(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_BURST, 6); /* and up to 1 less by chance */
    assert_in_range(take_many(20, 1, ERRORS), 5, 6);
    assert_int_equal(redirect_many(20, 1, 2), 6);
    assert_in_range(take_many(20, 1, PATH_MTU), 5, 6);
    end();
}

static void icmp_rate_0_leaves_the_limit_of_redirects(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_RATE, 0);
    assert_int_equal(redirect_many(20, 1, 2), 6);
    end();
}

static void after_nine_unheeded_redirects_there_are_no_more(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_REDIRECT_RATE, 0);
    assert_int_equal(redirect_many(50, 1, 2), 9);
    for (core.now.ns = 0; core.now.ns < 100 * TIME_SECOND; core.now.ns += 19 * TIME_SECOND)
        assert_false(redirect(1, 2)); /* it goes on as before: it does not listen */
    end();
}

static void a_pair_that_was_quiet_for_20_s_is_told_again(void **state)
{
    (void)state;
    begin();
    set(TAPIR_SET_ICMP_REDIRECT_RATE, 0);
    assert_int_equal(redirect_many(50, 1, 2), 9);
    core.now.ns = 20 * TIME_SECOND - 1;
    assert_false(redirect(1, 2));
    core.now.ns += 20 * TIME_SECOND;
    assert_int_equal(redirect_many(50, 1, 2), 9);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_refusal_has_its_name),
        cmocka_unit_test(every_host_has_both_classes_apart),
        cmocka_unit_test(the_common_burst_is_drawn_anew_each_time_it_was_full),
        cmocka_unit_test(the_host_asked_for_longest_ago_makes_room),
        cmocka_unit_test(a_flood_of_strangers_fills_the_table_and_no_more),
        cmocka_unit_test(a_pair_gets_its_burst_of_redirects_then_its_rate),
        cmocka_unit_test(each_pair_has_redirects_of_its_own),
        cmocka_unit_test(redirects_and_errors_do_not_count_for_each_other),
        cmocka_unit_test(icmp_rate_0_leaves_the_limit_of_redirects),
        cmocka_unit_test(after_nine_unheeded_redirects_there_are_no_more),
        cmocka_unit_test(a_pair_that_was_quiet_for_20_s_is_told_again),
    };
    return RUN_TABLE("limiter", rows, check) + cmocka_run_group_tests(tests, NULL, NULL);
}
