/* ICMP sockets by the public functions alone: ECHO-9, ECHO-10, TS-8, INF-2, INF-4, PP-5, ERR-20. */
#include <string.h>

#include "tests/world/sockets.h"

enum {
    ID = 0x4711 /* identifier of the socket under test */
};

static uint32_t rest_of(unsigned sequence)
{
    return (uint32_t)ID << 16 | sequence;
}

/* Asks `to` with a message of `type`: sequence, then `more` octets of 'x'. */
static enum tapir_result ask(struct bench *bench, struct tapir_socket *socket, unsigned type, int64_t to,
                             unsigned sequence, size_t more)
{
    uint8_t bytes[1500] = {(uint8_t)(sequence >> 8), (uint8_t)sequence};
    memset(bytes + 2, 'x', more);
    const struct tapir_message how = {.destination = ip4_of(to), .icmp_type = (uint8_t)type};
    return say(bench, socket, &how, bytes, 2 + more);
}

static const struct sight *expect_query(struct bench *bench, unsigned type)
{
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->view.protocol, 1);
    assert_int_equal(sight->view.icmp_type, type);
    return sight;
}

static struct frame reply_of(unsigned type, unsigned sequence)
{
    return (struct frame){.carries = ICMP, .icmp_type = (int)type, .rest = rest_of(sequence)};
}

/* ---- questions and answers ---- */

static const struct pair {
    const char *sentence;
    unsigned query, reply;
    int more; /* octets behind the sequence */
} pairs[] = {
    {"echo request and reply (ECHO-9, ECHO-10)", 8, 0, 56},
    {"timestamp and its reply (TS-8)", 13, 14, 12},
    {"information request and reply (INF-2, INF-4)", 15, 16, 0},
    {"address mask request and reply (ECHO-9)", 17, 18, 4},
    {"extended echo request and reply (ECHO-9)", 42, 43, 20},
};

