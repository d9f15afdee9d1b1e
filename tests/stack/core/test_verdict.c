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

/* By hand, from the RFCs: what went where it was meant to go. Held and answers say so in their names; all the rest is
 * refused. */
static const enum tapir_verdict passed[] = {
    TAPIR_ARP_ANSWERED,      TAPIR_ARP_PROXIED,      TAPIR_ARP_LEARNED,
    TAPIR_IP4_REASSEMBLED,   TAPIR_ICMP4_ECHOED,     TAPIR_ICMP4_TIMESTAMPED,
    TAPIR_ICMP4_INFORMED,    TAPIR_ICMP4_MASK_TOLD,  TAPIR_ICMP4_MASK_LEARNT,
    TAPIR_ICMP4_PROBED,      TAPIR_ICMP4_DELIVERED,  TAPIR_ICMP4_REDIRECTED,
    TAPIR_ICMP4_SOLICITED,   TAPIR_ICMP4_ADVERTISED, TAPIR_ICMP4_MTU_LEARNED,
    TAPIR_ICMP4_MTU_DOUBTED, TAPIR_ICMP4_NOTICED,    TAPIR_UDP_DELIVERED,
    TAPIR_IP4_FRAGMENTED,    TAPIR_FORWARDED,        TAPIR_SENT,
    TAPIR_IP4_SEGMENTED,     TAPIR_IP4_COALESCED,
};

static enum tapir_kind kind_by_hand(enum tapir_verdict verdict)
{
    const char *name = tapir_fate(verdict)->name, *hyphen = strrchr(name, '-');
    if (strncmp(name, "answer-", 7) == 0)
        return TAPIR_ANSWER;
    if (hyphen != NULL && strcmp(hyphen, "-held") == 0)
        return TAPIR_HELD;
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (passed[i] == verdict)
            return TAPIR_PASSED;
    return TAPIR_REFUSED;
}

static void test_kinds(void **state)
{
    (void)state;
    for (unsigned i = TAPIR_UNSETTLED + 1; i < TAPIR_VERDICT_COUNT; i++) {
        const struct tapir_fate *fate = tapir_fate((enum tapir_verdict)i);
        if (fate->kind != kind_by_hand((enum tapir_verdict)i))
            fail_msg("%s is of kind %d", fate->name, (int)fate->kind);
    }
}

/* By hand, from the RFCs: everything else earns nothing. */
static const struct {
    enum tapir_verdict verdict;
    uint8_t type, code;
} earners[] = {
    {TAPIR_IP4_TRUNCATED, 12, 0},    {TAPIR_IP4_OPTION_LENGTH, 12, 0}, {TAPIR_IP4_OPTION_TWO_ROUTES, 12, 0},
    {TAPIR_IP4_OPTION_ROUTE, 12, 0}, {TAPIR_IP4_OPTION_STAMP, 12, 0},  {TAPIR_IP4_OPTION_ASTRAY, 12, 0},
    {TAPIR_IP4_SOURCE_ROUTE, 3, 5},  {TAPIR_IP4_PROTOCOL, 3, 2},       {TAPIR_IP4_FRAGMENT_TIMEOUT, 11, 1},
    {TAPIR_IP4_NO_ROUTE, 3, 0},      {TAPIR_IP4_ROUTE_DOWN, 3, 0},     {TAPIR_IP4_UNREACHABLE, 3, 1},
    {TAPIR_IP4_PROHIBITED, 3, 13},   {TAPIR_IP4_NO_TOS, 3, 11},        {TAPIR_IP4_NO_TOS_HOST, 3, 12},
    {TAPIR_IP4_TTL, 11, 0},          {TAPIR_IP4_TOO_BIG, 3, 4},        {TAPIR_NEIGHBOR_FAILED, 3, 1},
    {TAPIR_UDP_PORT, 3, 3},          {TAPIR_QUENCHED, 4, 0},
};

static void check_earned(const struct tapir_fate *fate, enum tapir_verdict verdict)
{
    enum tapir_earns earns = verdict == TAPIR_TCP_CLOSED ? TAPIR_EARNS_RESET : TAPIR_EARNS_NOTHING;
    uint8_t type = 0, code = 0;
    for (size_t i = 0; i < sizeof earners / sizeof earners[0]; i++)
        if (earners[i].verdict == verdict) {
            earns = TAPIR_EARNS_ICMP;
            type = earners[i].type;
            code = earners[i].code;
        }
    if (fate->earns != earns || fate->type != type || fate->code != code)
        fail_msg("%s earns %d, %u/%u", fate->name, (int)fate->earns, fate->type, fate->code);
}

static void test_who_earns(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_VERDICT_COUNT; i++)
        check_earned(tapir_fate((enum tapir_verdict)i), (enum tapir_verdict)i);
    assert_string_equal(tapir_fate(TAPIR_IP4_TTL)->source, "RFC 1812 5.3.1");
}

static void test_beyond_the_table(void **state)
{
    (void)state;
    assert_string_equal(tapir_fate(TAPIR_UNSETTLED)->name, "unsettled");
    assert_string_equal(tapir_fate(TAPIR_UNSETTLED)->source, "-");
    assert_int_equal(tapir_fate(TAPIR_UNSETTLED)->kind, TAPIR_HELD);
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
        {"what passed, what was refused, what waits", test_kinds, NULL, NULL, NULL},
        {"who earns which message, and nobody else", test_who_earns, NULL, NULL, NULL},
        {"what is not in the table is unsettled", test_beyond_the_table, NULL, NULL, NULL},
        {"passed and refused are final, held and answers are not", test_final, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
