/* What an error quotes, while a socket of each kind waits: headers that lie, too little, other flows, later pieces. The
 * quotes are made octet by octet. ERR-2, ERR-22, SEC-8, UDP-9; CVE-2018-16527 and CVE-2022-23093. */
#include <string.h>

#include "tests/world/sockets.h"

enum {
    PORT = 5353, /* of our UDP socket; the peer's is 4000 */
    PEER = 4000,
    ID = 0x4711, /* of our ICMP socket */
    FIXED = 20
};

static const struct lie {
    const char *sentence;
    unsigned first;    /* octet 0 of the quoted header: 0x45 */
    unsigned size;     /* octets quoted: header as it says, and 8 */
    unsigned fragment; /* flags and offset */
    int64_t from, to;  /* DUT_A, host A */
    unsigned port;     /* our end: PORT or ID */
    unsigned peer;     /* the other end, and the type of the query */
    unsigned protocol; /* 0: try UDP and ICMP */
    enum tapir_verdict verdict;
} lies[] = {
    {"the truth is told (ERR-20)", 0x45, 28, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_NOTICED},
    {"our datagram had options (ERR-20)", 0x47, 36, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_NOTICED},
    {"our datagram had all the options that fit (ERR-20)", 0x4f, 68, 0, DUT_A, HOST_A, 0, 0, 0,
     TAPIR_ICMP4_NOTICED},
    {"the first piece of our datagram is told (ERR-20)", 0x45, 28, 0x2000, DUT_A, HOST_A, 0, 0, 0,
     TAPIR_ICMP4_NOTICED},
    {"no quote at all (ERR-2)", 0x45, 0, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"12 octets (ERR-2)", 0x45, 12, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"a header and 7 octets (ERR-2)", 0x45, 27, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"a header of no words (SEC-8)", 0x40, 28, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"a header of 4 words (SEC-8)", 0x44, 28, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"a header of 15 words in 28 octets (SEC-8)", 0x4f, 28, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"a header of 15 words and 7 octets (SEC-8)", 0x4f, 67, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"version 6 (SEC-8)", 0x65, 28, 0, DUT_A, HOST_A, 0, 0, 0, TAPIR_ICMP4_QUOTE},
    {"a later piece names no flow (SEC-8)", 0x45, 28, 0x2001, DUT_A, HOST_A, 0, 0, 0,
     TAPIR_ICMP4_QUOTE_FRAGMENT},
    {"the last piece names no flow (SEC-8)", 0x45, 28, 0x1fff, DUT_A, HOST_A, 0, 0, 0,
     TAPIR_ICMP4_QUOTE_FRAGMENT},
    {"a source that is not ours (ERR-22)", 0x45, 28, 0, IP(10, 0, 1, 77), HOST_A, 0, 0, 0,
     TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"a broadcast as its source (ERR-22)", 0x45, 28, 0, IP(10, 0, 1, 255), HOST_A, 0, 0, 0,
     TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"another source port or identifier (UDP-9)", 0x45, 28, 0, DUT_A, HOST_A, 77, 0, 0, TAPIR_ICMP4_NO_FLOW},
    {"another port of the peer (UDP-9)", 0x45, 28, 0, DUT_A, HOST_A, 0, 77, 17, TAPIR_ICMP4_NO_FLOW},
    {"another peer (UDP-9)", 0x45, 28, 0, DUT_A, ROUTER_2, 0, 0, 0, TAPIR_ICMP4_NO_FLOW},
    {"another address of ours (UDP-9)", 0x45, 28, 0, DUT_B, HOST_A, 0, 0, 0, TAPIR_ICMP4_NO_FLOW},
    {"a protocol without sockets (ERR-20)", 0x45, 28, 0, DUT_A, HOST_A, 0, 0, 47, TAPIR_ICMP4_QUOTE_PROTOCOL},
};

static void put(uint8_t *at, uint64_t value, size_t octets)
{
    for (size_t i = 0; i < octets; i++)
        at[i] = (uint8_t)(value >> 8 * (octets - 1 - i));
}

/* Port unreachable by the router, with a quote of row->size octets. Returns its octets. */
static int write_error(const struct lie *row, unsigned protocol, uint8_t message[128])
{
    uint8_t *quote = message + 8, *transport = quote + (row->first & 15) * 4;
    memset(message, 0, 128);
    message[0] = 3;
    message[1] = 3;
    quote[0] = (uint8_t)row->first;
    put(quote + 2, 36, 2);
    put(quote + 6, row->fragment, 2);
    quote[9] = (uint8_t)protocol;
    put(quote + 12, (uint64_t)row->from, 4);
    put(quote + 16, (uint64_t)row->to, 4);
    if (protocol == 1) {
        transport[0] = 8;
        put(transport + 4, row->port == 0 ? ID : row->port, 2);
        put(transport + 6, 1, 2);
    } else {
        put(transport, row->port == 0 ? PORT : row->port, 2);
        put(transport + 2, row->peer == 0 ? PEER : row->peer, 2);
        put(transport + 4, 16, 2);
    }
    int size = 8 + (int)row->size;
    put(message + 2, naive_checksum(message, (size_t)size, 0), 2);
    return size;
}

