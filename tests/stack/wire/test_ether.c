#include "tests/stack/wire/exact.h"
#include "wire/addr.h"
#include "wire/ether.h"

#define TO   "ff ff ff ff ff ff "
#define FROM "02 00 00 00 00 07 "
#define SNAP "aa aa 03 00 00 00 "

static const struct row {
    const char *sentence;
    const char *frame;
    enum tapir_verdict verdict;
    uint16_t type, length;
    uint8_t size;
} rows[] = {
    {"an IPv4 frame", TO FROM "08 00 45", TAPIR_UNSETTLED, 0x0800, 0, 14},
    {"an ARP frame without a payload is whole", TO FROM "08 06", TAPIR_UNSETTLED, 0x0806, 0, 14},
    {"an EtherType that nobody knows is an EtherType", TO FROM "88 cc 00", TAPIR_UNSETTLED, 0x88cc, 0, 14},
    {"1536 is the lowest EtherType", TO FROM "06 00", TAPIR_UNSETTLED, 0x0600, 0, 14},
    {"1535 is neither a length nor an EtherType", TO FROM "05 ff " SNAP "08 00", TAPIR_ETHER_LENGTH, 0x05ff,
     0, 14},
    {"1501 is neither a length nor an EtherType", TO FROM "05 dd " SNAP "08 00", TAPIR_ETHER_LENGTH, 0x05dd,
     0, 14},
    {"1500 is a length, here beyond the frame", TO FROM "05 dc " SNAP "08 00", TAPIR_ETHER_SHORT, 0x05dc,
     1500, 14},
    {"a SNAP frame has an inner EtherType", TO FROM "00 0a " SNAP "08 00 45 00", TAPIR_UNSETTLED, 0x0800, 10,
     22},
    {"a SNAP frame is padded behind its length", TO FROM "00 08 " SNAP "08 06 00 00", TAPIR_UNSETTLED, 0x0806,
     8, 22},
    {"a SNAP frame one octet short of its length", TO FROM "00 0a " SNAP "08 00 45", TAPIR_ETHER_SHORT, 10,
     10, 14},
    {"a length that leaves no room for SNAP", TO FROM "00 07 " SNAP "08 00 45", TAPIR_ETHER_LENGTH, 7, 7, 14},
    {"a length of 0", TO FROM "00 00 " SNAP "08 00", TAPIR_ETHER_LENGTH, 0, 0, 14},
    {"spanning tree with LLC 42 is no SNAP", TO FROM "00 08 42 42 03 00 00 00 08 00", TAPIR_ETHER_LENGTH, 8,
     8, 14},
    {"LLC with IP's own SAP 06 is no SNAP", TO FROM "00 08 06 06 03 45 00 00 08 00", TAPIR_ETHER_LENGTH, 8, 8,
     14},
    {"SNAP of another organisation", TO FROM "00 08 aa aa 03 00 00 0c 08 00", TAPIR_ETHER_LENGTH, 8, 8, 14},
    {"SNAP with another control octet", TO FROM "00 08 aa aa 13 00 00 00 08 00", TAPIR_ETHER_LENGTH, 8, 8,
     14},
    {"a VLAN tag", TO FROM "81 00 00 01 08 00", TAPIR_ETHER_VLAN, 0x8100, 0, 14},
    {"a provider's VLAN tag", TO FROM "88 a8 00 01 81 00", TAPIR_ETHER_VLAN, 0x88a8, 0, 14},
    {"a VLAN tag in SNAP", TO FROM "00 08 " SNAP "81 00", TAPIR_ETHER_VLAN, 0x8100, 8, 22},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact frame = exact_hex(row->frame);
    struct ether_header header;
    assert_int_equal(ether_parse(frame.data, frame.size, &header), row->verdict);
    assert_true(mac_is_broadcast(header.destination));
    assert_true(mac_equal(header.source, (struct mac){{2, 0, 0, 0, 0, 7}}));
    assert_int_equal(header.type, row->type);
    assert_int_equal(header.length, row->length);
    assert_int_equal(header.size, row->size);
    assert_int_equal(ether_is_snap(&header), row->size == 22);
    exact_free(frame);
}

static void cut(void **state)
{
    (void)state;
    struct exact whole = exact_hex(TO FROM "08 00");
    for (size_t size = 0; size < whole.size; size++) {
        struct exact frame = exact_copy(whole.data, size);
        struct ether_header header;
        assert_int_equal(ether_parse(frame.data, frame.size, &header), TAPIR_ETHER_SHORT);
        assert_int_equal(mac_is_broadcast(header.destination), size >= 6);
        assert_int_equal(mac_is_zero(header.source), size < 12);
        assert_int_equal(header.type, 0);
        exact_free(frame);
    }
    exact_free(whole);
}

static void cut_snap(void **state)
{
    (void)state;
    struct exact whole = exact_hex(TO FROM "00 0a " SNAP "08 00 45 00");
    for (size_t size = 0; size < whole.size; size++) {
        struct exact frame = exact_copy(whole.data, size);
        struct ether_header header;
        assert_int_equal(ether_parse(frame.data, frame.size, &header), TAPIR_ETHER_SHORT);
        exact_free(frame);
    }
    exact_free(whole);
}

static void build(void **state)
{
    (void)state;
    uint8_t data[15] = {[14] = 0xee};
    const struct mac destination = {{0x10, 0x11, 0x12, 0x13, 0x14, 0x15}},
                     source = {{0x20, 0x21, 0x22, 0x23, 0x24, 0x25}};
    ether_build(data, &destination, &source, 0x3031);
    exact_assert(data, sizeof data, "10 11 12 13 14 15 20 21 22 23 24 25 30 31 ee");
    struct ether_header parsed;
    assert_int_equal(ether_parse(data, sizeof data, &parsed), TAPIR_UNSETTLED);
    assert_memory_equal(parsed.destination.octet, data, 6);
    assert_memory_equal(parsed.source.octet, data + 6, 6);
    assert_int_equal(parsed.type, 0x3031);
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"an Ethernet II frame cut anywhere in its header is short", cut, NULL, NULL, NULL},
        {"a SNAP frame cut anywhere is short", cut_snap, NULL, NULL, NULL},
        {"a header is Ethernet II and 14 octets, each in its place", build, NULL, NULL, NULL},
    };
    return RUN_TABLE("ether: parse", rows, check) + cmocka_run_group_tests_name("ether", more, NULL, NULL);
}
