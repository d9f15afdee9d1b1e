/* The end of a journey: one verdict, counted once, and the lane that its row names. */
#include "tests/stack/core/bare.h"

static enum lane_name lane_for(enum tapir_earns earns)
{
    return earns == TAPIR_EARNS_ICMP ? LANE_ERROR : earns == TAPIR_EARNS_RESET ? LANE_RESET : LANE_SETTLED;
}

static bool is_final(const struct tapir_fate *fate)
{
    return fate->kind == TAPIR_PASSED || fate->kind == TAPIR_REFUSED;
}

/* Sum of all cells of the table of counters, so that nothing else was counted beside what a test expects. */
static uint64_t counted(const struct core *core)
{
    uint64_t sum = 0;
    for (int verdict = 0; verdict < TAPIR_VERDICT_COUNT; verdict++)
        sum +=
            core->counters.verdicts[verdict][TAPIR_RECEIVED] + core->counters.verdicts[verdict][TAPIR_BORN];
    return sum;
}

static void settle_one(struct bare *bare, enum tapir_verdict verdict, enum tapir_origin origin)
{
    struct core *core = &bare->core;
    struct tapir_packet *packet =
        origin == TAPIR_BORN ? packet_bear(core, 20, NULL) : bare_packet(bare, 20, 1);
    uint64_t before = core->counters.verdicts[verdict][origin], sum = counted(core);
    settle(core, packet, verdict);
    assert_int_equal(packet->verdict, verdict);
    assert_int_equal(packet->answer, TAPIR_UNSETTLED);
    assert_int_equal(core->counters.verdicts[verdict][origin], before + 1);
    assert_int_equal(counted(core), sum + 1);
    assert_int_equal(core->counters.waiting[origin], 0);
    assert_int_equal(bare_drain(bare, lane_for(tapir_fate(verdict)->earns)), 1);
}

static void test_every_verdict(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    uint64_t finals = 0;
    for (int verdict = TAPIR_UNSETTLED + 1; verdict < TAPIR_VERDICT_COUNT; verdict++) {
        if (!is_final(tapir_fate((enum tapir_verdict)verdict)))
            continue;
        settle_one(bare, (enum tapir_verdict)verdict, TAPIR_RECEIVED);
        settle_one(bare, (enum tapir_verdict)verdict, TAPIR_BORN);
        finals++;
    }
    assert_int_equal(bare->core.counters.settled[TAPIR_RECEIVED], finals);
    assert_int_equal(bare->core.counters.settled[TAPIR_BORN], finals);
    bare_end(bare);
}

static void test_departure(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *transit = bare_packet(bare, 20, 1);
    struct tapir_packet *ours = packet_bear(&bare->core, 20, NULL);
    settle_departures(&bare->core, (struct tapir_packet *const[]){transit, ours}, 2);
    assert_int_equal(transit->verdict, TAPIR_FORWARDED);
    assert_int_equal(ours->verdict, TAPIR_SENT);
    assert_int_equal(bare->core.counters.verdicts[TAPIR_FORWARDED][TAPIR_RECEIVED], 1);
    assert_int_equal(bare->core.counters.verdicts[TAPIR_SENT][TAPIR_BORN], 1);
    assert_true(lane_is_empty(&bare->core.lanes[LANE_SETTLED])); /* it left by the other door */
    assert_true(core_is_conserved(&bare->core));
    packet_release(transit);
    packet_release(ours);
    bare_end(bare);
}

static void test_answer(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *packet = bare_packet(bare, 20, 1);
    settle(&bare->core, packet, TAPIR_IP4_TTL);
    settle_answer(&bare->core, packet, TAPIR_ANSWER_SENT);
    assert_int_equal(packet->verdict, TAPIR_IP4_TTL);
    assert_int_equal(packet->answer, TAPIR_ANSWER_SENT);
    assert_int_equal(bare->core.counters.verdicts[TAPIR_ANSWER_SENT][TAPIR_RECEIVED], 1);
    assert_int_equal(bare->core.counters.settled[TAPIR_RECEIVED], 1); /* one packet, one end */
    assert_true(core_is_conserved(&bare->core));
    bare_drain(bare, LANE_ERROR);
    bare_end(bare);
}

static void test_conservation(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(2, 1, 1);
    assert_true(core_is_conserved(&bare->core));
    struct tapir_packet *packet = bare_packet(bare, 20, 1);
    assert_false(core_is_conserved(&bare->core)); /* it is nowhere */
    lane_push(&bare->core, LANE_RX, packet);
    assert_true(core_is_conserved(&bare->core));
    assert_int_equal(lane_take(&bare->core, LANE_RX, &packet, 1), 1);
    assert_false(core_is_conserved(&bare->core));
    struct lane held;
    lane_init(&held, LANE_HELD);
    struct tapir_packet *kept = packet_keep(&bare->core, &bare->core.store, packet, TAPIR_NEIGHBOR_HELD);
    lane_append(&bare->core, &held, kept);
    assert_true(core_is_conserved(&bare->core)); /* its old slot, settled, counts nothing */
    assert_int_equal(lane_remove(&bare->core, &held, &kept, 1), 1);
    settle(&bare->core, kept, TAPIR_NEIGHBOR_FAILED);
    assert_true(core_is_conserved(&bare->core));
    assert_int_equal(bare_drain(bare, LANE_SETTLED), 1);
    assert_int_equal(bare_drain(bare, LANE_ERROR), 1);
    bare_end(bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"every final verdict is written, counted once and goes to the lane of what it earns",
         test_every_verdict, NULL, NULL, NULL},
        {"what leaves was forwarded, or sent when it was born here", test_departure, NULL, NULL, NULL},
        {"an answer is counted beside the verdict and ends nothing", test_answer, NULL, NULL, NULL},
        {"all packets are settled, held or waiting, or the core says so", test_conservation, NULL, NULL,
         NULL},
    };
    return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
