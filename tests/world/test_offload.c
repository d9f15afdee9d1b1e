/* Super-frames that arrive: routed whole where the exit takes them, else taken apart, judged by their segments. */
#include "tests/world/sockets.h"
#include "tests/world/super_frames.h"

static const struct super udp = {.data = 5200, .segment = 1400},
                          tcp = {.protocol = 6, .data = 9000, .segment = 1448, .flags = PSH};

/* ---- which way? ---- */

enum way {
    WHOLE,
    APART,  /* in segments, octet by octet */
    PIECES, /* segments, each in fragments; the clerk compares them */
    TOO_BIG
};

#define RECORD_NOTHING "\x01\x01\x01\x00"

static const struct row {
    const char *sentence, *given;
    struct super super;
    enum way way;
    int mtu, n; /* of the message; how many pieces */
} rows[] = {
    {.sentence = "UDP leaves whole where its exit takes it",
     .given = TAKES_ALL,
     .super = {.data = 5200, .segment = 1400}},
    {.sentence = "TCP leaves whole where its exit takes it",
     .given = TAKES_ALL,
     .super = {.protocol = 6, .data = 9000, .segment = 1448, .flags = PSH, .ttl = 2}},
    {.sentence = "the largest leaves whole",
     .given = TAKES_ALL,
     .super = {.protocol = 6, .data = 65495, .segment = 1460, .fragment = IS_DF}},
    {.sentence = "one with options leaves whole, its checksum where it is",
     .given = TAKES_ALL,
     .super = {.data = 5200, .segment = 1400, .options = RECORD_NOTHING, .options_size = 4}},
    {.sentence = "one identification for all stays one",
     .given = TAKES_ALL,
     .super = {.data = 5200, .segment = 1400, .one_id = true, .fragment = IS_DF}},
    {.sentence = "UDP leaves in segments where its exit takes none",
     .super = {.data = 5200, .segment = 1400},
     .way = APART},
    {.sentence = "TCP leaves in segments where its exit takes none",
     .super = {.protocol = 6, .data = 9000, .segment = 1448, .flags = 0xc9, .ttl = 2},
     .way = APART},
    {.sentence = "the largest leaves in segments",
     .super = {.protocol = 6, .data = 65495, .segment = 1460, .flags = PSH, .fragment = IS_DF},
     .way = APART},
    {.sentence = "one with options leaves in segments with options",
     .super = {.data = 5200, .segment = 1400, .options = RECORD_NOTHING, .options_size = 4},
     .way = APART},
    {.sentence = "UDP leaves in segments where only TCP is taken",
     .given = "takes b checksum tcp",
     .super = {.data = 5200, .segment = 1400},
     .way = APART},
    {.sentence = "TCP leaves in segments where only UDP is taken",
     .given = "takes b checksum udp",
     .super = {.protocol = 6, .data = 5200, .segment = 1400},
     .way = APART},
    {.sentence = "the other interface has no say",
     .given = "takes a checksum tcp udp",
     .super = {.data = 5200, .segment = 1400},
     .way = APART},
    {.sentence = "a super-frame of one leaves as it is",
     .given = "",
     .super = {.data = 700, .segment = 1400},
     .way = APART},
    {.sentence = "with DF, segments that fill the MTU to the octet go whole (FWD-24)",
     .given = "mtu b 1006; " TAKES_ALL,
     .super = {.data = 5000, .segment = 978, .fragment = IS_DF}},
    {.sentence = "with DF, segments that fill the MTU to the octet go apart (FWD-24)",
     .given = "mtu b 1006",
     .super = {.data = 5000, .segment = 978, .fragment = IS_DF},
     .way = APART},
    {.sentence = "with DF, an octet more is too big, though the device takes more (FWD-24)",
     .given = "mtu b 1006; " TAKES_ALL,
     .super = {.data = 5000, .segment = 979, .fragment = IS_DF},
     .way = TOO_BIG,
     .mtu = 1006},
    {.sentence = "with DF, TCP is told the MTU (PMTU-1)",
     .given = "mtu b 576",
     .super = {.protocol = 6, .data = 9000, .segment = 1448, .flags = PSH, .fragment = IS_DF},
     .way = TOO_BIG,
     .mtu = 576},
    {.sentence = "without DF, segments that are too large leave in pieces (FRG-1)",
     .given = "mtu b 1006",
     .super = {.data = 5000, .segment = 1400},
     .way = PIECES,
     .n = 7},
    {.sentence = "without DF, they leave in pieces by a device that takes super-frames too (FRG-1)",
     .given = "mtu b 1006; " TAKES_ALL,
     .super = {.protocol = 6, .data = 5200, .segment = 1400},
     .way = PIECES,
     .n = 8},
};

