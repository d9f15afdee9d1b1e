/* Super-frames taken apart, quoted and judged, as pure functions. The oracle makes the single frames first, and the super-frame of
 * them: tests/supers.h. */
#include "ip4/segment.h"

#include <string.h>

#include "core/packet.h"
#include "tests/dissect.h"
#include "tests/supers.h"
#include "tests/table.h"

#define TIMESTAMPS "\x01\x01\x08\x0a\x11\x22\x33\x44\x55\x66\x77\x88"
#define ROUTE      "\x07\x07\x04\x00\x00\x00\x00\x00"
#define ALL_TCP        \
    "\x01\x01\x05\x22" \
    "abcdefghijklmnopqrstuvwxyzabcdef\x01\x01\x01\x01"
#define ALL_IP4                                                \
    "\x82\x0b\x11\x22\x33\x44\x55\x66\x77\x88\x99\x07\x1b\x04" \
    "abcdefghijklmnopqrstuvwx\x00\x00"

enum {
    ETHER = 14,
    FIN = 1,
    PSH = 8,
    ECE = 0x40,
    CWR = 0x80,
    IS_DF = 0x4000,
    IS_MF = 0x2000
};

_Alignas(16) static uint8_t slot[sizeof(struct tapir_packet) + TAPIR_HEADROOM + ETHER + SUPER_MAX + 1];

/* As ip4/input leaves it. */
static struct tapir_packet *packet_of(const uint8_t *datagram, size_t size,
                                      const struct tapir_offload *offload)
{
    struct tapir_packet *packet = tapir_packet_init(slot, sizeof slot, NULL);
    memcpy(packet->data + ETHER, datagram, size);
    packet->size = (uint32_t)(ETHER + size);
    packet->offload = *offload;
    packet->within.network = ETHER;
    packet->within.transport = ETHER + (uint32_t)(datagram[0] & 15) * 4;
    packet->within.end = packet->size;
    packet->within.tuple.header = (uint8_t)((datagram[0] & 15) * 4);
    packet->within.tuple.protocol = datagram[9];
    packet->within.tuple.fragment = (uint16_t)dissect_get(datagram + 6, 2);
    return packet;
}

/* ---- taken apart ---- */

static const struct row {
    const char *sentence;
    struct super super;
} rows[] = {
    {"UDP: three datagrams and a short one", {.data = 3500, .segment = 1000}},
    {"UDP: the last one as long as the others", {.data = 4000, .segment = 1000}},
    {"UDP: one octet each", {.data = 9, .segment = 1}},
    {"UDP: an odd length, and one octet at the end", {.data = 3 * 1471 + 1, .segment = 1471}},
    {"UDP: one datagram that is shorter than a segment", {.data = 700, .segment = 1400}},
    {"UDP: one datagram that is as long as a segment", {.data = 1400, .segment = 1400}},
    {"UDP: one datagram without data", {.data = 0, .segment = 1000}},
    {"UDP: as long as a datagram can be", {.data = 65507, .segment = 1472}},
    {"UDP: as long as can be, in two halves", {.data = 65507, .segment = 32754}},
    {"UDP: a checksum of zero is sent as all ones", {.data = 3000, .segment = 1000, .sums_to_zero = true}},
    {"UDP: identifications count on beyond 65,535", {.data = 4000, .segment = 1000, .id = 0xfffe}},
    {"UDP: identifications stand still where they are said to",
     {.data = 4000, .segment = 1000, .one_id = true, .fragment = IS_DF}},
    {"UDP: TOS, TTL and DF as in the whole",
     {.data = 2001, .segment = 500, .tos = 0xbb, .ttl = 3, .fragment = IS_DF}},
    {"UDP: IPv4 options in each",
     {.data = 2000, .segment = 700, .options = "\x01" ROUTE "\x01\x01\x00", .options_size = 12}},
    {"TCP: three segments and a short one", {.protocol = 6, .data = 5000, .segment = 1448}},
    {"TCP: PSH and FIN in the last alone",
     {.protocol = 6, .data = 5000, .segment = 1448, .flags = PSH | FIN}},
    {"TCP: PSH and FIN in a last one as long as the others",
     {.protocol = 6, .data = 4344, .segment = 1448, .flags = PSH | FIN}},
    {"TCP: PSH and FIN in the only one", {.protocol = 6, .data = 1000, .segment = 1448, .flags = PSH | FIN}},
    {"TCP: CWR in the first alone, ECE in each",
     {.protocol = 6, .data = 5000, .segment = 1448, .flags = CWR | ECE | PSH}},
    {"TCP: sequence numbers wrap", {.protocol = 6, .data = 5000, .segment = 1000, .sequence = 0xfffffc00}},
    {"TCP: timestamps in each",
     {.protocol = 6, .data = 7777, .segment = 1437, .tcp_options = TIMESTAMPS, .tcp_options_size = 12}},
    {"TCP: as long as a datagram can be", {.protocol = 6, .data = 65495, .segment = 1460, .flags = PSH}},
    {"TCP: all options of both",
     {.protocol = 6,
      .data = 20001,
      .segment = 1337,
      .options = ALL_IP4,
      .options_size = 40,
      .tcp_options = ALL_TCP,
      .tcp_options_size = 40,
      .flags = PSH}},
    {"TCP: a checksum of zero is sent as zero",
     {.protocol = 6, .data = 3000, .segment = 1000, .sums_to_zero = true}},
    {"TCP: two octets each", {.protocol = 6, .data = 101, .segment = 2, .flags = PSH}},
};

