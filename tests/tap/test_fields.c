#include <stdio.h>

#include "tap/fields.h"
#include "tests/tap/hand_made.h"

enum {
    WANTED = 10
};

static const struct row {
    const char *sentence, *frame;
    struct {
        const char *name, *text;
    } wanted[WANTED];
    const char *summary;
} rows[] = {
    {"a ping",
     ECHO_FRAME,
     {{"Ethernet destination", "02:00:00:00:01:01"},
      {"Ethernet type", "IPv4 (0x0800)"},
      {"IPv4 total length", "34"},
      {"IPv4 TTL", "64"},
      {"IPv4 protocol", "ICMP (1)"},
      {"IPv4 checksum", "0x6330 (right)"},
      {"ICMP type", "echo (8)"},
      {"ICMP checksum", "0xbb97 (right)"},
      {"ICMP identifier", "0x1234"},
      {"ICMP data", "61 62 63 64 65 66"}},
     "ICMP echo (8), 10.77.1.10 to 10.77.2.7, 48 octets"},
    {"a ping with a wrong checksum",
     HOST_TO_ROUTER "08004500002200010000400163310a4d010a0a4d02070800bb9712340007616263646567",
     {{"IPv4 checksum", "0x6331 (wrong)"}, {"ICMP checksum", "0xbb97 (wrong)"}},
     "ICMP echo (8), 10.77.1.10 to 10.77.2.7, 48 octets"},
    {"an ARP request with padding",
     ARP_FRAME,
     {{"ARP hardware type", "Ethernet (1)"},
      {"ARP operation", "request (1)"},
      {"ARP sender MAC", "02:00:00:00:01:0a"},
      {"ARP sender address", "10.77.1.10"},
      {"ARP target address", "10.77.1.1"},
      {"ARP padding", "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 .. (18 octets)"}},
     "ARP request (1), 10.77.1.10 to 10.77.1.1, 60 octets"},
    {"a tagged frame",
     VLAN_FRAME,
     {{"Ethernet type", "802.1Q (0x8100)"},
      {"802.1Q priority", "5"},
      {"802.1Q drop eligible", "not set"},
      {"802.1Q VLAN", "42"},
      {"802.1Q type", "IPv4 (0x0800)"},
      {"IPv4 protocol", "IGMP (2)"},
      {"IPv4 payload", "16 00"}},
     "IGMP (2), 10.77.1.10 to 10.77.2.7, 40 octets"},
    {"two tags",
     HOST_TO_ROUTER "88a80007"
                    "8100002a"
                    "1234"
                    "abcd",
     {{"Ethernet type", "802.1ad (0x88a8)"},
      {"802.1Q VLAN", "7"},
      {"802.1Q type", "802.1Q (0x8100)"},
      {"inner 802.1Q VLAN", "42"},
      {"inner 802.1Q type", "0x1234"},
      {"Ethernet payload", "ab cd"}},
     "Ethernet 802.1ad (0x88a8), 02:00:00:00:01:0a to 02:00:00:00:01:01, 24 octets"},
    {"a SNAP frame",
     HOST_TO_ROUTER "0024"
                    "aaaa03000000"
                    "0806"
                    "0001080006040002",
     {{"Ethernet type", "0x0024"}, {"SNAP type", "ARP (0x0806)"}, {"ARP operation", "reply (2)"}},
     NULL},
    {"a UDP datagram",
     UDP_FRAME,
     {{"IPv4 type of service", "0x10"},
      {"IPv4 don't fragment", "set"},
      {"UDP source port", "1024"},
      {"UDP destination port", "53"},
      {"UDP length", "13"},
      {"UDP checksum", "0xa022 (right)"},
      {"UDP payload", "68 65 6c 6c 6f"}},
     "UDP (17), 10.77.1.10 to 10.77.2.7, 47 octets"},
    {"a TCP segment with options",
     TCP_FRAME,
     {{"TCP header length", "28"},
      {"TCP SYN", "set"},
      {"TCP ACK", "set"},
      {"TCP FIN", "not set"},
      {"TCP window", "512"},
      {"TCP checksum", "0x6603 (right)"},
      {"TCP option 1 kind", "maximum segment size (2)"},
      {"TCP option 1 value", "05 b4"},
      {"TCP option 2 kind", "no operation (1)"},
      {"TCP option 3 kind", "window scale (3)"}},
     NULL},
    {"a record route",
     RECORD_ROUTE_FRAME,
     {{"IPv4 header length", "32"},
      {"IPv4 option 1 kind", "record route (7)"},
      {"IPv4 option 1 pointer", "8"},
      {"IPv4 option 1 address 1", "10.77.1.1"},
      {"IPv4 option 1 address 2", "0.0.0.0"},
      {"IPv4 option 2 kind", "no operation (1)"},
      {"ICMP type", "echo (8)"}},
     NULL},
    {"a timestamp option with addresses",
     STAMP_FRAME,
     {{"IPv4 option 1 kind", "timestamp (68)"},
      {"IPv4 option 1 overflow", "0"},
      {"IPv4 option 1 flag", "1"},
      {"IPv4 option 1 address 1", "10.77.1.1"},
      {"IPv4 option 1 stamp 1", "99"}},
     NULL},
    {"a time exceeded and its quote",
     TIME_FRAME,
     {{"ICMP type", "time exceeded (11)"},
      {"ICMP code", "in transit (0)"},
      {"quoted IPv4 TTL", "1"},
      {"quoted IPv4 destination", "10.77.2.7"},
      {"quoted UDP destination port", "33434"},
      {"quoted UDP checksum", "0x6199"}},
     "ICMP time exceeded (11), 10.77.1.1 to 10.77.1.10, 70 octets"},
    {"fragmentation needed",
     TOO_BIG_FRAME,
     {{"ICMP code", "fragmentation needed (4)"}, {"ICMP next-hop MTU", "1400"}, {"quoted IPv4 TTL", "1"}},
     NULL},
    {"a redirect",
     REDIRECT_FRAME,
     {{"ICMP code", "for the host (1)"}, {"ICMP gateway", "10.77.1.254"}, {"quoted UDP source port", "1024"}},
     NULL},
    {"an ICMP timestamp", STAMPS_FRAME, {{"ICMP originate", "1000"}, {"ICMP transmit", "0"}}, NULL},
    {"a later fragment has no UDP header",
     FRAGMENT_FRAME,
     {{"IPv4 more fragments", "set"},
      {"IPv4 fragment offset", "1480"},
      {"IPv4 payload", "31 32 33 34 35 36 37 38"}},
     NULL},
    {"a router advertisement",
     ROUTER_TO_HOST "08004500002400090000010100000a4d0101e0000001"
                    "0900000001020708"
                    "0a4d010180000000",
     {{"ICMP addresses", "1"},
      {"ICMP lifetime", "1800"},
      {"ICMP router 1 address", "10.77.1.1"},
      {"ICMP router 1 preference", "-2147483648"}},
     NULL},
    {"an extension behind a quote of two words",
     ROUTER_TO_HOST "08004500003000090000400100000a4d01010a4d010a"
                    "0b00000000020000"
                    "4500001c00010000"
                    "20000000"
                    "00080101"
                    "00064140",
     {{"quoted IPv4 total length", "28"},
      {"ICMP extension version", "2"},
      {"ICMP object 1 class", "MPLS labels (1)"},
      {"ICMP object 1 value", "00 06 41 40"}},
     NULL},
    {"a frame that ends in its header", "0200000001", {{"Ethernet rest", "02 00 00 00 01"}}, NULL},
    {"no octet at all", "", {{NULL, NULL}}, NULL},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct hand_made frame = hand_made(row->frame);
    struct fields *fields = malloc(sizeof *fields);
    char line[128];
    assert_non_null(fields);
    fields_parse(frame.data, frame.size, fields);
    for (size_t i = 0; i < WANTED && row->wanted[i].name != NULL; i++) {
        const struct field *field = fields_find(fields, row->wanted[i].name);
        if (field == NULL)
            fail_msg("there is no field %s", row->wanted[i].name);
        assert_string_equal(field->text, row->wanted[i].text);
    }
    fields_summary(fields, frame.size, line, sizeof line);
    if (row->summary != NULL)
        assert_string_equal(line, row->summary);
    free(fields);
    free(frame.data);
}