static void expect_too_big(struct bench *bench, const struct row *row)
{
    static uint8_t first[SUPER_MAX];
    const struct view *view = &expect_icmp_error(bench, 3, 4)->view;
    size_t size = super_single(&row->super, 0, first);
    assert_int_equal(view->rest, row->mtu);
    assert_int_equal(view->data_size, size < 548 ? size : 548);
    assert_memory_equal(view->data, first, view->data_size);
}

static void expect_way(struct bench *bench, const struct row *row)
{
    switch (row->way) {
    case WHOLE:
        expect_super(bench, &row->super);
        break;
    case APART:
        expect_singles(bench, &row->super);
        break;
    case PIECES:
        for (int i = 0; i < row->n; i++)
            assert_int_equal(expect_frame(bench)->view.fragment == 0,
                             i == row->n - 1 && row->super.protocol != 6);
        break;
    case TOO_BIG:
        expect_too_big(bench, row);
        break;
    }
    expect_nothing(bench);
}

static void check_way(void **state)
{
    static const enum tapir_verdict verdicts[] = {TAPIR_FORWARDED, TAPIR_IP4_SEGMENTED, TAPIR_IP4_SEGMENTED,
                                                  TAPIR_IP4_TOO_BIG};
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    uint64_t number = send_super(bench, &row->super);
    expect_way(bench, row);
    expect_verdict(bench, number, verdicts[row->way]);
    expect_answer(bench, number, row->way == TOO_BIG ? TAPIR_ANSWER_SENT : TAPIR_UNSETTLED);
    if (row->way == PIECES)
        assert_int_equal(count_of(bench, TAPIR_IP4_FRAGMENTED, TAPIR_BORN), 4 - (row->super.protocol != 6));
    bench_close(bench);
}

/* ---- in transit ---- */

static void a_super_frame_keeps_its_place_in_its_flow(void **state)
{
    (void)state;
    static const char *given[] = {"", TAKES_ALL};
    static uint8_t frames[3][ETHER + SUPER_MAX];
    const struct super before = {.data = 300}, behind = {.data = 400};
    for (int i = 0; i < 2; i++) {
        struct bench *bench = bench_open(ROUTER, given[i]);
        const struct arrival batch[] = {single_arrival(&before, 0, frames[0]), super_arrival(&udp, frames[1]),
                                        single_arrival(&behind, 0, frames[2])};
        bench_send_batch(bench, TAP_A, batch, 3);
        expect_single(bench, &before, 0);
        if (i == 0)
            expect_singles(bench, &udp);
        else
            expect_super(bench, &udp);
        expect_single(bench, &behind, 0);
        expect_nothing(bench);
        bench_close(bench);
    }
}

static void a_ttl_of_1_earns_one_message_with_the_first_segment(void **state)
{
    (void)state;
    static const char *given[] = {"", TAKES_ALL};
    static const size_t segments[] = {1448, 100};
    uint8_t first[2048];
    struct super last_hop = tcp;
    last_hop.ttl = 1;
    for (int i = 0; i < 4; i++) {
        struct bench *bench = bench_open(ROUTER, given[i % 2]);
        last_hop.segment = segments[i / 2];
        expect_verdict(bench, send_super(bench, &last_hop), TAPIR_IP4_TTL);
        const struct view *view = &expect_icmp_error(bench, 11, 0)->view;
        size_t size = super_single(&last_hop, 0, first);
        assert_int_equal(view->data_size, size < 548 ? size : 548);
        assert_memory_equal(view->data, first, view->data_size);
        expect_nothing(bench);
        bench_close(bench);
    }
}

