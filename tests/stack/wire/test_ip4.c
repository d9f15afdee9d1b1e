#include "tests/dice.h"
#include "tests/stack/wire/exact.h"
#include "wire/ip4.h"

#define ADDRESSES "0a 00 01 0a 0a 00 01 01"
#define HEADER    "45 10 00 20 12 34 40 00 40 11 12 7f " ADDRESSES
#define DATA      " 00 00 00 00 00 00 00 00 00 00 00 00"
#define OPTIONS   "47 00 00 24 12 34 00 00 40 01 45 94 " ADDRESSES " 07 07 04 00 00 00 00 00"

static const struct row {
    const char *sentence;
    const char *packet;
    enum tapir_verdict verdict;
} rows[] = {
    {"a header and its data", HEADER DATA, TAPIR_UNSETTLED},
    {"a header without data", "45 00 00 14 12 34 00 00 40 11 52 9b " ADDRESSES, TAPIR_UNSETTLED},
    {"padding behind the total length", HEADER DATA " 00 00", TAPIR_UNSETTLED},
    {"a header with options", OPTIONS " 08 00 f7 ff 00 00 00 00", TAPIR_UNSETTLED},
    {"a computed 0000 sent as ffff", "45 00 00 20 64 c3 00 00 40 11 ff ff " ADDRESSES DATA, TAPIR_UNSETTLED},
    {"version 6", "65 00 00 20 12 34 00 00 40 11 52 8f " ADDRESSES DATA, TAPIR_IP4_VERSION},
    {"version 4 and header length 16", "44 00 00 20 12 34 00 00 40 11 5e 90 " ADDRESSES DATA,
     TAPIR_IP4_HEADER_LENGTH},
    {"header length 0", "40 00 00 20 12 34 00 00 40 11 57 8f " ADDRESSES DATA, TAPIR_IP4_HEADER_LENGTH},
    {"a header length beyond the frame", "47 00 00 24 12 34 00 00 40 01 45 94 " ADDRESSES " 07 07 04 00",
     TAPIR_IP4_HEADER_LENGTH},
    {"total length 19", "45 00 00 13 12 34 00 00 40 11 52 9c " ADDRESSES, TAPIR_IP4_TOTAL_LENGTH},
    {"a total length that ends within the options",
     "47 00 00 1b 12 34 00 00 40 01 45 9d " ADDRESSES " 07 07 04 00 00 00 00 00", TAPIR_IP4_TOTAL_LENGTH},
    {"one bit wrong", "45 10 00 20 12 34 40 00 40 11 12 7e " ADDRESSES DATA, TAPIR_IP4_CHECKSUM},
    {"one bit wrong in the options",
     "47 00 00 24 12 34 00 00 40 01 45 94 " ADDRESSES " 07 07 04 00 00 00 00 01"
     " 08 00 f7 ff 00 00 00 00",
     TAPIR_IP4_CHECKSUM},
    {"one octet of data missing", HEADER " 00 00 00 00 00 00 00 00 00 00 00", TAPIR_IP4_TRUNCATED},
    {"all data missing", HEADER, TAPIR_IP4_TRUNCATED},
    {"of all faults the version comes first", "64 00 00 13 12 34 00 00 40 11 00 00 " ADDRESSES,
     TAPIR_IP4_VERSION},
    {"then the header length", "44 00 00 0f 12 34 00 00 40 11 00 00 " ADDRESSES, TAPIR_IP4_HEADER_LENGTH},
    {"then the total length", "45 00 00 13 12 34 00 00 40 11 00 00 " ADDRESSES, TAPIR_IP4_TOTAL_LENGTH},
    {"then the checksum, before a truncation", "45 10 00 20 12 34 40 00 40 11 00 00 " ADDRESSES,
     TAPIR_IP4_CHECKSUM},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct exact packet = exact_hex(row->packet);
    struct ip4_header header;
    assert_int_equal(ip4_parse(packet.data, packet.size, &header), row->verdict);
    assert_int_equal(ip4_is_usual(packet.data, packet.size),
                     row->verdict == TAPIR_UNSETTLED && header.size == IP4_HEADER);
    assert_int_equal(header.source.value, 0x0a00010a);
    assert_int_equal(header.destination.value, 0x0a000101);
    exact_free(packet);
}

/* Cut in the data it is truncated, and an error can be sent; cut in the header it has the verdict of its
 * length. */
static void cut(void **state)
{
    (void)state;
    struct exact whole = exact_hex(OPTIONS " 08 00 f7 ff 00 00 00 00");
    for (size_t size = 0; size < whole.size; size++) {
        struct exact packet = exact_copy(whole.data, size);
        struct ip4_header header;
        enum tapir_verdict expected = size < 20   ? TAPIR_IP4_SHORT
                                      : size < 28 ? TAPIR_IP4_HEADER_LENGTH
                                                  : TAPIR_IP4_TRUNCATED;
        assert_int_equal(ip4_parse(packet.data, packet.size, &header), expected);
        assert_false(ip4_is_usual(packet.data, packet.size));
        if (expected == TAPIR_IP4_TRUNCATED)
            assert_int_equal(header.total, 36);
        exact_free(packet);
    }
    exact_free(whole);
}

