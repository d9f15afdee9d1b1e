#include "tests/stack/wire/exact.h"
#include "wire/addr.h"
#include "wire/arp.h"

#define ADDRESSES "02 00 00 00 00 07 0a 00 01 0a 02 00 00 00 00 01 0a 00 01 01"

static const struct row {
    const char *sentence;
    const char *packet;
    bool snap;
    enum tapir_verdict verdict;
} rows[] = {
    {"a request", "00 01 08 00 06 04 00 01 " ADDRESSES, false, TAPIR_UNSETTLED},
    {"padding behind it is ignored", "00 01 08 00 06 04 00 01 " ADDRESSES " 00 00", false, TAPIR_UNSETTLED},
    {"an opcode of 9 is not judged here", "00 01 08 00 06 04 00 09 " ADDRESSES, false, TAPIR_UNSETTLED},
    {"hardware 6 in an Ethernet II frame", "00 06 08 00 06 04 00 01 " ADDRESSES, false, TAPIR_ARP_HARDWARE},
    {"hardware 6 in a SNAP frame", "00 06 08 00 06 04 00 01 " ADDRESSES, true, TAPIR_UNSETTLED},
    {"hardware 1 in a SNAP frame", "00 01 08 00 06 04 00 01 " ADDRESSES, true, TAPIR_UNSETTLED},
    {"hardware 15, Frame Relay", "00 0f 08 00 06 04 00 01 " ADDRESSES, true, TAPIR_ARP_HARDWARE},
    {"a protocol that is not IPv4", "00 01 08 06 06 04 00 01 " ADDRESSES, false, TAPIR_ARP_PROTOCOL},
    {"hardware addresses of 5 octets", "00 01 08 00 05 04 00 01 " ADDRESSES, false, TAPIR_ARP_LENGTHS},
    {"protocol addresses of 16 octets", "00 01 08 00 06 10 00 01 " ADDRESSES, false, TAPIR_ARP_LENGTHS},
    {"of all faults the hardware comes first", "00 02 08 06 05 05 00 01 " ADDRESSES, false,
     TAPIR_ARP_HARDWARE},
    {"then the protocol", "00 01 08 06 05 05 00 01 " ADDRESSES, false, TAPIR_ARP_PROTOCOL},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact packet = exact_hex(row->packet);
    struct arp arp;
    assert_int_equal(arp_parse(packet.data, packet.size, row->snap, &arp), row->verdict);
    assert_int_equal(arp.hardware, packet.data[1]);
    assert_int_equal(arp.opcode, packet.data[7]);
    assert_true(mac_equal(arp.sender_mac, (struct mac){{2, 0, 0, 0, 0, 7}}));
    assert_true(mac_equal(arp.target_mac, (struct mac){{2, 0, 0, 0, 0, 1}}));
    assert_int_equal(arp.sender.value, 0x0a00010a);
    assert_int_equal(arp.target.value, 0x0a000101);
    exact_free(packet);
}

static void cut(void **state)
{
    (void)state;
    struct exact whole = exact_hex("00 01 08 00 06 04 00 01 " ADDRESSES);
    for (size_t size = 0; size < whole.size; size++) {
        struct exact packet = exact_copy(whole.data, size);
        struct arp arp;
        assert_int_equal(arp_parse(packet.data, packet.size, false, &arp), TAPIR_ARP_SHORT);
        exact_free(packet);
    }
    exact_free(whole);
}

/* No octet is like its neighbor. */
#define SPREAD_OUT "20 21 22 23 24 25 0a 31 32 33 40 41 42 43 44 45 c0 51 52 53"

static void fields(void **state)
{
    (void)state;
    struct exact packet = exact_hex("10 11 08 00 06 04 12 13 " SPREAD_OUT);
    struct arp arp;
    assert_int_equal(arp_parse(packet.data, packet.size, false, &arp), TAPIR_ARP_HARDWARE);
    assert_int_equal(arp.hardware, 0x1011);
    assert_int_equal(arp.opcode, 0x1213);
    assert_memory_equal(arp.sender_mac.octet, "\x20\x21\x22\x23\x24\x25", 6);
    assert_int_equal(arp.sender.value, 0x0a313233);
    assert_memory_equal(arp.target_mac.octet, "\x40\x41\x42\x43\x44\x45", 6);
    assert_int_equal(arp.target.value, 0xc0515253);
    exact_free(packet);
}

static void build(void **state)
{
    (void)state;
    const struct arp arp = {.hardware = 0x1011,
                            .opcode = 0x1213,
                            .sender_mac = {{0x20, 0x21, 0x22, 0x23, 0x24, 0x25}},
                            .sender = {0x0a313233},
                            .target_mac = {{0x40, 0x41, 0x42, 0x43, 0x44, 0x45}},
                            .target = {0xc0515253}};
    struct exact data = exact_new(ARP_SIZE);
    memset(data.data, 0xee, data.size);
    arp_build(data.data, &arp);
    exact_assert(data.data, data.size, "10 11 08 00 06 04 12 13 " SPREAD_OUT);
    exact_free(data);
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"a packet cut anywhere is short", cut, NULL, NULL, NULL},
        {"each field is read from its place", fields, NULL, NULL, NULL},
        {"a packet is built octet for octet", build, NULL, NULL, NULL},
    };
    return RUN_TABLE("arp: parse", rows, check) + cmocka_run_group_tests_name("arp", more, NULL, NULL);
}
