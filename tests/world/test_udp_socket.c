/* Sockets by the public functions alone: UDP-3, UDP-6 to UDP-9, UDP-11, ERR-20, ETH-8, IPR-16, IPR-22,
 * bounds. */
#include <string.h>

#include "tests/world/sockets.h"

enum {
    PEER = 4000 /* port of whoever speaks with us */
};

/* ---- what a socket hears ---- */

static void a_socket_learns_all_about_a_datagram(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    const struct frame frame = {
        .carries = UDP, .to = DUT_B, .to_port = 5353, .ttl = 9, .tos = 0xb9, .bytes = "hello", .data = 5};
    uint64_t number = bench_send(bench, &frame);
    expect_verdict(bench, number, TAPIR_UDP_DELIVERED);
    struct tapir_message m;
    assert_int_equal(tapir_peek(socket, &m), TAPIR_OK);
    assert_int_equal(m.source.value, HOST_A);
    assert_int_equal(m.destination.value, DUT_B);
    assert_int_equal(m.source_port, 5000);
    assert_int_equal(m.destination_port, 5353);
    assert_int_equal(m.iface, TAP_A);
    assert_int_equal(m.ttl, 9);
    assert_int_equal(m.tos, 0xb9);
    assert_int_equal(m.error, TAPIR_OK);
    assert_int_equal(m.size, 5);
    assert_memory_equal(m.data, "hello", 5);
    struct tapir_event event;
    assert_true(tapir_next_event(bench->stack, &event));
    bench_close(bench);
}

/* A datagram goes to the socket that has fixed the most, not to the first. */
static void the_closest_socket_hears(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address a 10.0.1.5/24");
    struct tapir_socket *one = open_at(bench, TAPIR_UDP, DUT_A, 5353),
                        *other = open_at(bench, TAPIR_UDP, IP(10, 0, 1, 5), 5353);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 5353});
    hear(one);
    expect_silence(other);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 5353, .to = IP(10, 0, 1, 5)});
    hear(other);
    expect_silence(one);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 5353, .to = DUT_B});
    expect_icmp_error(bench, 3, 3);
    bench_close(bench);
}

static void a_connected_socket_hears_its_peer_alone(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    assert_int_equal(tapir_connect(socket, ip4_of(HOST_A), PEER), TAPIR_OK);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 5353, .from_port = PEER});
    hear(socket);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 5353, .from_port = PEER + 1});
    expect_icmp_error(bench, 3, 3);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 5353, .from_port = PEER, .from = ROUTER_2});
    expect_icmp_error(bench, 3, 3);
    expect_silence(socket);
    assert_int_equal(say(bench, socket, &(struct tapir_message){0}, NULL, 3), TAPIR_OK);
    const struct sight *sight = expect_udp(bench, PEER);
    assert_int_equal(sight->view.to, HOST_A);
    assert_int_equal(sight->view.from, DUT_A);
    bench_close(bench);
}

