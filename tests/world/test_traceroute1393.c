/* RFC 1393, retired by RFC 6814 and RFC 6918: by default its option is one that nobody knows, its message a type that nobody
 * serves. Where icmp.traceroute1393 is on, routers tell who asked, and who is asked sends the option back. */
#include <string.h>

#include "tests/world/trial.h"

/* Number 82, 12 octets: identification, hops out and back, and the asker. */
#define ASKED .options = "\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a", .options_size = 12

static const struct trial trials[] = {
    {.sentence = "an echo request with option 82 is answered, and no message 30 is sent",
     .ids = "TRT-1",
     .frame = {ASKED},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "a datagram with option 82 is forwarded as it is, and no message 30 is sent",
     .ids = "TRT-1",
     .frame = {ASKED, .to = HOST_B, .carries = UDP},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "without a route it earns what any other earns",
     .ids = "TRT-1",
     .frame = {ASKED, .to = IP(10, 99, 9, 9)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 0},
     .verdict = TAPIR_IP4_NO_ROUTE},
    {.sentence = "message 30 is silently dropped",
     .ids = "TRT-1",
     .frame = {.carries = ICMP, .icmp_type = 30, .data = 12},
     .expected = {.reaction = SILENCE},
     .verdict = TAPIR_ICMP4_TYPE,
     .control = {.carries = ICMP, .icmp_type = 8, .data = 12},
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "message 30 is dropped where the setting is on too",
     .ids = "TRT-2",
     .given = "set icmp.traceroute1393 on",
     .frame = {.carries = ICMP, .icmp_type = 30, .data = 12},
     .expected = {.reaction = SILENCE},
     .verdict = TAPIR_ICMP4_TYPE,
     .control = {.carries = ICMP, .icmp_type = 8, .data = 12},
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "where there is no route the error says so, and it alone",
     .ids = "TRT-2 ERR-23",
     .given = "set icmp.traceroute1393 on",
     .frame = {ASKED, .to = IP(10, 99, 9, 9)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 0},
     .verdict = TAPIR_IP4_NO_ROUTE},
    {.sentence = "what dies here has not come by",
     .ids = "TRT-2 ERR-23",
     .given = "set icmp.traceroute1393 on",
     .frame = {ASKED, .to = HOST_B, .ttl = 1},
     .expected = {.reaction = IS_ERROR, .type = 11, .code = 0},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "off, ip.option.experimental decides",
     .ids = "TRT-1",
     .given = "set ip.option.experimental drop",
     .frame = {ASKED, .to = HOST_B},
     .expected = {.reaction = SILENCE},
     .verdict = TAPIR_IP4_OPTION_DROPPED,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
};

/* ---- routers ---- */

#define ON        "set icmp.traceroute1393 on"
#define OPTION(n) .options = (n), .options_size = 12

/* What goes on, and the message about it. */
static const struct row {
    const char *sentence;
    const char *given;
    struct frame frame;
    const char *counted; /* the option behind us */
    const char *message; /* its octets from the type on but for the checksum; NULL: none is sent */
    int64_t to, from;
    enum tap on;
    enum tapir_verdict answer; /* 0: sent, or none was earned */
} rows[] = {
    {"on the way out a router counts itself and tells the originator (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a",
     "\x1e\0\0\7\0\0\0\1\xff\xff\0\0\0\0\0\0\x05\xdc",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"it tells the MTU ahead, not that behind (TRT-2)",
     ON "; mtu b 1280",
     {.to = HOST_B, .carries = UDP, OPTION("\x52\x0c\x12\x34\0\xff\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\x12\x34\1\0\xff\xff\x0a\0\1\x0a",
     "\x1e\0\x12\x34\0\0\1\0\xff\xff\0\0\0\0\0\0\x05\0",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"on the way back the other count grows, and who asked is still told (TRT-2)",
     ON,
     {.from = HOST_B,
      .on = TAP_B,
      .to = HOST_A,
      .carries = ICMP,
      .icmp_type = 0,
      OPTION("\x52\x0c\0\7\0\5\0\3\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\5\0\4\x0a\0\1\x0a",
     "\x1e\0\0\7\0\0\0\5\0\4\0\0\0\0\0\0\x05\xdc",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"the originator need not be the source (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\2\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\2\x0a",
     "\x1e\0\0\7\0\0\0\1\xff\xff\0\0\0\0\0\0\x05\xdc",
     HOST_B,
     DUT_B,
     TAP_B,
     0},
    {"a count that is full stays (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\xff\xff\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\xff\xff\xff\xff\x0a\0\1\x0a",
     "\x1e\0\0\7\0\0\xff\xff\xff\xff\0\0\0\0\0\0\x05\xdc",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"a way back never looks like a way out (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\1\xff\xfe\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xfe\x0a\0\1\x0a",
     "\x1e\0\0\7\0\0\0\1\xff\xfe\0\0\0\0\0\0\x05\xdc",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"experimental options that are dropped are others (TRT-2)",
     ON "; set ip.option.experimental drop",
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a",
     "\x1e\0\0\7\0\0\0\1\xff\xff\0\0\0\0\0\0\x05\xdc",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"the interface of arrival decides: on (TRT-2)",
     ON " on a",
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a",
     "\x1e\0\0\7\0\0\0\1\xff\xff\0\0\0\0\0\0\x05\xdc",
     HOST_A,
     DUT_A,
     TAP_A,
     0},
    {"the interface of arrival decides: off (TRT-2)",
     ON " on b",
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a",
     NULL,
     0,
     0,
     TAP_A,
     0},
    {"a later fragment is counted, but none is sent about it (TRT-2)",
     ON,
     {.to = HOST_B, .fragment = 8, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a",
     NULL,
     0,
     0,
     TAP_A,
     0},
    {"none is sent about an ICMP error (TRT-2)",
     ON,
     {.to = HOST_B, .carries = ICMP, .icmp_type = 3, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a",
     NULL,
     0,
     0,
     TAP_A,
     0},
    {"none is sent about a message 30 (TRT-2)",
     ON,
     {.to = HOST_B, .carries = ICMP, .icmp_type = 30, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a",
     NULL,
     0,
     0,
     TAP_A,
     0},
    {"none is sent to a broadcast address of a network (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\2\xff")},
     "\x52\x0c\0\7\0\1\xff\xff\x0a\0\2\xff",
     NULL,
     0,
     0,
     TAP_A,
     TAPIR_ANSWER_SOURCE},
    {"nor to a group (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\xe0\0\0\1")},
     "\x52\x0c\0\7\0\1\xff\xff\xe0\0\0\1",
     NULL,
     0,
     0,
     TAP_A,
     TAPIR_ANSWER_SOURCE},
    {"nor to nobody (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\0\0\0\0")},
     "\x52\x0c\0\7\0\1\xff\xff\0\0\0\0",
     NULL,
     0,
     0,
     TAP_A,
     TAPIR_ANSWER_SOURCE},
    {"an option 82 of another length is none (TRT-2)",
     ON,
     {.to = HOST_B, OPTION("\x52\x08\0\7\0\0\xff\xff\0\0\0\0")},
     "\x52\x08\0\7\0\0\xff\xff\0\0\0\0",
     NULL,
     0,
     0,
     TAP_A,
     0},
};

static void expect_traceroute(struct bench *bench, uint64_t number, const struct row *row)
{
    const struct sight *sight = expect_frame(bench);
    const struct view *view = &sight->view;
    assert_int_equal(sight->on, row->on);
    assert_int_equal(sight->cause, number);
    assert_int_equal(view->protocol, 1);
    assert_int_equal(view->to, row->to);
    assert_int_equal(view->from, row->from);
    assert_int_equal(view->ttl, 64);
    assert_int_equal(view->payload_size, 20);
    assert_memory_equal(view->payload, row->message, 2);
    assert_memory_equal(view->payload + 4, row->message + 2, 16);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    uint64_t number = bench_send(bench, &row->frame);
    if (row->message != NULL)
        expect_traceroute(bench, number, row);
    assert_memory_equal(expect_forwarded(bench, number)->view.datagram + 20, row->counted, 12);
    expect_nothing(bench);
    expect_answer(bench, number, row->message != NULL ? TAPIR_ANSWER_SENT : row->answer);
    bench_close(bench);
}

static void a_redirect_wins(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ON);
    uint64_t number = bench_send(bench, &(struct frame){ASKED, .to = IP(10, 9, 0, 1)});
    expect_icmp_error(bench, 5, 1);
    expect_forwarded(bench, number);
    expect_nothing(bench);
    bench_do(bench, "set icmp.redirect.send off");
    number = bench_send(bench, &(struct frame){ASKED, .to = IP(10, 9, 0, 1)});
    assert_int_equal(expect_frame(bench)->view.icmp_type, 30);
    expect_forwarded(bench, number);
    expect_nothing(bench);
    bench_close(bench);
}

/* Six at once for one host, then one a second, together with errors. */
static void messages_are_limited_like_errors(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "limited; " ON);
    unsigned told = 0;
    for (int i = 0; i < 20; i++) {
        bench_send(bench, &(struct frame){ASKED, .to = HOST_B});
        for (const struct sight *s; (s = bench_next(bench)) != NULL;)
            told += !s->forwarded;
    }
    assert_int_equal(told, 6);
    assert_int_equal(count_of(bench, TAPIR_FORWARDED, TAPIR_RECEIVED), 20);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_RATE_DESTINATION, TAPIR_RECEIVED), 14);
    bench_run(bench, SECONDS);
    bench_send(bench, &(struct frame){ASKED, .to = HOST_B});
    assert_int_equal(expect_frame(bench)->view.icmp_type, 30);
    bench_close(bench);
}

