/* Reassembly: FRG-7 to FRG-20, ECHO-4, ERR-11. The oracle is the datagram before it was cut. */
#include <stdlib.h>
#include <string.h>

#include "tests/world/pieces.h"
#include "tests/world/trial.h"

static struct whole sent, joined, forged;

/* ---- a datagram in pieces, sent in some order ---- */

static const struct row {
    const char *sentence;
    int data;
    size_t piece; /* octets of data in each */
    int step;     /* order: every step-th piece, round and round; 0: backwards */
    bool twice;   /* each piece comes twice in a row */
    bool empties; /* with pieces without data among them */
} rows[] = {
    {"two fragments in order are one datagram (FRG-7, FRG-9)", 2000, 1480, 1, false, false},
    {"two fragments in reverse order are one datagram (FRG-9)", 2000, 1480, 0, false, false},
    {"a request of 4,000 octets is answered whole (ECHO-4)", 3992, 1480, 1, false, false},
    {"65,507 octets, the most that there can be, in order (FRG-7)", 65507, 1480, 1, false, false},
    {"65,507 octets in reverse order (FRG-7, FRG-9)", 65507, 1480, 0, false, false},
    {"65,507 octets, every seventh piece first (FRG-9)", 65507, 1480, 7, false, false},
    {"each piece twice: copies change nothing (FRG-9, FRG-15)", 9000, 1480, 1, true, false},
    {"copies in reverse order (FRG-9, FRG-15)", 9000, 1480, 0, true, false},
    {"pieces without data change nothing (FRG-9)", 5000, 1480, 1, false, true},
    {"pieces of 8 octets, backwards", 1000, 8, 0, false, false},
    {"pieces of 8 octets, every eleventh first", 1000, 8, 11, false, false},
    {"65,507 octets over a path of 68", 65507, 48, 1, false, false},
    {"65,507 octets over a path of 68, every other piece first (FRG-7, FRG-9)", 65507, 48, 2, false, false},
    {"pieces of 8 octets, every eleventh of 501 first (FRG-9)", 4000, 8, 11, false, false},
    {"each of 241 pieces twice (FRG-15)", 65507, 272, 1, true, false},
    {"each of 241 pieces twice, every other one first (FRG-9, FRG-15)", 65507, 272, 2, true, false},
};

static uint64_t send_piece(struct bench *bench, const struct row *row, size_t start)
{
    if (row->empties)
        whole_send_piece(bench, TAP_A, &sent,
                         &(struct piece){.start = start, .end = start, .fragment = IS_MF});
    uint64_t number = whole_send(bench, TAP_A, &sent, start, start + row->piece);
    if (row->twice && bench->n_sights == bench->n_seen)
        number = whole_send(bench, TAP_A, &sent, start, start + row->piece);
    return number;
}

static void check_row(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(row->data, 77);
    whole_make(&sent, &frame);
    size_t n = (sent.size - 20 + row->piece - 1) / row->piece;
    for (size_t i = 0; row->step == 0 && i < n; i++)
        send_piece(bench, row, (n - 1 - i) * row->piece);
    for (size_t first = 0; first < (size_t)row->step; first++)
        for (size_t i = first; i < n; i += (size_t)row->step)
            send_piece(bench, row, i * row->piece);
    whole_expect_echo(bench, &sent);
    if (!row->twice)
        expect_nothing(bench);
    assert_in_range(count_of(bench, TAPIR_IP4_REASSEMBLED, TAPIR_RECEIVED), n, n);
    bench_close(bench);
}

/* ---- one fragment that does not fit, and the end of its datagram ---- */