static void a_full_ring_refuses_and_recovers(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket =
        tapir_open(bench->stack, TAPIR_UDP, &(struct tapir_socket_options){.receive = 2048});
    assert_int_equal(tapir_bind(socket, ip4_of(0), 5353), TAPIR_OK);
    const struct frame frame = {.carries = UDP, .to_port = 5353, .data = 400};
    uint64_t first = bench_send(bench, &frame), number = first;
    while (verdict_of(bench, number) == TAPIR_UDP_DELIVERED)
        number = bench_send(bench, &frame);
    expect_verdict(bench, number, TAPIR_UDP_FULL);
    assert_in_range(number - first, 3, 5);
    hear(socket);
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- what a socket says ---- */

static void a_message_is_sent_as_it_asks(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    assert_int_equal(say_to(bench, socket, HOST_A, PEER), TAPIR_OK);
    const struct sight *plain = expect_udp(bench, PEER);
    assert_int_equal(plain->view.from, DUT_A);
    assert_int_equal(plain->view.from_port, 5353);
    assert_int_equal(plain->view.ttl, 64);
    assert_int_equal(plain->view.tos, 0);
    assert_int_equal(plain->view.fragment, 0);
    assert_memory_equal(plain->view.data, "xxxxxxxx", 8);
    const struct tapir_message wish = {.source = ip4_of(DUT_B),
                                       .destination = ip4_of(HOST_A),
                                       .destination_port = PEER,
                                       .ttl = 3,
                                       .tos = 0xb8,
                                       .dont_fragment = true};
    assert_int_equal(say(bench, socket, &wish, NULL, 1472), TAPIR_OK);
    const struct sight *wished = expect_udp(bench, PEER);
    assert_int_equal(wished->view.from, DUT_B);
    assert_int_equal(wished->view.ttl, 3);
    assert_int_equal(wished->view.tos, 0xb8);
    assert_int_equal(wished->view.fragment, IS_DF);
    assert_int_equal(wished->view.data_size, 1472);
    bench_close(bench);
}

/* ETH-8, RFC 1112 6.1: the MAC is the clerk's to check; nobody is asked for it. */
static void groups_and_broadcasts_need_no_arp(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "strangers");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    static const struct {
        int64_t to;
        unsigned ttl;
    } cases[] = {{IP(224, 0, 0, 1), 1}, {IP(239, 255, 1, 2), 1}, {BROADCAST, 64}, {IP(10, 0, 1, 255), 64}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(say_to(bench, socket, cases[i].to, PEER), TAPIR_OK);
        const struct sight *sight = expect_udp(bench, PEER);
        assert_int_equal(sight->view.to, cases[i].to);
        assert_int_equal(sight->view.ttl, cases[i].ttl);
        assert_int_equal(sight->view.from, DUT_A);
    }
    expect_nothing(bench);
    bench_close(bench);
}

/* RFC 768: a sum of zero is sent as its other form. The peer's message is made so that the answer's sum is
 * zero. */
static void a_sum_of_zero_is_sent_as_all_ones(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t word[2] = {0, 0}, bytes[FRAME_MAX];
    const struct frame frame = {.carries = UDP, .data = 2, .bytes = word};
    frame_build(&frame, bytes);
    word[0] = bytes[40];
    word[1] = bytes[41];
    frame_build(&frame, bytes);
    assert_int_equal(bytes[40] << 8 | bytes[41], 0xffff);
    bench_send(bench, &frame);
    const struct sight *sight = expect_udp(bench, 5000);
    assert_int_equal(sight->view.payload[6] << 8 | sight->view.payload[7], 0xffff);
    bench_close(bench);
}