static void try_quote(struct bench *bench, const struct lie *row, unsigned protocol,
                      struct tapir_socket *socket)
{
    uint8_t message[128];
    struct frame frame = {.from = ROUTER_2, .carries = RAW, .protocol = 1, .bytes = message};
    frame.data = write_error(row, protocol, message);
    expect_verdict(bench, bench_send(bench, &frame), row->verdict);
    if (row->verdict != TAPIR_ICMP4_NOTICED)
        return;
    struct tapir_message told = hear(socket);
    assert_int_equal(told.icmp_type, 3);
    assert_int_equal(told.icmp_code, 3);
    assert_int_equal(told.reporter.value, ROUTER_2);
}

static void check(void **state)
{
    const struct lie *row = *state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *udp = open_at(bench, TAPIR_UDP, DUT_A, PORT);
    struct tapir_socket *icmp = open_at(bench, TAPIR_ICMP, 0, ID);
    assert_int_equal(tapir_connect(udp, ip4_of(HOST_A), PEER), TAPIR_OK);
    assert_int_equal(say_to(bench, udp, HOST_A, PEER), TAPIR_OK);
    expect_udp(bench, PEER);
    const struct tapir_message ping = {.destination = ip4_of(HOST_A), .icmp_type = 8};
    assert_int_equal(say(bench, icmp, &ping, "\0\1", 2), TAPIR_OK);
    expect_frame(bench);
    if (row->protocol != 1)
        try_quote(bench, row, row->protocol == 0 ? 17 : row->protocol, udp);
    if (row->protocol == 0)
        try_quote(bench, row, 1, icmp);
    expect_silence(udp);
    expect_silence(icmp);
    bench_run(bench, SECONDS);
    expect_nothing(bench);
    try_quote(bench, &lies[0], 17, udp);
    try_quote(bench, &lies[0], 1, icmp);
    bench_close(bench);
}

/* Put together here it is still the router's, and about the flow that it quotes. */
static void an_error_in_pieces_is_told_whole(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *udp = open_at(bench, TAPIR_UDP, DUT_A, PORT);
    uint8_t message[128];
    struct lie whole = lies[0];
    whole.size = 40; /* and what lies behind is not looked at */
    int size = write_error(&whole, 17, message);
    struct frame piece = {.from = ROUTER_2, .carries = RAW, .protocol = 1, .bytes = message, .id = 77};
    piece.data = 24;
    piece.fragment = IS_MF;
    bench_send(bench, &piece);
    expect_silence(udp);
    piece.bytes = message + 24;
    piece.data = size - 24;
    piece.fragment = 24 / 8;
    bench_send(bench, &piece);
    struct tapir_message told = hear(udp);
    assert_int_equal(told.error, TAPIR_UNREACHABLE);
    assert_int_equal(told.reporter.value, ROUTER_2);
    assert_int_equal(told.iface, TAP_A);
    assert_int_equal(told.destination.value, HOST_A);
    expect_silence(udp);
    bench_close(bench);
}

/* CVE-2018-16527, CVE-2026-7423: each type in 0 to 7 octets, replies to the open ping among them. */
static void messages_below_8_octets_tell_nobody(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    const struct tapir_message ping = {.destination = ip4_of(HOST_A), .icmp_type = 8};
    assert_int_equal(say(bench, socket, &ping, "\0\1", 2), TAPIR_OK);
    expect_frame(bench);
    for (unsigned type = 0; type < 256; type++)
        for (int size = 0; size < 8; size++) {
            uint8_t message[8] = {(uint8_t)type, 0, 0, 0, ID >> 8, ID & 255, 0, 1};
            put(message + 2, naive_checksum(message, (size_t)size, 0), 2);
            const struct frame frame = {
                .carries = RAW, .protocol = 1, .bytes = message, .data = size == 0 ? ZERO : size};
            expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_SHORT);
        }
    expect_silence(socket);
    expect_nothing(bench);
    const uint8_t whole[8] = {0, 0, 0xb8, 0xed, ID >> 8, ID & 255, 0, 1};
    const struct frame frame = {.carries = RAW, .protocol = 1, .bytes = whole, .data = 8};
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_DELIVERED);
    assert_int_equal(hear(socket).size, 2);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("ERR-20", an_error_in_pieces_is_told_whole),
        PROVES("ERR-2 ECHO-9", messages_below_8_octets_tell_nobody),
    };
    return RUN_TABLE("quotes", lies, check) + cmocka_run_group_tests_name("shorts", stories, NULL, NULL);
}
