/* IPv4 options and TTL, as sockets are shown them and ask for them: OPT-5, UDP-6, IPR-16. */
#include <string.h>

#include "tests/world/sockets.h"

enum {
    PEER = 4000 /* port of whoever speaks with us */
};

/* UDP-6, OPT-5: options as they were on the wire, whatever they are. */
static void a_socket_is_shown_the_options_of_a_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    struct frame frame = {.carries = UDP,
                          .to_port = 5353,
                          .options = "\1\1\x9e\6abcd\0\0\0\0",
                          .options_size = 12,
                          .fragment = IS_DF,
                          .bytes = "behind",
                          .data = 6};
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
    struct tapir_message m;
    assert_int_equal(tapir_peek(socket, &m), TAPIR_OK);
    assert_int_equal(m.options_size, 12);
    assert_memory_equal(m.options, "\1\1\x9e\6abcd\0\0\0\0", 12);
    assert_true(m.dont_fragment);
    assert_int_equal(m.size, 6);
    assert_memory_equal(m.data, "behind", 6);
    tapir_consume(socket);
    frame.options_size = 0;
    frame.fragment = 0;
    bench_send(bench, &frame);
    assert_int_equal(tapir_peek(socket, &m), TAPIR_OK);
    assert_int_equal(m.options_size, 0);
    assert_false(m.dont_fragment);
    bench_close(bench);
}

/* Of a datagram in pieces those of the first one: RFC 791 3.2. */
static void a_datagram_in_pieces_has_the_options_of_the_first(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    static const uint8_t datagram[24] = {0x13, 0x88, 0x14, 0xe9, 0,   24,  0,   0,   'f', 'i', 'r', 's',
                                         't',  ' ',  ' ',  ' ',  'a', 'n', 'd', ' ', 'l', 'a', 's', 't'};
    struct frame piece = {.on = TAP_B, .carries = RAW, .protocol = 17, .bytes = datagram + 16, .data = 8};
    piece.fragment = 2;
    piece.id = 9;
    bench_send(bench, &piece);
    piece.bytes = datagram;
    piece.data = 16;
    piece.fragment = IS_MF;
    piece.options = "\x5e\4ab";
    piece.options_size = 4;
    piece.tos = 0x10;
    bench_send(bench, &piece);
    struct tapir_message m;
    assert_int_equal(tapir_peek(socket, &m), TAPIR_OK);
    assert_int_equal(m.source.value, HOST_B);
    assert_int_equal(m.source_port, 5000);
    assert_int_equal(m.iface, TAP_B);
    assert_int_equal(m.size, 16);
    assert_memory_equal(m.data, "first   and last", 16);
    assert_int_equal(m.options_size, 4);
    assert_memory_equal(m.options, "\x5e\4ab", 4);
    bench_close(bench);
}

/* What is sent with these options; NULL: refused. Widths: an option of its own, padded, all that fit, broken ones. */
static const struct wish {
    const char *sentence;
    const char *options;
    size_t size, sent_size;
    const char *sent;
} wishes[] = {
    {"no options (OPT-5)", "", 0, 0, ""},
    {"a whole word (OPT-5)", "\x94\4\0\0", 4, 4, "\x94\4\0\0"},
    {"padded with the end of the list (OPT-5, UDP-6)", "\x9e\5abc", 5, 8, "\x9e\5abc\0\0\0"},
    {"one octet (OPT-5)", "\1", 1, 4, "\1\0\0\0"},
    {"all that fit (OPT-5)", "\x9e\x28-34567890123456789012345678901234567890", 40, 40,
     "\x9e\x28-34567890123456789012345678901234567890"},
    {"more than fit: refused (OPT-5)",
     "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1", 41, 0, NULL},
    {"a length of 1: refused (OPT-5)", "\x9e\1", 2, 0, NULL},
    {"a length beyond the header: refused (OPT-5)", "\x9e\7abc", 5, 0, NULL},
    {"no length: refused (OPT-5)", "\1\1\1\x9e", 4, 0, NULL},
};

