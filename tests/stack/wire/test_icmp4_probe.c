/* Extended echo by its octets. Who answers: tests/world/test_icmp4_probe.c. */
#include "tests/stack/wire/exact.h"
#include "wire/icmp4.h"
#include "wire/icmp4_probe.h"

#define HEAD  "20 00 00 00 "             /* version 2, no checksum */
#define INDEX "00 08 03 02 11 12 13 14 " /* an object of our class */
#define OTHER "00 06 07 02 aa bb "       /* and of another */

/* ---- requests ---- */

static const struct row {
    const char *sentence;
    unsigned last; /* octet 7 */
    const char *extension;
    bool sound;
    enum icmp4_probe_kind kind;
    uint32_t value; /* the index, the address, or the octets of the name */
} rows[] = {
    {"by index", 1, HEAD INDEX, true, ICMP4_PROBE_INDEX, 0x11121314},
    {"by index, with a checksum", 1, "20 00 b8 cf 00 08 03 02 11 12 13 14", true, ICMP4_PROBE_INDEX,
     0x11121314},
    {"by index, with a wrong checksum", 1, "20 00 b8 d0 00 08 03 02 11 12 13 14", false, ICMP4_PROBE_INDEX,
     0x11121314},
    {"by index, of another node", 0, HEAD INDEX, false, ICMP4_PROBE_INDEX, 0x11121314},
    {"by index, with reserved bits", 0xff, "2f ff 00 00 " INDEX, true, ICMP4_PROBE_INDEX, 0x11121314},
    {"an index of 3 octets", 1, HEAD "00 07 03 02 11 12 13", false, ICMP4_PROBE_INDEX, 0},
    {"an index of 8 octets", 1, HEAD "00 0c 03 02 11 12 13 14 15 16 17 18", false, ICMP4_PROBE_INDEX, 0},
    {"by name", 1, HEAD "00 08 03 01 74 61 70 42", true, ICMP4_PROBE_NAME, 4},
    {"by a name with a NUL behind it", 1, HEAD "00 08 03 01 74 61 70 00", true, ICMP4_PROBE_NAME, 3},
    {"by a name with three NULs behind it", 1, HEAD "00 08 03 01 74 00 00 00", true, ICMP4_PROBE_NAME, 1},
    {"by name, of another node", 0, HEAD "00 08 03 01 74 61 70 42", false, ICMP4_PROBE_NAME, 4},
    {"a name with a word of NULs", 1, HEAD "00 0c 03 01 74 61 70 42 00 00 00 00", false, ICMP4_PROBE_NAME, 4},
    {"a name with something behind its NUL", 1, HEAD "00 08 03 01 74 00 70 42", false, ICMP4_PROBE_NAME, 1},
    {"a name with something behind its NULs", 1, HEAD "00 08 03 01 74 00 00 42", false, ICMP4_PROBE_NAME, 1},
    {"a name of NULs", 1, HEAD "00 08 03 01 00 00 00 00", false, ICMP4_PROBE_NAME, 0},
    {"a name of no octets", 1, HEAD "00 04 03 01", false, ICMP4_PROBE_NAME, 0},
    {"a name of no whole words", 1, HEAD "00 07 03 01 74 61 70", false, ICMP4_PROBE_NAME, 3},
    {"by address", 1, HEAD "00 0c 03 03 00 01 04 99 0a 21 22 23", true, ICMP4_PROBE_ADDRESS, 0x0a212223},
    {"by address, of a neighbor", 0, HEAD "00 0c 03 03 00 01 04 00 0a 21 22 23", true, ICMP4_PROBE_ADDRESS,
     0x0a212223},
    {"by an address of IPv6", 1,
     HEAD "00 18 03 03 00 02 10 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01", true,
     ICMP4_PROBE_ADDRESS, 0},
    {"by an address of a family that nobody knows", 1, HEAD "00 10 03 03 40 05 06 00 10 11 12 13 14 15 00 00",
     true, ICMP4_PROBE_ADDRESS, 0},
    {"by an address of 5 octets of a family that nobody knows", 1,
     HEAD "00 10 03 03 40 05 05 00 10 11 12 13 14 00 00 00", true, ICMP4_PROBE_ADDRESS, 0},
    {"by an address of 4 octets of a family that nobody knows", 1, HEAD "00 0c 03 03 40 05 04 00 10 11 12 13",
     true, ICMP4_PROBE_ADDRESS, 0},
    {"by an address of an octet of a family that nobody knows", 1, HEAD "00 0c 03 03 40 05 01 00 10 00 00 00",
     true, ICMP4_PROBE_ADDRESS, 0},
    {"an address of no octets of a family that nobody knows", 1, HEAD "00 08 03 03 40 05 00 00", false,
     ICMP4_PROBE_ADDRESS, 0},
    {"an address of IPv4 of 5 octets", 1, HEAD "00 10 03 03 00 01 05 00 10 11 12 13 14 00 00 00", false,
     ICMP4_PROBE_ADDRESS, 0},
    {"an address of IPv6 of 4 octets", 1, HEAD "00 0c 03 03 00 02 04 00 0a 21 22 23", false,
     ICMP4_PROBE_ADDRESS, 0},
    {"an address of length 0", 1, HEAD "00 08 03 03 00 01 00 00", false, ICMP4_PROBE_ADDRESS, 0},
    {"an address that is cut", 1, HEAD "00 0b 03 03 00 01 04 00 0a 21 22", false, ICMP4_PROBE_ADDRESS, 0},
    {"an address with a word behind it", 1, HEAD "00 10 03 03 00 01 04 00 0a 21 22 23 00 00 00 00", false,
     ICMP4_PROBE_ADDRESS, 0},
    {"an address without its length", 1, HEAD "00 06 03 03 00 01", false, ICMP4_PROBE_ADDRESS, 0},
    {"c-type 0", 1, HEAD "00 08 03 00 11 12 13 14", false, ICMP4_PROBE_NOTHING, 0},
    {"c-type 4", 1, HEAD "00 08 03 04 11 12 13 14", false, ICMP4_PROBE_NOTHING, 0},
    {"an object of another class before it", 1, HEAD OTHER INDEX, true, ICMP4_PROBE_INDEX, 0x11121314},
    {"an object of another class behind it", 1, HEAD INDEX OTHER, true, ICMP4_PROBE_INDEX, 0x11121314},
    {"an object of a header alone behind it", 1, HEAD INDEX "00 04 07 02", true, ICMP4_PROBE_INDEX,
     0x11121314},
    {"the same object twice", 1, HEAD INDEX INDEX, false, ICMP4_PROBE_INDEX, 0x11121314},
    {"the first of two is told", 1, HEAD INDEX "00 08 03 02 21 22 23 24", false, ICMP4_PROBE_INDEX,
     0x11121314},
    {"objects of other classes alone", 1, HEAD OTHER, false, ICMP4_PROBE_NOTHING, 0},
    {"a header alone", 1, HEAD, false, ICMP4_PROBE_NOTHING, 0},
    {"nothing", 1, "", false, ICMP4_PROBE_NOTHING, 0},
    {"three octets", 1, "20 00 00", false, ICMP4_PROBE_NOTHING, 0},
    {"version 1", 1, "10 00 00 00 " INDEX, false, ICMP4_PROBE_INDEX, 0x11121314},
    {"version 3", 1, "30 00 00 00 " INDEX, false, ICMP4_PROBE_INDEX, 0x11121314},
    {"an octet behind it", 1, HEAD INDEX "00", false, ICMP4_PROBE_INDEX, 0x11121314},
    {"half a header of an object behind it", 1, HEAD INDEX "00 04", false, ICMP4_PROBE_INDEX, 0x11121314},
    {"an object of length 3 behind it", 1, HEAD INDEX "00 03 07 02", false, ICMP4_PROBE_INDEX, 0x11121314},
    {"an object beyond the end by an octet", 1, HEAD "00 09 03 02 11 12 13 14", false, ICMP4_PROBE_NOTHING,
     0},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact head = exact_hex("2a 55 00 00 12 34 56"), extension = exact_hex(row->extension);
    struct exact message = exact_new(8 + extension.size);
    memcpy(message.data, head.data, 7);
    message.data[7] = (uint8_t)row->last;
    memcpy(message.data + 8, extension.data, extension.size);
    struct icmp4_probe probe;
    icmp4_probe_parse(message.data, message.size, &probe);
    assert_int_equal(probe.identifier, 0x1234);
    assert_int_equal(probe.sequence, 0x56);
    assert_int_equal(probe.is_local, row->last != 0);
    assert_int_equal(probe.is_sound, row->sound);
    assert_int_equal(probe.kind, row->kind);
    if (row->kind == ICMP4_PROBE_INDEX)
        assert_int_equal(probe.index, row->value);
    if (row->kind == ICMP4_PROBE_NAME)
        assert_int_equal(probe.name_size, row->value);
    if (row->kind == ICMP4_PROBE_NAME && row->sound)
        assert_memory_equal(probe.name, "tapB", row->value);
    if (row->kind == ICMP4_PROBE_ADDRESS && row->sound) {
        assert_int_equal(probe.family, extension.data[8] << 8 | extension.data[9]);
        assert_int_equal(probe.address.value, row->value);
    }
    exact_free(message);
    exact_free(extension);
    exact_free(head);
}

