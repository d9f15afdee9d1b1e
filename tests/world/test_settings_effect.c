/* Settings at the ends of their ranges, and where they may stand. What each does in between stands with its feature; that no
 * choice of any is forgotten, tests/lint/settings sees to. */
#include <string.h>

#include "tests/world/pieces.h"
#include "tests/world/trial.h"

/* ---- where ---- */

static int64_t some_value(enum tapir_setting setting)
{
    return tapir_setting(setting)->low;
}

/* By operations: what interfaces share is refused, with all that stood in the same list; the rest is taken, and holds there. */
static void what_interfaces_share_is_no_setting_of_one(void **state)
{
    (void)state;
    unsigned refused = 0;
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        struct tapir_op ops[2] = {{.kind = TAPIR_OP_SET, .iface = TAP_A, .set = {TAPIR_SET_IP_TTL, 7}},
                                  {.kind = TAPIR_OP_SET, .iface = TAP_A}};
        ops[1].set.setting = (enum tapir_setting)i;
        ops[1].set.value = i == TAPIR_SET_IP_TTL ? 7 : some_value((enum tapir_setting)i);
        struct tapir_fault fault = {0};
        enum tapir_result result = tapir_apply(bench->stack, ops, 2, &fault, (tapir_instant){bench->now_ns});
        if (tapir_setting((enum tapir_setting)i)->scope == TAPIR_SCOPE_ANY) {
            assert_int_equal(result, TAPIR_OK);
            bench_close(bench);
            continue;
        }
        refused++;
        assert_int_equal(result, TAPIR_INVALID);
        assert_int_equal(fault.op, 1);
        assert_string_equal(fault.why, "the setting holds for the whole node, not for one interface");
        bench_send(bench, &(struct frame){.carries = UDP});
        assert_int_equal(expect_udp(bench, 5000)->view.ttl, 64);
        bench_close(bench);
    }
    assert_int_equal(refused, 9);
}

/* ---- how long ---- */

/* The first of two fragments waits so long, to the nanosecond, and its sender is told. */
static void fragments_wait_as_long_as_they_may(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        int64_t seconds;
    } times[] = {{NULL, 60},
                 {"set ip.reassembly.timeout 1s", 1},
                 {"set ip.reassembly.timeout 2min", 120},
                 {"set ip.reassembly.timeout 1s on a", 1},
                 {"set ip.reassembly.timeout 1s on b", 60}};
    static struct whole sent;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct bench *bench = bench_open(ROUTER, times[i].given);
        const struct frame frame = whole_echo(1592, 1);
        whole_make(&sent, &frame);
        uint64_t number = whole_send(bench, TAP_A, &sent, 0, 800);
        bench_run(bench, times[i].seconds * SECONDS - 1);
        expect_nothing(bench);
        bench_run(bench, 1);
        expect_icmp_error(bench, 11, 1);
        expect_verdict(bench, number, TAPIR_IP4_FRAGMENT_TIMEOUT);
        bench_close(bench);
    }
}

/* A neighbor that has answered, and was left alone for `idle`: has it been asked again when the next packet is there? */
static bool is_asked_again(const char *given, int64_t idle)
{
    struct bench *bench = bench_open(ROUTER, given);
    uint64_t number = bench_send(bench, &(struct frame){.to = HOST_B});
    expect_arp_request(bench, HOST_B);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    expect_forwarded(bench, number);
    bench_run(bench, idle);
    number = bench_send(bench, &(struct frame){.to = HOST_B});
    bool asks = false;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
        asks |= sight->view.type == 0x0806;
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    expect_verdict(bench, number, TAPIR_FORWARDED);
    bench_close(bench);
    return asks;
}

#define STRANGERS "strangers; neighbor a 10.0.1.10"

static void a_neighbor_is_believed_as_long_as_arp_timeout_says(void **state)
{
    (void)state;
    assert_false(is_asked_again(STRANGERS "; set arp.timeout 1s", 500 * MS));
    assert_true(is_asked_again(STRANGERS "; set arp.timeout 1s", 1100 * MS));
    assert_true(is_asked_again(STRANGERS "; set arp.timeout 1s on b", 1100 * MS));
    assert_false(is_asked_again(STRANGERS "; set arp.timeout 1s on a", 1100 * MS));
    assert_false(is_asked_again(STRANGERS, 30 * SECONDS));
    assert_true(is_asked_again(STRANGERS, 61 * SECONDS));
    assert_false(is_asked_again(STRANGERS "; set arp.timeout 24h", 12 * 3600 * SECONDS));
    assert_true(is_asked_again(STRANGERS "; set arp.timeout 24h", 86401 * SECONDS));
}

/* ---- how many at once ---- */

