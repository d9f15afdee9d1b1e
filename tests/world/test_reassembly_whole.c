/* What a datagram that came in pieces is once it is whole: its header, its options, its flags, who hears it. ERR-5, ERR-6, FRG-9,
 * FRG-16. */
#include <string.h>

#include "tests/world/pieces.h"

static struct whole sent;

/* As one that comes whole: by all who share the port. */
static void a_broadcast_in_pieces_is_heard_by_all(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    const struct tapir_socket_options shared = {.share = true};
    struct tapir_socket *sockets[2];
    for (int i = 0; i < 2; i++) {
        sockets[i] = tapir_open(bench->stack, TAPIR_UDP, &shared);
        assert_int_equal(tapir_bind(sockets[i], (struct ip4){0}, 5353), TAPIR_OK);
    }
    struct frame frame = {.carries = UDP, .to = IP(10, 0, 1, 255), .to_port = 5353, .data = 300};
    whole_make(&sent, &frame);
    whole_send(bench, TAP_A, &sent, 0, 160);
    whole_send(bench, TAP_A, &sent, 160, 400);
    for (int i = 0; i < 2; i++) {
        struct tapir_message message;
        assert_int_equal(tapir_peek(sockets[i], &message), TAPIR_OK);
        assert_int_equal(message.size, 300);
        assert_int_equal(message.destination.value, IP(10, 0, 1, 255));
        assert_int_equal(message.iface, TAP_A);
        assert_memory_equal(message.data, sent.bytes + 28, 300);
    }
    bench_close(bench);
}

/* Flags and all, as if it had never been cut. */
static void an_error_about_a_whole_datagram_quotes_it_whole(void **state)
{
    (void)state;
    static const unsigned flags[] = {0, IS_DF, IS_RESERVED, IS_DF | IS_RESERVED};
    struct bench *bench = bench_open(ROUTER, NULL);
    for (int i = 0; i < 4; i++) {
        const struct frame frame = {
            .carries = UDP, .to_port = 9999, .data = 300, .id = 96 + i, .fragment = (int)flags[i]};
        whole_make(&sent, &frame);
        whole_send_piece(bench, TAP_A, &sent,
                         &(struct piece){.start = 160, .end = 308, .fragment = flags[i]});
        uint64_t last = whole_send_piece(
            bench, TAP_A, &sent, &(struct piece){.start = 0, .end = 160, .fragment = flags[i] | IS_MF});
        const struct sight *sight = expect_icmp_error(bench, 3, 3);
        assert_int_equal(sight->cause, last);
        assert_int_equal(sight->view.data_size, 328);
        assert_memory_equal(sight->view.data, sent.bytes, 328);
    }
    expect_nothing(bench);
    bench_close(bench);
}

static void a_socket_is_told_that_it_was_not_to_be_cut(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *socket = tapir_open(bench->stack, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(socket, (struct ip4){0}, 7), TAPIR_OK);
    for (unsigned i = 0; i < 2; i++) {
        const unsigned flag = i == 0 ? 0 : IS_DF;
        const struct frame frame = {.carries = UDP, .data = 200, .id = 200 + (int)i};
        whole_make(&sent, &frame);
        whole_send_piece(bench, TAP_A, &sent, &(struct piece){.end = 104, .fragment = IS_MF | flag});
        whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 104, .end = 208, .fragment = flag});
        struct tapir_message message;
        assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
        assert_int_equal(message.dont_fragment, i == 1);
        assert_int_equal(message.source.value, HOST_A);
        assert_int_equal(message.source_port, 5000);
        tapir_consume(socket);
    }
    bench_close(bench);
}

/* Recorded in the whole, as in one that was never cut. */
static void the_route_is_recorded_in_the_reply(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(392, 98);
    whole_make(&sent, &frame);
    whole_send_piece(
        bench, TAP_A, &sent,
        &(struct piece){
            .end = 200, .fragment = IS_MF, .options = "\x07\x07\x04\x00\x00\x00\x00\x00", .options_size = 8});
    whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 200, .end = 400});
    const struct view *view = &expect_frame(bench)->view;
    assert_int_equal(view->header, 28);
    assert_memory_equal(view->datagram + 20, "\x07\x07\x08\x0a\x00\x01\x01\x00", 8);
    expect_nothing(bench);
    bench_close(bench);
}

/* Pieces of two datagrams in turn, then of a third: each has the number of its own. */
static void pieces_are_settled_under_their_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(192, 98);
    static const struct piece pieces[] = {
        {.id = 1, .end = 104, .fragment = IS_MF}, {.id = 2, .end = 104, .fragment = IS_MF},
        {.id = 1, .start = 104, .end = 200},      {.id = 2, .start = 104, .end = 200},
        {.id = 3, .end = 104, .fragment = IS_MF}, {.id = 3, .start = 104, .end = 200}};
    uint64_t numbers[6];
    whole_make(&sent, &frame);
    for (size_t i = 0; i < 6; i++)
        numbers[i] = whole_send_piece(bench, TAP_A, &sent, &pieces[i]);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(bench->frames[numbers[i]].entry, 1 + i % 2);
    for (size_t i = 4; i < 6; i++)
        assert_in_range(bench->frames[numbers[i]].entry, 1, 2); /* a place that is free again */
    bench_close(bench);
}

/* Each piece is sound, but with the options of the first one the whole would be too long by eight octets. */
static void no_whole_is_longer_than_a_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(65507, 1);
    whole_make(&sent, &frame);
    struct piece piece = {
        .end = 1464, .fragment = IS_MF, .options = "\x01\x01\x01\x01\x01\x01\x01\x01", .options_size = 8};
    uint64_t first = whole_send_piece(bench, TAP_A, &sent, &piece), last = 0;
    for (size_t at = 1464; at < 65515; at += 1464)
        last = whole_send(bench, TAP_A, &sent, at, at + 1464);
    expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_BEYOND);
    expect_verdict(bench, last, TAPIR_IP4_FRAGMENT_BEYOND);
    expect_nothing(bench);
    bench_close(bench);
}

