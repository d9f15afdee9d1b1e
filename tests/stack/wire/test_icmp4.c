#include "tests/stack/wire/exact.h"
#include "wire/icmp4.h"

static const struct row {
    const char *sentence;
    const char *message;
    enum tapir_verdict verdict;
    struct icmp4_header header;
} rows[] = {
    {"an echo request of odd length",
     "08 00 54 9d 12 34 00 01 61 62 63 64 65 66 67",
     TAPIR_UNSETTLED,
     {8, 0, 0x12340001}},
    {"a header alone is a message", "0b 00 f4 ff 00 00 00 00", TAPIR_UNSETTLED, {11, 0, 0}},
    {"a type that nobody knows is not judged", "fd 07 02 f8 00 00 00 00", TAPIR_UNSETTLED, {253, 7, 0}},
    {"one bit wrong", "0b 00 f4 fe 00 00 00 00", TAPIR_ICMP4_CHECKSUM, {11, 0, 0}},
    {"one bit wrong in the last octet",
     "08 00 54 9d 12 34 00 01 61 62 63 64 65 66 66",
     TAPIR_ICMP4_CHECKSUM,
     {8, 0, 0x12340001}},
    {"an octet too many",
     "08 00 54 9d 12 34 00 01 61 62 63 64 65 66 67 01",
     TAPIR_ICMP4_CHECKSUM,
     {8, 0, 0x12340001}},
    {"all zeros have the checksum ffff", "00 00 ff ff 00 00 00 00", TAPIR_UNSETTLED, {0, 0, 0}},
    {"all zeros with the checksum 0000 are wrong",
     "00 00 00 00 00 00 00 00",
     TAPIR_ICMP4_CHECKSUM,
     {0, 0, 0}},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact message = exact_hex(row->message);
    struct icmp4_header header;
    assert_int_equal(icmp4_parse(message.data, message.size, &header), row->verdict);
    assert_int_equal(header.type, row->header.type);
    assert_int_equal(header.code, row->header.code);
    assert_int_equal(header.rest, row->header.rest);
    exact_free(message);
}

/* 8 octets without their data may still add up: here they do not. */
static void cut(void **state)
{
    (void)state;
    struct exact whole = exact_hex("08 00 54 9d 12 34 00 01 61 62 63 64 65 66 67");
    for (size_t size = 0; size < whole.size; size++) {
        struct exact message = exact_copy(whole.data, size);
        struct icmp4_header header;
        assert_int_equal(icmp4_parse(message.data, message.size, &header),
                         size < 8 ? TAPIR_ICMP4_SHORT : TAPIR_ICMP4_CHECKSUM);
        exact_free(message);
    }
    exact_free(whole);
}

static void build(void **state)
{
    (void)state;
    struct exact message = exact_hex("ee ee ee ee ee ee ee ee 61 62 63 64 65 66 67");
    icmp4_build(message.data, &(struct icmp4_header){8, 7, 0x12345678});
    exact_assert(message.data, message.size, "08 07 00 00 12 34 56 78 61 62 63 64 65 66 67");
    message.data[2] = message.data[3] = 0xee; /* what stands there does not count */
    icmp4_finish(message.data, message.size);
    exact_assert(message.data, message.size, "08 07 fe 1e 12 34 56 78 61 62 63 64 65 66 67");
    exact_free(message);
}

static void build_zeros(void **state)
{
    (void)state;
    uint8_t message[ICMP4_HEADER] = {0};
    icmp4_finish(message, sizeof message);
    exact_assert(message, sizeof message, "00 00 ff ff 00 00 00 00");
}

/* Every word that type and code may leave to the rest, and a message of odd length; the checksum ffff where 0000 is computed, too. */
static void turn(void **state)
{
    (void)state;
    for (uint32_t rest = 0; rest <= 0xffff; rest++) {
        for (size_t size = ICMP4_HEADER; size <= ICMP4_HEADER + 3; size += 3) {
            uint8_t turned[ICMP4_HEADER + 3] = {0}, built[ICMP4_HEADER + 3] = {0};
            uint8_t code = rest % 7 == 0 ? 3 : 0;
            icmp4_build(turned, &(struct icmp4_header){8, code, rest});
            icmp4_finish(turned, size);
            if (turned[2] == 0 && turned[3] == 0)
                turned[2] = turned[3] = 0xff;
            uint8_t type = rest % 5 == 1 ? 129 : 0;
            icmp4_build(built, &(struct icmp4_header){type, 0, rest});
            icmp4_finish(built, size);
            icmp4_turn(turned, size, type);
            assert_memory_equal(turned, built, size);
        }
    }
}

/* ---- types: error, query or reply, known ---- */

static const struct kind {
    const char *sentence;
    uint8_t low, high;
    bool error, query, known;
} kinds[] = {
    {"0, echo reply", 0, 0, false, true, true},
    {"1 and 2 were never assigned", 1, 2, false, false, false},
    {"3 to 5 are errors", 3, 5, true, false, true},
    {"6, alternate host address, is a report", 6, 6, false, false, true},
    {"7 was never assigned", 7, 7, false, false, false},
    {"8 to 10, echo and router discovery, ask and answer", 8, 10, false, true, true},
    {"11 and 12 are errors", 11, 12, true, false, true},
    {"13 to 18, timestamp to address mask, ask and answer", 13, 18, false, true, true},
    {"19 to 29 are reserved", 19, 29, false, false, false},
    {"30 to 36 are retired reports and requests", 30, 36, false, false, true},
    {"37 and 38, domain name, ask and answer", 37, 38, false, true, true},
    {"39 to 41 are security and mobility", 39, 41, false, false, true},
    {"42 and 43, extended echo, ask and answer", 42, 43, false, true, true},
    {"44 to 252 are not assigned", 44, 252, false, false, false},
    {"253 to 255 are for experiments and reserved", 253, 255, false, false, false},
};

static void check_kind(void **state)
{
    const struct kind *row = *state;
    for (unsigned type = row->low; type <= row->high; type++) {
        assert_int_equal(icmp4_is_error((uint8_t)type), row->error);
        assert_int_equal(icmp4_is_query_or_reply((uint8_t)type), row->query);
        assert_int_equal(icmp4_is_known((uint8_t)type), row->known);
        assert_int_equal(icmp4_forbids_error((uint8_t)type), !row->query);
    }
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"a message cut anywhere is short or wrong", cut, NULL, NULL, NULL},
        {"a message is built, then its checksum written", build, NULL, NULL, NULL},
        {"a message of zeros gets the checksum ffff", build_zeros, NULL, NULL, NULL},
        {"a message turned into another is as if it were built anew", turn, NULL, NULL, NULL},
    };
    return RUN_TABLE("icmp4: parse", rows, check) + RUN_TABLE("icmp4: types", kinds, check_kind) +
           cmocka_run_group_tests_name("icmp4", more, NULL, NULL);
}