static const struct burst {
    const char *sentence, *given;
    struct frame frame;
    int sent, told;
} bursts[] = {
    {"errors to one host, with bursts and rates as large as can be (RATE-4)",
     "limited; set icmp.rate 1000000; set icmp.burst 1000000; set icmp.destination.rate 1000000; "
     "set icmp.destination.burst 1000000",
     {.carries = UDP, .to_port = 9999},
     3000,
     3000},
    {"errors to one host, one at once (RATE-4)",
     "limited; set icmp.destination.burst 1",
     {.carries = UDP, .to_port = 9999},
     20,
     1},
    {"errors to one host, by the setting of the interface that he is at (RATE-4)",
     "limited; set icmp.destination.burst 2 on a; set icmp.destination.burst 4 on b",
     {.carries = UDP, .to_port = 9999},
     20,
     2},
    {"errors to one host, by the rate of the interface that he is at (RATE-4)",
     "limited; set icmp.destination.rate 0 on a",
     {.carries = UDP, .to_port = 9999},
     20,
     20},
    {"errors to all hosts, one at once (RATE-4)",
     "limited; set icmp.destination.rate 0; set icmp.burst 1; set icmp.rate 1",
     {.carries = UDP, .to_port = 9999},
     20,
     1},
    {"replies, without a limit by default (RATE-2)", "limited", {.data = 8}, 3000, 3000},
    {"replies, as many as can be (RATE-2)",
     "set icmp.reply.rate 1000000; set icmp.reply.burst 1000000",
     {.data = 8},
     3000,
     3000},
    {"replies, one at once however many a second (RATE-2)",
     "set icmp.reply.rate 1000000; set icmp.reply.burst 1",
     {.data = 8},
     20,
     1},
    {"replies, fifty at once (RATE-2)", "set icmp.reply.rate 1", {.data = 8}, 100, 50},
    {"extended echo replies, fifty at once (PRB-9)",
     "set icmp.probe.answer on; set icmp.probe.index on",
     {.carries = ICMP, .icmp_type = 42, .rest = 0x12345601, .hex = "20 00 00 00 00 08 03 02 00 00 00 02"},
     100,
     50},
    {"extended echo replies, one at once (PRB-9)",
     "set icmp.probe.answer on; set icmp.probe.index on; set icmp.probe.burst 1; set icmp.probe.rate 1",
     {.carries = ICMP, .icmp_type = 42, .rest = 0x12345601, .hex = "20 00 00 00 00 08 03 02 00 00 00 02"},
     20,
     1},
    {"extended echo replies, as many as can be (PRB-9)",
     "set icmp.probe.answer on; set icmp.probe.index on; set icmp.probe.burst 1000000; "
     "set icmp.probe.rate 1000000",
     {.carries = ICMP, .icmp_type = 42, .rest = 0x12345601, .hex = "20 00 00 00 00 08 03 02 00 00 00 02"},
     3000,
     3000},
    {"redirects for one pair, one at once (RED-8)",
     "set icmp.redirect.burst 1",
     {.to = IP(10, 9, 0, 1)},
     20,
     1},
    {"redirects for one pair, by the setting of the interface (RED-8)",
     "set icmp.redirect.burst 2 on a; set icmp.redirect.burst 4 on b",
     {.to = IP(10, 9, 0, 1)},
     20,
     2},
    {"redirects for one pair, by the rate of the interface (RED-8)",
     "set icmp.redirect.rate 0 on a",
     {.to = IP(10, 9, 0, 1)},
     8,
     8},
    {"redirects for one pair, until nobody listens (RED-8)",
     "set icmp.redirect.burst 1000000; set icmp.redirect.rate 1000000",
     {.to = IP(10, 9, 0, 1)},
     20,
     9},
};

static void check_burst(void **state)
{
    const struct burst *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    int told = 0;
    for (int i = 0; i < row->sent; i++) {
        bench_send(bench, &row->frame);
        for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
            told += !sight->forwarded;
    }
    assert_int_equal(told, row->told);
    bench_close(bench);
}

/* ---- how much ---- */

/* Datagrams of which 1480 octets wait each, from many sources. */
static uint64_t held_by(const char *given)
{
    static struct whole sent;
    struct bench *bench = bench_open(ROUTER, given);
    const struct frame frame = whole_echo(2992, 1);
    whole_make(&sent, &frame);
    for (int n = 0; n < 5000; n++)
        whole_send_piece(bench, TAP_A, &sent,
                         &(struct piece){.id = n + 1,
                                         .start = 0,
                                         .end = 1480,
                                         .fragment = IS_MF,
                                         .from = IP(10, 9, 0, 0) + n % 200 + 1});
    uint64_t held = tapir_counters(bench->stack)->held[TAPIR_RECEIVED];
    bench_close(bench);
    return held;
}

static void fragments_have_the_memory_that_they_are_given(void **state)
{
    (void)state;
    uint64_t least = held_by("set ip.reassembly.memory 64KiB; set ip.reassembly.datagrams 4096");
    uint64_t usual = held_by("set ip.reassembly.datagrams 4096");
    uint64_t most = held_by("set ip.reassembly.memory 16MiB; set ip.reassembly.datagrams 4096");
    assert_in_range(least, 65536 / 4096, 65536 / 1480);
    assert_in_range(usual, 4194304 / 4096, 4194304 / 1480);
    assert_in_range(most, 8388608 / 4096, 8388608 / 1480); /* half of it is for frames of usual size */
    assert_true(most > usual + usual / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_interfaces_share_is_no_setting_of_one),
        PROVES("FRG-10", fragments_wait_as_long_as_they_may),
        PROVES("ARP-9", a_neighbor_is_believed_as_long_as_arp_timeout_says),
        PROVES("FRG-17", fragments_have_the_memory_that_they_are_given),
    };
    return RUN_TABLE("bursts", bursts, check_burst) +
           cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
