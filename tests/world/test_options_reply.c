/* What of a request's options does not come back: routes that lie, and what was ignored; what is written in transit beside what is
 * ignored. The rest: test_options_record.c. OPT-14, SEC-1, ECHO-6. */
#include "tests/world/bench.h"

#define OPTIONS(text) .options = (text), .options_size = sizeof(text) - 1
#define PROCESS       "set ip.option.lsrr process; set ip.option.ssrr process"

static const struct row {
    const char *sentence;
    const char *given;
    struct frame request;
} rows[] = {
    {"a route by a broadcast of the link (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\x0a\x00\x01\xff\x00")}},
    {"a route by the zero host of the link (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\x0a\x00\x01\x00\x00")}},
    {"a route by a group (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\xe0\x00\x00\x01\x00")}},
    {"a route by all (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\xff\xff\xff\xff\x00")}},
    {"a route by class E (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\xf0\x00\x00\x01\x00")}},
    {"a route by loopback (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\x7f\x00\x00\x01\x00")}},
    {"a route by this network (SEC-1)", PROCESS, {OPTIONS("\x83\x07\x08\x00\x01\x02\x03\x00")}},
    {"a route whose first host is a group (SEC-1)",
     PROCESS,
     {OPTIONS("\x83\x0b\x0c\xe0\x00\x00\x01\x0a\x00\x01\x02\x00")}},
    {"a route whose last host is a group (SEC-1)",
     PROCESS,
     {OPTIONS("\x83\x0b\x0c\x0a\x00\x01\x02\xe0\x00\x00\x01\x00")}},
    {"a route by its source alone (OPT-14)", PROCESS, {OPTIONS("\x83\x07\x08\x0a\x00\x01\x0a\x00")}},
    {"a timestamp that is ignored (ECHO-6)",
     "set ip.option.ts ignore",
     {OPTIONS("\x44\x08\x05\x00\x00\x00\x00\x00")}},
    {"a timestamp that is ignored beside a record (ECHO-6)",
     "set ip.option.ts ignore; set ip.option.rr ignore",
     {OPTIONS("\x44\x08\x05\x00\x00\x00\x00\x00\x07\x07\x04\x00\x00\x00\x00\x00")}},
};

/* The reply goes straight, and has none. */
static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    bench_send(bench, &row->request);
    const struct view *view = &expect_echo_reply(bench)->view;
    assert_int_equal(view->to, HOST_A);
    assert_int_equal(view->to_mac, MAC_OF(HOST_A));
    assert_int_equal(view->header, 20);
    expect_nothing(bench);
    bench_close(bench);
}

/* Nor does the error that two of them earn follow either. */
static void two_routes_are_told_straight(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, PROCESS);
    const struct frame frame = {OPTIONS("\x83\x07\x08\x0a\x00\x01\x02\x83\x07\x08\x0a\x00\x01\x02\x00\x00")};
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_IP4_OPTION_TWO_ROUTES);
    const struct view *view = &expect_icmp_error(bench, 12, 0)->view;
    assert_int_equal(view->to, HOST_A);
    assert_int_equal(view->header, 20);
    expect_nothing(bench);
    bench_close(bench);
}

/* One that is broken is not followed by the error that another option earned before it was looked at. */
static void a_broken_route_is_not_followed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, PROCESS);
    const struct frame frame = {OPTIONS("\x44\x08\x05\x07\x00\x00\x00\x00\x83\x08\x09\x00\x0a\x00\x01\x02")};
    bench_send(bench, &frame);
    const struct view *view = &expect_icmp_error(bench, 12, 0)->view;
    assert_int_equal(view->to, HOST_A);
    assert_int_equal(view->header, 20);
    expect_nothing(bench);
    bench_close(bench);
}

#define RECORD   "\x07\x07\x04\x00\x00\x00\x00"
#define RECORDED "\x07\x07\x08\x0a\x00\x02\x01"
#define STAMP    "\x44\x08\x05\x00\x00\x00\x00\x00"
#define ROUTE    "\x83\x07\x04\x0a\x00\x01\x02"
#define HOPS     "\x52\x0c\x00\x07\x00\x00\xff\xff\x0a\x00\x01\x0a" /* RFC 1393 */

/* In transit; each is written as its own setting says. */
static const struct passage {
    const char *sentence;
    const char *given;
    struct frame frame;
    const char *options; /* as they leave */
    size_t size;
} passages[] = {
    {"a timestamp beside a record that is ignored",
     "set ip.option.rr ignore",
     {OPTIONS(RECORD STAMP "\x00")},
     RECORD "\x44\x08\x09\x00",
     11},
    {"a record beside a timestamp that is ignored",
     "set ip.option.ts ignore",
     {OPTIONS(RECORD STAMP "\x00")},
     RECORDED STAMP "\x00",
     16},
    {"a record beside a source route that is ignored",
     "set ip.option.lsrr ignore",
     {OPTIONS(ROUTE RECORD "\x00\x00")},
     ROUTE RECORDED "\x00\x00",
     16},
    {"a record beside hops that are ignored",
     "set ip.option.experimental ignore",
     {OPTIONS(HOPS RECORD "\x00")},
     HOPS RECORDED "\x00",
     20},
    {"a record with two octets behind it that are no address",
     "",
     {OPTIONS("\x07\x09\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00")},
     "\x07\x09\x08\x0a\x00\x02\x01\x00\x00\x00\x00\x00",
     12},
};

static void check_passage(void **state)
{
    const struct passage *passage = *state;
    struct bench *bench = bench_open(ROUTER, passage->given);
    struct frame frame = passage->frame;
    frame.to = HOST_B;
    bench_send(bench, &frame);
    assert_memory_equal(expect_frame(bench)->view.datagram + 20, passage->options, passage->size);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {PROVES("OPT-14", two_routes_are_told_straight),
                                         PROVES("OPT-14", a_broken_route_is_not_followed)};
    return RUN_TABLE("options that do not come back", rows, check) +
           RUN_TABLE("options in transit", passages, check_passage) +
           cmocka_run_group_tests_name("errors", stories, NULL, NULL);
}
