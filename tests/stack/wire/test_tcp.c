#include "tests/stack/wire/exact.h"
#include "wire/tcp.h"

#define NAMES "9c 40 00 50 01 02 03 04 a1 b2 c3 d4 "
#define SYN   NAMES "60 02 fa f0 81 06 00 07 02 04 05 b4"
#define DATA  NAMES "50 18 fa f0 54 d5 00 07 68 65 6c 6c 6f"

static const struct ip4 source = {0x0a00010a}, destination = {0x0a000101};

static const struct row {
    const char *sentence;
    const char *segment;
    enum tapir_verdict verdict;
    uint8_t size, flags;
    bool holds;
} rows[] = {
    {"a SYN with its MSS", SYN, TAPIR_UNSETTLED, 24, TCP_SYN, true},
    {"data of odd length", DATA, TAPIR_UNSETTLED, 20, TCP_PSH | TCP_ACK, true},
    {"one bit wrong", NAMES "60 02 fa f0 81 07 00 07 02 04 05 b4", TAPIR_UNSETTLED, 24, TCP_SYN, false},
    {"every flag, and reserved bits that do not count", NAMES "5f ff fa f0 00 00 00 07", TAPIR_UNSETTLED, 20,
     0xff, false},
    {"a data offset of 16 octets", NAMES "40 02 fa f0 00 00 00 07", TAPIR_TCP_SHORT, 16, TCP_SYN, false},
    {"a data offset of 0", NAMES "00 02 fa f0 00 00 00 07", TAPIR_TCP_SHORT, 0, TCP_SYN, false},
    {"a data offset beyond the segment", NAMES "60 02 fa f0 00 00 00 07 02 04 05", TAPIR_TCP_SHORT, 24,
     TCP_SYN, false},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact segment = exact_hex(row->segment);
    struct tcp_header header;
    assert_int_equal(tcp_parse(segment.data, segment.size, &header), row->verdict);
    assert_int_equal(header.source_port, 40000);
    assert_int_equal(header.destination_port, 80);
    assert_int_equal(header.sequence, 0x01020304);
    assert_int_equal(header.acknowledgment, 0xa1b2c3d4);
    assert_int_equal(header.window, 64240);
    assert_int_equal(header.urgent, 7);
    assert_int_equal(header.flags, row->flags);
    assert_int_equal(header.size, row->size);
    assert_int_equal(tcp_checksum_holds(segment.data, segment.size, source, destination), row->holds);
    exact_free(segment);
}

static void other_addresses(void **state)
{
    (void)state;
    struct exact segment = exact_hex(DATA);
    assert_false(tcp_checksum_holds(segment.data, segment.size, source, (struct ip4){0x0a000102}));
    exact_free(segment);
}

static void cut(void **state)
{
    (void)state;
    struct exact whole = exact_hex(SYN);
    for (size_t size = 0; size < whole.size; size++) {
        struct exact segment = exact_copy(whole.data, size);
        struct tcp_header header;
        assert_int_equal(tcp_parse(segment.data, segment.size, &header), TAPIR_TCP_SHORT);
        exact_free(segment);
    }
    exact_free(whole);
}

static const struct tcp_header header = {40000, 80, 0x01020304, 0xa1b2c3d4, 64240, 7, TCP_SYN, 24};

static void build_options(void **state)
{
    (void)state;
    struct exact segment =
        exact_hex("ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee 02 04 05 b4");
    tcp_build(segment.data, segment.size, &header, source, destination);
    exact_assert(segment.data, segment.size, SYN);
    exact_free(segment);
}

static void build_data(void **state)
{
    (void)state;
    struct exact segment =
        exact_hex("ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee ee 68 65 6c 6c 6f");
    struct tcp_header plain = header;
    plain.flags = TCP_PSH | TCP_ACK;
    plain.size = TCP_HEADER;
    tcp_build(segment.data, segment.size, &plain, source, destination);
    exact_assert(segment.data, segment.size, DATA);
    exact_free(segment);
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"the addresses are part of the checksum", other_addresses, NULL, NULL, NULL},
        {"a segment cut anywhere in its header is short", cut, NULL, NULL, NULL},
        {"a SYN is built before its options", build_options, NULL, NULL, NULL},
        {"a segment is built before its data", build_data, NULL, NULL, NULL},
    };
    return RUN_TABLE("tcp: parse", rows, check) + cmocka_run_group_tests_name("tcp", more, NULL, NULL);
}