static void one_that_waits_for_a_neighbor_leaves_like_any_other(void **state)
{
    (void)state;
    static const char *given[] = {"strangers", "strangers; " TAKES_ALL};
    struct super far = tcp;
    far.to = (uint32_t)IP(10, 0, 2, 77);
    for (int i = 0; i < 2; i++) {
        struct bench *bench = bench_open(ROUTER, given[i]);
        uint64_t number = send_super(bench, &far);
        expect_arp_request(bench, IP(10, 0, 2, 77));
        expect_nothing(bench);
        assert_int_equal(bench->frames[number].holds, 1);
        bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 77));
        if (i == 0)
            expect_singles(bench, &far);
        else
            expect_super(bench, &far);
        expect_nothing(bench);
        expect_verdict(bench, number, i == 0 ? TAPIR_IP4_SEGMENTED : TAPIR_FORWARDED);
        bench_close(bench);
    }
}

static void without_room_for_all_segments_none_is_born(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    bench_starve_all(bench);
    uint64_t born = tapir_counters(bench->stack)->packets[TAPIR_BORN];
    expect_verdict(bench, send_super(bench, &udp), TAPIR_STORE_FULL);
    tapir_release(bench->stack, bench->taken + bench->n_taken - 3, 3); /* of four */
    bench->n_taken -= 3;
    expect_verdict(bench, send_super(bench, &udp), TAPIR_STORE_FULL);
    assert_int_equal(tapir_counters(bench->stack)->packets[TAPIR_BORN], born);
    expect_nothing(bench);
    bench_do(bench, TAKES_ALL);
    expect_verdict(bench, send_super(bench, &udp), TAPIR_FORWARDED);
    expect_super(bench, &udp);
    bench_do(bench, "takes b");
    bench_feed(bench);
    expect_verdict(bench, send_super(bench, &udp), TAPIR_IP4_SEGMENTED);
    expect_singles(bench, &udp);
    bench_close(bench);
}

/* There is room for all but the last, which is short; or for the last alone. */
static void each_size_of_segment_needs_its_slots(void **state)
{
    (void)state;
    const struct super flow = {.data = 4300, .segment = 1400};
    static const size_t taken[][2] = {{100, 100}, {1500, 60000}};
    for (int i = 0; i < 2; i++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        struct tapir_packet *packet;
        for (int k = 0; k < 2; k++)
            while ((packet = tapir_take(bench->stack, taken[i][k])) != NULL)
                bench->taken[bench->n_taken++] = packet;
        tapir_release(bench->stack, bench->taken, 3);
        memmove(bench->taken, bench->taken + 3, (bench->n_taken -= 3) * sizeof bench->taken[0]);
        expect_verdict(bench, send_super(bench, &flow), TAPIR_STORE_FULL);
        expect_nothing(bench);
        bench_feed(bench);
        send_super(bench, &flow);
        expect_singles(bench, &flow);
        bench_close(bench);
    }
}

/* 65,495 segments of one octet. */
static void more_segments_than_there_are_slots_are_refused(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct super dust = {.protocol = 6, .data = 65495, .segment = 1};
    expect_verdict(bench, send_super(bench, &dust), TAPIR_STORE_FULL);
    expect_nothing(bench);
    bench_close(bench);
}

static void segments_that_find_no_place_at_the_exit_are_refused_each(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.source_quench.send on");
    const struct super bulk = {.data = 1000, .segment = 10};
    tapir_pause(bench->stack, TAP_B, true);
    for (int i = 0; i < 6; i++) /* 100 segments each; the transit band has 512 places */
        expect_verdict(bench, send_super(bench, &bulk), TAPIR_IP4_SEGMENTED);
    assert_int_equal(count_of(bench, TAPIR_OUT_FULL, TAPIR_BORN), 88);
    expect_nothing(bench);
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, SECONDS);
    for (int i = 0; i < 512; i++)
        expect_single(bench, &bulk, (size_t)i % 100);
    expect_nothing(bench);
    bench_close(bench);
}

/* What its device does not take any more must not reach it. */
static void what_waits_for_a_device_goes_when_it_takes_less(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, TAKES_ALL);
    tapir_pause(bench->stack, TAP_B, true);
    uint64_t number = send_super(bench, &udp);
    bench_do(bench, "takes b checksum tcp");
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, SECONDS);
    expect_nothing(bench);
    expect_verdict(bench, number, TAPIR_OUT_DOWN);
    tapir_pause(bench->stack, TAP_B, true);
    number = send_super(bench, &tcp);
    bench_do(bench, TAKES_ALL); /* more */
    tapir_pause(bench->stack, TAP_B, false);
    bench_run(bench, SECONDS);
    expect_super(bench, &tcp);
    expect_verdict(bench, number, TAPIR_FORWARDED);
    bench_close(bench);
}