static void what_we_say_to_ourselves_arrives(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address a 10.0.1.5/24");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    assert_int_equal(say_to(bench, socket, IP(10, 0, 1, 5), 5353), TAPIR_OK);
    bench_run(bench, MS);
    assert_int_equal(hear(socket).source.value, IP(10, 0, 1, 5)); /* and not the first one there */
    assert_int_equal(say_to(bench, socket, DUT_B, 7), TAPIR_OK);
    bench_run(bench, MS);
    struct tapir_message answer = hear(socket);
    assert_int_equal(answer.source.value, DUT_B);
    assert_int_equal(answer.source_port, 7);
    assert_int_equal(answer.size, 8);
    assert_int_equal(answer.iface, TAP_B);
    assert_int_equal(say_to(bench, socket, DUT_A, 9999), TAPIR_OK);
    bench_run(bench, MS);
    struct tapir_message refused = hear(socket);
    assert_int_equal(refused.error, TAPIR_UNREACHABLE);
    assert_int_equal(refused.icmp_code, 3);
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- bad news ---- */

static const struct news {
    const char *sentence;
    int type, code;
    int64_t rest;
    enum tapir_result error;
    unsigned mtu, pointer;
    bool is_told;
} news[] = {
    {"net unreachable is told (UDP-8, ERR-21)", 3, 0, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"host unreachable is told (UDP-8, ERR-21)", 3, 1, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"protocol unreachable is told (UDP-8)", 3, 2, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"port unreachable is told (UDP-8, ERR-20)", 3, 3, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"too big is told with the MTU (UDP-8)", 3, 4, 1006, TAPIR_TOO_LARGE, 1006, 0, true},
    {"too big without an MTU is told (UDP-8)", 3, 4, ZERO, TAPIR_TOO_LARGE, 0, 0, true},
    {"source route failed is told (UDP-8, ERR-21)", 3, 5, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"net unknown is told (UDP-8)", 3, 6, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"host unknown is told (UDP-8)", 3, 7, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"source isolated is told (UDP-8)", 3, 8, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"net prohibited is told (UDP-8)", 3, 9, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"host prohibited is told (UDP-8)", 3, 10, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"net unreachable for the TOS is told (UDP-8)", 3, 11, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"host unreachable for the TOS is told (UDP-8)", 3, 12, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"prohibited is told (UDP-8)", 3, 13, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"precedence violation is told (UDP-8)", 3, 14, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"precedence cutoff is told (UDP-8)", 3, 15, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"a code that nobody knows is told (UDP-8)", 3, 200, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"what looks like an MTU beside another code is none (UDP-8)", 3, 3, 1006, TAPIR_UNREACHABLE, 0, 0, true},
    {"time exceeded in transit is told (UDP-8, ERR-21)", 11, 0, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"time exceeded in reassembly is told (UDP-8)", 11, 1, 0, TAPIR_UNREACHABLE, 0, 0, true},
    {"parameter problem is told with the pointer (UDP-8, PP-5)", 12, 0, 0x14000000, TAPIR_UNREACHABLE, 0, 20,
     true},
    {"a missing option is told (PP-5)", 12, 1, 0x14000000, TAPIR_UNREACHABLE, 0, 0, true},
    {"a bad length is told (PP-5)", 12, 2, 0x14000000, TAPIR_UNREACHABLE, 0, 0, true},
    {"source quench is not told (UDP-8)", 4, 0, 0, TAPIR_OK, 0, 0, false},
};

/* What we sent comes back in an error, word for word. */
static void try_news(void **state)
{
    const struct news *row = *state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353),
                        *bystander = open_at(bench, TAPIR_UDP, 0, 5354);
    assert_int_equal(say_to(bench, socket, HOST_A, PEER), TAPIR_OK);
    expect_udp(bench, PEER);
    const struct frame sent = {
        .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 5353, .to_port = PEER, .ttl = 60};
    const struct frame error = {.from = ROUTER_2,
                                .carries = ICMP,
                                .icmp_type = row->type,
                                .icmp_code = row->code,
                                .rest = row->rest,
                                .quote = &sent};
    uint64_t number = bench_send(bench, &error);
    expect_silence(bystander);
    if (!row->is_told) {
        expect_silence(socket);
        bench_close(bench);
        return;
    }
    expect_verdict(bench, number,
                   row->type == 3 && row->code == 4 ? TAPIR_ICMP4_MTU_DOUBTED /* we sent less */
                                                    : TAPIR_ICMP4_NOTICED);
    struct tapir_message told = hear(socket);
    assert_int_equal(told.error, row->error);
    assert_int_equal(told.icmp_type, row->type);
    assert_int_equal(told.icmp_code, row->code);
    assert_int_equal(told.mtu, row->mtu);
    assert_int_equal(told.pointer, row->pointer);
    assert_int_equal(told.reporter.value, ROUTER_2);
    assert_int_equal(told.size, 0);
    assert_int_equal(told.source.value, DUT_A);
    assert_int_equal(told.destination.value, HOST_A);
    assert_int_equal(told.destination_port, PEER);
    assert_int_equal(told.source_port, 5353);
    expect_silence(socket);
    assert_int_equal(say_to(bench, socket, HOST_A, PEER), TAPIR_OK); /* a hint, no more */
    expect_udp(bench, PEER);
    bench_close(bench);
}