/* ---- any frame --------------------------------------------------------------------------------------------- */

static void assert_covered(const struct fields *fields, const uint8_t *data, size_t size)
{
    static uint8_t covered[65536];
    (void)data;
    assert_true(size <= sizeof covered);
    memset(covered, 0, size);
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        assert_true(field->size > 0 && field->at + field->size <= size);
        memset(covered + field->at, 1, field->size);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(fields->list[j].name, field->name);
    }
    for (size_t i = 0; i < size; i++)
        assert_int_equal(covered[i], 1);
}

/* The frames that the fuzzer begins with: whole, and cut off at each length. */
static void every_octet_has_a_field(void **state)
{
    (void)state;
    static char line[200000];
    struct fields *fields = malloc(sizeof *fields);
    FILE *file = fopen("tests/fuzz/corpus/frames.txt", "r");
    size_t frames = 0;
    assert_non_null(file);
    assert_non_null(fields);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        struct hand_made frame = hand_made(strchr(line, ' ') + 1);
        for (uint32_t size = frame.size; size > 0; size = size > 256 ? 256 : size - 1) {
            struct hand_made cut = {malloc(size), size};
            assert_non_null(cut.data);
            memcpy(cut.data, frame.data, size);
            fields_parse(cut.data, size, fields);
            assert_covered(fields, cut.data, size);
            free(cut.data);
        }
        free(frame.data);
        frames++;
    }
    assert_true(frames > 900);
    fclose(file);
    free(fields);
}

/* More options than there is room for: the last field takes the rest. */
static void there_is_an_end_of_fields(void **state)
{
    (void)state;
    enum {
        SIZE = 60000
    };
    uint8_t *data = calloc(1, SIZE);
    struct fields *fields = malloc(sizeof *fields);
    struct hand_made head = hand_made(ROUTER_TO_HOST "0800"
                                                     "4500ea5200090000400100000a4d01010a4d010a"
                                                     "0900000000020000");
    assert_non_null(data);
    assert_non_null(fields);
    memcpy(data, head.data, head.size);
    fields_parse(data, SIZE, fields);
    assert_int_equal(fields->n, FIELDS_MAX);
    const struct field *last = &fields->list[FIELDS_MAX - 1];
    assert_int_equal(last->at + last->size, SIZE);
    free(head.data);
    free(fields);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_octet_has_a_field),
        cmocka_unit_test(there_is_an_end_of_fields),
    };
    return RUN_TABLE("fields", rows, check) + cmocka_run_group_tests_name("any frame", tests, NULL, NULL);
}
