/* Lanes: first in, first out; what a table holds and what is about to leave is counted. */
#include "tests/stack/core/bare.h"

enum {
    PACKETS = 10
};

static void test_order(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    for (uint64_t i = 1; i <= PACKETS; i++)
        lane_push(&bare->core, LANE_FORWARD, bare_packet(bare, 8, i));
    struct tapir_packet *taken[PACKETS];
    uint64_t next = 1;
    for (size_t batch = 1; next <= PACKETS; batch++) { /* 1, 2, 3 and the rest */
        assert_true(core_holds(&bare->core, LANE_BIT(LANE_FORWARD) | LANE_BIT(LANE_UDP)));
        assert_false(core_holds(&bare->core, LANE_BIT(LANE_UDP)));
        size_t n = lane_take(&bare->core, LANE_FORWARD, taken, batch);
        assert_int_equal(n, batch < PACKETS + 1 - next ? batch : PACKETS + 1 - next);
        for (size_t i = 0; i < n; i++, next++) {
            assert_int_equal(taken[i]->number, next);
            packet_release(taken[i]);
        }
    }
    assert_int_equal(lane_take(&bare->core, LANE_FORWARD, taken, PACKETS), 0);
    assert_false(core_holds(&bare->core, LANE_BIT(LANE_FORWARD)));
    assert_true(lane_is_empty(&bare->core.lanes[LANE_FORWARD]));
    assert_int_equal(bare->core.lanes[LANE_FORWARD].size, 0);
    bare_end(bare);
}

static void test_refill(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    for (uint64_t i = 1; i <= 3; i++) { /* an emptied lane must not hang on to its old tail */
        struct tapir_packet *packet = bare_packet(bare, 8, i), *taken = NULL;
        lane_push(&bare->core, LANE_UDP, packet);
        assert_int_equal(lane_take(&bare->core, LANE_UDP, &taken, 1), 1);
        assert_ptr_equal(taken, packet);
        packet_release(packet);
    }
    bare_end(bare);
}

static void test_apart(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    lane_push(&bare->core, LANE_UDP, bare_packet(bare, 8, 1));
    lane_push(&bare->core, LANE_TCP, bare_packet(bare, 8, 2));
    struct tapir_packet *packets[4];
    assert_int_equal(lane_take(&bare->core, LANE_TCP, packets, 4), 1);
    assert_int_equal(packets[0]->number, 2);
    packet_release(packets[0]);
    assert_int_equal(bare_drain(bare, LANE_UDP), 1);
    assert_int_equal(bare_returned, 2);
    bare_end(bare);
}

/* ---- counters ---- */

static const struct row {
    const char *sentence;
    enum lane_name name; /* of a lane that lives in an interface or a table */
    enum tapir_origin origin;
    unsigned held, waiting, leaving;
} rows[] = {
    {"a received frame in line for an interface waits", LANE_OUT, TAPIR_RECEIVED, 0, 1, 1},
    {"a born frame in line for an interface waits", LANE_OUT, TAPIR_BORN, 0, 1, 1},
    {"a packet in a neighbor's lane is held", LANE_HELD, TAPIR_RECEIVED, 1, 0, 0},
    {"a born packet in a neighbor's lane is held", LANE_HELD, TAPIR_BORN, 1, 0, 0},
};

/* Waiting, as all packets are from their beginning on. */
static struct tapir_packet *packet_of(struct bare *bare, enum tapir_origin origin)
{
    return origin == TAPIR_BORN ? packet_bear(&bare->core, 8, NULL) : bare_packet(bare, 8, 1);
}

static void check_counters(void **state)
{
    const struct row *row = *state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct lane lane = {.name = row->name};
    struct tapir_packet *packet = packet_of(bare, row->origin);
    const struct tapir_counters *c = &bare->core.counters;
    enum tapir_origin other = row->origin == TAPIR_BORN ? TAPIR_RECEIVED : TAPIR_BORN;
    assert_int_equal(c->waiting[row->origin], 1);
    lane_append(&bare->core, &lane, packet);
    assert_int_equal(c->held[row->origin], row->held);
    assert_int_equal(c->waiting[row->origin], row->waiting);
    assert_int_equal(bare->core.leaving, row->leaving);
    assert_int_equal(c->held[other] + c->waiting[other], 0);
    assert_int_equal(lane_remove(&bare->core, &lane, &packet, 1), 1);
    assert_int_equal(c->held[row->origin], 0);
    assert_int_equal(c->waiting[row->origin], 1);
    assert_int_equal(bare->core.leaving, 0);
    packet_release(packet);
    bare_end(bare);
}

/* ---- steps ---- */

static void test_traced(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    struct tapir_packet *plain = bare_packet(bare, 8, 1), *traced = bare_packet(bare, 8, 2);
    traced->traced = true;
    traced->entry = 17;
    bare->core.now = (tapir_instant){42};
    lane_push(&bare->core, LANE_RX, plain);
    lane_push(&bare->core, LANE_RX, traced);
    struct tapir_step steps[4];
    assert_int_equal(trail_take(&bare->core.trail, steps, 4), 1);
    assert_int_equal(steps[0].number, 2);
    assert_int_equal(steps[0].origin, TAPIR_RECEIVED);
    assert_string_equal(steps[0].lane, "rx");
    assert_int_equal(steps[0].verdict, TAPIR_UNSETTLED);
    assert_int_equal(steps[0].entry, 17);
    assert_int_equal(steps[0].time.ns, 42);
    assert_int_equal(bare_drain(bare, LANE_RX), 2);
    assert_int_equal(trail_take(&bare->core.trail, steps, 4), 0); /* taking is no step */
    bare_end(bare);
}

static void test_names(void **state)
{
    (void)state;
    for (int a = 0; a < LANE_COUNT; a++) {
        assert_true(lane_text((enum lane_name)a)[0] != '\0');
        for (int b = 0; b < a; b++)
            assert_string_not_equal(lane_text((enum lane_name)a), lane_text((enum lane_name)b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"packets leave in the order in which they came, in batches of any size", test_order, NULL, NULL,
         NULL},
        {"an emptied lane is as good as a new one", test_refill, NULL, NULL, NULL},
        {"lanes do not mix", test_apart, NULL, NULL, NULL},
        {"a traced packet leaves a note of each lane, an untraced one none", test_traced, NULL, NULL, NULL},
        {"every lane has a name of its own", test_names, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("lane", tests, NULL, NULL) +
           RUN_TABLE("lane counters", rows, check_counters);
}
