/* Reassembly of many datagrams: in random mixtures, and bounds by source, number, memory, holes. FRG-8, 9, 17. */
#include <stdio.h>
#include <string.h>

#include "core/store.h"
#include "tests/dice.h"
#include "tests/world/pieces.h"

static struct whole sent, joined;

static void one_source_cannot_keep_the_others_out(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "neighbor a 10.0.1.11");
    const struct frame frame = whole_echo(1592, 1);
    whole_make(&sent, &frame);
    uint64_t first = 0;
    for (int i = 1; i <= 10000; i++) {
        uint64_t number = whole_send_piece(
            bench, TAP_A, &sent,
            &(struct piece){.id = i, .start = 0, .end = 800, .fragment = IS_MF, .from = IP(10, 0, 1, 66)});
        first = i == 1 ? number : first;
        if (i == 5000)
            whole_send_piece(bench, TAP_A, &sent,
                             &(struct piece){.id = 1, .start = 0, .end = 800, .fragment = IS_MF});
    }
    expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_CROWDED);
    assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 64 + 1);
    whole_send_piece(bench, TAP_A, &sent, &(struct piece){.id = 1, .start = 800, .end = 1600});
    whole_expect_echo(bench, &sent);
    expect_nothing(bench);
    bench_close(bench);
}

static void bounds_are_settings(void **state)
{
    (void)state;
    const struct {
        const char *given;
        uint64_t held;
    } bounds[] = {{"set ip.reassembly.datagrams 5", 5},
                  {"set ip.reassembly.datagrams 1", 1},
                  {"set ip.reassembly.datagrams 4096; set ip.reassembly.per_source 4096", 1200},
                  {"set ip.reassembly.datagrams 4096; set ip.reassembly.per_source 1", 8},
                  {"set ip.reassembly.per_source 4096", 1024},
                  {"set ip.reassembly.memory 64KiB", 65536 / pool_stride(STORE_SMALL)}};
    const struct frame frame = whole_echo(1592, 1);
    whole_make(&sent, &frame);
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        struct bench *bench = bench_open(ROUTER, bounds[i].given);
        for (int n = 0; n < 1200; n++)
            whole_send_piece(
                bench, TAP_A, &sent,
                &(struct piece){
                    .id = n + 1, .start = 0, .end = 80, .fragment = IS_MF, .from = IP(10, 0, 1, 66 + n % 8)});
        uint64_t held = tapir_counters(bench->stack)->held[TAPIR_RECEIVED];
        assert_int_equal(held, bounds[i].held);
        bench_close(bench);
    }
}

/* FragmentSmack: tiny fragments in reverse order, of many datagrams at once. */
static void a_storm_of_tiny_fragments_holds_to_its_bounds(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(1592, 1);
    whole_make(&sent, &frame);
    for (size_t at = 512; at > 0; at -= 8)
        for (int id = 1; id <= 120; id++)
            whole_send_piece(
                bench, TAP_A, &sent,
                &(struct piece){
                    .id = id, .start = at, .end = at + 8, .fragment = IS_MF, .from = IP(10, 0, 1, 30 + id)});
    assert_in_range(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 5000,
                    4194304 / pool_stride(STORE_SMALL));
    bench_run(bench, 61 * SECONDS);
    assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 0);
    expect_nothing(bench);
    bench_close(bench);
}

/* Who looks in sees an attack on it, and how near it came. */
static void the_memory_in_use_is_shown(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(1592, 1);
    whole_make(&sent, &frame);
    whole_send(bench, TAP_A, &sent, 0, 80);
    union tapir_row row = {.limit.name = ""};
    uint64_t cursor = 0;
    while (strcmp(row.limit.name, "reassembly") != 0)
        assert_int_equal(tapir_list(bench->stack, TAPIR_TABLE_LIMITS, &cursor, &row, 1), 1);
    assert_int_equal(row.limit.use, pool_stride(STORE_SMALL));
    assert_int_equal(row.limit.limit, 4194304);
    bench_run(bench, 61 * SECONDS);
    cursor--;
    assert_int_equal(tapir_list(bench->stack, TAPIR_TABLE_LIMITS, &cursor, &row, 1), 1);
    assert_int_equal(row.limit.use, 0);
    assert_int_equal(row.limit.peak, pool_stride(STORE_SMALL));
    bench_close(bench);
}

