/* The walk of a packet: each row sends a traced frame and reads from tapir_trail which lanes it went through,
 * and which those went through that were born for it. The words are those of the table in stack/pipeline.c;
 * every step of every walk must stand in that table too, and at the end every lane has been seen. */
#include <stdio.h>
#include <string.h>

#include "state.h"

#include "tests/world/arp_frames.h"

enum {
    WALK = 512,
    STEPS = LIMIT_TRAIL,
    LANES = LANE_HELD + 1
};

/* ---- the table of lanes, by hand: what may follow what ---- */

static const struct {
    const char *lane, *next; /* " rx" after nothing */
} table[] = {
    {"", " rx frame originate again "},
    {"rx", " arp ip4 settled "},
    {"arp", " settled "},
    {"ip4", " local forward error settled "},
    {"local", " icmp4 udp tcp error settled "},
    {"icmp4", " notice.query notice.udp notice.tcp settled "},
    {"udp", " error settled "},
    {"tcp", " reset settled "},
    {"forward", " resolve error settled "},
    {"notice.query", " settled "},
    {"notice.udp", " settled "},
    {"notice.tcp", " settled "},
    {"reset", " settled "},
    {"originate", " resolve again error settled "},
    {"resolve", " resolved held error settled "},
    {"held", " resolved error settled "},
    {"resolved", " send "},
    {"send", " frame settled "},
    {"error", " notice.query notice.udp notice.tcp settled "},
    {"frame", " out settled "},
    {"again", " ip4 settled "},
    {"out", " settled "},
    {"settled", " held "}, /* the slot that it came in leaves, the packet stays */
};

static bool seen[LANES];

static void check_step(const char *from, const char *to)
{
    char word[32];
    snprintf(word, sizeof word, " %s ", to);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].lane, from) == 0 && strstr(table[i].next, word) != NULL)
            return;
    fail_msg("no packet goes from lane '%s' to lane '%s'", from, to);
}

static void note_seen(const char *lane)
{
    for (int name = 0; name < LANES; name++)
        seen[name] |= strcmp(lane_text((enum lane_name)name), lane) == 0;
}

/* ---- walks as text: "rx ip4 forward error(ip4-ttl) settled(ip4-ttl)" ---- */

struct trail_read {
    struct tapir_step steps[STEPS];
    size_t n;
};

static void read_trail(struct bench *bench, struct trail_read *trail)
{
    trail->n += tapir_trail(bench->stack, trail->steps + trail->n, STEPS - trail->n);
    assert_true(trail->n < STEPS); /* else the first ones may be lost */
}

static void walk_of(const struct trail_read *trail, enum tapir_origin origin, uint64_t number,
                    char walk[WALK])
{
    size_t size = 0;
    const char *from = "";
    walk[0] = '\0';
    for (size_t i = 0; i < trail->n; i++) {
        const struct tapir_step *step = &trail->steps[i];
        if (step->origin != origin || step->number != number)
            continue;
        check_step(from, step->lane);
        note_seen(from = step->lane);
        size += (size_t)snprintf(walk + size, WALK - size, "%s%s", size == 0 ? "" : " ", step->lane);
        if (step->verdict != TAPIR_UNSETTLED)
            size += (size_t)snprintf(walk + size, WALK - size, "(%s)", tapir_fate(step->verdict)->name);
        assert_true(size < WALK);
    }
}

/* Of the first packet born on the trail; none: "". */
static void walk_of_answer(const struct trail_read *trail, char walk[WALK])
{
    for (size_t i = 0; i < trail->n; i++)
        if (trail->steps[i].origin == TAPIR_BORN) {
            walk_of(trail, TAPIR_BORN, trail->steps[i].number, walk);
            return;
        }
    walk[0] = '\0';
}

/* ---- rows ---- */

static const struct frame our_echo = {.from = DUT_A, .to = HOST_A};
static const struct frame our_udp = {
    .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 7, .to_port = 5000};
static const struct frame our_tcp = {.carries = TCP, .from = DUT_A, .to = HOST_A};

#define ANSWER_LEAVES "originate resolve resolved send frame out"

