/* Extensions by their octets, built and checked. Sums are the naive ones, or 0 for none. */
#include "tests/stack/wire/exact.h"
#include "wire/icmp4_extension.h"

static const struct built {
    const char *sentence;
    struct icmp4_interface interface;
    const char *object;
} builts[] = {
    {"everything, in the order of the bits (EXT-7, EXT-8)",
     {.index = 1, .address = {0x0a000101}, .name = "tapA", .mtu = 1500},
     "00 1c 02 0f 00 00 00 01 00 01 00 00 0a 00 01 01 08 74 61 70 41 00 00 00 00 00 05 dc"},
    {"the index alone (EXT-7)", {.index = 0x01020304}, "00 08 02 08 01 02 03 04"},
    {"the address alone, as IPv4 (EXT-8)", {.address = {0x0a000101}}, "00 0c 02 04 00 01 00 00 0a 00 01 01"},
    {"the MTU alone, of 32 bits (EXT-7)", {.mtu = 65535}, "00 08 02 01 00 00 ff ff"},
    {"a name that fills its words (EXT-8)", {.name = "abc"}, "00 08 02 02 04 61 62 63"},
    {"a name of two octets (EXT-8)", {.name = "ab"}, "00 08 02 02 04 61 62 00"},
    {"an empty name (EXT-8)", {.name = ""}, "00 08 02 02 04 00 00 00"},
    {"another role (EXT-7)", {.role = ICMP4_ROLE_NEXT_HOP, .index = 9}, "00 08 02 c8 00 00 00 09"},
    {"nothing (EXT-7)", {.role = ICMP4_ROLE_ARRIVAL}, ""},
};

static void check_built(void **state)
{
    const struct built *row = *state;
    struct exact expected = exact_hex(row->object);
    uint8_t object[ICMP4_INTERFACE_MAX];
    memset(object, 0xa5, sizeof object);
    size_t size = icmp4_interface_build(object, &row->interface);
    assert_int_equal(size, expected.size);
    assert_memory_equal(object, expected.data, size);
    for (size_t i = size > 0 ? size : ICMP4_OBJECT_HEADER; i < sizeof object; i++)
        assert_int_equal(object[i], 0xa5);
    exact_free(expected);
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    char name[100];
    memset(name, 'n', sizeof name - 1);
    name[99] = '\0';
    struct icmp4_interface all = {.index = 1, .address = {1}, .name = name, .mtu = 1};
    struct exact object = exact_copy((uint8_t[ICMP4_INTERFACE_MAX]){0}, ICMP4_INTERFACE_MAX);
    assert_int_equal(icmp4_interface_build(object.data, &all), ICMP4_INTERFACE_MAX);
    assert_int_equal(object.data[16], 64);
    assert_int_equal(object.data[79], 'n');
    exact_free(object);
}

static void a_header_is_finished(void **state)
{
    (void)state;
    uint8_t extension[12] = {9, 9, 9, 9, 0, 8, 2, 8, 0, 0, 0, 1};
    icmp4_extension_finish(extension, sizeof extension);
    exact_assert(extension, sizeof extension, "20 00 dd ee 00 08 02 08 00 00 00 01");
}

/* ---- received ---- */

#define HEAD  "20 00 00 00 "
#define INDEX "00 08 02 08 00 00 00 01 "
#define EXIT  "00 08 02 88 00 00 00 02 "
#define MPLS  "00 08 01 01 00 01 01 01 "
#define OTHER "00 06 c8 07 aa bb "
#define ALL   "02 0f 00 00 00 01 00 01 00 00 0a 00 01 01 08 74 61 70 41 00 00 00 00 00 05 dc"
#define N8    "6e 6e 6e 6e 6e 6e 6e 6e "
#define N63   N8 N8 N8 N8 N8 N8 N8 "6e 6e 6e 6e 6e 6e 6e "

