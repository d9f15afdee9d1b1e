/* The table of fates: what every row must be. */
#include "core/verdict.h"

#include <ctype.h>
#include <string.h>

#include "tests/table.h"

static const char *const ids[TAPIR_VERDICT_COUNT] = {
    "UNSETTLED",
#define VERDICT(id, name, kind, earns, source, text) #id,
#include "core/verdict.def"
#undef VERDICT
};

static void test_name_is_id(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_VERDICT_COUNT; i++) {
        char name[64] = {0};
        for (size_t k = 0; ids[i][k] != '\0'; k++)
            name[k] = ids[i][k] == '_' ? '-' : (char)tolower((unsigned char)ids[i][k]);
        assert_string_equal(tapir_fate((enum tapir_verdict)i)->name, name);
    }
}

static void test_names_are_unique(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_VERDICT_COUNT; i++)
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(tapir_fate((enum tapir_verdict)i)->name,
                                    tapir_fate((enum tapir_verdict)k)->name);
}

static void test_names_are_spelled(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_VERDICT_COUNT; i++) {
        const char *name = tapir_fate((enum tapir_verdict)i)->name;
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(name));
    }
}

static void test_texts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_VERDICT_COUNT; i++) {
        const struct tapir_fate *fate = tapir_fate((enum tapir_verdict)i);
        assert_true(strlen(fate->text) > 3);
        assert_true(strlen(fate->source) > 0);
    }
}

static void test_who_earns(void **state)
{
    (void)state;
    unsigned earners = 0;
    for (unsigned i = 0; i < TAPIR_VERDICT_COUNT; i++) {
        const struct tapir_fate *fate = tapir_fate((enum tapir_verdict)i);
        if (fate->earns == TAPIR_EARNS_NOTHING)
            continue;
        assert_int_equal(fate->kind, TAPIR_REFUSED);
        earners++;
    }
    assert_true(earners > 10);
}

static void test_rows(void **state)
{
    (void)state;
    const struct tapir_fate *ttl = tapir_fate(TAPIR_IP4_TTL);
    assert_string_equal(ttl->name, "ip4-ttl");
    assert_string_equal(ttl->source, "RFC 1812 5.3.1");
    assert_int_equal(ttl->earns, TAPIR_EARNS_ICMP);
    assert_int_equal(ttl->type, 11);
    assert_int_equal(ttl->code, 0);
    assert_int_equal(tapir_fate(TAPIR_UDP_PORT)->type, 3);
    assert_int_equal(tapir_fate(TAPIR_UDP_PORT)->code, 3);
    assert_int_equal(tapir_fate(TAPIR_TCP_CLOSED)->earns, TAPIR_EARNS_RESET);
}

static void test_beyond_the_table(void **state)
{
    (void)state;
    assert_string_equal(tapir_fate(TAPIR_UNSETTLED)->name, "unsettled");
    assert_ptr_equal(tapir_fate(TAPIR_VERDICT_COUNT), tapir_fate(TAPIR_UNSETTLED));
    assert_ptr_equal(tapir_fate((enum tapir_verdict)(TAPIR_VERDICT_COUNT + 1)), tapir_fate(TAPIR_UNSETTLED));
}

static void test_final(void **state)
{
    (void)state;
    assert_true(verdict_is_final(TAPIR_FORWARDED));
    assert_true(verdict_is_final(TAPIR_IP4_TTL));
    assert_false(verdict_is_final(TAPIR_NEIGHBOR_HELD));
    assert_false(verdict_is_final(TAPIR_ANSWER_SENT));
    assert_false(verdict_is_final(TAPIR_UNSETTLED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"every name is its id in lower case with hyphens", test_name_is_id, NULL, NULL, NULL},
        {"no two rows have one name", test_names_are_unique, NULL, NULL, NULL},
        {"names have small letters, digits and hyphens alone", test_names_are_spelled, NULL, NULL, NULL},
        {"every row has a text and a source", test_texts, NULL, NULL, NULL},
        {"only what is refused earns a message", test_who_earns, NULL, NULL, NULL},
        {"a TTL that ran out earns 11/0, a closed port 3/3, a closed TCP port a reset", test_rows, NULL, NULL,
         NULL},
        {"what is not in the table is unsettled", test_beyond_the_table, NULL, NULL, NULL},
        {"passed and refused are final, held and answers are not", test_final, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