static const struct row {
    const char *sentence, *given;
    struct frame frame;
    const char *then; /* orders half a second later; "answer": host B answers ARP; "wait": 5 s pass */
    const char *walk, *answer;
} rows[] = {
    {"an echo request is answered", "", {0}, NULL, "rx ip4 local icmp4 settled(icmp4-echoed)", ANSWER_LEAVES},
    {"a datagram for a socket is delivered",
     "",
     {.carries = UDP},
     NULL,
     "rx ip4 local udp settled(udp-delivered)",
     ""},
    {"a datagram for a closed port earns an error",
     "",
     {.carries = UDP, .to_port = 9999},
     NULL,
     "rx ip4 local udp error(udp-port) settled(udp-port)",
     ANSWER_LEAVES},
    {"a segment for a closed port earns a reset",
     "",
     {.carries = TCP, .flags = SYN},
     NULL,
     "rx ip4 local tcp reset(tcp-closed) settled(tcp-closed)",
     ANSWER_LEAVES},
    {"a reset earns nothing",
     "",
     {.carries = TCP, .flags = RST},
     NULL,
     "rx ip4 local tcp settled(tcp-stray-reset)",
     ""},
    {"a protocol that nobody speaks earns an error",
     "",
     {.carries = RAW, .protocol = 253},
     NULL,
     "rx ip4 local error(ip4-protocol) settled(ip4-protocol)",
     ANSWER_LEAVES},
    {"a fragment for us waits for the others",
     "",
     {.fragment = IS_MF},
     NULL,
     "rx ip4 local settled(ip4-fragment-held) held",
     ""},
    {"transit is forwarded", "", {.to = HOST_B}, NULL, "rx ip4 forward resolve resolved send frame out", ""},
    {"transit that its sender could send itself is forwarded, and he is told",
     "",
     {.to = IP(10, 9, 0, 1)},
     NULL,
     "rx ip4 forward resolve resolved send frame out",
     ANSWER_LEAVES},
    {"transit whose TTL runs out earns an error",
     "",
     {.to = HOST_B, .ttl = 1},
     NULL,
     "rx ip4 forward error(ip4-ttl) settled(ip4-ttl)",
     ANSWER_LEAVES},
    {"transit without a route earns an error",
     "",
     {.to = IP(10, 200, 0, 1)},
     NULL,
     "rx ip4 forward error(ip4-no-route) settled(ip4-no-route)",
     ANSWER_LEAVES},
    {"transit into a black hole earns nothing",
     "route 10.200.0.0/16 blackhole",
     {.to = IP(10, 200, 0, 1)},
     NULL,
     "rx ip4 forward settled(ip4-blackhole)",
     ""},
    {"an error about an error is looked at and not sent",
     "",
     {.to = HOST_B, .ttl = 1, .carries = ICMP, .icmp_type = 3, .quote = &our_udp},
     NULL,
     "rx ip4 forward error(ip4-ttl) settled(ip4-ttl)",
     ""},
    {"a martian ends at the door of IP",
     "",
     {.from = IP(127, 0, 0, 1), .from_mac = MAC_OF(HOST_A)},
     NULL,
     "rx ip4 settled(ip4-source-martian)",
     ""},
    {"a datagram that lies about its length earns an error from a router",
     "",
     {.total_more = 100},
     NULL,
     "rx ip4 error(ip4-truncated) settled(ip4-truncated)",
     ANSWER_LEAVES},
    {"a frame for another ends at Ethernet", "", {.to_mac = MAC_B}, NULL, "rx settled(ether-not-ours)", ""},
    {"a frame of another type ends at Ethernet", "", {.type = 0x86dd}, NULL, "rx settled(ether-type)", ""},
    {"an echo reply that nobody waits for is a notice to nobody",
     "",
     {.carries = ICMP},
     NULL,
     "rx ip4 local icmp4 notice.query settled(icmp4-stray)",
     ""},
    {"an error about our echo is a notice",
     "",
     {.carries = ICMP, .icmp_type = 3, .icmp_code = 1, .quote = &our_echo},
     NULL,
     "rx ip4 local icmp4 notice.query settled(icmp4-no-flow)",
     ""},
    {"an error about our datagram is a notice to its socket",
     "",
     {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &our_udp},
     NULL,
     "rx ip4 local icmp4 notice.udp settled(icmp4-noticed)",
     ""},
    {"an error about our segment is a notice",
     "",
     {.carries = ICMP, .icmp_type = 3, .icmp_code = 1, .quote = &our_tcp},
     NULL,
     "rx ip4 local icmp4 notice.tcp settled(icmp4-no-flow)",
     ""},
    {"an ICMP message of an unknown type ends at ICMP",
     "",
     {.carries = ICMP, .icmp_type = 77},
     NULL,
     "rx ip4 local icmp4 settled(icmp4-type)",
     ""},
    {"an echo reply that finds no route comes back as a notice",
     "",
     {.from = IP(10, 200, 0, 1), .from_mac = MAC_OF(HOST_A)},
     NULL,
     "rx ip4 local icmp4 settled(icmp4-echoed)",
     "originate error(ip4-no-route) notice.query(ip4-no-route) settled(ip4-no-route)"},
    {"a reset that finds no route comes back as a notice",
     "",
     {.from = IP(10, 200, 0, 1), .from_mac = MAC_OF(HOST_A), .carries = TCP, .flags = SYN},
     NULL,
     "rx ip4 local tcp reset(tcp-closed) settled(tcp-closed)",
     "originate error(ip4-no-route) notice.tcp(ip4-no-route) settled(ip4-no-route)"},
    {"an echo reply into a black hole ends there",
     "route 10.200.0.0/16 blackhole",
     {.from = IP(10, 200, 0, 1), .from_mac = MAC_OF(HOST_A)},
     NULL,
     "rx ip4 local icmp4 settled(icmp4-echoed)",
     "originate settled(ip4-blackhole)"},
    {"transit to a stranger is held until ARP answers",
     "strangers",
     {.to = HOST_B},
     "answer",
     "rx ip4 forward resolve settled(neighbor-held) held resolved send frame out",
     ""},
    {"transit to an absent host is held, then earns an error",
     "no neighbor b 10.0.2.10",
     {.to = HOST_B},
     "wait",
     "rx ip4 forward resolve settled(neighbor-held) held error(neighbor-failed) settled(neighbor-failed)",
     ANSWER_LEAVES},
    {"what is held goes with the link",
     "strangers",
     {.to = HOST_B},
     "down b",
     "rx ip4 forward resolve settled(neighbor-held) held settled(neighbor-flushed)",
     ""},
    {"an answer to a stranger is held too, in its own slot",
     "strangers",
     {0},
     "down a",
     "rx ip4 local icmp4 settled(icmp4-echoed)",
     "originate resolve held settled(neighbor-flushed)"},
    {"with the ICMP rate used up an error is looked at and not sent",
     "limited; set icmp.burst 1; set icmp.rate 1",
     {.to = HOST_B, .ttl = 1},
     "again",
     "rx ip4 forward error(ip4-ttl) settled(ip4-ttl)",
     ""},
};