/* ---- replies ---- */

static const struct reply {
    const char *sentence;
    struct icmp4_probe_reply reply;
    const char *message;
} replies[] = {
    {"no error, active, with IPv4",
     {.identifier = 0x1234, .sequence = 0x56, .is_active = true, .has_ip4 = true},
     "2b 00 00 00 12 34 56 06"},
    {"with IPv6 alone", {.identifier = 0x1234, .sequence = 0x56, .has_ip6 = true}, "2b 00 00 00 12 34 56 01"},
    {"a neighbor that failed",
     {.identifier = 0x1234, .sequence = 0x56, .state = ICMP4_STATE_FAILED},
     "2b 00 00 00 12 34 56 c0"},
    {"a neighbor that is reachable",
     {.identifier = 0x1234, .sequence = 0x56, .state = ICMP4_STATE_REACHABLE},
     "2b 00 00 00 12 34 56 40"},
    {"a code", {.code = 4, .identifier = 0x1234, .sequence = 0x56}, "2b 04 00 00 12 34 56 00"},
};

static void check_reply(void **state)
{
    const struct reply *row = *state;
    uint8_t message[ICMP4_PROBE_REPLY];
    memset(message, 0xee, sizeof message);
    icmp4_probe_reply_build(message, &row->reply);
    exact_assert(message, sizeof message, row->message);
}

int main(void)
{
    return RUN_TABLE("extended echo requests", rows, check) +
           RUN_TABLE("extended echo replies", replies, check_reply);
}
