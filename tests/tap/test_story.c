/* The story of a frame: hand-made steps, and the lines that a person reads. */
#include "tap/story.h"

#include <stdlib.h>
#include <string.h>

#include "core/lane.h"
#include "tests/table.h"

static char text[8192];

static void write_steps(struct tapir_step *steps, size_t n)
{
    struct story story = {.steps = steps, .n = n, .room = n};
    FILE *file = fmemopen(text, sizeof text, "w");
    assert_non_null(file);
    assert_true(story_write(&story, (tapir_instant){1000}, file));
    fclose(file);
}

/* Whoever adds a lane says what it means to be in it. */
static void test_lanes(void **state)
{
    (void)state;
    for (enum lane_name name = LANE_RX; name <= LANE_HELD; name++) {
        struct tapir_step step = {.number = 1, .lane = lane_text(name), .time = {1000}};
        write_steps(&step, 1);
        const char *sentence = strstr(text, lane_text(name));
        assert_non_null(sentence);
        sentence += strlen(lane_text(name));
        sentence += strspn(sentence, " ");
        assert_true(strlen(sentence) > 10 && strstr(sentence, "(null)") == NULL);
    }
}

/* What is born in between does not tear a packet's steps apart. */
static void test_grouped(void **state)
{
    (void)state;
    struct tapir_step steps[] = {
        {.number = 4, .lane = "error", .verdict = TAPIR_IP4_TTL, .entry = 5, .time = {1500001000}},
        {.number = 3, .origin = TAPIR_BORN, .lane = "originate", .time = {1500001000}},
        {.number = 4, .lane = "settled", .verdict = TAPIR_IP4_TTL, .time = {1500001000}},
    };
    write_steps(steps, 3);
    assert_string_equal(
        text,
        "received packet 4\n"
        "  +1.500000000  error         ip4-ttl: the TTL ran out (RFC 1812 5.3.1); it earns an ICMP error; "
        "icmp4/error looks whether we may answer [entry 5]\n"
        "  +1.500000000  settled       ip4-ttl: the TTL ran out (RFC 1812 5.3.1)\n"
        "born packet 3\n"
        "  +1.500000000  originate     it is ours to send; ip4/output looks for route and source address\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_grouped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
