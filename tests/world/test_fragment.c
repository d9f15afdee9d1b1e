/* Fragmentation, of transit and of our own: FRG-1 to FRG-6, FWD-24. */
#include <stdio.h>
#include <string.h>

#include "tests/world/pieces.h"
#include "tests/world/trial.h"

static struct whole sent, joined;

/* ---- one datagram through the router, by the size of its pieces ---- */

static const struct row {
    const char *sentence;
    int mtu, data; /* octets of IPv4 ahead; of UDP data */
    struct {
        unsigned offset, data; /* in octets */
    } pieces[8];
} rows[] = {
    {"1,480 octets over an MTU of 576 are 552, 552 and 376 (FRG-1, FRG-2)",
     576,
     1472,
     {{0, 552}, {552, 552}, {1104, 376}}},
    {"an MTU that is no multiple of 8 behind the header is not used up (FRG-1)",
     1006,
     1472,
     {{0, 984}, {984, 496}}},
    {"the last piece may fill the MTU to the octet (FRG-2)", 577, 552 + 557 - 8, {{0, 552}, {552, 557}}},
    {"one octet too many makes two pieces (FRG-2)", 576, 549, {{0, 552}, {552, 5}}},
    {"the smallest MTU of all, 68 (FRG-2)", 68, 232, {{0, 48}, {48, 48}, {96, 48}, {144, 48}, {192, 48}}},
};

static void check_pieces(void **state)
{
    const struct row *row = *state;
    char given[32];
    snprintf(given, sizeof given, "mtu b %d", row->mtu);
    struct bench *bench = bench_open(ROUTER, given);
    const struct frame frame = {.to = HOST_B, .carries = UDP, .data = row->data, .fragment = IS_RESERVED};
    uint64_t number = bench_send(bench, &frame);
    for (size_t i = 0; i < 8 && row->pieces[i].data > 0; i++) {
        const struct view *view = &expect_frame(bench)->view;
        bool is_last = i == 7 || row->pieces[i + 1].data == 0;
        assert_int_equal((view->fragment & 0x1fff) * 8, row->pieces[i].offset);
        assert_int_equal(view->payload_size, row->pieces[i].data);
        assert_int_equal(view->fragment & 0xe000, IS_RESERVED | (is_last ? 0U : IS_MF));
    }
    expect_nothing(bench);
    expect_verdict(bench, number, TAPIR_IP4_FRAGMENTED);
    bench_close(bench);
}

/* ---- what the pieces say ---- */

/* Like this one in all but length, fragment field, TTL and checksum: RFC 791 3.2. */
static void pieces_have_the_header_of_the_whole(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    const struct frame frame = {.to = HOST_B,
                                .carries = UDP,
                                .data = 1400,
                                .tos = 0xb9,
                                .id = 0xbeef,
                                .ttl = 9,
                                .fragment = IS_RESERVED};
    bench_send(bench, &frame);
    size_t n;
    whole_make(&sent, &frame);
    assert_true(whole_join(bench, &joined, 576, &n));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        const struct view *view = &bench->sights[i].view;
        assert_int_equal(view->id, 0xbeef);
        assert_int_equal(view->tos, 0xb9);
        assert_int_equal(view->ttl, 8);
        assert_int_equal(view->protocol, 17);
        assert_int_equal(view->from, HOST_A);
        assert_int_equal(view->to, HOST_B);
        assert_int_equal(view->to_mac, MAC_OF(HOST_B));
        assert_int_equal(view->fragment & IS_RESERVED, IS_RESERVED);
    }
    bench_close(bench);
}

