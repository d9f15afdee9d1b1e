/* Events: each object stands in line at most once and gathers what happened to it. */
#include "core/event.h"

#include "tests/table.h"

enum {
    OBJECTS = 6
};

/* An object is known by its interface number here. */
static void number_them(struct event_source sources[OBJECTS])
{
    for (unsigned i = 0; i < OBJECTS; i++)
        sources[i] = (struct event_source){.event.iface = i};
}

static void expect(struct events *events, unsigned iface, uint32_t bits)
{
    struct tapir_event event;
    assert_true(event_take(events, &event));
    assert_int_equal(event.iface, iface);
    assert_int_equal(event.bits, bits);
}

static void expect_none(struct events *events)
{
    struct tapir_event event = {.iface = 77};
    assert_false(event_take(events, &event));
    assert_int_equal(event.iface, 77);
}

static void test_gather(void **state)
{
    (void)state;
    struct event_source sources[OBJECTS];
    struct events events = {0};
    number_them(sources);
    event_raise(&events, &sources[1], TAPIR_EVENT_READABLE);
    event_raise(&events, &sources[0], TAPIR_EVENT_CONFLICT);
    for (unsigned i = 0; i < 1000; i++)
        event_raise(&events, &sources[1], TAPIR_EVENT_WRITABLE);
    expect(&events, 1, TAPIR_EVENT_READABLE | TAPIR_EVENT_WRITABLE);
    expect(&events, 0, TAPIR_EVENT_CONFLICT);
    expect_none(&events);
}

static void test_again(void **state)
{
    (void)state;
    struct event_source sources[OBJECTS];
    struct events events = {0};
    number_them(sources);
    for (unsigned round = 0; round < 3; round++) {
        event_raise(&events, &sources[2], TAPIR_EVENT_READY);
        event_raise(&events, &sources[3], TAPIR_EVENT_LOST);
        expect(&events, 2, TAPIR_EVENT_READY); /* its bits are cleared, so it goes to the end of the line */
        event_raise(&events, &sources[2], TAPIR_EVENT_MOVED);
        expect(&events, 3, TAPIR_EVENT_LOST);
        expect(&events, 2, TAPIR_EVENT_MOVED);
        expect_none(&events);
    }
}

/* ---- forget: every place in the line, and what follows it ---- */

static const struct row {
    const char *sentence;
    unsigned line, forgotten; /* objects 0 to line - 1 stand in line */
} rows[] = {
    {"the only one in line is forgotten", 1, 0},
    {"the first of several is forgotten", 4, 0},
    {"one in the middle is forgotten", 4, 2},
    {"the last one is forgotten", 4, 3},
    {"one that does not stand in line is forgotten", 4, 5},
};

static void check_forget(void **state)
{
    const struct row *row = *state;
    struct event_source sources[OBJECTS];
    struct events events = {0};
    number_them(sources);
    for (unsigned i = 0; i < row->line; i++)
        event_raise(&events, &sources[i], TAPIR_EVENT_READY);
    event_forget(&events, &sources[row->forgotten]);
    event_forget(&events, &sources[row->forgotten]);
    sources[row->forgotten].next = (void *)(uintptr_t)1; /* its memory may be gone: nobody may follow it */
    event_raise(&events, &sources[4], TAPIR_EVENT_LOST);
    for (unsigned i = 0; i < row->line; i++)
        if (i != row->forgotten)
            expect(&events, i, TAPIR_EVENT_READY);
    expect(&events, 4, TAPIR_EVENT_LOST);
    expect_none(&events);
    event_raise(&events, &sources[row->forgotten], TAPIR_EVENT_MOVED);
    expect(&events, row->forgotten, TAPIR_EVENT_MOVED);
    expect_none(&events);
}

/* Programs are built with these numbers. */
static void test_numbers(void **state)
{
    (void)state;
    static const int numbers[] = {TAPIR_EVENT_READABLE, TAPIR_EVENT_WRITABLE, TAPIR_EVENT_READY,
                                  TAPIR_EVENT_CONFLICT, TAPIR_EVENT_LOST,     TAPIR_EVENT_MOVED,
                                  TAPIR_EVENT_CLAIMED,  TAPIR_EVENT_MASK};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(numbers[i], 1 << i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"each thing that may happen has a bit of its own", test_numbers, NULL, NULL, NULL},
        {"an object gathers bits and is told of once", test_gather, NULL, NULL, NULL},
        {"an object that was taken stands in line again when something happens", test_again, NULL, NULL,
         NULL},
    };
    return cmocka_run_group_tests_name("event", tests, NULL, NULL) +
           RUN_TABLE("event forget", rows, check_forget);
}