/* The first 800 octets of a request of 1,592 came; then this. */
static const struct misfit {
    const char *sentence;
    const char *given;
    struct piece piece;
    enum tapir_verdict verdict;
    bool survives; /* the datagram can still be completed */
} misfits[] = {
    {"a copy of the first one is refused, and harms nobody (FRG-15)",
     NULL,
     {.start = 0, .end = 800, .fragment = IS_MF},
     TAPIR_IP4_FRAGMENT_DUPLICATE,
     true},
    {"one octet of overlap ends the datagram (FRG-15)",
     NULL,
     {.start = 792, .end = 1600},
     TAPIR_IP4_FRAGMENT_OVERLAP,
     false},
    {"a fragment inside another ends it, as in the teardrop (FRG-15)",
     NULL,
     {.start = 400, .end = 480, .fragment = IS_MF},
     TAPIR_IP4_FRAGMENT_OVERLAP,
     false},
    {"a fragment around another ends it (FRG-15)",
     NULL,
     {.start = 0, .end = 1200, .fragment = IS_MF},
     TAPIR_IP4_FRAGMENT_OVERLAP,
     false},
    {"a last fragment that ends before what is there (FRG-14)",
     "set ip.reassembly.overlap last",
     {.start = 400, .end = 500},
     TAPIR_IP4_FRAGMENT_CONTRADICTION,
     false},
    {"data of no multiple of 8 in a fragment that is not the last has no effect (FRG-12)",
     NULL,
     {.start = 800, .end = 813, .fragment = IS_MF},
     TAPIR_IP4_FRAGMENT_LENGTH,
     true},
    {"a fragment that ends beyond 65,535 has no effect (FRG-13)",
     NULL,
     {.start = 65512, .end = 65512 + 100},
     TAPIR_IP4_FRAGMENT_BEYOND,
     true},
    {"the end at 65,536 is one octet beyond (FRG-13)",
     NULL,
     {.start = 65512, .end = 65516},
     TAPIR_IP4_FRAGMENT_BEYOND,
     true},
    {"a fragment without data has no effect",
     NULL,
     {.start = 800, .end = 800},
     TAPIR_IP4_FRAGMENT_EMPTY,
     true},
    {"congestion met by one and not to be met by the other ends the datagram (FRG-19)",
     NULL,
     {.start = 800, .end = 1600, .tos = 3},
     TAPIR_IP4_FRAGMENT_ECN,
     false},
};

static void check_misfit(void **state)
{
    const struct misfit *misfit = *state;
    struct bench *bench = bench_open(ROUTER, misfit->given);
    const struct frame frame = whole_echo(1592, 78);
    whole_make(&sent, &frame);
    uint64_t first = whole_send(bench, TAP_A, &sent, 0, 800);
    uint64_t number = whole_send_piece(bench, TAP_A, &sent, &misfit->piece);
    expect_verdict(bench, number, misfit->verdict);
    if (!misfit->survives)
        expect_verdict(bench, first, misfit->verdict);
    expect_nothing(bench);
    whole_send(bench, TAP_A, &sent, 800, 1600);
    if (misfit->survives) {
        whole_expect_echo(bench, &sent);
    } else { /* a clean copy of the datagram still gets through */
        expect_nothing(bench);
        whole_send(bench, TAP_A, &sent, 0, 800);
        whole_expect_echo(bench, &sent);
    }
    bench_run(bench, 130 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

static void two_last_fragments_with_different_ends_end_the_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(1592, 79);
    whole_make(&sent, &frame);
    uint64_t last = whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 800, .end = 1600});
    uint64_t other = whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 1600, .end = 1700});
    expect_verdict(bench, last, TAPIR_IP4_FRAGMENT_CONTRADICTION);
    expect_verdict(bench, other, TAPIR_IP4_FRAGMENT_CONTRADICTION);
    whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 1600, .end = 1700});
    uint64_t beyond =
        whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 1800, .end = 1880, .fragment = IS_MF});
    expect_verdict(bench, beyond, TAPIR_IP4_FRAGMENT_CONTRADICTION);
    bench_run(bench, 130 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- overlap by policy: the middle 8 octets come twice, with other bytes ---- */

static void overlap_is_decided_by_the_setting(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const struct whole *right; /* NULL: none */
    } policies[] = {
        {"set ip.reassembly.overlap drop", NULL},         {"set ip.reassembly.overlap first", &sent},
        {"set ip.reassembly.overlap last", &forged},      {"set ip.reassembly.overlap first on a", &sent},
        {"set ip.reassembly.overlap last on a", &forged}, {"set ip.reassembly.overlap last on b", NULL}};
    const struct frame frame = {.carries = UDP, .data = 24, .id = 80, .transport_sum = ZERO};
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        const struct whole *right = policies[i].right;
        struct bench *bench = bench_open(ROUTER, policies[i].given);
        whole_make(&sent, &frame);
        memcpy(&forged, &sent, sizeof sent);
        memset(forged.bytes + 20 + 16, 0xcc, 8);
        whole_send(bench, TAP_A, &sent, 0, 24);
        whole_send(bench, TAP_A, &forged, 16, 32);
        if (right == NULL) {
            expect_nothing(bench);
        } else {
            const struct view *view = &expect_udp(bench, 5000)->view;
            assert_int_equal(view->data_size, 24);
            assert_memory_equal(view->data, right->bytes + 28, 24);
        }
        bench_close(bench);
    }
}