static void a_fragment_is_cut_with_absolute_offsets_and_keeps_its_more_flag(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    const struct frame middle = {
        .to = HOST_B, .carries = RAW, .protocol = 17, .data = 1480, .fragment = IS_MF | 100};
    bench_send(bench, &middle);
    static const unsigned fields[] = {IS_MF | 100, IS_MF | 169, IS_MF | 238};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(expect_frame(bench)->view.fragment, fields[i]);
    expect_nothing(bench);
    struct frame last = middle;
    last.fragment = 100;
    bench_send(bench, &last);
    static const unsigned last_fields[] = {IS_MF | 100, IS_MF | 169, 238};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(expect_frame(bench)->view.fragment, last_fields[i]);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_fragment_that_ends_where_the_longest_datagram_does_is_cut(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    uint64_t number =
        bench_send(bench, &(struct frame){.to = HOST_B, .carries = RAW, .data = 1023, .fragment = 0x1f80});
    expect_verdict(bench, number, TAPIR_IP4_FRAGMENTED);
    assert_int_equal(expect_frame(bench)->view.fragment, IS_MF | 0x1f80);
    assert_int_equal(expect_frame(bench)->view.fragment, 0x1f80 + 552 / 8);
    expect_nothing(bench);
    bench_close(bench);
}

/* Record route 7 is not copied, security 130 is. */
#define RR_AND_SECURITY "\x01\x07\x07\x04\x00\x00\x00\x00\x82\x0b\x11\x22\x33\x44\x55\x66\x77\x88\x99\x00"

static void options_with_the_copied_bit_go_into_every_piece(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576; set ip.option.rr ignore");
    bench_send(
        bench,
        &(struct frame){
            .to = HOST_B, .carries = UDP, .data = 1200, .options = RR_AND_SECURITY, .options_size = 20});
    const struct view *first = &expect_frame(bench)->view;
    assert_int_equal(first->header, 40);
    assert_memory_equal(first->datagram + 20, RR_AND_SECURITY, 20);
    assert_int_equal(first->payload_size, 536);
    for (int i = 0; i < 2; i++) {
        const struct view *later = &expect_frame(bench)->view;
        assert_int_equal(later->header, 32);
        assert_memory_equal(later->datagram + 20, "\x82\x0b\x11\x22\x33\x44\x55\x66\x77\x88\x99\x00", 12);
    }
    expect_nothing(bench);
    bench_close(bench);
}

static const struct trial forbidden[] = {
    {.sentence = "a datagram with DF is not cut in transit",
     .ids = "FRG-6 FWD-24",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = UDP, .data = 1000, .fragment = IS_DF},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 4, .mtu = 576},
     .verdict = TAPIR_IP4_TOO_BIG},
    {.sentence = "one that fills the MTU ahead to the octet is passed on whole",
     .ids = "FWD-24",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = UDP, .data = 548, .fragment = IS_DF},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "one octet more is too large for it",
     .ids = "FWD-24",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = UDP, .data = 549, .fragment = IS_DF},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 4, .mtu = 576},
     .verdict = TAPIR_IP4_TOO_BIG},
    {.sentence = "a fragment with DF is not cut either",
     .ids = "FRG-6",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = UDP, .data = 1000, .fragment = IS_DF | IS_MF},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 4, .mtu = 576},
     .verdict = TAPIR_IP4_TOO_BIG},
    {.sentence = "a fragment that ends beyond all datagrams cannot be cut",
     .ids = "FRG-1",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = RAW, .data = 1400, .fragment = 0x1f80},
     .expected = {.reaction = SILENCE},
     .verdict = TAPIR_IP4_FRAGMENT_BEYOND,
     .control = {.to = HOST_B, .carries = RAW, .data = 500, .fragment = 0x1f80},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "the first octet beyond is too many",
     .ids = "FRG-1",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = RAW, .data = 1024, .fragment = 0x1f80},
     .expected = {.reaction = SILENCE},
     .verdict = TAPIR_IP4_FRAGMENT_BEYOND,
     .control = {.to = HOST_B, .carries = RAW, .data = 500, .fragment = 0x1f80},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "what just fits goes on in one piece",
     .ids = "FRG-2",
     .given = "mtu b 576",
     .frame = {.to = HOST_B, .carries = UDP, .data = 548},
     .expected = {.reaction = IS_FORWARDED}},
};

/* ---- our own ---- */