/* As the sum over all says, which wire/test_checksum compares with a naive one. */
static void checksums(void **state)
{
    (void)state;
    struct dice dice = dice_of(1);
    for (int n = 0; n < 16; n++) {
        uint8_t header[IP4_HEADER] = {0x45, 0, 0, IP4_HEADER};
        for (size_t i = IP4_AT_ID; n > 0 && i < sizeof header; i++)
            header[i] = (uint8_t)dice_below(&dice, 256);
        unsigned holds = 0;
        for (uint32_t sum = 0; sum <= 0xffff; sum++) {
            bytes_put16(header + IP4_AT_CHECKSUM, (uint16_t)sum);
            bool is_usual = ip4_is_usual(header, sizeof header);
            assert_int_equal(is_usual, checksum_holds(header, sizeof header));
            holds += is_usual;
        }
        assert_in_range(holds, 1, 2);
    }
}

static void fields(void **state)
{
    (void)state;
    struct exact packet = exact_hex("45 b8 00 24 be ef 20 b9 01 11 c3 5e " ADDRESSES DATA " 00 00 00 00");
    struct ip4_header header;
    assert_int_equal(ip4_parse(packet.data, packet.size, &header), TAPIR_UNSETTLED);
    assert_int_equal(header.tos, 0xb8);
    assert_int_equal(header.total, 36);
    assert_int_equal(header.id, 0xbeef);
    assert_int_equal(header.fragment, 0x20b9);
    assert_int_equal(header.ttl, 1);
    assert_int_equal(header.protocol, IP4_UDP);
    assert_int_equal(header.checksum, 0xc35e);
    assert_int_equal(header.size, 20);
    exact_free(packet);
}

static const struct ip4_header built = {
    .source = {0x0a00010a}, .destination = {0x0a000101}, .id = 0x1234, .ttl = 64};

static void build(void **state)
{
    (void)state;
    uint8_t data[21];
    memset(data, 0xee, sizeof data);
    struct ip4_header header = built;
    header.tos = 0x10;
    header.total = 32;
    header.fragment = IP4_DF;
    header.protocol = IP4_UDP;
    header.size = IP4_HEADER;
    header.checksum = 0xdead; /* not read */
    ip4_build(data, &header);
    exact_assert(data, sizeof data, HEADER " ee");
}

static void build_with_options(void **state)
{
    (void)state;
    uint8_t data[28] = {[20] = 7, 7, 4};
    struct ip4_header header = built;
    header.total = 36;
    header.protocol = IP4_ICMP;
    header.size = sizeof data;
    ip4_build(data, &header);
    exact_assert(data, sizeof data, OPTIONS);
}

static void build_six_words(void **state)
{
    (void)state;
    uint8_t data[24] = {[20] = 0x94, 4};
    struct ip4_header header = built;
    header.total = header.size = sizeof data;
    header.protocol = IP4_ICMP;
    ip4_build(data, &header);
    exact_assert(data, sizeof data, "46 00 00 18 12 34 00 00 40 01 bd a2 " ADDRESSES " 94 04 00 00");
}

static const struct part {
    const char *sentence;
    uint16_t fragment;
    bool is_fragment, is_later;
} parts[] = {
    {"a whole datagram", 0, false, false},
    {"DF and the reserved bit make no fragment", IP4_DF | IP4_RESERVED, false, false},
    {"the first fragment", IP4_MF, true, false},
    {"a fragment in the middle", IP4_MF | 1, true, true},
    {"the last fragment", 0x1fff, true, true},
};

static void check_part(void **state)
{
    const struct part *row = *state;
    assert_int_equal(ip4_is_fragment(row->fragment), row->is_fragment);
    assert_int_equal(ip4_is_later_fragment(row->fragment), row->is_later);
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"a packet cut anywhere has the verdict of what is missing", cut, NULL, NULL, NULL},
        {"of all checksums of a usual header those hold that the sum over it says", checksums, NULL, NULL,
         NULL},
        {"each field is read from its place", fields, NULL, NULL, NULL},
        {"a header is built octet for octet", build, NULL, NULL, NULL},
        {"the length of a built header counts words", build_six_words, NULL, NULL, NULL},
        {"the checksum of a built header covers its options", build_with_options, NULL, NULL, NULL},
    };
    return RUN_TABLE("ip4: parse", rows, check) + RUN_TABLE("ip4: fragments", parts, check_part) +
           cmocka_run_group_tests_name("ip4", more, NULL, NULL);
}