static void check_segments(void **state)
{
    const struct row *row = *state;
    static uint8_t whole[SUPER_MAX], built[SUPER_MAX], right[SUPER_MAX];
    struct tapir_offload offload;
    size_t size = super_whole(&row->super, whole, &offload);
    struct tapir_packet *packet = packet_of(whole, size, &offload);
    struct ip4_segments segments;
    assert_int_equal(ip4_offload_judge(packet), TAPIR_UNSETTLED);
    ip4_segments_init(&segments, packet);
    assert_int_equal(ip4_segments_count(&segments), super_count(&row->super));
    for (size_t i = 0; i < super_count(&row->super); i++) {
        size_t octets = super_single(&row->super, i, right);
        assert_int_equal(ip4_segment_size(&segments, (uint32_t)i), octets);
        memset(built, 0xa5, sizeof built);
        ip4_segment_build(&segments, (uint32_t)i, built);
        assert_memory_equal(built, right, octets);
        assert_true(octets == sizeof built || built[octets] == 0xa5);
        if (i == 0)
            assert_int_equal(ip4_largest(packet), octets);
    }
    assert_memory_equal(packet->data + ETHER, whole, size);
}

/* The first octets of the first segment, however many, and not one octet more. */
static void check_quote(void **state)
{
    const struct row *row = *state;
    static uint8_t whole[SUPER_MAX], right[SUPER_MAX];
    uint8_t quote[600];
    struct tapir_offload offload;
    size_t size = super_whole(&row->super, whole, &offload), first = super_single(&row->super, 0, right);
    const struct tapir_packet *packet = packet_of(whole, size, &offload);
    for (size_t octets = 0; octets <= 548 && octets <= first; octets++) {
        memset(quote, 0xa5, sizeof quote);
        ip4_quote(packet, quote, octets);
        assert_memory_equal(quote, right, octets);
        assert_int_equal(quote[octets], 0xa5);
    }
    assert_memory_equal(packet->data + ETHER, whole, size);
}

/* ---- a partial checksum of one frame ---- */

static const struct row singles[] = {
    {"UDP", {.data = 100}},
    {"UDP of an odd length", {.data = 333}},
    {"UDP without data", {.data = 0}},
    {"UDP whose checksum is zero gets all ones", {.data = 500, .sums_to_zero = true}},
    {"UDP behind options", {.data = 700, .options = ROUTE, .options_size = 8}},
    {"TCP", {.protocol = 6, .data = 1000, .flags = PSH}},
    {"TCP whose checksum is zero keeps it", {.protocol = 6, .data = 500, .sums_to_zero = true}},
    {"TCP with options", {.protocol = 6, .data = 17, .tcp_options = TIMESTAMPS, .tcp_options_size = 12}},
};

static size_t make_partial(const struct super *super, uint8_t *partial, uint8_t *right,
                           struct tapir_offload *offload)
{
    size_t size = super_whole(super, partial, offload);
    offload->segment = 0;
    offload->kind = TAPIR_OFFLOAD_CHECKSUM;
    assert_int_equal(super_single(super, 0, right), size);
    return size;
}