static void an_echo_reply_larger_than_the_mtu_goes_out_in_pieces(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu a 576");
    const struct frame frame = {.data = 1472};
    bench_send(bench, &frame);
    size_t n;
    assert_true(whole_join(bench, &joined, 576, &n));
    assert_int_equal(n, 3);
    whole_make(&sent, &frame);
    assert_int_equal(joined.size, 1500);
    uint8_t bytes[FRAME_MAX];
    frame_build(&frame, bytes);
    assert_memory_equal(joined.bytes + 28, bytes + 14 + 28, 1472);
    assert_int_equal(joined.bytes[20], 0);
    expect_nothing(bench);
    bench_close(bench);
}

/* 1,365 pieces are more than may wait, and 283 of medium size than may of our own. */
static void the_largest_reply_leaves_by_any_mtu(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        size_t mtu, pieces;
    } paths[] = {{"mtu a 68", 68, 1365}, {"mtu a 258", 258, 283}, {"mtu a 1499", 1499, 45}};
    const struct frame frame = whole_echo(65507, 1);
    for (size_t row = 0; row < 3; row++) {
        struct bench *bench = bench_open(ROUTER, paths[row].given);
        whole_make(&sent, &frame);
        for (size_t at = 0; at < 65515; at += 1480)
            whole_send(bench, TAP_A, &sent, at, at + 1480);
        size_t n;
        assert_true(whole_join(bench, &joined, paths[row].mtu, &n));
        assert_int_equal(n, paths[row].pieces);
        assert_int_equal(joined.size, 65535);
        assert_memory_equal(joined.bytes + 28, sent.bytes + 28, 65507);
        expect_nothing(bench);
        bench_close(bench);
    }
}

static void a_socket_that_forbids_pieces_is_told_how_much_fits(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu a 576");
    struct tapir_socket *socket = tapir_open(bench->stack, TAPIR_UDP, NULL);
    for (int pass = 0; pass < 2; pass++) {
        struct tapir_message message;
        assert_int_equal(tapir_reserve(socket, 1000, &message), TAPIR_OK);
        memset(message.data, 7, 1000);
        message.destination = (struct ip4){(uint32_t)HOST_A};
        message.destination_port = 4000;
        message.dont_fragment = pass == 0;
        assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
        bench_settle(bench);
        if (pass == 0) {
            expect_nothing(bench);
            assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
            assert_int_equal(message.error, TAPIR_TOO_LARGE);
            assert_int_equal(message.mtu, 576);
            tapir_consume(socket);
        }
    }
    size_t n;
    assert_true(whole_join(bench, &joined, 576, &n));
    assert_int_equal(n, 2);
    bench_close(bench);
}

/* ---- all or none ---- */

static void with_too_few_places_at_the_exit_no_piece_leaves(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 68");
    tapir_pause(bench->stack, 1, true);
    bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP});
    uint64_t number = 0;
    for (int i = 0; i < 16;
         i++) /* 32 pieces each; the transit band has 512 places: one is left for the last one */
        number = bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP, .data = 1500});
    expect_verdict(bench, number, TAPIR_IP4_FRAGMENTED);
    number = bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP, .data = 41});
    expect_verdict(bench, number, TAPIR_OUT_FULL);
    tapir_pause(bench->stack, 1, false);
    bench_settle(bench);
    bench_run(bench, SECONDS);
    for (int i = 0; i < 1 + 512; i++)
        expect_frame(bench);
    expect_nothing(bench);
    bench_close(bench);
}

/* What has left gives its place back: to the band of transit, where it waited. */
static void pieces_that_left_take_no_place(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 68");
    for (int i = 0; i < 100; i++) { /* 32 pieces each, of 512 places */
        uint64_t number = bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP, .data = 1500});
        expect_verdict(bench, number, TAPIR_IP4_FRAGMENTED);
        for (int n = 0; n < 32; n++)
            expect_frame(bench);
    }
    bench_close(bench);
}