/* All thirteen relations of two intervals: none but equality delivers anything, and memory comes back. */
static void no_overlap_is_delivered_whatever_its_form(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(392, 81);
    whole_make(&sent, &frame);
    static const size_t second[][2] = {{80, 120},  {80, 160},  {80, 200},  {80, 240},  {80, 320},
                                       {160, 200}, {160, 320}, {168, 200}, {200, 240}, {200, 320}};
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++) {
        uint64_t first = whole_send_piece(bench, TAP_A, &sent,
                                          &(struct piece){.start = 160, .end = 240, .fragment = IS_MF});
        bool overlaps = second[i][1] > 160 && second[i][0] < 240;
        whole_send(bench, TAP_A, &sent, second[i][0], second[i][1]);
        if (overlaps)
            expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_OVERLAP);
        bench_run(bench, 61 * SECONDS);
        expect_nothing(bench);
    }
    bench_close(bench);
}

/* ---- keys ---- */

static void datagrams_that_differ_in_one_part_of_the_key_are_apart(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address a 10.0.1.5/24");
    static const struct piece keys[] = {
        {.id = 90}, {.id = 91}, {.id = 90, .from = IP(10, 0, 1, 11)}, {.id = 90, .to = IP(10, 0, 1, 5)}};
    bench_do(bench, "neighbor a 10.0.1.11");
    static struct whole own[4];
    for (size_t half = 0; half < 2; half++)
        for (size_t i = 0; i < 4; i++) {
            struct frame frame = whole_echo(1592, 90);
            frame.rest = INT64_C(0x11110000) + (int64_t)i;
            whole_make(&own[i], &frame);
            struct piece piece = keys[i];
            piece.start = half * 800;
            piece.end = piece.start + 800;
            piece.fragment = half == 0 ? IS_MF : 0;
            whole_send_piece(bench, TAP_A, &own[i], &piece);
        }
    /* The fifth, of another protocol, must not be joined to the first. */
    whole_send_piece(bench, TAP_A, &own[0],
                     &(struct piece){.id = 95, .start = 0, .end = 800, .fragment = IS_MF});
    whole_send_piece(bench, TAP_A, &own[0],
                     &(struct piece){.id = 95, .start = 800, .end = 1600, .protocol = 17});
    for (size_t i = 0; i < 4; i++)
        whole_expect_echo(bench, &own[i]);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_whole_datagram_of_the_same_key_supersedes_its_pieces(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(1592, 0x4321);
    whole_make(&sent, &frame);
    uint64_t first = whole_send(bench, TAP_A, &sent, 0, 800);
    bench_send(bench, &(struct frame){.fragment = IS_DF}); /* its identification means nothing */
    expect_echo_reply(bench);
    assert_int_equal(verdict_of(bench, first), TAPIR_UNSETTLED);
    bench_send(bench, &(struct frame){.data = 9});
    expect_echo_reply(bench);
    expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_SUPERSEDED);
    bench_run(bench, 130 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- time ---- */

static void the_time_runs_from_the_first_fragment_however_many_follow(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.reassembly.timeout 2s");
    const struct frame frame = whole_echo(1592, 92);
    whole_make(&sent, &frame);
    uint64_t first = whole_send(bench, TAP_A, &sent, 0, 80);
    for (size_t i = 1; i < 4; i++) {
        bench_run(bench, 600 * MS);
        whole_send(bench, TAP_A, &sent, 80 * i, 80 * i + 80);
    }
    bench_run_until(bench, bench->now_ns + 199 * MS);
    expect_nothing(bench);
    bench_run(bench, MS);
    const struct sight *error = expect_icmp_error(bench, 11, 1);
    assert_int_equal(error->view.data_size, 100); /* the first fragment, as it came */
    assert_int_equal(error->view.to, HOST_A);
    assert_int_equal(error->view.from, DUT_A);
    expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_TIMEOUT);
    expect_answer(bench, first, TAPIR_ANSWER_SENT);
    expect_nothing(bench);
    bench_close(bench);
}

static void without_fragment_zero_nobody_is_told(void **state)
{
    (void)state;
    for (int with_first = 0; with_first < 2; with_first++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        const struct frame frame = whole_echo(1592, 93);
        whole_make(&sent, &frame);
        uint64_t later = whole_send(bench, TAP_A, &sent, 80, 160);
        if (with_first)
            whole_send(bench, TAP_A, &sent, 0, 80);
        bench_run(bench, 59999 * MS);
        expect_nothing(bench);
        bench_run(bench, MS);
        expect_verdict(bench, later, TAPIR_IP4_FRAGMENT_TIMEOUT);
        expect_answer(bench, later, TAPIR_ANSWER_FRAGMENT);
        if (with_first)
            expect_icmp_error(bench, 11, 1);
        expect_nothing(bench);
        bench_close(bench);
    }
}

static void time_exceeded_in_reassembly_has_the_switch_of_time_exceeded(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.time_exceeded off");
    const struct frame frame = whole_echo(1592, 93);
    whole_make(&sent, &frame);
    uint64_t first = whole_send(bench, TAP_A, &sent, 0, 80);
    bench_run(bench, 61 * SECONDS);
    expect_answer(bench, first, TAPIR_ANSWER_OFF);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- headers ---- */

static void the_header_is_that_of_the_first_fragment(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct frame frame = whole_echo(1592, 94);
    frame.tos = 0xb8;
    whole_make(&sent, &frame);
    whole_send_piece(bench, TAP_A, &sent, &(struct piece){.start = 800, .end = 1600, .tos = 0x10});
    whole_send_piece(bench, TAP_A, &sent,
                     &(struct piece){.start = 0,
                                     .end = 800,
                                     .fragment = IS_MF,
                                     .options = "\x01\x01\x01\x01\x5e\x04\xab\xcd",
                                     .options_size = 8});
    size_t n;
    assert_true(whole_join(bench, &joined, 1500, &n));
    assert_int_equal(joined.bytes[1], 0xb8);
    assert_memory_equal(joined.bytes + 24, sent.bytes + 24, 1592);
    bench_close(bench);
}

static void what_a_socket_hears_has_tos_and_congestion_of_the_pieces(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *socket = tapir_open(bench->stack, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(socket, (struct ip4){0}, 7), TAPIR_OK);
    static const struct {
        int first, second;
        int heard; /* -1: nothing */
    } rows_of_tos[] = {{0xb9, 0xb9, 0xb9}, {0xb9, 0xbb, 0xbb}, {0xba, 0xbb, 0xbb},
                       {0xbb, 0xbb, 0xbb}, {0xb9, 0x10, 0xb9}, {0xb8, 0xbb, -1}};
    for (int i = 0; i < 6; i++) {
        struct frame frame = {
            .carries = UDP, .data = 200, .id = 200 + i, .tos = rows_of_tos[i].first, .ttl = 9};
        whole_make(&sent, &frame);
        whole_send(bench, TAP_A, &sent, 0, 104);
        whole_send_piece(bench, TAP_A, &sent,
                         &(struct piece){.start = 104, .end = 208, .tos = rows_of_tos[i].second, .ttl = 33});
        struct tapir_message message;
        enum tapir_result result = tapir_peek(socket, &message);
        if (rows_of_tos[i].heard < 0) {
            assert_int_equal(result, TAPIR_AGAIN);
            continue;
        }
        assert_int_equal(result, TAPIR_OK);
        assert_int_equal(message.tos, rows_of_tos[i].heard);
        assert_int_equal(message.ttl, 9);
        assert_int_equal(message.size, 200);
        assert_memory_equal(message.data, sent.bytes + 28, 200);
        tapir_consume(socket);
    }
    bench_close(bench);
}

static void a_broadcast_in_pieces_is_answered_no_more_than_a_whole_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    struct frame frame = {.carries = UDP, .to = IP(10, 0, 1, 255), .to_port = 9999, .data = 300};
    whole_make(&sent, &frame);
    whole_send(bench, TAP_A, &sent, 0, 160);
    whole_send(bench, TAP_A, &sent, 160, 400);
    whole_send_piece(bench, TAP_A, &sent,
                     &(struct piece){.id = 97, .start = 0, .end = 160, .fragment = IS_MF});
    bench_run(bench, 61 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("FRG-14", two_last_fragments_with_different_ends_end_the_datagram),
        PROVES("FRG-15", overlap_is_decided_by_the_setting),
        PROVES("FRG-15", no_overlap_is_delivered_whatever_its_form),
        PROVES("FRG-8", datagrams_that_differ_in_one_part_of_the_key_are_apart),
        PROVES("FRG-18 IPR-25", a_whole_datagram_of_the_same_key_supersedes_its_pieces),
        PROVES("FRG-10 FRG-11", the_time_runs_from_the_first_fragment_however_many_follow),
        PROVES("FRG-11 ERR-11", without_fragment_zero_nobody_is_told),
        PROVES("TEX-2", time_exceeded_in_reassembly_has_the_switch_of_time_exceeded),
        PROVES("FRG-16 FRG-20", the_header_is_that_of_the_first_fragment),
        PROVES("FRG-19 FRG-20", what_a_socket_hears_has_tos_and_congestion_of_the_pieces),
        PROVES("ERR-10", a_broadcast_in_pieces_is_answered_no_more_than_a_whole_one),
    };
    return RUN_TABLE("orders", rows, check_row) + RUN_TABLE("misfits", misfits, check_misfit) +
           cmocka_run_group_tests_name("reassembly", tests, NULL, NULL);
}