static void try_wish(void **state)
{
    const struct wish *row = *state;
    static const struct {
        enum tapir_protocol protocol;
        uint8_t type;
    } kinds[] = {{TAPIR_UDP, 0}, {TAPIR_ICMP, 8}};
    struct bench *bench = bench_open(ROUTER, NULL);
    for (size_t i = 0; i < 2; i++) {
        struct tapir_socket *socket = open_at(bench, kinds[i].protocol, 0, 5353);
        struct tapir_message how = {.destination = ip4_of(HOST_A),
                                    .destination_port = PEER,
                                    .icmp_type = kinds[i].type,
                                    .options_size = (uint8_t)row->size};
        memcpy(how.options, row->options, row->size < 40 ? row->size : 40);
        assert_int_equal(say(bench, socket, &how, "as it wishes", 12),
                         row->sent == NULL ? TAPIR_INVALID : TAPIR_OK);
        if (row->sent == NULL)
            continue;
        const struct sight *sight = expect_frame(bench);
        assert_int_equal(sight->view.header, 20 + row->sent_size);
        assert_memory_equal(sight->view.datagram + 20, row->sent, row->sent_size);
        assert_memory_equal(sight->view.payload + sight->view.payload_size - 12, "as it wishes", 12);
        assert_int_equal(sight->view.total, 20 + row->sent_size + (i == 0 ? 8 : 6) + 12);
    }
    expect_nothing(bench);
    bench_close(bench);
}

/* The largest datagram, and one octet more, with rings as they are when nobody asks for others. */
static void options_take_room_from_the_data(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
    struct tapir_message how = {
        .destination = ip4_of(HOST_A), .destination_port = PEER, .options = "\1", .options_size = 1};
    assert_int_equal(say(bench, socket, &how, NULL, 65507), TAPIR_TOO_LARGE);
    assert_int_equal(say(bench, socket, &how, NULL, 65504), TAPIR_TOO_LARGE);
    assert_int_equal(say(bench, socket, &how, NULL, 65503), TAPIR_OK);
    while (bench_next(bench) != NULL)
        ;
    how.options_size = 0;
    assert_int_equal(say(bench, socket, &how, NULL, 65507), TAPIR_OK);
    while (bench_next(bench) != NULL)
        ;
    assert_int_equal(say(bench, socket, &how, NULL, 65508), TAPIR_TOO_LARGE);
    bench_close(bench);
}

/* IPR-16: the setting is for what has no wish of its own; a group gets 1. */
static void the_setting_says_the_ttl_of_what_has_no_wish(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.ttl 200");
    struct tapir_socket *udp = open_at(bench, TAPIR_UDP, 0, 5353),
                        *icmp = open_at(bench, TAPIR_ICMP, 0, 5353);
    static const struct {
        int64_t to;
        uint8_t wish;
        unsigned ttl;
    } cases[] = {{HOST_A, 0, 200},         {HOST_A, 1, 1},           {HOST_A, 255, 255},
                 {IP(224, 0, 0, 1), 0, 1}, {IP(224, 0, 0, 1), 9, 9}, {BROADCAST, 0, 200}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tapir_message how = {
            .destination = ip4_of(cases[i].to), .destination_port = PEER, .ttl = cases[i].wish};
        assert_int_equal(say(bench, udp, &how, NULL, 8), TAPIR_OK);
        assert_int_equal(expect_frame(bench)->view.ttl, cases[i].ttl);
        how.icmp_type = 8;
        assert_int_equal(say(bench, icmp, &how, NULL, 8), TAPIR_OK);
        assert_int_equal(expect_frame(bench)->view.ttl, cases[i].ttl);
    }
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("UDP-6 OPT-5", a_socket_is_shown_the_options_of_a_datagram),
        PROVES("OPT-5", a_datagram_in_pieces_has_the_options_of_the_first),
        PROVES("OPT-5", options_take_room_from_the_data),
        PROVES("IPR-16", the_setting_says_the_ttl_of_what_has_no_wish),
    };
    return RUN_TABLE("options that sockets send", wishes, try_wish) +
           cmocka_run_group_tests_name("options of sockets", stories, NULL, NULL);
}