/* A device that was paused takes what we say ourselves first. */
static void pieces_in_transit_wait_behind_our_own_frames(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    tapir_pause(bench->stack, TAP_B, true);
    uint64_t number = bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP, .data = 900});
    bench_send(bench, &(struct frame){.on = TAP_B});
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, 1);
    expect_echo_reply(bench);
    for (int i = 0; i < 2; i++)
        assert_int_equal(expect_frame(bench)->cause, number);
    expect_nothing(bench);
    bench_close(bench);
}

/* Small slots are gone, and of the others only those that are kept for large packets are left: room for every piece but the
 * last, which is short: 104 octets, or one. */
static void try_without_slot_for_the_last_piece(int data)
{
    enum {
        MANY = 4096
    };
    static struct tapir_packet *taken[MANY];
    struct bench *bench = bench_open(ROUTER, "mtu b 1400");
    const struct frame frame = {.to = HOST_B, .carries = UDP, .data = data};
    size_t n = 0;
    while (n < MANY && (taken[n] = tapir_take(bench->stack, 100)) != NULL)
        n++;
    assert_in_range(n, 2048, MANY - 1);
    uint64_t number = bench_send(bench, &frame);
    expect_verdict(bench, number, TAPIR_STORE_FULL);
    expect_nothing(bench);
    tapir_release(bench->stack, taken, 1);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_STORE_FULL);
    tapir_release(bench->stack, taken + 1, 1); /* as many as there are pieces */
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_IP4_FRAGMENTED);
    expect_frame(bench);
    expect_frame(bench);
    expect_nothing(bench);
    tapir_release(bench->stack, taken + 2, n - 2);
    bench_close(bench);
}

static void with_no_slot_for_the_last_piece_no_piece_leaves(void **state)
{
    (void)state;
    try_without_slot_for_the_last_piece(1472);
    try_without_slot_for_the_last_piece(1373);
}

static void a_directed_broadcast_goes_to_all_in_pieces_too(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576; set ip.directed_broadcast on; deaf");
    bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 255), .carries = UDP, .data = 900});
    for (int i = 0; i < 2; i++)
        assert_int_equal(expect_frame(bench)->view.to_mac, MAC_BROADCAST);
    expect_nothing(bench);
    bench_close(bench);
}

static void the_redirect_about_a_datagram_in_pieces_comes_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu a 576");
    bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1), .carries = UDP, .data = 1000});
    unsigned pieces = 0, redirects = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;) {
        pieces += (sight->view.fragment & 0x3fff) != 0;
        redirects += sight->view.protocol == 1 && sight->view.icmp_type == 5;
    }
    assert_int_equal(pieces, 2);
    assert_int_equal(redirects, 1);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("FRG-4", pieces_have_the_header_of_the_whole),
        PROVES("FRG-3", a_fragment_is_cut_with_absolute_offsets_and_keeps_its_more_flag),
        PROVES("FRG-1", a_fragment_that_ends_where_the_longest_datagram_does_is_cut),
        PROVES("FRG-5", options_with_the_copied_bit_go_into_every_piece),
        PROVES("FRG-1 ETH-6", an_echo_reply_larger_than_the_mtu_goes_out_in_pieces),
        PROVES("FRG-1 FRG-7", the_largest_reply_leaves_by_any_mtu),
        PROVES("PMTU-8 FRG-6", a_socket_that_forbids_pieces_is_told_how_much_fits),
        PROVES("FRG-2", with_too_few_places_at_the_exit_no_piece_leaves),
        PROVES("FRG-2", pieces_that_left_take_no_place),
        cmocka_unit_test(pieces_in_transit_wait_behind_our_own_frames),
        PROVES("FRG-2", with_no_slot_for_the_last_piece_no_piece_leaves),
        PROVES("FWD-13 FRG-1", a_directed_broadcast_goes_to_all_in_pieces_too),
        PROVES("FWD-33", the_redirect_about_a_datagram_in_pieces_comes_once),
    };
    return RUN_TABLE("pieces", rows, check_pieces) + RUN_TABLE("forbidden", forbidden, bench_try) +
           cmocka_run_group_tests_name("fragment", tests, NULL, NULL);
}
