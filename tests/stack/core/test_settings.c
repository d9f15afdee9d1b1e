/* Settings: every row of the table keeps its promises; texts that users write are read, all others refused.
 */
#include "core/settings.h"
#include "core/settings_prefix.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/table.h"

#define S INT64_C(1000000000)

static const struct row {
    const char *sentence;
    const char *name, *text;
    bool valid;
    int64_t value;
    const char *printed; /* NULL: as `text` */
} rows[] = {
    {"a bare duration is in seconds", "arp.timeout", "60", true, 60 * S, "1min"},
    {"a duration in seconds", "arp.timeout", "61s", true, 61 * S, NULL},
    {"a duration in minutes", "arp.timeout", "10min", true, 600 * S, NULL},
    {"a duration in hours", "arp.timeout", "2h", true, 7200 * S, NULL},
    {"a duration in milliseconds", "arp.timeout", "1500ms", true, 1500000000, NULL},
    {"a duration in microseconds", "arp.timeout", "1000001us", true, 1000001000, NULL},
    {"a duration in nanoseconds", "arp.timeout", "1000000001ns", true, 1000000001, NULL},
    {"the largest exact unit is printed", "arp.timeout", "5000ms", true, 5 * S, "5s"},
    {"a duration below the least", "arp.timeout", "500ms", false, 0, NULL},
    {"a duration above the most", "arp.timeout", "86401s", false, 0, NULL},
    {"the most of a duration", "arp.timeout", "24h", true, 86400 * S, NULL},
    {"a unit that nobody knows", "arp.timeout", "60m", false, 0, NULL},
    {"a unit in capitals", "arp.timeout", "60S", false, 0, NULL},
    {"a unit without a number", "arp.timeout", "s", false, 0, NULL},
    {"something after the unit", "arp.timeout", "60s ", false, 0, NULL},
    {"a fraction", "arp.timeout", "1.5s", false, 0, NULL},
    {"a product that wraps to an allowed value", "arp.timeout", "18446744134s", false, 0, NULL},
    {"a duration of 2^64 + 60 seconds", "arp.timeout", "18446744073709551676s", false, 0, NULL},
    {"a plain number", "ip.ttl", "64", true, 64, NULL},
    {"leading zeros are decimal", "ip.ttl", "010", true, 10, "10"},
    {"a number with a unit", "ip.ttl", "64s", false, 0, NULL},
    {"a number in hexadecimal", "ip.ttl", "0x40", false, 0, NULL},
    {"a number below the least", "ip.ttl", "0", false, 0, NULL},
    {"a number above the most", "ip.ttl", "256", false, 0, NULL},
    {"a number of 2^64 + 64", "ip.ttl", "18446744073709551680", false, 0, NULL},
    {"a number of 2^63", "ip.ttl", "9223372036854775808", false, 0, NULL},
    {"a number of 1,000 digits' kind", "ip.ttl", "99999999999999999999999999999999999999999999999", false, 0,
     NULL},
    {"a negative number", "ip.ttl", "-1", false, 0, NULL},
    {"a number with a sign", "ip.ttl", "+1", false, 0, NULL},
    {"nothing", "ip.ttl", "", false, 0, NULL},
    {"a space", "ip.ttl", " ", false, 0, NULL},
    {"a space before a number", "ip.ttl", " 1", false, 0, NULL},
    {"zero where zero is allowed", "icmp.rate", "0", true, 0, NULL},
    {"a size in bare octets", "ip.reassembly.memory", "65537", true, 65537, NULL},
    {"a size in kibibytes", "ip.reassembly.memory", "513KiB", true, 525312, NULL},
    {"a size in mebibytes", "ip.reassembly.memory", "4MiB", true, 4194304, NULL},
    {"a size with a space before its unit", "ip.reassembly.memory", "4 MiB", true, 4194304, "4MiB"},
    {"a duration with a space before its unit", "pmtu.timeout", "10 min", true, INT64_C(600000000000),
     "10min"},
    {"two spaces", "ip.reassembly.memory", "4  MiB", false, 0, NULL},
    {"a space and no unit", "ip.reassembly.memory", "4194304 ", false, 0, NULL},
    {"a space within a number", "ip.reassembly.memory", "4 194304", false, 0, NULL},
    {"a space in a bare number", "ip.ttl", "6 4", false, 0, NULL},
    {"a size in mebibytes, the most of all", "ip.reassembly.memory", "16MiB", true, 16777216, NULL},
    {"1024 KiB print as 1 MiB", "ip.reassembly.memory", "1024KiB", true, 1048576, "1MiB"},
    {"a size in decimal units", "ip.reassembly.memory", "4MB", false, 0, NULL},
    {"a size that wraps to 4 MiB", "ip.reassembly.memory", "17179869184GiB", false, 0, NULL},
    {"a size above the most", "ip.reassembly.memory", "1GiB", false, 0, NULL},
    {"a number below zero", "icmp.advertise.preference", "-2", true, -2, NULL},
    {"the least of 32 bits", "icmp.advertise.preference", "-2147483648", true, INT32_MIN, NULL},
    {"one below it", "icmp.advertise.preference", "-2147483649", false, 0, NULL},
    {"two signs", "icmp.advertise.preference", "--2", false, 0, NULL},
    {"a sign alone", "icmp.advertise.preference", "-", false, 0, NULL},
    {"a sign where nothing is below zero", "ip.ttl", "-1", false, 0, NULL},
    {"minus zero where nothing is below zero", "arp.hold", "-0", false, 0, NULL},
    {"a network", "icmp.probe.name_from", "10.20.0.0/14", true, INT64_C(0x0a1400000e), NULL},
    {"all addresses", "icmp.probe.name_from", "0.0.0.0/0", true, 0, NULL},
    {"one address", "icmp.probe.name_from", "192.168.100.255/32", true, INT64_C(0xc0a864ff20), NULL},
    {"an address without a length is one", "icmp.probe.name_from", "10.1.2.3", true, INT64_C(0x0a01020320),
     "10.1.2.3/32"},
    {"a network with bits beyond its length", "icmp.probe.name_from", "10.0.0.1/24", false, 0, NULL},
    {"a length of 33", "icmp.probe.name_from", "10.0.0.0/33", false, 0, NULL},
    {"an octet of 256", "icmp.probe.name_from", "10.256.0.0/16", false, 0, NULL},
    {"an octet of four digits", "icmp.probe.name_from", "10.0001.0.0/16", false, 0, NULL},
    {"three octets", "icmp.probe.name_from", "10.0.0/8", false, 0, NULL},
    {"five octets", "icmp.probe.name_from", "10.0.0.0.0/8", false, 0, NULL},
    {"a network without its length", "icmp.probe.name_from", "10.0.0.0/", false, 0, NULL},
    {"a network with a tail", "icmp.probe.name_from", "10.0.0.0/8 ", false, 0, NULL},
    {"a network that is a number", "icmp.probe.name_from", "2560", false, 0, NULL},
    {"no network", "icmp.probe.name_from", "", false, 0, NULL},
    {"on", "forwarding", "on", true, 1, NULL},
    {"off", "forwarding", "off", true, 0, NULL},
    {"true means on", "forwarding", "true", true, 1, "on"},
    {"yes means on", "forwarding", "yes", true, 1, "on"},
    {"false means off", "forwarding", "false", true, 0, "off"},
    {"no means off", "forwarding", "no", true, 0, "off"},
    {"1 is no word for on", "forwarding", "1", false, 0, NULL},
    {"a choice in capitals", "forwarding", "ON", false, 0, NULL},
    {"the beginning of a choice", "forwarding", "o", false, 0, NULL},
    {"a choice with a tail", "forwarding", "only", false, 0, NULL},
    {"two choices at once", "forwarding", "off|on", false, 0, NULL},
    {"no choice", "forwarding", "", false, 0, NULL},
    {"the third choice", "ip.rpfilter", "strict", true, 2, NULL},
    {"true where more than off and on is possible", "ip.rpfilter", "true", false, 0, NULL},
    {"a choice that looks like a number is its place", "icmp.error.precedence", "6", true, 1, NULL},
    {"a number that is the place of a choice", "icmp.error.precedence", "1", false, 0, NULL},
    {"on in another place", "udp.checksum", "on", true, 0, NULL},
    {"true does not mean the first place there", "udp.checksum", "true", false, 0, NULL},
};