/* 1,400 fragments, or holes for 700 of them, are enough for 65,535 octets over a path of 68 in any order. */
static void more_than_an_honest_datagram_has_ends_it(void **state)
{
    (void)state;
    static const struct {
        size_t step, most;
    } rows[] = {{16, 700}, {8, 1400}};
    const struct frame frame = whole_echo(20000, 1);
    whole_make(&sent, &frame);
    for (size_t row = 0; row < 2; row++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        for (size_t i = 0; i < rows[row].most; i++)
            whole_send(bench, TAP_A, &sent, i * rows[row].step, i * rows[row].step + 8);
        assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], rows[row].most);
        size_t at = rows[row].most * rows[row].step;
        expect_verdict(bench, whole_send(bench, TAP_A, &sent, at, at + 8), TAPIR_IP4_FRAGMENT_MANY);
        assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 0);
        bench_close(bench);
    }
}

/* A copy is laid beside those that came before it, the first one here, or all 256. So many looks are enough for a
 * datagram of 241 fragments that all come twice; then it ends. */
static void copies_without_end_end_the_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = whole_echo(20000, 1);
    whole_make(&sent, &frame);
    for (size_t i = 0; i < 257; i++)
        whole_send(bench, TAP_A, &sent, i * 8, i * 8 + 8);
    for (size_t i = 0; i < 1000; i++)
        whole_send(bench, TAP_A, &sent, 0, 8);
    for (size_t i = 0; i < 256; i++)
        whole_send(bench, TAP_A, &sent, 256 * 8, 256 * 8 + 8);
    assert_int_equal(count_of(bench, TAPIR_IP4_FRAGMENT_DUPLICATE, TAPIR_RECEIVED), 1256);
    expect_verdict(bench, whole_send(bench, TAP_A, &sent, 256 * 8, 256 * 8 + 8), TAPIR_IP4_FRAGMENT_MANY);
    assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 0);
    bench_close(bench);
}

/* Under a policy that lets them, pieces that overlap are dearer than copies: who looks for one of them compares their octets. */
static void pieces_that_overlap_again_and_again_end_the_datagram(void **state)
{
    (void)state;
    static const char *const given[] = {"set ip.reassembly.overlap first", "set ip.reassembly.overlap last"};
    const struct frame frame = whole_echo(20000, 1);
    for (size_t policy = 0; policy < 2; policy++) {
        struct bench *bench = bench_open(ROUTER, given[policy]);
        uint64_t number = 0;
        for (size_t i = 0; i < 66; i++) {
            whole_make(&sent, &frame);
            sent.bytes[20 + 100] = (uint8_t)i;
            number = whole_send(bench, TAP_A, &sent, 0, 800);
            if (i == 64)
                assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 65);
        }
        expect_verdict(bench, number, TAPIR_IP4_FRAGMENT_MANY);
        assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 0);
        bench_close(bench);
    }
}

/* The datagram ran out of time, not each of its first fragments: RFC 792, T11/C1. */
static void two_first_fragments_earn_one_message(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.reassembly.overlap first");
    uint64_t numbers[4];
    for (int i = 0; i < 4; i++) {
        const struct frame frame = whole_echo(1592, 1 + i / 2);
        whole_make(&sent, &frame);
        sent.bytes[20 + 100] = (uint8_t)i;
        numbers[i] = whole_send(bench, TAP_A, &sent, 0, 800);
    }
    bench_run(bench, 61 * SECONDS);
    expect_icmp_error(bench, 11, 1);
    expect_icmp_error(bench, 11, 1);
    expect_nothing(bench);
    for (int i = 0; i < 4; i++) {
        expect_verdict(bench, numbers[i], TAPIR_IP4_FRAGMENT_TIMEOUT);
        expect_answer(bench, numbers[i], i % 2 == 0 ? TAPIR_ANSWER_SENT : TAPIR_ANSWER_TOLD);
    }
    bench_close(bench);
}

