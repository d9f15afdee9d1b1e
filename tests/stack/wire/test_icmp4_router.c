/* Router advertisements and solicitations by their octets. */
#include "tests/stack/wire/exact.h"
#include "wire/icmp4_router.h"

static const struct row {
    const char *sentence;
    const char *message;
    bool sound;
    unsigned index; /* of the entry that is read */
    uint32_t address;
    int32_t preference;
} rows[] = {
    {"one entry of two words", "09 00 00 00 01 02 07 08 0a 00 01 01 00 00 00 07", true, 0, 0x0a000101, 7},
    {"a preference below zero (RD-1)", "09 00 00 00 01 02 07 08 0a 00 01 01 ff ff ff fe", true, 0, 0x0a000101,
     -2},
    {"the preference that means never (RD-12)", "09 00 00 00 01 02 07 08 0a 00 01 01 80 00 00 00", true, 0,
     0x0a000101, ICMP4_ROUTER_NEVER},
    {"the second of three words each (RD-10)",
     "09 00 00 00 02 03 07 08 0a 00 01 01 00 00 00 07 00 00 00 00 0a 00 01 02 00 00 00 08 00 00 00 00", true,
     1, 0x0a000102, 8},
    {"octets behind the entries (RD-10)", "09 00 00 00 01 02 07 08 0a 00 01 01 00 00 00 07 00", true, 0,
     0x0a000101, 7},
    {"an octet is missing (RD-10)", "09 00 00 00 01 02 07 08 0a 00 01 01 00 00 00", false, 0, 0, 0},
    {"the third word of the last is missing (RD-10)",
     "09 00 00 00 01 03 07 08 0a 00 01 01 00 00 00 07 00 00 00", false, 0, 0, 0},
    {"a head alone (RD-10)", "09 00 00 00 01 02 07 08", false, 0, 0, 0},
    {"no entries (RD-10)", "09 00 00 00 00 02 07 08", false, 0, 0, 0},
    {"entries of one word (RD-10)", "09 00 00 00 01 01 07 08 0a 00 01 01 00 00 00 07", false, 0, 0, 0},
    {"a code (RD-10)", "09 01 00 00 01 02 07 08 0a 00 01 01 00 00 00 07", false, 0, 0, 0},
    {"a mobility agent that wants no common traffic", "09 10 00 00 01 02 07 08 0a 00 01 01 00 00 00 07",
     false, 0, 0, 0},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact message = exact_hex(row->message);
    struct icmp4_advertisement head;
    enum tapir_verdict verdict = icmp4_advertisement_parse(message.data, message.size, &head);
    assert_int_equal(verdict, row->sound ? TAPIR_UNSETTLED : TAPIR_ICMP4_ADVERTISEMENT);
    if (row->sound) {
        assert_int_equal(head.lifetime, 1800);
        struct icmp4_router entry = icmp4_advertisement_entry(message.data, &head, row->index);
        assert_int_equal(entry.address.value, row->address);
        assert_int_equal(entry.preference, row->preference);
    }
    exact_free(message);
}

static void an_advertisement_is_built(void **state)
{
    (void)state;
    uint8_t message[24];
    icmp4_advertisement_build(message, &(struct icmp4_advertisement){.count = 2, .lifetime = 9000});
    icmp4_advertisement_put(message, 0, &(struct icmp4_router){{0x0a000101}, -1});
    icmp4_advertisement_put(message, 1, &(struct icmp4_router){{0x0a000105}, 0x01020304});
    exact_assert(message, sizeof message,
                 "09 00 00 00 02 02 23 28 0a 00 01 01 ff ff ff ff 0a 00 01 05 01 02 03 04");
}

static void a_solicitation_is_built_and_known(void **state)
{
    (void)state;
    uint8_t message[ICMP4_HEADER];
    icmp4_solicitation_build(message);
    exact_assert(message, sizeof message, "0a 00 f5 ff 00 00 00 00");
    assert_true(icmp4_is_solicitation(message));
    message[1] = 1;
    assert_false(icmp4_is_solicitation(message));
    message[1] = 0;
    message[0] = 9;
    assert_false(icmp4_is_solicitation(message));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("RD-1", an_advertisement_is_built),
        PROVES("RD-13", a_solicitation_is_built_and_known),
    };
    return RUN_TABLE("router discovery on the wire", rows, check) +
           cmocka_run_group_tests_name("built", tests, NULL, NULL);
}
