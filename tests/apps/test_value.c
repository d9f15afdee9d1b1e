/* Single values of a network file, and the name that was probably meant. */
#include "apps/config_value.h"
#include "apps/nearest.h"
#include "tests/table.h"

#include <string.h>

enum kind {
    NUMBER, /* from 3 to 9223372036854775807 */
    RATE,
    PROBABILITY, /* expected in billionths */
    NAME         /* of at most 4 */
};

enum {
    REFUSED = -1
};

static const struct row {
    const char *sentence;
    enum kind kind;
    const char *text;
    int64_t expected;
} rows[] = {
    {"the lowest number", NUMBER, "3", 3},
    {"below the lowest", NUMBER, "2", REFUSED},
    {"the highest of 63 bits", NUMBER, "9223372036854775807", INT64_MAX},
    {"one more than 63 bits", NUMBER, "9223372036854775808", REFUSED},
    {"far more", NUMBER, "99999999999999999999999999", REFUSED},
    {"no number is empty", NUMBER, "", REFUSED},
    {"no sign", NUMBER, "+5", REFUSED},
    {"no blank", NUMBER, " 5", REFUSED},
    {"no leading zero", NUMBER, "05", REFUSED},
    {"nothing behind it", NUMBER, "5x", REFUSED},
    {"bits", RATE, "300bit", 300},
    {"kilobits are thousands", RATE, "64kbit", 64000},
    {"a fraction", RATE, "1.5gbit", 1500000000},
    {"no limit", RATE, "0", 0},
    {"digits too fine for a bit say nothing", RATE, "0.1234567kbit", 123},
    {"a rate needs a unit", RATE, "64", REFUSED},
    {"a point needs a digit", RATE, "1.kbit", REFUSED},
    {"a point needs one before it too", RATE, ".5kbit", REFUSED},
    {"one point", RATE, "1.5.5kbit", REFUSED},
    {"a rate beyond 64 bits", RATE, "999999999999gbit", REFUSED},
    {"never", PROBABILITY, "0", 0},
    {"always", PROBABILITY, "1", 1000000000},
    {"more than always", PROBABILITY, "1.000000001", REFUSED},
    {"one in a hundred", PROBABILITY, "0.01", 10000000},
    {"a percentage", PROBABILITY, "2.5%", 25000000},
    {"more than all percent", PROBABILITY, "101%", REFUSED},
    {"a name with all kinds of characters", NAME, "a-_.", 0},
    {"a name too long", NAME, "abcde", REFUSED},
    {"no name is empty", NAME, "", REFUSED},
    {"no name is a folder", NAME, "..", REFUSED},
    {"no slash in a name", NAME, "a/b", REFUSED},
};

static int64_t outcome(const struct row *row)
{
    int64_t value = 0;
    double probability = 0;
    switch (row->kind) {
    case NUMBER:
        return parse_number(row->text, 3, INT64_MAX, &value) ? value : REFUSED;
    case RATE:
        return parse_rate(row->text, &value) ? value : REFUSED;
    case PROBABILITY:
        return parse_probability(row->text, &probability) ? (int64_t)(probability * 1e9 + 0.5) : REFUSED;
    case NAME:
        return is_name(row->text, 4) ? 0 : REFUSED;
    }
    return REFUSED;
}

static void check_value(void **state)
{
    const struct row *row = *state;
    assert_int_equal(outcome(row), row->expected);
}

static const struct guess {
    const char *sentence, *name, *meant;
} guesses[] = {
    {"two letters swapped", "prefxi", "prefix"},
    {"a letter missing", "adress", "address"},
    {"a letter too many", "routes", "route"},
    {"another letter", "link0", "link"},
    {"nothing like it", "bandwidth", NULL},
    {"nothing at all", "", NULL},
    {"the nearer of two", "linkk", "link"},
    {"a name without end", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
};

static void check_guess(void **state)
{
    static const char *const names[] = {"prefix", "address", "route", "line", "link"};
    const struct guess *row = *state;
    const char *nearest = nearest_name(row->name, names, sizeof names / sizeof names[0]);
    assert_true(row->meant == NULL ? nearest == NULL : nearest != NULL && strcmp(nearest, row->meant) == 0);
}

static void a_prefix_holds_its_network(void **state)
{
    (void)state;
    struct ip4_prefix prefix = {{0x0a010203}, 24}, all = {{0x0a010203}, 0}, one = {{0x0a010203}, 32};
    assert_true(prefix_holds(prefix, (struct ip4){0x0a0102ff}));
    assert_false(prefix_holds(prefix, (struct ip4){0x0a010302}));
    assert_true(prefix_holds(all, (struct ip4){0xffffffff}));
    assert_true(prefix_holds(one, (struct ip4){0x0a010203}));
    assert_false(prefix_holds(one, (struct ip4){0x0a010202}));
}

int main(void)
{
    const struct CMUnitTest others[] = {cmocka_unit_test(a_prefix_holds_its_network)};
    return RUN_TABLE("values", rows, check_value) + RUN_TABLE("guesses", guesses, check_guess) +
           cmocka_run_group_tests(others, NULL, NULL);
}