static void check_partial(void **state)
{
    const struct row *row = *state;
    static uint8_t partial[2048], right[2048];
    uint8_t quote[600];
    struct tapir_offload offload;
    size_t size = make_partial(&row->super, partial, right, &offload);
    struct tapir_packet *packet = packet_of(partial, size, &offload);
    assert_int_equal(ip4_offload_judge(packet), TAPIR_UNSETTLED);
    assert_int_equal(ip4_largest(packet), size);
    /* Whose checksum is not in the quote, or by half: nobody can look at it. */
    size_t field = (size_t)offload.start - ETHER + offload.offset;
    for (size_t octets = 0; octets <= 548 && octets <= size; octets++) {
        memset(quote, 0xa5, sizeof quote);
        ip4_quote(packet, quote, octets);
        assert_memory_equal(quote, octets == field + 1 ? partial : right, octets);
        assert_int_equal(quote[octets], 0xa5);
    }
    assert_memory_equal(packet->data + ETHER, partial, size);
    ip4_complete_checksum(packet);
    assert_memory_equal(packet->data + ETHER, right, size);
    assert_false(packet->offload.partial);
    assert_true(packet->offload.verified);
    ip4_complete_checksum(packet);
    assert_memory_equal(packet->data + ETHER, right, size);
}

/* UDP in IPv4 in IPv4: the kernel leaves the inner checksum to the device. Padding behind the datagram is not added up. */
static void a_checksum_inside_a_tunnel_is_completed(void **state)
{
    (void)state;
    static uint8_t partial[2048], right[2048], outer[2048];
    struct tapir_offload offload;
    size_t size = make_partial(&(struct super){.data = 301}, partial, right, &offload);
    memcpy(outer, right, 20);
    outer[9] = 4;
    memcpy(outer + 20, partial, size);
    offload.start += 20;
    struct tapir_packet *packet = packet_of(outer, 20 + size, &offload);
    memset(packet->data + packet->size, 0x5a, 8);
    packet->size += 8;
    uint8_t quote[548];
    ip4_quote(packet, quote, 60);
    assert_memory_equal(quote + 20, right, 40);
    assert_int_equal(ip4_offload_judge(packet), TAPIR_UNSETTLED);
    ip4_complete_checksum(packet);
    assert_memory_equal(packet->data + ETHER + 20, right, size);
    assert_false(packet->offload.verified); /* that of the transport header, which nobody has looked at */
}

static void what_is_complete_stays(void **state)
{
    (void)state;
    static uint8_t right[2048];
    size_t size = super_single(&(struct super){.data = 700}, 0, right);
    static const struct tapir_offload states[] = {{.verified = false}, {.verified = true}};
    for (size_t i = 0; i < 2; i++) {
        uint8_t quote[548];
        struct tapir_packet *packet = packet_of(right, size, &states[i]);
        assert_false(ip4_is_super(packet));
        assert_int_equal(ip4_is_checksum_known(packet), i == 1);
        assert_int_equal(ip4_offload_judge(packet), TAPIR_UNSETTLED);
        ip4_quote(packet, quote, sizeof quote);
        assert_memory_equal(quote, right, sizeof quote);
        ip4_complete_checksum(packet);
        assert_memory_equal(packet->data + ETHER, right, size);
        assert_int_equal(packet->offload.verified, i == 1);
    }
}

/* ---- what a device may say ---- */

static const struct super udp = {.data = 3000, .segment = 1000},
                          tcp = {.protocol = 6, .data = 3000, .segment = 1000};