static void try_pair(void **state)
{
    const struct pair *row = *state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    struct tapir_socket *bystander = open_at(bench, TAPIR_ICMP, 0, ID + 1);
    assert_int_equal(ask(bench, socket, row->query, HOST_A, 7, (size_t)row->more), TAPIR_OK);
    const struct sight *query = expect_query(bench, row->query);
    assert_int_equal(query->view.icmp_code, 0);
    assert_int_equal(query->view.rest, rest_of(7));
    assert_int_equal(query->view.payload_size, 8 + row->more);
    assert_int_equal(query->view.from, DUT_A);
    assert_int_equal(query->view.ttl, 64);
    struct frame reply = reply_of(row->reply, 7);
    reply.ttl = 61;
    reply.tos = 0x10;
    reply.bytes = "answered";
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    struct tapir_message heard;
    assert_int_equal(tapir_peek(socket, &heard), TAPIR_OK);
    assert_int_equal(heard.error, TAPIR_OK);
    assert_int_equal(heard.icmp_type, row->reply);
    assert_int_equal(heard.icmp_code, 0);
    assert_int_equal(heard.source.value, HOST_A);
    assert_int_equal(heard.destination.value, DUT_A);
    assert_int_equal(heard.destination_port, ID);
    assert_int_equal(heard.ttl, 61);
    assert_int_equal(heard.tos, 0x10);
    assert_int_equal(heard.size, 10);
    assert_memory_equal(heard.data, "\0\7answered", 10);
    expect_silence(bystander);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- answers that nobody waits for ---- */

static const struct stray {
    const char *sentence;
    unsigned asked;      /* type; 0: nothing was asked */
    int64_t run;         /* time between question and answer */
    unsigned type;       /* of the answer */
    int64_t from, to;    /* host A, DUT_A */
    unsigned identifier; /* ID */
} strays[] = {
    {"an echo reply that nobody asked for is dropped (ECHO-9)", 0, 0, 0, HOST_A, DUT_A, ID},
    {"a timestamp reply that nobody asked for is dropped (TS-8)", 0, 0, 14, HOST_A, DUT_A, ID},
    {"an information reply that nobody asked for is dropped (INF-4)", 0, 0, 16, HOST_A, DUT_A, ID},
    {"an address mask reply that nobody asked for is dropped (ECHO-9)", 0, 0, 18, HOST_A, DUT_A, ID},
    {"an extended echo reply that nobody asked for is dropped (ECHO-9)", 0, 0, 43, HOST_A, DUT_A, ID},
    {"an echo reply with another identifier is dropped (ECHO-9)", 8, 0, 0, HOST_A, DUT_A, ID + 9},
    {"an echo reply from somebody else is dropped (ECHO-9)", 8, 0, 0, ROUTER_2, DUT_A, ID},
    {"an echo reply to another address of ours is dropped (ECHO-9)", 8, 0, 0, HOST_A, DUT_B, ID},
    {"an echo reply to everybody is dropped (ECHO-9)", 8, 0, 0, HOST_A, BROADCAST, ID},
    {"an echo reply to another kind of question is dropped (ECHO-9)", 13, 0, 0, HOST_A, DUT_A, ID},
    {"an echo reply after a minute is dropped (ECHO-9)", 8, 60 * SECONDS, 0, HOST_A, DUT_A, ID},
    {"an information reply after a minute is dropped (INF-4)", 15, 60 * SECONDS, 16, HOST_A, DUT_A, ID},
};

static void try_stray(void **state)
{
    const struct stray *row = *state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    if (row->asked != 0) {
        assert_int_equal(ask(bench, socket, row->asked, HOST_A, 1, 12), TAPIR_OK);
        expect_query(bench, row->asked);
    }
    bench_run(bench, row->run);
    struct frame reply = reply_of(row->type, 1);
    reply.from = row->from;
    reply.to = row->to;
    reply.to_mac = row->to == BROADCAST ? MAC_BROADCAST : 0;
    reply.rest = (int64_t)row->identifier << 16 | 1;
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_STRAY);
    bench_run(bench, SECONDS);
    expect_silence(socket);
    expect_nothing(bench);
    const unsigned query = row->type == 0 ? 8 : row->type - 1;
    assert_int_equal(ask(bench, socket, query, HOST_A, 1, 12), TAPIR_OK);
    expect_query(bench, query);
    reply = reply_of(row->type, 1);
    bench_run(bench, 59 * SECONDS);
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    hear(socket);
    bench_close(bench);
}

/* INF-4: one answer for each question. A second echo reply is what people ping for. */
static void only_open_information_requests_are_answered(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    const struct frame information = reply_of(16, 1), echo = reply_of(0, 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ask(bench, socket, 15, HOST_A, 1, 0), TAPIR_OK);
        expect_query(bench, 15);
    }
    for (int i = 0; i < 2; i++)
        expect_verdict(bench, bench_send(bench, &information), TAPIR_ICMP4_DELIVERED);
    expect_verdict(bench, bench_send(bench, &information), TAPIR_ICMP4_STRAY);
    assert_int_equal(ask(bench, socket, 8, HOST_A, 1, 0), TAPIR_OK);
    expect_query(bench, 8);
    for (int i = 0; i < 2; i++)
        expect_verdict(bench, bench_send(bench, &echo), TAPIR_ICMP4_DELIVERED);
    expect_nothing(bench);
    bench_close(bench);
}

/* One that was not answered in time is closed. */
static void an_old_information_request_is_not_answered(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    const struct frame information = reply_of(16, 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ask(bench, socket, 15, HOST_A, 1, 0), TAPIR_OK);
        expect_query(bench, 15);
        bench_run(bench, (1 - i) * 61 * SECONDS);
    }
    expect_verdict(bench, bench_send(bench, &information), TAPIR_ICMP4_DELIVERED);
    expect_verdict(bench, bench_send(bench, &information), TAPIR_ICMP4_STRAY);
    bench_close(bench);
}