static void go_on(struct bench *bench, const struct row *row)
{
    if (row->then == NULL || strcmp(row->then, "again") == 0)
        return;
    bool waits = strcmp(row->then, "wait") == 0;
    bench_run(bench, waits ? 5 * SECONDS : 500 * MS);
    bench->traces = false;
    if (strcmp(row->then, "answer") == 0)
        bench_send_arp_reply(bench, TAP_B, HOST_B);
    else if (!waits)
        bench_do(bench, row->then);
    bench_run(bench, 0);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    if (row->then != NULL && strcmp(row->then, "again") == 0)
        bench_send(bench, &row->frame);
    bench->traces = true;
    uint64_t number = bench_send(bench, &row->frame);
    go_on(bench, row);
    struct trail_read trail = {.n = 0};
    char walk[WALK];
    read_trail(bench, &trail);
    walk_of(&trail, TAPIR_RECEIVED, number, walk);
    assert_string_equal(walk, row->walk);
    walk_of_answer(&trail, walk);
    assert_string_equal(walk, row->answer);
    bench_close(bench);
}

/* ---- walks that need more than one frame ---- */

static void expect_walk(const struct trail_read *trail, enum tapir_origin origin, uint64_t number,
                        const char *expected)
{
    char walk[WALK];
    walk_of(trail, origin, number, walk);
    assert_string_equal(walk, expected);
}

static void test_arp(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    bench->traces = true;
    uint64_t request = bench_send_arp(bench, &(struct arp_frame){0});
    uint64_t strange = bench_send_arp(bench, &(struct arp_frame){.operation = 7});
    struct trail_read trail = {.n = 0};
    char walk[WALK];
    read_trail(bench, &trail);
    expect_walk(&trail, TAPIR_RECEIVED, request, "rx arp settled(arp-answered)");
    expect_walk(&trail, TAPIR_RECEIVED, strange, "rx arp settled(arp-opcode)");
    walk_of_answer(&trail, walk);
    assert_string_equal(walk, "frame out");
    bench_close(bench);
}