static const struct {
    const char *sentence;
    const struct super *super;
    int kind, start, offset; /* 0: as they should be */
    int total;               /* octets of IPv4: all */
    int fragment, protocol, data_offset;
    bool complete, single; /* no partial checksum; no super-frame */
    bool is_sound;
} claims[] = {
    {"segments of UDP", &udp, .is_sound = true},
    {"segments of TCP", &tcp, .is_sound = true},
    {"DF and the reserved flag make no fragment", &udp, .fragment = 0xc000, .is_sound = true},
    {"segments of a first fragment", &udp, .fragment = IS_MF},
    {"segments of a last fragment", &tcp, .fragment = 100},
    {"segments of TCP in UDP", &udp, .kind = TAPIR_OFFLOAD_TCP, .offset = 16},
    {"segments of UDP in TCP", &tcp, .kind = TAPIR_OFFLOAD_UDP, .offset = 6},
    {"segments of nothing", &udp, .kind = -1},
    {"segments of a kind that nobody knows", &udp, .kind = 3},
    {"segments with a complete checksum, UDP", &udp, .complete = true},
    {"segments with a complete checksum, TCP", &tcp, .complete = true},
    {"segments of another protocol", &udp, .protocol = 47},
    {"segments of UDP whose checksum begins elsewhere", &udp, .start = 36},
    {"segments of TCP whose checksum begins elsewhere", &tcp, .start = 36},
    {"segments of UDP whose checksum is elsewhere", &udp, .offset = 16},
    {"segments of TCP whose checksum is elsewhere", &tcp, .offset = 6},
    {"segments of TCP behind a header of 16 octets", &tcp, .data_offset = 4},
    {"segments of TCP whose header ends beyond the datagram", &tcp, .data_offset = 15, .total = 79},
    {"segments of TCP whose header just fits", &tcp, .data_offset = 15, .total = 80, .is_sound = true},
    {"segments of UDP without room for a header", &udp, .total = 27},
    {"a checksum of UDP", &udp, .single = true, .is_sound = true},
    {"a checksum of TCP", &tcp, .single = true, .is_sound = true},
    {"a checksum that is the last word", &udp, .single = true, .start = 46, .total = 40, .is_sound = true},
    {"a checksum that ends an octet beyond", &udp, .single = true, .start = 46, .total = 39},
    {"a checksum that begins beyond the end", &udp, .single = true, .start = 6000},
    {"a checksum as far off as can be", &udp, .single = true, .start = 65535, .offset = 65535},
    {"a checksum in the Ethernet header", &udp, .single = true, .start = 2},
    {"a checksum in the IPv4 header", &udp, .single = true, .start = 14, .offset = 12},
    {"a checksum of UDP at the place of TCP's", &udp, .single = true, .offset = 16},
    {"a checksum of TCP at the place of UDP's", &tcp, .single = true, .offset = 6},
    {"a checksum of a first fragment", &udp, .single = true, .fragment = IS_MF},
    {"a checksum of a last fragment", &tcp, .single = true, .fragment = 7},
    {"a checksum of another protocol", &udp, .single = true, .protocol = 47, .offset = 2, .is_sound = true},
    {"a checksum of another protocol in the IPv4 header", &udp, .single = true, .protocol = 47, .start = 16,
     .offset = 10},
    {"a checksum of another protocol that begins an octet too early", &udp, .single = true, .protocol = 47,
     .start = 33, .offset = 2},
    {"a checksum inside what UDP carries", &udp, .single = true, .start = 62, .is_sound = true},
};

static void check_claim(void **state)
{
    const __typeof__(claims[0]) *row = *state;
    static uint8_t whole[SUPER_MAX];
    struct tapir_offload offload;
    size_t size = super_whole(row->super, whole, &offload);
    offload.kind = (uint8_t)(row->kind == -1 ? 0 : row->kind != 0 ? row->kind : offload.kind);
    offload.start = (uint16_t)(row->start != 0 ? row->start : offload.start);
    offload.offset = (uint16_t)(row->offset != 0 ? row->offset : offload.offset);
    offload.segment = row->single ? 0 : offload.segment;
    offload.partial = !row->complete;
    if (row->fragment != 0)
        dissect_put16(whole + 6, (uint32_t)row->fragment);
    if (row->protocol != 0)
        whole[9] = (uint8_t)row->protocol;
    if (row->data_offset != 0)
        whole[20 + 12] = (uint8_t)(row->data_offset << 4);
    struct tapir_packet *packet = packet_of(whole, size, &offload);
    if (row->total != 0)
        packet->within.end = ETHER + (uint32_t)row->total;
    assert_int_equal(ip4_offload_judge(packet), row->is_sound ? TAPIR_UNSETTLED : TAPIR_IP4_OFFLOAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checksum_inside_a_tunnel_is_completed),
        cmocka_unit_test(what_is_complete_stays),
    };
    return RUN_TABLE("segments", rows, check_segments) + RUN_TABLE("quotes", rows, check_quote) +
           RUN_TABLE("partial checksums", singles, check_partial) + RUN_TABLE("claims", claims, check_claim) +
           cmocka_run_group_tests_name("checksums", tests, NULL, NULL);
}
