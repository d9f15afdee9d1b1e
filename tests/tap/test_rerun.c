/* A run made again: tapes that name an interface which is not there are refused, one by one for each kind of record. */
#include "tap/rerun.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/scene.h"
#include "tests/table.h"

static char path[64], error[TAPE_ERROR];

enum what {
    A_FRAME,
    A_CARRIER,
    AN_OUTCOME,
    A_SETTING
};

/* The router of the scene has the interfaces 0 and 1. */
static const struct row {
    const char *sentence;
    enum what what;
    unsigned iface;
    int code;
} rows[] = {
    {"a carrier that stays is fine", A_CARRIER, 1, 0},
    {"a carrier of an interface that is not there", A_CARRIER, 2, 2},
    {"a carrier of all interfaces is nobody's", A_CARRIER, TAPIR_EVERYWHERE, 2},
    {"a frame makes its verdict, which this tape does not have", A_FRAME, 1, 1},
    {"a frame read by an interface that is not there", A_FRAME, 2, 2},
    {"a frame read by all interfaces at once", A_FRAME, TAPIR_EVERYWHERE, 2},
    {"a frame that nobody sends now", AN_OUTCOME, 1, 1},
    {"a frame sent by all interfaces at once", AN_OUTCOME, TAPIR_EVERYWHERE, 2},
    {"a setting of an interface", A_SETTING, 1, 0},
    {"a setting of an interface that is not there", A_SETTING, 2, 2},
    {"a setting may be for all interfaces", A_SETTING, TAPIR_EVERYWHERE, 0},
};

static void write_what(struct tape *tape, const struct row *row)
{
    uint8_t octets[SCENE_FRAME];
    struct tapir_packet packet = {.data = octets, .size = scene_arp_request(octets), .iface = row->iface};
    struct tapir_op op = {
        .kind = TAPIR_OP_SET, .iface = row->iface, .set = {.setting = TAPIR_SET_IP_TTL, .value = 9}};
    switch (row->what) {
    case A_FRAME:
        tape_frame(tape, row->iface, &packet);
        break;
    case A_CARRIER:
        tape_carrier(tape, row->iface, true);
        break;
    case AN_OUTCOME:
        tape_sent(tape, &packet);
        break;
    case A_SETTING:
        tape_apply(tape, &op, (tapir_instant){2});
        break;
    }
}

static void check(void **state)
{
    static const uint8_t seed[16] = "0123456789abcde";
    const struct row *row = *state;
    struct rerun_result result;
    unlink(path);
    struct tape *tape = tape_create(path, seed, (tapir_instant){1}, error);
    assert_non_null(tape);
    tape_turn(tape, (tapir_instant){1}, false);
    write_what(tape, row);
    tape_close(tape, (tapir_instant){3});
    assert_true(tape_finish(tape, error));
    assert_int_equal(rerun_node(&scene_router()->nodes[0], path, NULL, &result, error), row->code);
    if (row->code == 2) {
        assert_non_null(strstr(error, "names an interface that the network file does not have"));
        assert_non_null(strstr(error, path));
    }
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/test_rerun.%d", (int)getpid());
    int failed = RUN_TABLE("rerun", rows, check);
    unlink(path);
    return failed;
}
