/* Events and traffic of a network: h1 pings h2 ten times, once a second, over a link of 5 ms that fails in between. The
 * oracle counts seconds. */
#include "tap/virtual.h"

#include "tests/scene.h"
#include "tests/table.h"

enum {
    LINK = 100, /* in place of a node: the link */
    EVENTS_MOST = 2
};

struct event {
    int64_t at_ms;
    unsigned what; /* LINK, or a node */
    bool up;
};

static const struct row {
    const char *sentence;
    struct event events[EVENTS_MOST];
    uint64_t answered, refused, silent;
    uint64_t delivered,
        down;       /* frames on the link: two of ARP and two of each ping that is answered; a carrier
                               * that comes back has forgotten its neighbors: two of ARP again */
    uint8_t target; /* last octet of the address; 0: 2 */
} rows[] = {
    {"without events each ping is answered", {{0}}, 10, 0, 0, 22, 0, 0},
    {"a link that is down from 2.5 s to 5.5 s costs three pings, which their own node refuses",
     {{2500, LINK, false}, {5500, LINK, true}},
     7,
     3,
     0,
     18,
     0,
     0},
    {"the order of events in the file is of no account, but that of one instant",
     {{5500, LINK, true}, {2500, LINK, false}},
     7,
     3,
     0,
     18,
     0,
     0},
    {"a link that is cut and mended at once, between two pings, costs nothing",
     {{2500, LINK, false}, {2500, LINK, true}},
     10,
     0,
     0,
     22,
     0,
     0},
    {"what was on its way when the link went down is lost with it",
     {{2003, LINK, false}, {2500, LINK, true}},
     9,
     0,
     1,
     22,
     1,
     0},
    {"an interface that is switched off refuses what arrives, and its neighbor keeps the carrier",
     {{2500, 1, false}, {5500, 1, true}},
     7,
     0,
     3,
     21,
     0,
     0},
    {"a node whose own interface is switched off refuses",
     {{2500, 0, false}, {5500, 0, true}},
     7,
     3,
     0,
     18,
     0,
     0},
    {"nobody answers for an address that nobody has", {{0}}, 0, 10, 0, 0, 0, 99},
};

static size_t events_of(const struct row *row, struct network_event events[EVENTS_MOST])
{
    size_t n = 0;
    for (; n < EVENTS_MOST && row->events[n].at_ms > 0; n++) {
        const struct event *event = &row->events[n];
        events[n] = (struct network_event){.at_ns = event->at_ms * SCENE_MS,
                                           .up = event->up,
                                           .is_link = event->what == LINK,
                                           .node = event->what == LINK ? 0 : event->what};
    }
    return n;
}

static void check(void **state)
{
    static const uint8_t seed[16] = "events";
    const struct row *row = *state;
    char error[256];
    struct network_event events[EVENTS_MOST];
    uint32_t target = row->target == 0 ? 2 : row->target;
    struct network_traffic traffic = {
        .to = {0x0a000000 + target}, .every_ns = SCENE_S, .timeout_ns = 5 * SCENE_S, .count = 10, .size = 56};
    struct network network = *scene_hosts();
    network.events = events;
    network.n_events = events_of(row, events);
    network.traffic = &traffic;
    network.n_traffic = 1;
    struct virtual_time time = {.now = {SCENE_S}};
    time.world = world_create(&network, seed, NULL, time.now, error, sizeof error);
    assert_non_null(time.world);
    virtual_pass(&time, (tapir_instant){20 * SCENE_S});
    const struct traffic_counters *counters = world_traffic(time.world, (tapir_instant){20 * SCENE_S});
    assert_int_equal(counters->asked, 10);
    assert_int_equal(counters->fates[TRAFFIC_ANSWERED], row->answered);
    assert_int_equal(counters->fates[TRAFFIC_REFUSED], row->refused);
    assert_int_equal(counters->fates[TRAFFIC_SILENT], row->silent);
    const uint64_t *frames = cable_counters(world_cable(time.world, 0))->frames;
    if (row->delivered > 0)
        assert_int_equal(frames[CABLE_DELIVERED], row->delivered);
    assert_int_equal(frames[CABLE_DOWN], row->down);
    if (row->answered > 0) {
        assert_int_equal(counters->rtt_least, 10 * SCENE_MS);
        assert_in_range(counters->rtt_most, 20 * SCENE_MS,
                        20 * SCENE_MS); /* the first: ARP both ways before it */
    }
    world_destroy(time.world, time.now);
}

int main(void)
{
    return RUN_TABLE("events", rows, check);
}