static void check(void **state)
{
    const struct row *row = *state;
    enum tapir_setting setting;
    assert_true(tapir_setting_find(row->name, &setting));
    int64_t value = -77;
    assert_int_equal(tapir_setting_parse(setting, row->text, &value), row->valid);
    assert_int_equal(value, row->valid ? row->value : -77);
    if (!row->valid)
        return;
    char text[64];
    tapir_setting_print(setting, value, text, sizeof text);
    assert_string_equal(text, row->printed != NULL ? row->printed : row->text);
}

static void assert_round_trip(enum tapir_setting setting, int64_t value)
{
    char text[64];
    int64_t back = -1;
    tapir_setting_print(setting, value, text, sizeof text);
    assert_true(tapir_setting_parse(setting, text, &back));
    assert_int_equal(back, value);
}

static void test_every_row(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        enum tapir_setting setting = (enum tapir_setting)i;
        const struct tapir_setting_row *row = tapir_setting(setting);
        assert_true(settings_accepts(setting, row->initial));
        assert_true(settings_accepts(setting, row->low));
        assert_true(settings_accepts(setting, row->high));
        assert_false(settings_accepts(setting, row->low - 1));
        assert_false(settings_accepts(setting, row->high + 1));
        assert_round_trip(setting, row->initial);
        assert_round_trip(setting, row->low);
        assert_round_trip(setting, row->high);
        assert_true(strlen(row->text) > 3);
        enum tapir_setting found;
        assert_true(tapir_setting_find(row->name, &found));
        assert_int_equal(found, setting);
    }
}

