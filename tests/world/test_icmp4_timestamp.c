/* Timestamp: TS-1 to TS-7, and what is refused. The bench tells 12:00:00.250 UT. */
#include "tests/world/trial.h"

#define NOON "clock 43200250"
#define ASK  .carries = ICMP, .icmp_type = 13
#define TIME .hex = "01 02 03 04 ff ff ff ff ee ee ee ee"
#define TOLD .reaction = IS_REPLIED, .type = 14, .octets = "01 02 03 04 02 93 2e fa 02 93 2e fa"
#define OPEN_TIME                                                                       \
    {                                                                                   \
        .reaction = IS_REPLIED, .type = 14,                                             \
        .octets = "01 02 03 04 80 0f 42 40 80 0f 42 40" /* 1000 s, with the high bit */ \
    }

static const struct trial trials[] = {
    {.sentence = "a timestamp request gets its times back, and ours",
     .ids = "TS-1 TS-2",
     .given = NOON,
     .frame = {ASK, TIME},
     .expected = {TOLD},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "a host answers too",
     .ids = "TS-1 TS-2",
     .bench = HOST,
     .given = NOON,
     .frame = {ASK, TIME, .rest = 0xfffefdfc},
     .expected = {TOLD},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "a code that is not 0 makes no difference",
     .ids = "TS-1",
     .given = NOON,
     .frame = {ASK, TIME, .icmp_code = 7},
     .expected = {TOLD},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "the reply has the TOS of the request without ECN, and our TTL",
     .ids = "TS-5 ERR-17",
     .given = NOON,
     .frame = {ASK, TIME, .tos = 0xbb, .ttl = 1},
     .expected = {TOLD, .tos = 0xb8},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "asked at another interface's address, we answer from it",
     .ids = "TS-5",
     .given = NOON,
     .frame = {ASK, TIME, .to = DUT_B},
     .expected = {TOLD, .source = DUT_B},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "a clock that nobody told is not usable: the high bit is set",
     .ids = "TS-3",
     .frame = {ASK, TIME},
     .expected = OPEN_TIME,
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "ip.clock = off tells no time of day",
     .ids = "TS-3",
     .given = NOON "; set ip.clock off",
     .frame = {ASK, TIME},
     .expected = OPEN_TIME,
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "ip.clock = off on one interface leaves the others",
     .ids = "TS-3",
     .given = NOON "; set ip.clock off on b",
     .frame = {ASK, TIME},
     .expected = {TOLD},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "icmp.timestamp = off is silent",
     .ids = "SEC-4",
     .given = NOON "; set icmp.timestamp off",
     .frame = {ASK, TIME},
     .verdict = TAPIR_ICMP4_TIMESTAMP_OFF,
     .control = {ASK, TIME},
     .control_expected = {TOLD},
     .control_given = NOON "; set icmp.timestamp on"},
    {.sentence = "19 octets are no timestamp request",
     .ids = "TS-7",
     .given = NOON,
     .frame = {ASK, .data = 11},
     .verdict = TAPIR_ICMP4_SHORT,
     .control = {ASK, TIME},
     .control_expected = {TOLD},
     .control_given = NOON},
    {.sentence = "12 octets are no timestamp request",
     .ids = "TS-7",
     .given = NOON,
     .frame = {ASK, .data = 4},
     .verdict = TAPIR_ICMP4_SHORT,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "what stands behind 20 octets is not returned",
     .ids = "TS-7",
     .given = NOON,
     .frame = {ASK, .hex = "01 02 03 04 ff ff ff ff ee ee ee ee dd dd dd dd dd"},
     .expected = {TOLD},
     .verdict = TAPIR_ICMP4_TIMESTAMPED},
    {.sentence = "a wrong checksum is no request",
     .ids = "TS-1",
     .given = NOON,
     .frame = {ASK, TIME, .transport_sum_xor = 1},
     .verdict = TAPIR_ICMP4_CHECKSUM,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a router does not answer a timestamp request to everybody",
     .ids = "SEC-1 TS-5",
     .given = NOON "; set icmp.echo.broadcast on",
     .frame = {ASK, TIME, .to = BROADCAST, .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_ICMP4_QUERY_BROADCAST,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a router does not answer a timestamp request to its network",
     .ids = "SEC-1 TS-5",
     .given = NOON,
     .frame = {ASK, TIME, .to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a router does not answer a timestamp request to all hosts",
     .ids = "SEC-1 TS-5",
     .given = NOON,
     .frame = {ASK, TIME, .to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS},
     .verdict = TAPIR_ICMP4_QUERY_BROADCAST,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a host does not answer a timestamp request to its network",
     .ids = "SEC-1 TS-5",
     .bench = HOST,
     .given = NOON,
     .frame = {ASK, TIME, .to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_ICMP4_QUERY_BROADCAST,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a timestamp request to us in a broadcast frame is not answered",
     .ids = "SEC-1",
     .given = NOON,
     .frame = {ASK, TIME, .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_IP4_LINK_BROADCAST,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a timestamp reply that nobody waits for is dropped",
     .ids = "ECHO-9",
     .frame = {.carries = ICMP, .icmp_type = 14, TIME},
     .verdict = TAPIR_ICMP4_STRAY,
     .control_expected = {.reaction = IS_ECHOED}},
};

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* What the DUT says the time is. */
static uint32_t ask(struct bench *bench)
{
    bench_send(bench, &(struct frame){ASK, TIME});
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->view.icmp_type, 14);
    assert_int_equal(word(sight->view.data + 4), word(sight->view.data + 8));
    return word(sight->view.data + 4);
}

static void the_clock_ticks_each_millisecond(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NOON);
    assert_int_equal(ask(bench), 43200250);
    bench_run(bench, MS);
    assert_int_equal(ask(bench), 43200251);
    bench_run(bench, 70 * MS);
    assert_int_equal(ask(bench), 43200321);
    bench_close(bench);
}

static void an_unknown_clock_ticks_as_well(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint32_t first = ask(bench);
    bench_run(bench, 70 * MS);
    assert_int_equal(ask(bench), first + 70);
    bench_close(bench);
}

static void midnight_is_zero(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "clock 86399998");
    assert_int_equal(ask(bench), 86399998);
    bench_run(bench, MS);
    assert_int_equal(ask(bench), 86399999);
    bench_run(bench, MS);
    assert_int_equal(ask(bench), 0);
    bench_run(bench, MS);
    assert_int_equal(ask(bench), 1);
    bench_close(bench);
}

static void a_clock_that_is_set_again_holds_at_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NOON);
    assert_int_equal(ask(bench), 43200250);
    bench_do(bench, "clock 1000");
    assert_int_equal(ask(bench), 1000);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("TS-4", the_clock_ticks_each_millisecond),
        PROVES("TS-4", an_unknown_clock_ticks_as_well),
        PROVES("TS-6", midnight_is_zero),
        PROVES("TS-4", a_clock_that_is_set_again_holds_at_once),
    };
    return RUN_TABLE("timestamps", trials, bench_try) +
           cmocka_run_group_tests_name("the clock of timestamps", stories, NULL, NULL);
}