/* In pieces it has come by once: the option stands in the first alone. */
static void a_datagram_that_is_cut_is_told_of_once(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, ON "; mtu b 576");
    bench_send(bench, &(struct frame){ASKED, .to = HOST_B, .data = 1000});
    assert_int_equal(expect_frame(bench)->view.icmp_type, 30);
    const struct sight *first = expect_frame(bench);
    assert_memory_equal(first->view.datagram + 20, "\x52\x0c\0\7\0\1\xff\xff\x0a\0\1\x0a", 12);
    assert_int_equal(expect_frame(bench)->view.header, 20);
    expect_nothing(bench);
    bench_close(bench);
}

/* Told when it goes on, not while it waits for its neighbor; a neighbor that fails is told by its error alone. */
static void what_waits_is_told_of_when_it_leaves(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; neighbor a 10.0.1.10; " ON);
    uint64_t number = bench_send(bench, &(struct frame){ASKED, .to = HOST_B});
    expect_arp_request(bench, HOST_B);
    expect_nothing(bench);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    assert_int_equal(expect_frame(bench)->view.icmp_type, 30);
    expect_forwarded(bench, number);
    number = bench_send(bench, &(struct frame){ASKED, .to = IP(10, 0, 2, 77)});
    bench_run(bench, 5 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_arp_request(bench, IP(10, 0, 2, 77));
    expect_icmp_error(bench, 3, 1);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- destinations ---- */

static const struct turn {
    const char *sentence;
    enum bench_kind bench;
    const char *given;
    struct frame frame;
    const char *options; /* of the reply; "": none */
    size_t size;
} turns[] = {
    {"the destination sends the option back with 0 hops and counts nothing (TRT-2)",
     HOST,
     ON,
     {OPTION("\x52\x0c\0\7\0\3\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\3\0\0\x0a\0\1\x0a",
     12},
    {"a router is a destination too (TRT-2)",
     ROUTER,
     ON,
     {.to = DUT_B, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\0\0\0\x0a\0\1\x0a",
     12},
    {"a timestamp reply carries it too (TRT-2)",
     HOST,
     ON,
     {.carries = ICMP, .icmp_type = 13, .data = 12, OPTION("\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a")},
     "\x52\x0c\0\7\0\0\0\0\x0a\0\1\x0a",
     12},
    {"what is on its way back is not turned again (TRT-2)",
     HOST,
     ON,
     {OPTION("\x52\x0c\0\7\0\3\0\2\x0a\0\1\x0a")},
     "",
     0},
    {"off, nothing is sent back (TRT-1)", HOST, NULL, {ASKED}, "", 0},
};

static void check_turn(void **state)
{
    const struct turn *turn = *state;
    struct bench *bench = bench_open(turn->bench, turn->given);
    bench_send(bench, &turn->frame);
    const struct view *view = &expect_frame(bench)->view;
    assert_int_equal(view->icmp_type, turn->frame.icmp_type == 13 ? 14 : 0);
    assert_int_equal(view->to, HOST_A);
    assert_int_equal(view->header, 20 + turn->size);
    assert_memory_equal(view->datagram + 20, turn->options, turn->size);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("TRT-2 ERR-23", a_redirect_wins),
        PROVES("TRT-2 RATE-1", messages_are_limited_like_errors),
        PROVES("TRT-2", a_datagram_that_is_cut_is_told_of_once),
        PROVES("TRT-2", what_waits_is_told_of_when_it_leaves),
    };
    return RUN_TABLE("traceroute of RFC 1393", trials, bench_try) + RUN_TABLE("routers", rows, check) +
           RUN_TABLE("destinations", turns, check_turn) +
           cmocka_run_group_tests_name("beside other messages", tests, NULL, NULL);
}