/* Neither by many fragments nor by one that would never fit, in a memory of 64 KiB. */
static void one_datagram_cannot_take_the_memory_of_others(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) {
        struct bench *bench = bench_open(ROUTER, "set ip.reassembly.memory 64KiB");
        const struct frame frame = whole_echo(1592, 1);
        whole_make(&sent, &frame);
        whole_send(bench, TAP_A, &sent, 0, 800);
        struct piece piece = {.id = 2, .fragment = IS_MF, .from = IP(10, 0, 1, 66)};
        static struct whole large;
        const struct frame large_frame = whole_echo(20000, 2);
        whole_make(&large, &large_frame);
        uint64_t first = 0;
        size_t size = way == 0 ? 8 : 2960, n = way == 0 ? 65536 / pool_stride(STORE_SMALL) : 3;
        for (size_t i = 0; i < n; i++) {
            piece.start = i * size;
            piece.end = piece.start + size;
            uint64_t number = whole_send_piece(bench, TAP_A, &large, &piece);
            first = i == 0 ? number : first;
        }
        expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_CROWDED);
        whole_send(bench, TAP_A, &sent, 800, 1600);
        whole_expect_echo(bench, &sent);
        bench_close(bench);
    }
}

/* Of a memory of 28 slots one source has `own`, and wants another. */
static void who_gives_room(size_t own, enum tapir_verdict first_of_own, enum tapir_verdict first_of_all)
{
    enum {
        SLOTS = 28
    };
    char given[64];
    snprintf(given, sizeof given, "set ip.reassembly.memory %zu", SLOTS * pool_stride(STORE_MEDIUM));
    struct bench *bench = bench_open(ROUTER, given);
    const struct frame frame = whole_echo(1592, 1);
    whole_make(&sent, &frame);
    uint64_t numbers[SLOTS + 1];
    for (size_t i = 0; i <= SLOTS; i++) {
        bool is_own = i >= SLOTS - own;
        const struct piece piece = {.id = (int)i + 1,
                                    .end = 800,
                                    .fragment = IS_MF,
                                    .from = is_own ? IP(10, 0, 1, 66) : IP(10, 0, 1, 100) + (int64_t)i};
        numbers[i] = whole_send_piece(bench, TAP_A, &sent, &piece);
        if (i < SLOTS)
            assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], i + 1);
    }
    assert_int_equal(verdict_of(bench, numbers[SLOTS - own]), first_of_own);
    assert_int_equal(verdict_of(bench, numbers[0]), first_of_all);
    assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], SLOTS);
    bench_close(bench);
}

static void more_than_a_quarter_of_the_memory_makes_room_for_its_own(void **state)
{
    (void)state;
    who_gives_room(7, TAPIR_UNSETTLED, TAPIR_IP4_FRAGMENT_CROWDED);
    who_gives_room(8, TAPIR_IP4_FRAGMENT_CROWDED, TAPIR_UNSETTLED);
}

/* One fragment may have all of the memory, and then none more is held. */
static void a_fragment_may_fill_the_memory(void **state)
{
    (void)state;
    static struct whole large;
    char given[64];
    snprintf(given, sizeof given, "set ip.reassembly.memory %zu", pool_stride(STORE_LARGE));
    struct bench *bench = bench_open(ROUTER, given);
    const struct frame frame = whole_echo(20000, 1);
    whole_make(&large, &frame);
    whole_send(bench, TAP_A, &large, 0, 3000);
    assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 1);
    bench_close(bench);
}