/* ---- partial checksums ---- */

static void a_partial_checksum_is_completed_only_for_who_wants_it(void **state)
{
    (void)state;
    static const char *given[] = {"", TAKES_ALL, "takes b checksum"};
    static const struct super ones[] = {
        {.data = 777}, {.protocol = 6, .data = 100}, {.data = 500, .sums_to_zero = true}};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            struct bench *bench = bench_open(ROUTER, given[i]);
            uint64_t number = send_partial(bench, &ones[k]);
            uint8_t right[2048];
            size_t size = single_ahead(&ones[k], 0, right);
            const struct sight *sight = expect_forwarded(bench, number);
            assert_int_equal(sight->view.total, size);
            assert_memory_equal(sight->view.datagram, right, size);
            assert_int_equal(sight->offload.partial, i > 0);
            if (i > 0)
                assert_int_equal(sight->offload.start, ETHER + 20);
            bench_close(bench);
        }
}

static void pieces_and_quotes_have_a_complete_checksum(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576; " TAKES_ALL);
    struct super large = {.data = 1001};
    uint8_t right[2048], joined[2048];
    expect_verdict(bench, send_partial(bench, &large), TAPIR_IP4_FRAGMENTED);
    size_t size = super_single(&large, 0, right), at = 0;
    for (int i = 0; i < 2; i++) {
        const struct view *view = &expect_frame(bench)->view;
        memcpy(joined + at, view->payload, view->payload_size);
        at += view->payload_size;
    }
    assert_int_equal(at, size - 20);
    assert_memory_equal(joined, right + 20, at);
    large.fragment = IS_DF;
    expect_verdict(bench, send_partial(bench, &large), TAPIR_IP4_TOO_BIG);
    const struct view *view = &expect_icmp_error(bench, 3, 4)->view;
    super_single(&large, 0, right);
    assert_memory_equal(view->data, right, 548);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_directed_broadcast_is_complete_for_all_and_known_to_us(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.directed_broadcast on");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 9);
    const struct super all = {.data = 333, .to = (uint32_t)IP(10, 0, 2, 255)};
    uint64_t number = send_partial(bench, &all);
    expect_single(bench, &all, 0);
    expect_nothing(bench);
    expect_verdict(bench, number, TAPIR_FORWARDED);
    struct tapir_message message;
    assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
    assert_int_equal(message.size, 333);
    tapir_consume(socket);
    expect_silence(socket);
    bench_close(bench);
}

static void a_header_that_is_wrong_is_refused_for_that(void **state)
{
    (void)state;
    static uint8_t frame[ETHER + SUPER_MAX];
    struct bench *bench = bench_open(ROUTER, TAKES_ALL);
    struct arrival arrival = super_arrival(&udp, frame);
    frame[ETHER + 10] ^= 1;
    expect_verdict(bench, bench_send_batch(bench, TAP_A, &arrival, 1), TAPIR_IP4_CHECKSUM);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_super_frame_keeps_its_place_in_its_flow),
        cmocka_unit_test(a_ttl_of_1_earns_one_message_with_the_first_segment),
        cmocka_unit_test(one_that_waits_for_a_neighbor_leaves_like_any_other),
        cmocka_unit_test(without_room_for_all_segments_none_is_born),
        cmocka_unit_test(each_size_of_segment_needs_its_slots),
        cmocka_unit_test(more_segments_than_there_are_slots_are_refused),
        cmocka_unit_test(segments_that_find_no_place_at_the_exit_are_refused_each),
        cmocka_unit_test(what_waits_for_a_device_goes_when_it_takes_less),
        cmocka_unit_test(a_partial_checksum_is_completed_only_for_who_wants_it),
        cmocka_unit_test(pieces_and_quotes_have_a_complete_checksum),
        cmocka_unit_test(a_directed_broadcast_is_complete_for_all_and_known_to_us),
        cmocka_unit_test(a_header_that_is_wrong_is_refused_for_that),
    };
    return RUN_TABLE("ways", rows, check_way) + cmocka_run_group_tests_name("offload", tests, NULL, NULL);
}
