#include <stdio.h>
#include <string.h>

#include "tap/text.h"
#include "tests/table.h"

/* Reads `text`; when it can be read, it is printed as `again`. NULL: it must be refused. */
struct row {
    const char *sentence, *text, *again;
};

static const struct row ip4_rows[] = {
    {"a dotted quad is read", "10.0.0.1", "10.0.0.1"},
    {"the lowest address is read", "0.0.0.0", "0.0.0.0"},
    {"the highest address is read", "255.255.255.255", "255.255.255.255"},
    {"an octet above 255 is refused", "10.0.0.256", NULL},
    {"an octet that overflows 32 bits is refused", "10.0.0.4294967297", NULL},
    {"a leading zero is refused, it could be octal", "010.0.0.1", NULL},
    {"a second zero is refused", "10.00.0.1", NULL},
    {"three octets are refused", "10.0.1", NULL},
    {"five octets are refused", "10.0.0.0.1", NULL},
    {"an empty octet is refused", "10..0.1", NULL},
    {"a dot at the end is refused", "10.0.0.1.", NULL},
    {"a blank before it is refused", " 10.0.0.1", NULL},
    {"a blank behind it is refused", "10.0.0.1 ", NULL},
    {"a sign is refused", "10.0.0.-1", NULL},
    {"hexadecimal is refused", "0xa.0.0.1", NULL},
    {"a prefix is no address", "10.0.0.1/24", NULL},
    {"nothing is no address", "", NULL},
};

static const struct row prefix_rows[] = {
    {"a prefix keeps its host part", "10.0.0.1/24", "10.0.0.1/24"},
    {"length 0 is fine", "0.0.0.0/0", "0.0.0.0/0"},
    {"length 32 is fine", "10.0.0.1/32", "10.0.0.1/32"},
    {"length 33 is refused", "10.0.0.1/33", NULL},
    {"a prefix without length is refused", "10.0.0.1", NULL},
    {"an empty length is refused", "10.0.0.1/", NULL},
    {"a length with a leading zero is refused", "10.0.0.1/08", NULL},
    {"a mask is refused", "10.0.0.1/255.255.255.0", NULL},
    {"a short network is refused", "10/8", NULL},
};

static const struct row mac_rows[] = {
    {"a MAC with colons is read", "02:00:5e:ab:cd:ef", "02:00:5e:ab:cd:ef"},
    {"capitals are read", "02:00:5E:AB:CD:EF", "02:00:5e:ab:cd:ef"},
    {"a MAC with dashes is read", "02-00-5e-ab-cd-ef", "02:00:5e:ab:cd:ef"},
    {"colons and dashes do not mix", "02:00-5e:ab:cd:ef", NULL},
    {"a single digit is refused", "2:00:5e:ab:cd:ef", NULL},
    {"seven octets are refused", "02:00:5e:ab:cd:ef:00", NULL},
    {"five octets are refused", "02:00:5e:ab:cd", NULL},
    {"a letter beyond f is refused", "02:00:5e:ab:cd:eg", NULL},
    {"another separator is refused", "02.00.5e.ab.cd.ef", NULL},
};

static const struct row duration_rows[] = {
    {"milliseconds are read", "500ms", "500ms"},
    {"sixty seconds are a minute", "60s", "1min"},
    {"minutes are read", "10min", "10min"},
    {"hours are read", "2h", "2h"},
    {"microseconds are read", "7us", "7us"},
    {"nanoseconds are read", "1ns", "1ns"},
    {"decimals are read", "1.5s", "1500ms"},
    {"decimals below a nanosecond are cut off", "0.1234567899s", "123456789ns"},
    {"a bare zero is fine", "0", "0s"},
    {"zero with a unit is fine", "0ms", "0s"},
    {"the longest duration is read", "9223372036854775807ns", "9223372036854775807ns"},
    {"what does not fit 63 bits is refused", "9223372036854775808ns", NULL},
    {"a number without unit is refused", "5", NULL},
    {"an unknown unit is refused", "5m", NULL},
    {"a unit alone is refused", "ms", NULL},
    {"a negative duration is refused", "-5ms", NULL},
    {"a blank before the unit is refused", "5 ms", NULL},
    {"a dot without decimals is refused", "5.s", NULL},
    {"hours that do not fit are refused", "2562048h", NULL},
};

static void check(const struct row *row, bool was_read, const char *again)
{
    assert_int_equal(was_read, row->again != NULL);
    if (was_read)
        assert_string_equal(again, row->again);
}

static void check_ip4(void **state)
{
    struct ip4 value = {0};
    char again[TEXT_IP4];
    bool was_read = text_parse_ip4(((const struct row *)*state)->text, &value);
    text_ip4(again, sizeof again, value);
    check(*state, was_read, again);
}

static void check_prefix(void **state)
{
    struct ip4_prefix value = {{0}, 0};
    char again[TEXT_PREFIX];
    bool was_read = text_parse_prefix(((const struct row *)*state)->text, &value);
    text_prefix(again, sizeof again, value);
    check(*state, was_read, again);
}

static void check_mac(void **state)
{
    struct mac value = {{0}};
    char again[TEXT_MAC];
    bool was_read = text_parse_mac(((const struct row *)*state)->text, &value);
    text_mac(again, sizeof again, value);
    check(*state, was_read, again);
}

static void check_duration(void **state)
{
    int64_t value = 0;
    char again[TEXT_DURATION];
    bool was_read = text_parse_duration(((const struct row *)*state)->text, &value);
    text_duration(again, sizeof again, value);
    check(*state, was_read, again);
}

/* Printing and reading share their idea of a value; the bytes are checked once by hand. */
static void a_first_octet_is_the_highest(void **state)
{
    struct ip4 address;
    struct mac mac;
    int64_t ns;
    (void)state;
    assert_true(text_parse_ip4("10.1.2.3", &address));
    assert_int_equal(address.value, 0x0a010203);
    assert_true(text_parse_mac("02:00:5e:ab:cd:ef", &mac));
    assert_memory_equal(mac.octet, "\x02\x00\x5e\xab\xcd\xef", 6);
    assert_true(text_parse_duration("1.5ms", &ns));
    assert_int_equal(ns, 1500000);
}

static void what_is_refused_writes_nothing(void **state)
{
    struct ip4_prefix prefix = {{1}, 2};
    (void)state;
    assert_false(text_parse_prefix("10.0.0.1/33", &prefix));
    assert_int_equal(prefix.address.value, 1);
    assert_int_equal(prefix.length, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_octet_is_the_highest),
        cmocka_unit_test(what_is_refused_writes_nothing),
    };
    return RUN_TABLE("addresses", ip4_rows, check_ip4) + RUN_TABLE("prefixes", prefix_rows, check_prefix) +
           RUN_TABLE("MACs", mac_rows, check_mac) + RUN_TABLE("durations", duration_rows, check_duration) +
           cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