static void fragments_of_an_interface_go_with_it(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct frame frame = whole_echo(1592, 1);
    frame.on = TAP_B;
    whole_make(&sent, &frame);
    uint64_t first = whole_send(bench, TAP_B, &sent, 0, 80);
    struct piece piece = {.id = 2, .start = 0, .end = 80, .fragment = IS_MF};
    uint64_t mixed = whole_send_piece(bench, TAP_A, &sent, &piece); /* the rest of it comes by the other, */
    piece.id = 3;
    uint64_t other = whole_send_piece(bench, TAP_A, &sent, &piece);
    piece.id = 4;
    whole_send_piece(bench, TAP_B, &sent, &piece);
    piece = (struct piece){.id = 2, .start = 80, .end = 160, .fragment = IS_MF};
    whole_send_piece(bench, TAP_B, &sent, &piece);
    piece.id = 4; /* or had come */
    uint64_t last = whole_send_piece(bench, TAP_A, &sent, &piece);
    const struct tapir_op ops[] = {
        {.kind = TAPIR_OP_ADDRESS, .remove = true, .iface = 1, .address = {{(uint32_t)DUT_B}, 24}},
        {.kind = TAPIR_OP_NEIGHBOR, .remove = true, .iface = 1, .neighbor.address = {(uint32_t)HOST_B}},
        {.kind = TAPIR_OP_INTERFACE, .remove = true, .iface = 1}};
    struct tapir_fault fault = {0};
    if (tapir_apply(bench->stack, ops, 3, &fault, (tapir_instant){bench->now_ns}) != TAPIR_OK)
        fail_msg("%zu: %s", fault.op, fault.why);
    bench_settle(bench);
    bench_run(bench, SECONDS);
    expect_verdict(bench, first, TAPIR_IP4_FRAGMENT_FLUSHED);
    expect_verdict(bench, mixed, TAPIR_IP4_FRAGMENT_FLUSHED);
    expect_verdict(bench, last, TAPIR_IP4_FRAGMENT_FLUSHED);
    assert_int_equal(verdict_of(bench, other), TAPIR_UNSETTLED);
    assert_int_equal(tapir_counters(bench->stack)->held[TAPIR_RECEIVED], 1);
    expect_nothing(bench);
    bench_close(bench);
}

/* Random orders, sizes and copies of several datagrams at once; each is answered once with its own octets. */
static void any_mixture_of_orders_and_sizes_comes_out_right(void **state)
{
    (void)state;
    enum {
        MANY = 6
    };
    static struct whole many[MANY];
    struct dice dice = dice_of(792);
    for (int round = 0; round < 20; round++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        struct {
            size_t which, start, end;
        } cuts[MANY * 64], swap;
        size_t n = 0;
        for (size_t i = 0; i < MANY; i++) {
            struct frame frame = whole_echo((int)(200 + dice_below(&dice, 6000)), 300 + (int)i);
            frame.rest = (int64_t)i + 1;
            whole_make(&many[i], &frame);
            for (size_t at = 0, size; at < many[i].size - 20; at += size) {
                size = 8 * (1 + dice_below(&dice, 180));
                cuts[n].which = i;
                cuts[n].start = at;
                cuts[n++].end = at + size;
            }
        }
        for (size_t i = n - 1; i > 0; i--) {
            size_t k = dice_below(&dice, (uint32_t)i + 1);
            swap = cuts[i];
            cuts[i] = cuts[k];
            cuts[k] = swap;
        }
        for (size_t i = 0; i < n; i++)
            whole_send(bench, TAP_A, &many[cuts[i].which], cuts[i].start, cuts[i].end);
        for (size_t i = 0; i < MANY; i++) {
            size_t pieces;
            assert_true(whole_join(bench, &joined, 1500, &pieces));
            size_t which = joined.bytes[27] - 1U;
            assert_in_range(which, 0, MANY - 1);
            assert_int_equal(joined.size, many[which].size);
            assert_memory_equal(joined.bytes + 24, many[which].bytes + 24, joined.size - 24);
        }
        expect_nothing(bench);
        bench_close(bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("FRG-17", one_source_cannot_keep_the_others_out),
        PROVES("FRG-17", bounds_are_settings),
        PROVES("FRG-17", a_storm_of_tiny_fragments_holds_to_its_bounds),
        PROVES("FRG-17", the_memory_in_use_is_shown),
        PROVES("FRG-17", more_than_an_honest_datagram_has_ends_it),
        PROVES("FRG-15 FRG-17", copies_without_end_end_the_datagram),
        PROVES("FRG-17", pieces_that_overlap_again_and_again_end_the_datagram),
        PROVES("FRG-10 FRG-11", two_first_fragments_earn_one_message),
        PROVES("FRG-17", one_datagram_cannot_take_the_memory_of_others),
        PROVES("FRG-17", more_than_a_quarter_of_the_memory_makes_room_for_its_own),
        PROVES("FRG-17", a_fragment_may_fill_the_memory),
        cmocka_unit_test(fragments_of_an_interface_go_with_it),
        PROVES("FRG-8 FRG-9", any_mixture_of_orders_and_sizes_comes_out_right),
    };
    return cmocka_run_group_tests_name("reassembly bounds", tests, NULL, NULL);
}
