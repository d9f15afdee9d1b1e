/* The book of a replay: each frame has exactly one verdict, with a line for each frame and without. */
#include "tap/journey.h"

#include "tests/table.h"

static struct network_interface interface = {.name = "lan"};
static char name[] = "r";
static struct network_node node = {.name = name, .interfaces = &interface, .n_interfaces = 1};
static const struct network network = {.nodes = &node, .n_nodes = 1};

static struct journeys *begin(bool only_counts)
{
    struct journeys *book = journeys_create(&network);
    assert_non_null(book);
    if (only_counts)
        journeys_only_count(book);
    return book;
}

/* A frame of the capture goes in. */
static void read_one(struct journeys *book, uint64_t frame)
{
    journey_begin(book, 0, 0, frame, (tapir_instant){(int64_t)frame});
    journey_number(book, 0, true);
}

static void settle(struct journeys *book, uint64_t number, enum tapir_verdict verdict)
{
    struct tapir_packet packet = {.number = number, .verdict = verdict, .within.origin = TAPIR_RECEIVED};
    journey_settled(book, 0, &packet, (tapir_instant){9});
}

static void leave(struct journeys *book, uint64_t number, uint64_t cause, enum tapir_origin origin)
{
    struct tapir_packet packet = {
        .number = number, .cause = cause, .verdict = TAPIR_FORWARDED, .within.origin = (uint8_t)origin};
    journey_sent(book, 0, &packet, 1, (tapir_instant){9});
}

static void scene_one_each(bool only_counts)
{
    struct journeys *book = begin(only_counts);
    read_one(book, 1);
    read_one(book, 2);
    settle(book, 1, TAPIR_NEIGHBOR_HELD);
    settle(book, 2, TAPIR_IP4_TTL);
    leave(book, 7, 2, TAPIR_BORN); /* the error that it earned */
    assert_false(journeys_add_up(book));
    leave(book, 1, 0, TAPIR_RECEIVED);
    assert_true(journeys_add_up(book));
    assert_int_equal(book->read, 2);
    assert_int_equal(book->met[TAPIR_IP4_TTL], 1);
    assert_int_equal(book->met[TAPIR_FORWARDED], 1);
    assert_int_equal(book->met[TAPIR_NEIGHBOR_HELD], 0);
    journeys_destroy(book);
}

static void scene_two(bool only_counts)
{
    struct journeys *book = begin(only_counts);
    read_one(book, 1);
    settle(book, 1, TAPIR_IP4_TTL);
    assert_true(journeys_add_up(book));
    leave(book, 1, 0, TAPIR_RECEIVED);
    assert_false(journeys_add_up(book));
    assert_int_equal(book->met[TAPIR_FORWARDED], 0);
    journeys_destroy(book);
}

static void scene_swapped(bool only_counts)
{
    struct journeys *book = begin(only_counts);
    read_one(book, 1);
    read_one(book, 2);
    settle(book, 1, TAPIR_IP4_TTL);
    settle(book, 1, TAPIR_IP4_TTL); /* as many verdicts as frames, but not one each */
    assert_false(journeys_add_up(book));
    journeys_destroy(book);
}

static void scene_strangers(bool only_counts)
{
    struct journeys *book = begin(only_counts);
    journey_number(book, 0, false); /* by a link */
    read_one(book, 1);
    settle(book, 1, TAPIR_IP4_TTL);
    assert_false(journeys_add_up(book));
    settle(book, 2, TAPIR_IP4_TTL);
    settle(book, 3, TAPIR_IP4_TTL); /* was never given */
    assert_true(journeys_add_up(book));
    journeys_destroy(book);
}

static const struct {
    const char *sentence;
    void (*scene)(bool only_counts);
    bool only_counts;
} scenes[] = {
    {"a frame each, one of them held first", scene_one_each, false},
    {"the same without lines", scene_one_each, true},
    {"a second verdict is noticed and does not count", scene_two, false},
    {"the same without lines", scene_two, true},
    {"two verdicts on one frame and none on another", scene_swapped, false},
    {"the same without lines", scene_swapped, true},
    {"frames that came by a link are nobody's", scene_strangers, false},
    {"the same without lines", scene_strangers, true},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene(row->only_counts);
}

int main(void)
{
    return RUN_TABLE("the book of a replay", scenes, check_scene);
}