/* Who has waited longest for a piece makes room, not who began first. */
static void a_piece_puts_its_datagram_behind_the_others(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.reassembly.datagrams 2");
    const struct frame frame = whole_echo(392, 98);
    static const struct piece pieces[] = {{.id = 1, .end = 104, .fragment = IS_MF},
                                          {.id = 2, .end = 104, .fragment = IS_MF},
                                          {.id = 1, .start = 104, .end = 200, .fragment = IS_MF},
                                          {.id = 3, .end = 104, .fragment = IS_MF}};
    uint64_t numbers[4];
    whole_make(&sent, &frame);
    for (size_t i = 0; i < 4; i++)
        numbers[i] = whole_send_piece(bench, TAP_A, &sent, &pieces[i]);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(verdict_of(bench, numbers[i]),
                         i == 1 ? TAPIR_IP4_FRAGMENT_CROWDED : TAPIR_UNSETTLED);
    bench_close(bench);
}

/* A policy lets a last piece lie over what is there already, as long as they end together. */
static void pieces_that_overlap_may_end_together(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.reassembly.overlap first");
    const struct frame frame = whole_echo(24, 80);
    whole_make(&sent, &frame);
    whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 0, .end = 32, .fragment = IS_MF});
    expect_nothing(bench);
    whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 16, .end = 32});
    whole_expect_echo(bench, &sent);
    expect_nothing(bench);
    bench_close(bench);
}

/* CVE-2021-24074: another source route in a later fragment. */
#define ROUTE  "\x83\x07\x08\x0a\x00\x01\x02\x00"
#define OTHER  "\x83\x07\x08\x0a\x00\x01\x03\x00"
#define LONGER "\x83\x0b\x08\x0a\x00\x01\x02\x0a\x00\x01\x02\x00"
#define STRICT "\x89\x07\x08\x0a\x00\x01\x02\x00"

static const struct row {
    const char *sentence;
    const char *options[3]; /* of the three pieces */
    size_t sizes[3];
    size_t order[3];
    bool is_heard;
} rows[] = {
    {"all pieces have the route (FRG-9)", {ROUTE, ROUTE, ROUTE}, {8, 8, 8}, {0, 1, 2}, true},
    {"the first piece alone has a route (FRG-9)", {ROUTE, NULL, NULL}, {8, 0, 0}, {0, 1, 2}, true},
    {"a middle piece has another (FRG-9)", {ROUTE, OTHER, ROUTE}, {8, 8, 8}, {0, 1, 2}, false},
    {"the last piece has another (FRG-9)", {ROUTE, ROUTE, OTHER}, {8, 8, 8}, {0, 1, 2}, false},
    {"the last piece has another, and came first (FRG-9)",
     {ROUTE, ROUTE, OTHER},
     {8, 8, 8},
     {2, 1, 0},
     false},
    {"a later piece has a longer one (FRG-9)", {ROUTE, LONGER, ROUTE}, {8, 12, 8}, {0, 1, 2}, false},
    {"a later piece has a shorter one (FRG-9)", {LONGER, ROUTE, LONGER}, {12, 8, 12}, {0, 1, 2}, false},
    {"a later piece has a strict one (FRG-9)", {ROUTE, STRICT, ROUTE}, {8, 8, 8}, {0, 1, 2}, false},
    {"a later piece alone has a route (FRG-9)", {NULL, ROUTE, NULL}, {0, 8, 0}, {0, 1, 2}, false},
    {"the strict route is the same (FRG-9)", {STRICT, STRICT, STRICT}, {8, 8, 8}, {0, 1, 2}, true},
    {"a later piece alone has a strict route (FRG-9)", {NULL, NULL, STRICT}, {0, 0, 8}, {0, 1, 2}, false},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(HOST, "set ip.option.lsrr ignore; set ip.option.ssrr ignore");
    const struct frame frame = whole_echo(1192, 98);
    whole_make(&sent, &frame);
    uint64_t numbers[3];
    for (size_t i = 0; i < 3; i++) {
        size_t at = row->order[i];
        const struct piece piece = {.start = at * 400,
                                    .end = at * 400 + 400,
                                    .fragment = at < 2 ? IS_MF : 0,
                                    .options = row->options[at],
                                    .options_size = row->sizes[at]};
        numbers[i] = whole_send_piece(bench, TAP_A, &sent, &piece);
    }
    if (row->is_heard)
        whole_expect_echo(bench, &sent);
    for (size_t i = 0; i < 3; i++)
        expect_verdict(bench, numbers[i], row->is_heard ? TAPIR_IP4_REASSEMBLED : TAPIR_IP4_FRAGMENT_ROUTE);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(a_broadcast_in_pieces_is_heard_by_all),
        PROVES("ERR-5 ERR-6", an_error_about_a_whole_datagram_quotes_it_whole),
        cmocka_unit_test(a_socket_is_told_that_it_was_not_to_be_cut),
        cmocka_unit_test(the_route_is_recorded_in_the_reply),
        cmocka_unit_test(pieces_are_settled_under_their_datagram),
        PROVES("FRG-9", no_whole_is_longer_than_a_datagram),
        PROVES("FRG-17", a_piece_puts_its_datagram_behind_the_others),
        PROVES("FRG-15", pieces_that_overlap_may_end_together),
    };
    return RUN_TABLE("source routes in pieces", rows, check) +
           cmocka_run_group_tests_name("wholes", stories, NULL, NULL);
}
