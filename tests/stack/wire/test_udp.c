#include "tests/stack/wire/exact.h"
#include "wire/udp.h"

static const struct ip4 source = {0x0a00010a}, destination = {0x0a000101};

static const struct row {
    const char *sentence;
    const char *datagram;
    enum tapir_verdict verdict;
    uint16_t length;
    bool holds;
} rows[] = {
    {"a datagram of four octets", "00 35 9c 40 00 0c 6e 85 70 69 6e 67", TAPIR_UNSETTLED, 12, true},
    {"a datagram of odd length", "00 35 9c 40 00 0b 79 f3 6f 64 64", TAPIR_UNSETTLED, 11, true},
    {"octets behind its length are not part of it", "00 35 9c 40 00 0b 79 f3 6f 64 64 ff", TAPIR_UNSETTLED,
     11, true},
    {"no checksum", "00 35 9c 40 00 0c 00 00 70 69 6e 67", TAPIR_UNSETTLED, 12, true},
    {"a computed 0000 sent as ffff", "00 35 9c 40 00 0a ff ff 4d 5a", TAPIR_UNSETTLED, 10, true},
    {"one bit wrong", "00 35 9c 40 00 0c 6e 84 70 69 6e 67", TAPIR_UNSETTLED, 12, false},
    {"no data", "00 35 9c 40 00 08 4d 5e", TAPIR_UNSETTLED, 8, true},
    {"a length of 7", "00 35 9c 40 00 07 6e 85", TAPIR_UDP_LENGTH, 7, false},
    {"a length one octet beyond the payload", "00 35 9c 40 00 0c 6e 85 70 69 6e", TAPIR_UDP_LENGTH, 12,
     false},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact datagram = exact_hex(row->datagram);
    struct udp_header header;
    assert_int_equal(udp_parse(datagram.data, datagram.size, &header), row->verdict);
    assert_int_equal(header.source_port, 53);
    assert_int_equal(header.destination_port, 40000);
    assert_int_equal(header.length, row->length);
    assert_int_equal(header.checksum, datagram.data[6] << 8 | datagram.data[7]);
    if (row->verdict == TAPIR_UNSETTLED)
        assert_int_equal(udp_checksum_holds(datagram.data, &header, source, destination), row->holds);
    exact_free(datagram);
}

static void other_addresses(void **state)
{
    (void)state;
    struct exact datagram = exact_hex("00 35 9c 40 00 0c 6e 85 70 69 6e 67");
    struct udp_header header;
    assert_int_equal(udp_parse(datagram.data, datagram.size, &header), TAPIR_UNSETTLED);
    assert_false(udp_checksum_holds(datagram.data, &header, source, (struct ip4){0x0a000102}));
    exact_free(datagram);
}

static void cut(void **state)
{
    (void)state;
    struct exact whole = exact_hex("00 35 9c 40 00 0c 6e 85 70 69 6e 67");
    for (size_t size = 0; size < whole.size; size++) {
        struct exact datagram = exact_copy(whole.data, size);
        struct udp_header header;
        assert_int_equal(udp_parse(datagram.data, datagram.size, &header),
                         size < 8 ? TAPIR_UDP_SHORT : TAPIR_UDP_LENGTH);
        exact_free(datagram);
    }
    exact_free(whole);
}

static const struct sent {
    const char *sentence;
    const char *data, *datagram;
} sents[] = {
    {"no data", "", "00 35 9c 40 00 08 4d 5e"},
    {"even data", "70 69 6e 67", "00 35 9c 40 00 0c 6e 85 70 69 6e 67"},
    {"odd data", "6f 64 64", "00 35 9c 40 00 0b 79 f3 6f 64 64"},
    {"data that make the sum 0000 are sent with ffff", "4d 5a", "00 35 9c 40 00 0a ff ff 4d 5a"},
};

static void check_build(void **state)
{
    const struct sent *row = *state;
    struct exact data = exact_hex(row->data);
    struct exact datagram = exact_new(UDP_HEADER + data.size);
    memset(datagram.data, 0xee, UDP_HEADER);
    memcpy(datagram.data + UDP_HEADER, data.data, data.size);
    udp_build(datagram.data, &(struct udp_header){53, 40000, (uint16_t)datagram.size, 0xdead}, source,
              destination);
    exact_assert(datagram.data, datagram.size, row->datagram);
    exact_free(datagram);
    exact_free(data);
}

/* Longer than an octet can say. */
static void build_long(void **state)
{
    (void)state;
    uint8_t octets[312] = {10, 0, 1, 10, 10, 0, 1, 1, 0, 17, 300 >> 8, 300 & 0xff}, *datagram = octets + 12;
    memset(datagram, 0xa7, 300);
    udp_build(datagram, &(struct udp_header){53, 40000, 300, 0}, source, destination);
    uint16_t built = (uint16_t)(datagram[6] << 8 | datagram[7]);
    datagram[6] = datagram[7] = 0;
    assert_int_equal(built, naive_checksum(0, octets, sizeof octets));
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"the addresses are part of the checksum", other_addresses, NULL, NULL, NULL},
        {"the length is part of the checksum, all of it", build_long, NULL, NULL, NULL},
        {"a datagram cut anywhere is short or shorter than its length", cut, NULL, NULL, NULL},
    };
    return RUN_TABLE("udp: parse", rows, check) + RUN_TABLE("udp: build", sents, check_build) +
           cmocka_run_group_tests_name("udp", more, NULL, NULL);
}
