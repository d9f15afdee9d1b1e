#include <stdio.h>

#include "tap/difference.h"
#include "tests/tap/hand_made.h"

static const struct row {
    const char *sentence, *expected, *got, *except;
    const char *text; /* all that is written; NULL: nothing */
} rows[] = {
    {"the same frame", ECHO_FRAME, ECHO_FRAME, NULL, NULL},
    {"another TTL and its checksum",
     HOST_TO_ROUTER "080045000022000100003f0164300a4d010a0a4d02070800bb9712340007616263646566", ECHO_FRAME,
     NULL,
     "frame 3, IPv4 TTL: expected 63, got 64\n"
     "frame 3, IPv4 checksum: expected 0x6430 (right), got 0x6330 (right)\n"
     "    expected 0010  00 22 00 01 00 00 3f 01 64 30 0a 4d 01 0a 0a 4d\n"
     "    got      0010  00 22 00 01 00 00 40 01 63 30 0a 4d 01 0a 0a 4d\n"
     "                                     ^^    ^^\n"},
    {"a TTL that may differ, and its checksum",
     HOST_TO_ROUTER "080045000022000100003f0164300a4d010a0a4d02070800bb9712340007616263646566", ECHO_FRAME,
     "IPv4 TTL , IPv4 checksum", NULL},
    {"a checksum alone, which is a field like any other", ECHO_FRAME,
     HOST_TO_ROUTER "08004500002200010000400163300a4d010a0a4d02070800bb9612340007616263646566", NULL,
     "frame 3, ICMP checksum: expected 0xbb97 (right), got 0xbb96 (wrong)\n"
     "    expected 0020  02 07 08 00 bb 97 12 34 00 07 61 62 63 64 65 66\n"
     "    got      0020  02 07 08 00 bb 96 12 34 00 07 61 62 63 64 65 66\n"
     "                                  ^^\n"},
    {"data that differs in the middle", ECHO_FRAME,
     HOST_TO_ROUTER "08004500002200010000400163300a4d010a0a4d02070800bb9712340007616278646566",
     "ICMP checksum",
     "frame 3, ICMP data, offset 2: expected 63 64 65 66, got 78 64 65 66\n"
     "    expected 0020  02 07 08 00 bb 97 12 34 00 07 61 62 63 64 65 66\n"
     "    got      0020  02 07 08 00 bb 97 12 34 00 07 61 62 78 64 65 66\n"
     "                                                       ^^\n"},
    {"a padding that is too short",
     HOST_TO_ROUTER "1234"
                    "000000",
     HOST_TO_ROUTER "1234"
                    "0000",
     NULL,
     "frame 3, Ethernet payload: expected 3 octets, got 2\n"
     "    expected 0010  00\n"
     "    got      0010 \n"
     "                   ^^\n"},
    {"another protocol is told once, not field by field",
     HOST_TO_ROUTER "080045000016000100004011632c0a4d010a0a4d0207ffff", HOST_TO_ROUTER "080645000016",
     "Ethernet payload",
     "frame 3, Ethernet type: expected IPv4 (0x0800), got ARP (0x0806)\n"
     "frame 3, IPv4: expected, but it is not there\n"
     "frame 3, UDP: expected, but it is not there\n"
     "frame 3, ARP: not expected, but it is there\n"
     "    expected 0000  02 00 00 00 01 01 02 00 00 00 01 0a 08 00 45 00\n"
     "    got      0000  02 00 00 00 01 01 02 00 00 00 01 0a 08 06 45 00\n"
     "                                                          ^^\n"
     "    expected 0010  00 16 00 01 00 00 40 11 63 2c 0a 4d 01 0a 0a 4d\n"
     "    got      0010  00 16\n"
     "                         ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^ ^^\n"
     "    expected 0020  02 07 ff ff\n"
     "    got      0020 \n"
     "                   ^^ ^^ ^^ ^^\n"},
    {"an option that is there and one that is not",
     HOST_TO_ROUTER "0800"
                    "4600001800010000400100000a4d010a0a4d0207"
                    "01010100",
     HOST_TO_ROUTER "0800"
                    "4600001800010000400100000a4d010a0a4d0207"
                    "94040000",
     "IPv4 checksum, IPv4 options rest",
     "frame 3, IPv4 option 1 kind: expected no operation (1), got router alert (148)\n"
     "frame 3, IPv4 option 2 kind: expected no operation (1), got none\n"
     "frame 3, IPv4 option 3 kind: expected no operation (1), got none\n"
     "frame 3, IPv4 option 1 length: expected none, got 4\n"
     "frame 3, IPv4 option 1 value: expected none, got 00 00\n"
     "    expected 0020  02 07 01 01 01 00\n"
     "    got      0020  02 07 94 04 00 00\n"
     "                         ^^ ^^ ^^\n"},
};

static char *differ(struct hand_made expected, struct hand_made got, const char *except, unsigned *found)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    struct frame a = {{0}, expected.data, expected.size}, b = {{0}, got.data, got.size};
    *found = difference_frames(out, "frame 3", &a, &b, except);
    fclose(out);
    return text;
}

static void check(void **state)
{
    const struct row *row = *state;
    struct hand_made expected = hand_made(row->expected), got = hand_made(row->got);
    unsigned found;
    char *text = differ(expected, got, row->except, &found);
    assert_string_equal(text, row->text == NULL ? "" : row->text);
    assert_int_equal(found > 0, row->text != NULL);
    free(text);
    free(expected.data);
    free(got.data);
}

/* Each bit of each of the frames of the table above, and of those below, changes a field, and the octet is marked. */
static void every_bit_counts(void **state)
{
    (void)state;
    static const char *const frames[] = {ECHO_FRAME,   ARP_FRAME,      VLAN_FRAME,     UDP_FRAME,
                                         TCP_FRAME,    STAMP_FRAME,    TIME_FRAME,     TOO_BIG_FRAME,
                                         STAMPS_FRAME, FRAGMENT_FRAME, REDIRECT_FRAME, RECORD_ROUTE_FRAME};
    for (size_t f = 0; f < sizeof frames / sizeof frames[0]; f++) {
        struct hand_made expected = hand_made(frames[f]), got = hand_made(frames[f]);
        for (size_t bit = 0; bit < (size_t)got.size * 8; bit++) {
            unsigned found;
            got.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            char *text = differ(expected, got, NULL, &found);
            assert_true(found > 0);
            assert_null(strstr(text, "no field shows"));
            assert_non_null(strstr(text, "^^"));
            free(text);
            got.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        free(expected.data);
        free(got.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_bit_counts)};
    return RUN_TABLE("difference", rows, check) + cmocka_run_group_tests_name("bits", tests, NULL, NULL);
}