static void an_error_about_another_flow_changes_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, DUT_A, 5353);
    assert_int_equal(tapir_connect(socket, ip4_of(HOST_A), PEER), TAPIR_OK);
    const struct frame sent = {
        .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 5353, .to_port = PEER};
    struct frame others[4] = {sent, sent, sent, sent};
    others[0].from_port = 5355;
    others[1].to_port = PEER + 1;
    others[2].to = ROUTER_2;
    others[3].from = DUT_B;
    for (int i = 0; i < 4; i++) {
        uint64_t number = bench_send(
            bench, &(struct frame){.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &others[i]});
        expect_verdict(bench, number, TAPIR_ICMP4_NO_FLOW);
    }
    expect_silence(socket);
    bench_send(bench, &(struct frame){.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &sent});
    hear(socket);
    expect_nothing(bench);
    bench_close(bench);
}

static void an_error_that_finds_no_room_was_not_told(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket =
        tapir_open(bench->stack, TAPIR_UDP, &(struct tapir_socket_options){.receive = 1024});
    assert_int_equal(tapir_bind(socket, ip4_of(0), 5353), TAPIR_OK);
    const struct frame data = {.carries = UDP, .to_port = 5353, .data = ZERO};
    uint64_t number = bench_send(bench, &data);
    while (verdict_of(bench, number) == TAPIR_UDP_DELIVERED)
        number = bench_send(bench, &data);
    const struct frame sent = {
        .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 5353, .to_port = PEER};
    number =
        bench_send(bench, &(struct frame){.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &sent});
    expect_verdict(bench, number, TAPIR_UDP_FULL);
    bench_close(bench);
}

/* What our own stack refuses; nobody else is the reporter. */
static const struct refusal {
    const char *sentence;
    const char *given;
    int64_t to;
    size_t size;
    enum tapir_verdict verdict;
    enum tapir_result error;
    unsigned code, mtu;
    int64_t from; /* us, where a way is known */
} refusals[] = {
    {"no route: told at once (UDP-8)", "", IP(10, 200, 0, 1), 8, TAPIR_IP4_NO_ROUTE, TAPIR_UNREACHABLE, 0, 0,
     0},
    {"a route of kind unreachable: told at once (UDP-8)", "route 10.200.0.0/16 unreachable",
     IP(10, 200, 0, 1), 8, TAPIR_IP4_UNREACHABLE, TAPIR_UNREACHABLE, 1, 0, 0},
    {"a route of kind prohibit: told at once (UDP-8)", "route 10.200.0.0/16 prohibit", IP(10, 200, 0, 1), 8,
     TAPIR_IP4_PROHIBITED, TAPIR_UNREACHABLE, 13, 0, 0},
    {"the only way is down: told at once (UDP-8)", "down b", HOST_B, 8, TAPIR_IP4_ROUTE_DOWN,
     TAPIR_UNREACHABLE, 0, 0, 0},
    {"larger than the MTU and not to be fragmented: told at once, with the MTU (UDP-8)", "mtu b 576", HOST_B,
     549, TAPIR_IP4_TOO_BIG, TAPIR_TOO_LARGE, 4, 576, DUT_B},
    {"an absent neighbor: told when it was asked for in vain (UDP-8)", "", IP(10, 0, 2, 99), 8,
     TAPIR_NEIGHBOR_FAILED, TAPIR_UNREACHABLE, 1, 0, DUT_B},
};