static void anybody_answers_a_question_to_everybody(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    static const int64_t many[] = {BROADCAST, IP(224, 0, 0, 1), IP(10, 0, 1, 255)};
    for (size_t i = 0; i < 3; i++) {
        struct frame reply = reply_of(0, 1);
        reply.from = ROUTER_2;
        assert_int_equal(ask(bench, socket, 8, many[i], 1, 8), TAPIR_OK);
        assert_int_equal(expect_query(bench, 8)->view.to, many[i]);
        expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
        assert_int_equal(hear(socket).source.value, ROUTER_2);
        bench_run(bench, 61 * SECONDS);
    }
    bench_close(bench);
}

/* The oldest question goes first when there are too many. */
static void the_last_256_questions_are_remembered(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    for (int i = 0; i < 257; i++)
        assert_int_equal(ask(bench, socket, 8, IP(10, 0, 1 + i / 200, 20 + i % 200), 1, 0), TAPIR_OK);
    struct frame reply = reply_of(0, 1);
    reply.from = IP(10, 0, 1, 20);
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_STRAY);
    reply.from = IP(10, 0, 1, 21);
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    bench_close(bench);
}

/* Who is asked again keeps his place, and takes nobody else's. */
static void a_question_again_takes_no_place(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    assert_int_equal(ask(bench, socket, 8, IP(10, 0, 1, 20), 1, 0), TAPIR_OK);
    for (int i = 0; i < 300; i++)
        assert_int_equal(ask(bench, socket, 8, IP(10, 0, 1, 21), 1, 0), TAPIR_OK);
    struct frame reply = reply_of(0, 1);
    reply.from = IP(10, 0, 1, 20);
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    bench_close(bench);
}

static void a_full_ring_refuses_the_reply(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket =
        open_socket(bench, TAPIR_ICMP, &(struct tapir_socket_options){.receive = 1024});
    assert_int_equal(tapir_bind(socket, ip4_of(0), ID), TAPIR_OK);
    assert_int_equal(ask(bench, socket, 8, HOST_A, 1, 0), TAPIR_OK);
    expect_query(bench, 8);
    const struct frame reply = reply_of(0, 1);
    uint64_t number = bench_send(bench, &reply);
    for (int i = 0; i < 20 && verdict_of(bench, number) == TAPIR_ICMP4_DELIVERED; i++)
        number = bench_send(bench, &reply);
    expect_verdict(bench, number, TAPIR_ICMP4_FULL);
    hear(socket);
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    bench_close(bench);
}

/* ---- as it wishes ---- */

static void a_query_is_sent_as_it_asks(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    const struct tapir_message wish = {.source = ip4_of(DUT_B),
                                       .destination = ip4_of(HOST_A),
                                       .ttl = 3,
                                       .tos = 0xb8,
                                       .dont_fragment = true,
                                       .icmp_type = 8};
    assert_int_equal(say(bench, socket, &wish, NULL, 1474), TAPIR_OK);
    const struct sight *sight = expect_query(bench, 8);
    assert_int_equal(sight->view.from, DUT_B);
    assert_int_equal(sight->view.ttl, 3);
    assert_int_equal(sight->view.tos, 0xb8);
    assert_int_equal(sight->view.fragment, IS_DF);
    assert_int_equal(sight->view.total, 1500);
    assert_int_equal(sight->view.rest, (uint32_t)ID << 16 | 0x7878);
    struct frame reply = reply_of(0, 0x7878);
    reply.to = DUT_B;
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    bench_close(bench);
}

