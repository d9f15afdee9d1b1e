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

static void build(void **state)
{
    (void)state;
    const struct arp reply = {.hardware = ARP_ETHERNET,
                              .opcode = ARP_REPLY,
                              .sender_mac = {{2, 0, 0, 0, 0, 7}},
                              .sender = {0x0a00010a},
                              .target_mac = {{2, 0, 0, 0, 0, 1}},
                              .target = {0x0a000101}};
    uint8_t data[ARP_SIZE];
    arp_build(data, &reply);
    exact_assert(data, sizeof data, "00 01 08 00 06 04 00 02 " ADDRESSES);
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"a packet cut anywhere is short", cut, NULL, NULL, NULL},
        {"a reply is built octet for octet", build, NULL, NULL, NULL},
    };
    return RUN_TABLE("arp: parse", rows, check) + cmocka_run_group_tests_name("arp", more, NULL, NULL);
}
