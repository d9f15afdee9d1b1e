/* IPv4 options that are written: routes followed and recorded, stamps, and how they come back. OPT-5, 7 to 9, 13, 14, 17, 20 to
 * 24, ECHO-6, 7, ERR-19, TS-5, RED-4. */
#include <string.h>

#include "tests/world/pieces.h"
#include "tests/world/trial.h"

#define OPTIONS(text) .options = (text), .options_size = sizeof(text) - 1

#define SOURCE "\x0a\x00\x01\x0a" /* 10.0.1.10 */
#define R2     "\x0a\x00\x01\x02"
#define DUTA   "\x0a\x00\x01\x01"
#define DUTB   "\x0a\x00\x02\x01"
#define TO_B   "\x0a\x00\x02\x0a"
#define TO_FAR "\x0a\x09\x00\x01"
#define NONE   "\x00\x00\x00\x00"

#define PROCESS "set ip.option.lsrr process; set ip.option.ssrr process"

/* A wall clock that shows 01:02:03.004 UT at instant 0: 3,723,004 ms since midnight. */
#define CLOCK "clock 3723004"

/* ---- transit: what goes in, what comes out ---- */

static const struct row {
    const char *sentence;
    const char *given;
    struct frame frame;
    enum tap out;
    int64_t to, next_hop;
    const char *options; /* afterwards */
} rows[] = {
    {"a record route gets our address on the way out (OPT-17, OPT-9)",
     NULL,
     {.to = HOST_B, OPTIONS("\x07\x0f\x04" NONE NONE NONE "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x07\x0f\x08" DUTB NONE NONE "\x00"},
    {"the next slot of it, when the first is taken (OPT-17)",
     NULL,
     {.to = HOST_B, OPTIONS("\x07\x0f\x08" R2 NONE NONE "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x07\x0f\x0c" R2 DUTB NONE "\x00"},
    {"a loose source route is followed, and our address stands for it (OPT-7, OPT-9)",
     PROCESS,
     {OPTIONS("\x83\x07\x04" TO_B "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x83\x07\x08" DUTB "\x00"},
    {"one address of several is used (OPT-7)",
     PROCESS,
     {OPTIONS("\x83\x0b\x04" TO_B TO_FAR "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x83\x0b\x08" DUTB TO_FAR "\x00"},
    {"the pointer says which one (OPT-7)",
     PROCESS,
     {OPTIONS("\x83\x0b\x08" R2 TO_B "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x83\x0b\x0c" R2 DUTB "\x00"},
    {"a loose source route may take a router (OPT-7)",
     PROCESS,
     {OPTIONS("\x83\x07\x04" TO_FAR "\x00")},
     TAP_A,
     IP(10, 9, 0, 1),
     ROUTER_2,
     "\x83\x07\x08" DUTA "\x00"},
    {"addresses of ours are passed at once (OPT-8)",
     PROCESS,
     {OPTIONS("\x83\x0b\x04" DUTB TO_B "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x83\x0b\x0c" DUTB DUTB "\x00"},
    {"a strict source route is followed to a neighbor (OPT-10, OPT-7)",
     PROCESS,
     {OPTIONS("\x89\x0b\x04" TO_B TO_FAR "\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x89\x0b\x08" DUTB TO_FAR "\x00"},
    {"a loose source route goes on together with a record route (OPT-7, OPT-17)",
     PROCESS,
     {OPTIONS("\x83\x07\x04" TO_B "\x07\x07\x04" NONE "\x00\x00")},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x83\x07\x08" DUTB "\x07\x07\x08" DUTB "\x00\x00"},
    {"a stamp alone (OPT-20)",
     CLOCK,
     {.to = HOST_B, OPTIONS("\x44\x0c\x05\x00" NONE NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x0c\x09\x00\x00\x38\xce\xfc" NONE},
    {"ip.clock = off tells no time of day in a stamp (OPT-20, TS-5)",
     CLOCK "; set ip.clock off on a",
     {.to = HOST_B, OPTIONS("\x44\x0c\x05\x00" NONE NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x0c\x09\x00\x80\x0f\x42\x40" NONE},
    {"an address with its stamp (OPT-20)",
     CLOCK,
     {.to = HOST_B, OPTIONS("\x44\x0c\x05\x01" NONE NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x0c\x0d\x01" DUTB "\x00\x38\xce\xfc"},
    {"a stamp for any address of ours that is given (OPT-21)",
     CLOCK,
     {.to = HOST_B, OPTIONS("\x44\x0c\x05\x03" DUTA NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x0c\x0d\x03" DUTA "\x00\x38\xce\xfc"},
    {"none for the address of another (OPT-21)",
     CLOCK,
     {.to = HOST_B, OPTIONS("\x44\x0c\x05\x03" R2 NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x0c\x05\x03" R2 NONE},
    {"none when all that were given have stamped (OPT-21)",
     CLOCK,
     {.to = HOST_B, OPTIONS("\x44\x0c\x0d\xf3" R2 NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x0c\x0d\xf3" R2 NONE},
    {"without room the overflow counts up (OPT-22)",
     CLOCK,
     {.to = HOST_B, OPTIONS("\x44\x08\x09\x30" NONE)},
     TAP_B,
     HOST_B,
     HOST_B,
     "\x44\x08\x09\x40" NONE},
};

static void check_row(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    uint64_t number = bench_send(bench, &row->frame);
    const struct sight *sight = expect_forwarded(bench, number);
    assert_int_equal(sight->on, row->out);
    assert_int_equal(sight->view.to, row->to);
    assert_int_equal(sight->view.to_mac, MAC_OF(row->next_hop));
    assert_int_equal(sight->view.header, 20 + row->frame.options_size);
    assert_memory_equal(sight->view.datagram + 20, row->options, (size_t)row->frame.options_size);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- stamps tell the time ---- */

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t stamp_of(struct bench *bench)
{
    struct frame frame = {.to = HOST_B, OPTIONS("\x44\x08\x05\x00" NONE)};
    return word(expect_forwarded(bench, bench_send(bench, &frame))->view.datagram + 24);
}

static void stamps_go_on_with_time(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, CLOCK);
    uint32_t first = stamp_of(bench);
    bench_run(bench, 100 * MS);
    assert_int_equal(stamp_of(bench) - first, 100);
    bench_run(bench, 63 * MS);
    assert_int_equal(stamp_of(bench) - first, 163);
    bench_close(bench);
}

static void without_a_clock_stamps_say_so(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint32_t first = stamp_of(bench);
    assert_true((first & 0x80000000) != 0);
    bench_run(bench, 100 * MS);
    assert_int_equal(stamp_of(bench) - first, 100);
    bench_close(bench);
}

/* ---- replies ---- */

static const struct answer {
    const char *sentence;
    enum bench_kind bench;
    const char *given;
    struct frame frame;
    int64_t to; /* of the reply */
    const char *options;
    size_t size;
} answers[] = {
    {"a reply carries the record route of the request with our entry and all its slots (ECHO-6)",
     ROUTER,
     NULL,
     {OPTIONS("\x07\x27\x08" R2 NONE NONE NONE NONE NONE NONE NONE NONE "\x00")},
     HOST_A,
     "\x07\x27\x0c" R2 DUTA NONE NONE NONE NONE NONE NONE NONE "\x00",
     40},
    {"a record route that is full comes back as it is (ECHO-6)",
     HOST,
     NULL,
     {OPTIONS("\x07\x07\x08" R2 "\x00")},
     HOST_A,
     "\x07\x07\x08" R2 "\x00",
     8},
    {"the entry is the address that was asked (ECHO-6)",
     ROUTER,
     NULL,
     {.to = DUT_B, OPTIONS("\x07\x07\x04" NONE "\x00")},
     HOST_A,
     "\x07\x07\x08" DUTB "\x00",
     8},
    {"a reply carries the stamps of the request and ours (ECHO-6, OPT-24)",
     ROUTER,
     CLOCK,
     {OPTIONS("\x44\x14\x0d\x01" R2 "\x00\x00\x00\x07" NONE NONE)},
     HOST_A,
     "\x44\x14\x15\x01" R2 "\x00\x00\x00\x07" DUTA "\x00\x38\xce\xfc",
     20},
    {"without room for our stamp the overflow counts up (OPT-24, OPT-22)",
     ROUTER,
     CLOCK,
     {OPTIONS("\x44\x08\x09\x00" NONE)},
     HOST_A,
     "\x44\x08\x09\x10" NONE,
     8},
    {"a given address of ours gets its stamp (OPT-21)",
     ROUTER,
     CLOCK,
     {OPTIONS("\x44\x0c\x05\x03" DUTB NONE)},
     HOST_A,
     "\x44\x0c\x0d\x03" DUTB "\x00\x38\xce\xfc",
     12},
    {"a stream identifier is not sent back (OPT-25)",
     ROUTER,
     NULL,
     {OPTIONS("\x88\x04\x00\x01\x07\x07\x04" NONE "\x00")},
     HOST_A,
     "\x07\x07\x08" DUTA "\x00",
     8},
    {"record routes that are ignored are not sent back (ECHO-6)",
     ROUTER,
     "set ip.option.rr ignore",
     {OPTIONS("\x07\x07\x04" NONE "\x00")},
     HOST_A,
     "",
     0},
    {"a completed source route comes back reversed (ECHO-7, OPT-14)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x83\x0b\x0c" R2 TO_B "\x00")},
     HOST_B,
     "\x83\x0b\x04" R2 SOURCE "\x00",
     12},
    {"a host reverses one too (ECHO-7, OPT-13)",
     HOST,
     PROCESS,
     {OPTIONS("\x83\x07\x08" R2 "\x00")},
     ROUTER_2,
     "\x83\x07\x04" SOURCE "\x00",
     8},
    {"a strict one stays strict (ECHO-7)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x89\x07\x08" R2 "\x00")},
     ROUTER_2,
     "\x89\x07\x04" SOURCE "\x00",
     8},
    {"a route that begins with its source is not longer for it (OPT-14)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x83\x0f\x10" SOURCE R2 TO_B "\x00")},
     HOST_B,
     "\x83\x0b\x04" R2 SOURCE "\x00",
     12},
    {"a route of nobody is none (OPT-14)", ROUTER, PROCESS, {OPTIONS("\x83\x03\x04\x00")}, HOST_A, "", 0},
    {"a route by a broadcast of the link is a lie: the reply goes straight (SEC-1, SEC-2)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x83\x07\x08\x0a\x00\x01\xff\x00")},
     HOST_A,
     "",
     0},
    {"a route by a group is a lie: the reply goes straight (SEC-1, SEC-2)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x83\x0b\x0c\xe0\x00\x00\x01" R2 "\x00")},
     HOST_A,
     "",
     0},
    {"a route and a record come back together (ECHO-6, ECHO-7)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x83\x07\x08" R2 "\x07\x07\x04" NONE "\x00\x00")},
     ROUTER_2,
     "\x83\x07\x04" SOURCE "\x07\x07\x08" DUTA "\x00\x00",
     16},
    {"a reply to a route whose rest is ours goes back by what was recorded (OPT-8, OPT-14)",
     ROUTER,
     PROCESS,
     {OPTIONS("\x83\x0b\x08" R2 DUTB "\x00")},
     ROUTER_2,
     "\x83\x07\x04" SOURCE "\x00",
     8},
    {"a timestamp reply carries them too (TS-5, ECHO-6)",
     ROUTER,
     CLOCK,
     {.carries = ICMP, .icmp_type = 13, .data = 12, OPTIONS("\x07\x07\x04" NONE "\x00")},
     HOST_A,
     "\x07\x07\x08" DUTA "\x00",
     8},
};

static void check_answer(void **state)
{
    const struct answer *answer = *state;
    struct bench *bench = bench_open(answer->bench, answer->given);
    bench_send(bench, &answer->frame);
    const struct view *view = &expect_frame(bench)->view;
    assert_int_equal(view->protocol, 1);
    assert_int_equal(view->icmp_type, answer->frame.icmp_type == 13 ? 14 : 0);
    assert_int_equal(view->to, answer->to);
    assert_int_equal(view->header, 20 + answer->size);
    assert_memory_equal(view->datagram + 20, answer->options, answer->size);
    if (answer->frame.icmp_type != 13)
        assert_int_equal(view->data_size, 8);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- errors ---- */

static void an_error_goes_to_no_broadcast_that_a_route_names(void **state)
{
    (void)state;
    static const struct frame frame = {
        .carries = UDP, .to_port = 9999, .options = "\x89\x07\x08\x0a\x00\x01\xff\x00", .options_size = 8};
    struct bench *bench = bench_open(ROUTER, PROCESS);
    bench_send(bench, &frame);
    const struct view *view = &expect_icmp_error(bench, 3, 3)->view;
    assert_int_equal(view->to, HOST_A);
    assert_int_equal(view->to_mac, MAC_OF(HOST_A));
    assert_int_equal(view->header, 20);
    bench_close(bench);
}

static void an_error_goes_back_by_the_route_that_was_recorded(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, PROCESS);
    const struct frame dies = {.ttl = 1, OPTIONS("\x83\x0b\x08" R2 TO_B "\x00")};
    bench_send(bench, &dies);
    const struct sight *error = expect_icmp_error(bench, 11, 0);
    assert_int_equal(error->view.to, ROUTER_2);
    assert_int_equal(error->view.header, 28);
    assert_memory_equal(error->view.datagram + 20, "\x83\x07\x04" SOURCE "\x00", 8);
    assert_int_equal(error->view.data[8], 1); /* quoted as it came: TTL, pointer */
    assert_int_equal(error->view.data[22], 8);
    bench_send(bench, &(struct frame){.ttl = 1, OPTIONS("\x83\x07\x04" TO_B "\x00")});
    error = expect_icmp_error(bench, 11, 0);
    assert_int_equal(error->view.to, HOST_A);
    assert_int_equal(error->view.header, 20);
    bench_send(bench, &(struct frame){
                          .carries = UDP, .to_port = 9999, .data = 900, OPTIONS("\x83\x07\x08" R2 "\x00")});
    error = expect_icmp_error(bench, 3, 3);
    assert_int_equal(error->view.to, ROUTER_2);
    assert_int_equal(error->view.total, 576);
    expect_nothing(bench);
    bench_close(bench);
}

static void an_error_about_the_route_itself_does_not_take_it(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, PROCESS);
    bench_send(bench, &(struct frame){.to = HOST_B, OPTIONS("\x89\x0b\x08" R2 TO_FAR "\x00")});
    const struct sight *error = expect_icmp_error(bench, 12, 0);
    assert_int_equal(error->view.to, HOST_A);
    assert_int_equal(error->view.header, 20);
    bench_do(bench, "set ip.option.lsrr ignore");
    bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1, OPTIONS("\x83\x0b\x08" R2 TO_FAR "\x00")});
    error = expect_icmp_error(bench, 11, 0);
    assert_int_equal(error->view.to, HOST_A);
    assert_int_equal(error->view.header, 20);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- the rest ---- */

static void a_source_route_costs_its_ttl_and_earns_no_redirect(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, PROCESS);
    uint64_t number = bench_send(bench, &(struct frame){.ttl = 2, OPTIONS("\x83\x07\x04" TO_FAR "\x00")});
    assert_int_equal(expect_forwarded(bench, number)->view.ttl, 1);
    expect_nothing(bench);
    bench_close(bench);
}

static void what_is_recorded_is_recorded_in_the_first_piece(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576; set ip.option.lsrr process");
    bench_send(bench, &(struct frame){.to = HOST_B, .data = 900, OPTIONS("\x07\x07\x04" NONE "\x00")});
    assert_memory_equal(expect_frame(bench)->view.datagram + 20, "\x07\x07\x08" DUTB "\x00", 8);
    assert_int_equal(expect_frame(bench)->view.header, 20);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_socket_hears_the_options_with_our_entry(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf; " CLOCK);
    struct tapir_socket *socket = tapir_open(bench->stack, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(socket, (struct ip4){0}, 7), TAPIR_OK);
    bench_send(bench,
               &(struct frame){.carries = UDP,
                               OPTIONS("\x07\x07\x04" NONE "\x5d\x03\x01\x44\x08\x05\x00" NONE "\x00\x00")});
    struct tapir_message message;
    assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
    assert_int_equal(message.options_size, 20);
    assert_memory_equal(message.options,
                        "\x07\x07\x08" DUTA "\x5d\x03\x01\x44\x08\x09\x00\x00\x38\xce\xfc\x00\x00", 20);
    bench_close(bench);
}

static void a_request_in_pieces_is_answered_with_the_options_of_the_first(void **state)
{
    (void)state;
    static struct whole sent, joined;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame frame = {.data = 1592, OPTIONS("\x07\x0b\x04" NONE NONE "\x00")};
    whole_make(&sent, &frame);
    whole_send(bench, TAP_A, &sent, 800, 1600);
    whole_send(bench, TAP_A, &sent, 0, 800);
    size_t n;
    assert_true(whole_join(bench, &joined, 1500, &n));
    assert_int_equal(n, 2);
    assert_memory_equal(joined.bytes + 20, "\x07\x0b\x08" DUTA NONE "\x00", 12);
    assert_memory_equal(joined.bytes + 36, sent.bytes + 36, 1596);
    expect_nothing(bench);
    bench_close(bench);
}

static void what_waits_for_its_neighbor_is_stamped_when_it_leaves(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; neighbor a 10.0.1.10; " CLOCK);
    uint64_t number = bench_send(bench, &(struct frame){.to = HOST_B, OPTIONS("\x44\x08\x05\x00" NONE)});
    expect_arp_request(bench, HOST_B);
    bench_run(bench, 500 * MS);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    const struct sight *sight = expect_forwarded(bench, number);
    assert_int_equal(word(sight->view.datagram + 24), 3723004 + 500);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("OPT-23", stamps_go_on_with_time),
        PROVES("OPT-23", without_a_clock_stamps_say_so),
        PROVES("ERR-10 SEC-1", an_error_goes_to_no_broadcast_that_a_route_names),
        PROVES("ERR-19", an_error_goes_back_by_the_route_that_was_recorded),
        PROVES("ERR-19", an_error_about_the_route_itself_does_not_take_it),
        PROVES("RED-4 OPT-7", a_source_route_costs_its_ttl_and_earns_no_redirect),
        PROVES("OPT-17 FRG-5", what_is_recorded_is_recorded_in_the_first_piece),
        PROVES("OPT-5 OPT-24", a_socket_hears_the_options_with_our_entry),
        PROVES("ECHO-6 FRG-20", a_request_in_pieces_is_answered_with_the_options_of_the_first),
        PROVES("OPT-20", what_waits_for_its_neighbor_is_stamped_when_it_leaves),
    };
    return RUN_TABLE("transit", rows, check_row) + RUN_TABLE("replies", answers, check_answer) +
           cmocka_run_group_tests_name("options recorded", tests, NULL, NULL);
}