static const struct row {
    const char *sentence;
    const char *extension;
    bool sound;
} rows[] = {
    {"nothing at all (EXT-6)", "", true},
    {"a header alone (EXT-6)", HEAD, true},
    {"a right sum (EXT-3)", "20 00 dd ee 00 08 02 08 00 00 00 01", true},
    {"labels, a class that nobody knows, an interface (EXT-6)", HEAD MPLS OTHER INDEX, true},
    {"interfaces in two roles (EXT-9)", HEAD INDEX EXIT, true},
    {"two interfaces in one role (EXT-9)", HEAD INDEX INDEX, false},
    {"two interfaces in one role with something between (EXT-9)", HEAD INDEX MPLS EXIT OTHER INDEX, false},
    {"reserved bits do not make another role (EXT-9)", HEAD INDEX "00 08 02 38 00 00 00 01", false},
    {"version 1 is no extension (EXT-6)", "10 00 00 00 " INDEX INDEX, true},
    {"a wrong sum is no extension (EXT-6)", "20 00 dd ed 00 08 02 08 00 00 00", true},
    {"three octets are no extension (EXT-6)", "20 00 00", true},
    {"reserved bits of the header are not looked at (EXT-6)", "2f ff 00 00 " INDEX INDEX, false},
    {"an object of length 0 (EXT-6)", HEAD "00 00 02 08", false},
    {"an object of length 3 (EXT-6)", HEAD "00 03 c8 01 00 00", false},
    {"an object of a header alone (EXT-6)", HEAD "00 04 c8 01", true},
    {"an object beyond the end by an octet (EXT-6)", HEAD "00 09 c8 01 00 00 00 01", false},
    {"an object of 65535 octets (EXT-6)", HEAD "ff ff c8 01 00 00 00 01", false},
    {"half a header of an object (EXT-6)", HEAD INDEX "00 04", false},
    {"everything (EXT-7, EXT-8)", HEAD "00 1c " ALL, true},
    {"everything, and an object of a header alone (EXT-6)", HEAD "00 1c " ALL " 00 04 c8 01", true},
    {"everything but an octet of the MTU (EXT-7)",
     HEAD "00 1b 02 0f 00 00 00 01 00 01 00 00 0a 00 01 01 08 74 61 70 41 00 00 00 00 00 05", false},
    {"an index alone (EXT-7)", HEAD INDEX, true},
    {"an address of IPv4 alone (EXT-8)", HEAD "00 0c 02 04 00 01 00 00 0a 00 01 01", true},
    {"an MTU alone (EXT-7)", HEAD "00 08 02 01 00 00 05 dc", true},
    {"a name alone (EXT-8)", HEAD "00 08 02 02 04 61 62 63", true},
    {"a name of 63 octets (EXT-8)", HEAD "00 44 02 02 40 " N63, true},
    {"a name of 67 octets (EXT-8)", HEAD "00 48 02 02 44 " N63 "6e 6e 6e 6e", false},
    {"interfaces in four roles (EXT-9)", HEAD INDEX "00 08 02 48 00 00 00 01 " EXIT "00 08 02 c8 00 00 00 01",
     true},
    {"an interface twice as a part (EXT-9)", HEAD "00 08 02 48 00 00 00 01 00 08 02 48 00 00 00 01", false},
    {"an interface twice as the next hop (EXT-9)", HEAD "00 08 02 c8 00 00 00 01 00 08 02 c8 00 00 00 01",
     false},
    {"a class that nobody knows has the c-type of labels (EXT-6)", HEAD "00 06 c8 01 aa bb", true},
    {"an index that is cut (EXT-6)", HEAD "00 06 02 08 00 00", false},
    {"an address that is not there (EXT-8)", HEAD "00 04 02 04", false},
    {"half a family of an address (EXT-8)", HEAD "00 07 02 04 00 01 00", false},
    {"an address that is cut (EXT-8)", HEAD "00 0a 02 04 00 01 00 00 0a 00", false},
    {"an address of IPv6 (EXT-8)",
     HEAD "00 18 02 04 00 02 00 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01", true},
    {"an address of IPv6 that is cut (EXT-8)",
     HEAD "00 14 02 04 00 02 00 00 20 01 0d b8 00 00 00 00 00 00 00 00", false},
    {"an address of a family that nobody knows (EXT-8)", HEAD "00 0c 02 04 00 07 00 00 0a 00 01 01", false},
    {"a name beyond its object (EXT-8)", HEAD "00 08 02 02 08 61 62 63", false},
    {"a name of length 0 (EXT-8)", HEAD "00 08 02 02 00 61 62 63", false},
    {"a name of no whole words (EXT-8)", HEAD "00 08 02 02 03 61 62 63", false},
    {"a name that is not there (EXT-8)", HEAD "00 04 02 02", false},
    {"an MTU that is cut (EXT-7)", HEAD "00 07 02 01 00 00 05", false},
    {"more behind what is told (EXT-7)", HEAD "00 0c 02 08 00 00 00 01 00 00 00 00", true},
    {"two labels (EXT-6)", HEAD "00 0c 01 01 00 01 00 01 00 02 01 01", true},
    {"a label that is cut (EXT-6)", HEAD "00 06 01 01 00 01", false},
    {"labels of another kind are skipped (EXT-6)", HEAD "00 06 01 02 00 01", true},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact extension = exact_hex(row->extension);
    assert_int_equal(icmp4_extension_check(extension.data, extension.size),
                     row->sound ? TAPIR_UNSETTLED : TAPIR_ICMP4_EXTENSION);
    exact_free(extension);
}

static void a_label_is_read(void **state)
{
    (void)state;
    struct exact entry = exact_hex("12 34 5b fe");
    struct icmp4_label label = icmp4_label_parse(entry.data);
    assert_int_equal(label.label, 0x12345);
    assert_int_equal(label.experimental, 5);
    assert_true(label.bottom);
    assert_int_equal(label.ttl, 254);
    exact_free(entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("EXT-8", a_long_name_is_cut),
        PROVES("EXT-3", a_header_is_finished),
        PROVES("EXT-6", a_label_is_read),
    };
    return RUN_TABLE("extensions built", builts, check_built) +
           RUN_TABLE("extensions received", rows, check) +
           cmocka_run_group_tests_name("extensions", tests, NULL, NULL);
}
