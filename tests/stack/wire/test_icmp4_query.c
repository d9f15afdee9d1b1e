/* The octets that all queries share, and which reply belongs to which. */
#include "tests/stack/wire/exact.h"
#include "wire/icmp4_query.h"

static void the_octets(void **state)
{
    (void)state;
    struct exact message = exact_hex("2a 07 54 9d 12 34 56 78");
    struct icmp4_query query;
    icmp4_query_parse(message.data, &query);
    assert_int_equal(query.type, 42);
    assert_int_equal(query.code, 7);
    assert_int_equal(query.identifier, 0x1234);
    query = (struct icmp4_query){13, 1, 0xabcd};
    icmp4_query_build(message.data, &query);
    exact_assert(message.data, message.size, "0d 01 00 00 ab cd 56 78");
    exact_free(message);
}

/* RFC 792, RFC 950, RFC 8335: the pairs; everything else is neither. */
static void the_pairs(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        int expected = type == 0                                              ? 8
                       : type == 14 || type == 16 || type == 18 || type == 43 ? (int)type - 1
                                                                              : -1;
        uint8_t query = 99;
        assert_int_equal(icmp4_query_of((uint8_t)type, &query), expected >= 0);
        assert_int_equal(query, expected >= 0 ? expected : 99);
        bool is_query = type == 8 || type == 13 || type == 15 || type == 17 || type == 42;
        assert_int_equal(icmp4_is_query((uint8_t)type), is_query);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_octets),
        cmocka_unit_test(the_pairs),
    };
    return cmocka_run_group_tests_name("queries", tests, NULL, NULL);
}