/* Choices cut out of the list by the C library, not by the code under test. */
static void test_every_choice(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        const struct tapir_setting_row *row = tapir_setting((enum tapir_setting)i);
        assert_int_equal(row->type == TAPIR_CHOICE, row->choices != NULL);
        if (row->choices == NULL)
            continue;
        char list[64], text[64], *rest = NULL;
        int64_t place = 0, value;
        strcpy(list, row->choices);
        for (char *name = strtok_r(list, "|", &rest); name != NULL;
             name = strtok_r(NULL, "|", &rest), place++) {
            assert_true(tapir_setting_parse((enum tapir_setting)i, name, &value));
            assert_int_equal(value, place);
            tapir_setting_print((enum tapir_setting)i, value, text, sizeof text);
            assert_string_equal(text, name);
        }
        assert_int_equal(place - 1, row->high);
        assert_int_equal(row->low, 0);
    }
}

static void test_beyond_the_range(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        const struct tapir_setting_row *row = tapir_setting((enum tapir_setting)i);
        if (row->type == TAPIR_CHOICE || row->type == TAPIR_PREFIX)
            continue;
        char text[64];
        int64_t value;
        const char *unit = row->type == TAPIR_DURATION ? "ns" : "";
        snprintf(text, sizeof text, "%" PRId64 "%s", row->high + 1, unit);
        assert_false(tapir_setting_parse((enum tapir_setting)i, text, &value));
        snprintf(text, sizeof text, "%" PRId64 "%s", row->low - 1, unit);
        assert_false(tapir_setting_parse((enum tapir_setting)i, text, &value));
        snprintf(text, sizeof text, "%" PRId64 "%s", row->high, unit);
        assert_true(tapir_setting_parse((enum tapir_setting)i, text, &value));
    }
}

/* Whatever stood there before. */
static void test_no_networks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",          "10", "10.",         "10.0.0",  "10.0.0.", "10/8",      "10-0.0.0",    "10.0.0-0",
        "10.0.0.0/", "/8", "10.0.0.0/33", "10..0.0", "a.0.0.0", "10.0.0.0x", "10.0.0.0/8x", "10.0.0.1/31"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value = 0;
        assert_false(settings_prefix_parse(texts[i], &value));
    }
}

static void test_names(void **state)
{
    (void)state;
    enum tapir_setting setting;
    static const char *const strange[] = {
        "", "arp", "arp.", "arp.time", "arp.timeouts", "ARP.TIMEOUT", " arp.timeout"};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
        assert_false(tapir_setting_find(strange[i], &setting));
}

static void test_short_room(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 6; size++) {
        char text[8];
        memset(text, '#', sizeof text);
        tapir_setting_print(TAPIR_SET_ARP_TIMEOUT, 1500000000, text, size);
        for (size_t i = size; i < sizeof text; i++)
            assert_int_equal(text[i], '#');
        if (size > 0)
            assert_int_equal(strncmp(text, "1500ms", size - 1), 0);
        if (size > 0)
            assert_int_equal(text[size - 1], '\0');
    }
    char text[8];
    tapir_setting_print(TAPIR_SET_FORWARDING, 2, text, sizeof text);
    assert_string_equal(text, "?");
}

static void test_inherit(void **state)
{
    (void)state;
    struct settings node, iface;
    bool own[TAPIR_SETTING_COUNT] = {[TAPIR_SET_IP_TTL] = true};
    settings_init(&node);
    settings_init(&iface);
    assert_int_equal(settings_get(&node, TAPIR_SET_IP_TTL), 64);
    assert_true(settings_is_on(&node, TAPIR_SET_ICMP_ECHO_ANSWER));
    assert_false(settings_is_on(&node, TAPIR_SET_FORWARDING));
    settings_put(&node, TAPIR_SET_FORWARDING, 1);
    settings_put(&node, TAPIR_SET_IP_TTL, 100);
    settings_put(&iface, TAPIR_SET_IP_TTL, 7);
    settings_inherit(&iface, own, &node);
    assert_int_equal(settings_get(&iface, TAPIR_SET_IP_TTL), 7);
    assert_true(settings_is_on(&iface, TAPIR_SET_FORWARDING));
    settings_put(&node, TAPIR_SET_FORWARDING, 0);
    assert_false(settings_is_on(&node, TAPIR_SET_FORWARDING));
    settings_inherit(&iface, own, &node);
    assert_false(settings_is_on(&iface, TAPIR_SET_FORWARDING));
    assert_true(settings_is_on(&iface, TAPIR_SET_ICMP_ECHO_ANSWER));
    assert_false(settings_accepts(TAPIR_SETTING_COUNT, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"every row: initial, least and most are accepted, print and come back", test_every_row, NULL, NULL,
         NULL},
        {"every choice of every row parses, prints and comes back", test_every_choice, NULL, NULL, NULL},
        {"one beyond the range is refused in every row", test_beyond_the_range, NULL, NULL, NULL},
        {"nearly a network is no network", test_no_networks, NULL, NULL, NULL},
        {"nearly a name is no name", test_names, NULL, NULL, NULL},
        {"text is cut off, never written beyond its room", test_short_room, NULL, NULL, NULL},
        {"an interface keeps its own values and takes its node's for the rest", test_inherit, NULL, NULL,
         NULL},
    };
    return RUN_TABLE("values as users write them", rows, check) + cmocka_run_group_tests(tests, NULL, NULL);
}