static void test_out_down(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    tapir_pause(bench->stack, TAP_B, true);
    bench->traces = true;
    uint64_t number = bench_send(bench, &(struct frame){.to = HOST_B});
    expect_nothing(bench);
    bench_do(bench, "down b");
    bench_run(bench, 0);
    struct trail_read trail = {.n = 0};
    read_trail(bench, &trail);
    expect_walk(&trail, TAPIR_RECEIVED, number,
                "rx ip4 forward resolve resolved send frame out settled(out-down)");
    bench_close(bench);
}

static void test_iface_down(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "down a");
    bench->traces = true;
    uint64_t number = bench_send(bench, &(struct frame){0});
    struct trail_read trail = {.n = 0};
    read_trail(bench, &trail);
    expect_walk(&trail, TAPIR_RECEIVED, number, "rx settled(iface-down)");
    bench_close(bench);
}

static void say(struct bench *bench, int64_t to, uint16_t port)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)to;
    message.destination_port = port;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK);
}

/* Nothing caused what a socket sends, so nobody could mark it: the mark is put on it in lane again, where
 * only what goes to ourselves waits, for a microsecond. */
static void test_to_ourselves(void **state)
{
    (void)state;
    static const struct {
        uint16_t port;
        const char *walk;
    } ends[] = {{7, "again ip4 local udp settled(udp-delivered)"},
                {9999, "again ip4 local udp error(udp-port) notice.udp(udp-port) settled(udp-port)"}};
    for (size_t i = 0; i < 2; i++) {
        struct bench *bench = bench_open(ROUTER, "");
        struct trail_read trail = {.n = 0};
        struct lane *again = &bench->stack->core.lanes[LANE_AGAIN];
        char walk[WALK];
        say(bench, DUT_A, ends[i].port);
        tapir_tick(bench->stack, (tapir_instant){bench->now_ns});
        assert_int_equal(again->size, 1);
        assert_int_equal(tapir_deadline(bench->stack).ns, bench->now_ns + 1000);
        again->head->traced = true;
        trail_note(&bench->stack->core.trail, again->head, lane_text(LANE_AGAIN), bench->stack->core.now);
        bench_run(bench, 999);
        assert_int_equal(again->size, 1);
        bench_run(bench, 1);
        read_trail(bench, &trail);
        assert_int_equal(trail.steps[1].time.ns, bench->now_ns);
        walk_of_answer(&trail, walk);
        assert_string_equal(walk, ends[i].walk);
        bench_close(bench);
    }
}

static void test_closed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    bench->traces = true;
    uint64_t held = bench_send(bench, &(struct frame){.to = HOST_B});
    tapir_close(bench->stack, (tapir_instant){bench->now_ns});
    uint64_t late = bench_send(bench, &(struct frame){0});
    struct trail_read trail = {.n = 0};
    read_trail(bench, &trail);
    expect_walk(&trail, TAPIR_RECEIVED, held,
                "rx ip4 forward resolve settled(neighbor-held) held settled(stack-closed)");
    expect_walk(&trail, TAPIR_RECEIVED, late, "rx settled(stack-closed)");
    bench_close(bench);
}

static void test_untraced(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    struct trail_read trail = {.n = 0};
    bench_send(bench, &(struct frame){0});
    bench_send(bench, &(struct frame){.to = HOST_B});
    read_trail(bench, &trail);
    assert_int_equal(trail.n, 0);
    bench_close(bench);
}

static void test_all_seen(void **state)
{
    (void)state;
    for (int name = 0; name < LANES; name++)
        if (!seen[name])
            fail_msg("no packet walked through lane '%s'", lane_text((enum lane_name)name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an ARP request walks rx, arp; its answer frame, out", test_arp, NULL, NULL, NULL},
        {"a frame in line for a link that goes down walks from out to settled", test_out_down, NULL, NULL,
         NULL},
        {"a frame at an interface that is down walks no further than rx", test_iface_down, NULL, NULL, NULL},
        {"a datagram to ourselves waits a microsecond in again and comes back to ip4", test_to_ourselves,
         NULL, NULL, NULL},
        {"a closed stack settles what is held and what still comes", test_closed, NULL, NULL, NULL},
        {"a packet that nobody marked leaves no trail", test_untraced, NULL, NULL, NULL},
    };
    const struct CMUnitTest last[] = {
        {"every lane has been walked through", test_all_seen, NULL, NULL, NULL}};
    return RUN_TABLE("walks", rows, check) + cmocka_run_group_tests_name("longer walks", tests, NULL, NULL) +
           cmocka_run_group_tests_name("all lanes", last, NULL, NULL);
}