static void what_is_no_query_is_refused(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID), *twin;
    for (unsigned type = 0; type < 256; type++) {
        bool is_query = type == 8 || type == 13 || type == 15 || type == 17 || type == 42;
        assert_int_equal(ask(bench, socket, type, HOST_A, 1, 0), is_query ? TAPIR_OK : TAPIR_INVALID);
        if (is_query)
            expect_query(bench, type);
    }
    const struct tapir_message how = {.destination = ip4_of(HOST_A), .icmp_type = 8};
    assert_int_equal(say(bench, socket, &how, NULL, 1), TAPIR_INVALID);
    assert_int_equal(say(bench, socket, &how, NULL, 65510), TAPIR_TOO_LARGE);
    expect_nothing(bench);
    twin = open_socket(bench, TAPIR_ICMP, NULL);
    assert_int_equal(tapir_bind(twin, ip4_of(0), ID), TAPIR_BUSY);
    assert_int_equal(tapir_connect(twin, ip4_of(HOST_A), 0), TAPIR_OK);
    assert_int_equal(ask(bench, twin, 8, 0, 1, 0), TAPIR_OK);
    const struct sight *sight = expect_query(bench, 8);
    assert_int_equal(sight->view.to, HOST_A);
    assert_int_not_equal(sight->view.rest >> 16, 0);
    struct frame reply = {.carries = ICMP, .from = ROUTER_2, .rest = sight->view.rest};
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_STRAY);
    reply.from = HOST_A; /* whom it is connected with */
    expect_verdict(bench, bench_send(bench, &reply), TAPIR_ICMP4_DELIVERED);
    bench_close(bench);
}

/* The socket pings its own host: question and answer go by way of ourselves. */
static void we_answer_ourselves(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    assert_int_equal(ask(bench, socket, 8, DUT_B, 5, 8), TAPIR_OK);
    bench_run(bench, MS);
    struct tapir_message heard = hear(socket);
    assert_int_equal(heard.icmp_type, 0);
    assert_int_equal(heard.source.value, DUT_B);
    assert_int_equal(heard.size, 10);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- bad news ---- */

static const struct news {
    const char *sentence;
    unsigned type, code;
    int64_t rest;
    enum tapir_result error;
    unsigned mtu, pointer;
} news[] = {
    {"net unreachable about a ping is told (ERR-20, ECHO-10)", 3, 0, 0, TAPIR_UNREACHABLE, 0, 0},
    {"host unreachable about a ping is told (ERR-21, ECHO-10)", 3, 1, 0, TAPIR_UNREACHABLE, 0, 0},
    {"too big about a ping is told with the MTU (ERR-20, ECHO-10)", 3, 4, 1006, TAPIR_TOO_LARGE, 1006, 0},
    {"time exceeded about a ping is told (ERR-21, ECHO-10)", 11, 0, 0, TAPIR_UNREACHABLE, 0, 0},
    {"parameter problem about a ping is told with the pointer (PP-5)", 12, 0, 0x14000000, TAPIR_UNREACHABLE,
     0, 20},
    {"a missing option is told (PP-5)", 12, 1, 0, TAPIR_UNREACHABLE, 0, 0},
    {"a bad length is told (PP-5)", 12, 2, 0, TAPIR_UNREACHABLE, 0, 0},
};

static void try_news(void **state)
{
    const struct news *row = *state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    assert_int_equal(ask(bench, socket, 8, HOST_A, 0x0102, 8), TAPIR_OK);
    expect_query(bench, 8);
    const struct frame sent = {.from = DUT_A, .to = HOST_A, .rest = rest_of(0x0102)};
    const struct frame error = {.from = ROUTER_2,
                                .carries = ICMP,
                                .icmp_type = (int)row->type,
                                .icmp_code = (int)row->code,
                                .rest = row->rest == 0 ? ZERO : row->rest,
                                .quote = &sent};
    expect_verdict(bench, bench_send(bench, &error),
                   row->mtu == 0 ? TAPIR_ICMP4_NOTICED : TAPIR_ICMP4_MTU_DOUBTED); /* we sent less */
    struct tapir_message told = hear(socket);
    assert_int_equal(told.error, row->error);
    assert_int_equal(told.icmp_type, row->type);
    assert_int_equal(told.icmp_code, row->code);
    assert_int_equal(told.mtu, row->mtu);
    assert_int_equal(told.pointer, row->pointer);
    assert_int_equal(told.reporter.value, ROUTER_2);
    assert_int_equal(told.source.value, DUT_A);
    assert_int_equal(told.source_port, ID);
    assert_int_equal(told.destination.value, HOST_A);
    assert_int_equal(told.destination_port, 0);
    assert_int_equal(told.size, 2);
    assert_memory_equal(told.data, "\1\2", 2);
    expect_silence(socket);
    expect_nothing(bench);
    bench_close(bench);
}

static void an_error_about_another_question_changes_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    assert_int_equal(ask(bench, socket, 8, HOST_A, 1, 8), TAPIR_OK);
    expect_query(bench, 8);
    const struct frame sent = {
        .from = DUT_A, .to = HOST_A, .carries = ICMP, .icmp_type = 8, .rest = rest_of(1)};
    struct frame others[5] = {sent, sent, sent, sent, sent};
    others[0].rest += 0x10000;
    others[1].to = ROUTER_2;
    others[2].from = DUT_B;
    others[3].icmp_type = 13;
    others[4].icmp_type = 0; /* our echo reply, not a question */
    struct frame error = {.carries = ICMP, .icmp_type = 3, .icmp_code = 1};
    for (int i = 0; i < 5; i++) {
        error.quote = &others[i];
        expect_verdict(bench, bench_send(bench, &error), TAPIR_ICMP4_NO_FLOW);
    }
    expect_silence(socket);
    error.quote = &sent;
    expect_verdict(bench, bench_send(bench, &error), TAPIR_ICMP4_NOTICED);
    hear(socket);
    bench_run(bench, 60 * SECONDS);
    expect_verdict(bench, bench_send(bench, &error), TAPIR_ICMP4_NO_FLOW);
    expect_nothing(bench);
    bench_close(bench);
}

