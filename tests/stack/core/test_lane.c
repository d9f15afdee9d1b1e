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

static void test_whole(void **state)
{
    (void)state;
    struct bare *bare = bare_begin(1, 1, 1);
    assert_null(lane_take_all(&bare->core, LANE_FORWARD));
    for (uint64_t i = 1; i <= 3; i++)
        lane_push(&bare->core, LANE_FORWARD, bare_packet(bare, 8, i));
    lane_push(&bare->core, LANE_UDP, bare_packet(bare, 8, 4));
    struct tapir_packet *packet = lane_take_all(&bare->core, LANE_FORWARD), *next;
    for (uint64_t i = 1; i <= 3; i++, packet = next) {
        assert_int_equal(packet->number, i);
        next = packet->within.next;
        packet_release(packet);
    }
    assert_null(packet);
    assert_false(core_holds(&bare->core, LANE_BIT(LANE_FORWARD)));
    assert_true(lane_is_empty(&bare->core.lanes[LANE_FORWARD]));
    assert_null(lane_take_all(&bare->core, LANE_FORWARD));
    assert_true(core_holds(&bare->core, LANE_BIT(LANE_UDP)));
    assert_int_equal(bare_drain(bare, LANE_UDP), 1);
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

/* ---- trains ---- */

static const struct train_row {
    const char *sentence;
    unsigned before, coupled, after; /* packets: pushed alone, in the train, pushed alone behind it */
    uint64_t traced;                 /* number of the one that is; 0: none */
} train_rows[] = {
    {"a train puts its packets on an empty lane in order", 0, 4, 0, 0},
    {"a train of one packet is a packet", 0, 1, 0, 0},
    {"a train comes behind what the lane already held", 3, 4, 0, 0},
    {"what is pushed after a train comes behind its last packet", 0, 3, 2, 0},
    {"a train between packets that came alone", 2, 2, 2, 0},
    {"an empty train leaves an empty lane empty", 0, 0, 0, 0},
    {"an empty train changes nothing on a lane that holds packets", 2, 0, 1, 0},
    {"the first packet of a train leaves a note when it is traced", 1, 3, 0, 2},
    {"a packet in the middle of a train leaves a note when it is traced", 1, 3, 0, 3},
    {"the last packet of a train leaves a note when it is traced", 1, 3, 1, 4},
    {"a train makes no second note of a packet that the lane already held", 2, 3, 0, 1},
    {"an empty train makes no second note either", 2, 0, 0, 2},
};

/* As a stage finds one: what it had behind it on the lane that it comes from still hangs on. */
static struct tapir_packet *packet_for(struct bare *bare, const struct train_row *row, uint64_t number)
{
    static struct tapir_packet stale;
    struct tapir_packet *packet = bare_packet(bare, 8, number);
    packet->traced = number == row->traced;
    packet->within.next = &stale;
    return packet;
}

/* In one order of numbers: alone, in a train, alone. */
static void push_all(struct bare *bare, const struct train_row *row)
{
    uint64_t number = 0;
    while (number < row->before)
        lane_push(&bare->core, LANE_FORWARD, packet_for(bare, row, ++number));
    struct train train = train_begin(&bare->core, LANE_FORWARD);
    while (number < row->before + row->coupled)
        train_add(&train, packet_for(bare, row, ++number));
    train_end(&bare->core, LANE_FORWARD, &train);
    while (number < row->before + row->coupled + row->after)
        lane_push(&bare->core, LANE_FORWARD, packet_for(bare, row, ++number));
}

static void check_train(void **state)
{
    const struct train_row *row = *state;
    struct bare *bare = bare_begin(1, 1, 1);
    const struct lane *lane = &bare->core.lanes[LANE_FORWARD];
    const unsigned all = row->before + row->coupled + row->after;
    bare->core.traces = row->traced != 0;
    push_all(bare, row);
    assert_int_equal(lane->size, all);
    assert_int_equal(core_holds(&bare->core, LANE_BIT(LANE_FORWARD)), all > 0);
    if (all > 0)
        assert_int_equal(lane_last(lane)->number, all);
    const struct tapir_packet *packet = lane->head;
    for (uint64_t number = 1; number <= all; number++, packet = packet->within.next)
        assert_int_equal(packet->number, number);
    assert_null(packet);
    struct tapir_step steps[4];
    assert_int_equal(trail_take(&bare->core.trail, steps, 4), row->traced != 0);
    if (row->traced != 0) {
        assert_int_equal(steps[0].number, row->traced);
        assert_string_equal(steps[0].lane, "forward");
    }
    assert_int_equal(bare_drain(bare, LANE_FORWARD), all);
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
    struct lane lane;
    lane_init(&lane, row->name);
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
        {"all packets of a lane at once, in order", test_whole, NULL, NULL, NULL},
        {"lanes do not mix", test_apart, NULL, NULL, NULL},
        {"a traced packet leaves a note of each lane, an untraced one none", test_traced, NULL, NULL, NULL},
        {"every lane has a name of its own", test_names, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("lane", tests, NULL, NULL) +
           RUN_TABLE("trains", train_rows, check_train) + RUN_TABLE("lane counters", rows, check_counters);
}
