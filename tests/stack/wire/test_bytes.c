#include "tests/stack/wire/exact.h"
#include "wire/bytes.h"

static void two_octets(void **state)
{
    (void)state;
    uint8_t octets[3] = {0xee, 0x80, 0x01};
    assert_int_equal(bytes_get16(octets + 1), 0x8001);
    bytes_put16(octets + 1, 0xff02);
    exact_assert(octets, 3, "ee ff 02");
}

static void four_octets(void **state)
{
    (void)state;
    uint8_t octets[5] = {0xee, 0xff, 0x80, 0x01, 0xfe};
    assert_int_equal(bytes_get32(octets + 1), 0xff8001fe);
    bytes_put32(octets + 1, 0x0a0000ff);
    exact_assert(octets, 5, "ee 0a 00 00 ff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"two octets are a number, the high one first, at any address", two_octets, NULL, NULL, NULL},
        {"four octets are a number, the high one first, at any address", four_octets, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