static const struct refusal {
    const char *sentence;
    const char *given;
    int64_t to;
    size_t more;
    enum tapir_result error;
    unsigned code, mtu;
} refusals[] = {
    {"a ping without a route: told at once (ECHO-10)", "", IP(10, 200, 0, 1), 8, TAPIR_UNREACHABLE, 0, 0},
    {"a ping to an absent neighbor: told when it was asked for in vain (ECHO-10)", "", IP(10, 0, 2, 99), 8,
     TAPIR_UNREACHABLE, 1, 0},
    {"a ping beyond the MTU: told at once with the MTU (ECHO-10)", "mtu b 576", HOST_B, 549, TAPIR_TOO_LARGE,
     4, 576},
};

static void try_refusal(void **state)
{
    const struct refusal *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    struct tapir_socket *socket = open_at(bench, TAPIR_ICMP, 0, ID);
    const struct tapir_message how = {.destination = ip4_of(row->to), .icmp_type = 8, .dont_fragment = true};
    assert_int_equal(say(bench, socket, &how, NULL, 2 + row->more), TAPIR_OK);
    bench_run(bench, 4 * SECONDS);
    struct tapir_message told = hear(socket);
    assert_int_equal(told.error, row->error);
    assert_int_equal(told.icmp_type, 3);
    assert_int_equal(told.icmp_code, row->code);
    assert_int_equal(told.mtu, row->mtu);
    assert_int_equal(told.destination.value, row->to);
    assert_int_equal(told.source_port, ID);
    assert_int_equal(told.reporter.value, 0);
    assert_int_equal(told.size, 2);
    assert_memory_equal(told.data, "xx", 2);
    expect_silence(socket);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("INF-4", only_open_information_requests_are_answered),
        PROVES("INF-4", an_old_information_request_is_not_answered),
        PROVES("ECHO-9", anybody_answers_a_question_to_everybody),
        PROVES("ECHO-9", the_last_256_questions_are_remembered),
        PROVES("ECHO-9", a_question_again_takes_no_place),
        PROVES("ECHO-9", a_full_ring_refuses_the_reply),
        PROVES("ECHO-10", a_query_is_sent_as_it_asks),
        PROVES("ECHO-10", what_is_no_query_is_refused),
        PROVES("ECHO-9", we_answer_ourselves),
        PROVES("ERR-20 ECHO-9", an_error_about_another_question_changes_nothing),
    };
    return RUN_TABLE("queries", pairs, try_pair) + RUN_TABLE("stray replies", strays, try_stray) +
           RUN_TABLE("errors that pings hear", news, try_news) +
           RUN_TABLE("what our own pings earn", refusals, try_refusal) +
           cmocka_run_group_tests_name("ICMP sockets", stories, NULL, NULL);
}