/* An error about our own packet is no frame but a notice. */
static void try_refusal(void **state)
{
    const struct refusal *row = *state;
    struct bench *bench = bench_open(ROUTER, row->given);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    const struct tapir_message how = {
        .destination = ip4_of(row->to), .destination_port = PEER, .dont_fragment = true};
    assert_int_equal(say(bench, socket, &how, NULL, row->size), TAPIR_OK);
    if (row->verdict == TAPIR_NEIGHBOR_FAILED) {
        expect_silence(socket);
        bench_run(bench, 3 * SECONDS);
        for (int i = 0; i < 3; i++)
            expect_arp_request(bench, row->to);
    }
    struct tapir_message told = hear(socket);
    assert_int_equal(told.error, row->error);
    assert_int_equal(told.icmp_type, 3);
    assert_int_equal(told.icmp_code, row->code);
    assert_int_equal(told.mtu, row->mtu);
    assert_int_equal(told.destination.value, row->to);
    assert_int_equal(told.destination_port, PEER);
    assert_int_equal(told.source.value, row->from);
    assert_int_equal(told.source_port, 5353);
    assert_int_equal(told.reporter.value, 0);
    assert_int_equal(count_of(bench, row->verdict, TAPIR_BORN), 1);
    assert_int_equal(count_of(bench, TAPIR_ANSWER_NOTICE, TAPIR_BORN), 1);
    expect_nothing(bench);
    bench_close(bench);
}

/* IPR-22 */
static void a_host_without_gateway_reaches_its_own_network(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "no route default via 10.0.1.254");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    say_to(bench, socket, HOST_A, PEER);
    expect_udp(bench, PEER);
    say_to(bench, socket, HOST_B, PEER);
    assert_int_equal(hear(socket).error, TAPIR_UNREACHABLE);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_black_hole_swallows_without_a_word(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "route 10.200.0.0/16 blackhole");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    say_to(bench, socket, IP(10, 200, 0, 1), PEER);
    expect_silence(socket);
    expect_nothing(bench);
    assert_int_equal(count_of(bench, TAPIR_IP4_BLACKHOLE, TAPIR_BORN), 1);
    bench_close(bench);
}

/* IPR-18: nothing leaves with an address that is ours no more. */
static void an_address_that_was_removed_speaks_no_more(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address a 10.0.1.5/24");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, IP(10, 0, 1, 5), 5353);
    assert_int_equal(say_to(bench, socket, HOST_A, PEER), TAPIR_OK);
    expect_udp(bench, PEER);
    struct tapir_message late;
    assert_int_equal(tapir_reserve(socket, 8, &late), TAPIR_OK);
    late.destination = ip4_of(HOST_A);
    late.destination_port = PEER;
    assert_int_equal(tapir_commit(socket, &late), TAPIR_OK);
    bench_do(bench, "no address a 10.0.1.5/24");
    assert_int_equal(count_of(bench, TAPIR_IP4_NO_SOURCE, TAPIR_BORN), 1);
    assert_int_equal(say_to(bench, socket, HOST_A, PEER), TAPIR_MISSING);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("UDP-6", a_socket_learns_all_about_a_datagram),
        cmocka_unit_test(the_closest_socket_hears),
        PROVES("UDP-6", a_connected_socket_hears_its_peer_alone),
        cmocka_unit_test(a_full_ring_refuses_and_recovers),
        PROVES("UDP-6 IPR-16", a_message_is_sent_as_it_asks),
        PROVES("ETH-8 IPR-16", groups_and_broadcasts_need_no_arp),
        PROVES("UDP-3", a_sum_of_zero_is_sent_as_all_ones),
        cmocka_unit_test(what_we_say_to_ourselves_arrives),
        PROVES("UDP-9", an_error_about_another_flow_changes_nothing),
        cmocka_unit_test(an_error_that_finds_no_room_was_not_told),
        PROVES("IPR-22", a_host_without_gateway_reaches_its_own_network),
        cmocka_unit_test(a_black_hole_swallows_without_a_word),
        PROVES("IPR-18", an_address_that_was_removed_speaks_no_more),
    };
    return RUN_TABLE("errors that sockets hear", news, try_news) +
           RUN_TABLE("what our own packets earn", refusals, try_refusal) +
           cmocka_run_group_tests_name("UDP sockets", stories, NULL, NULL);
}
