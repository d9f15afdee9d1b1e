/* Sockets at their bounds: names, ports, rings, what the functions refuse. UDP-11. */
#include <stdlib.h>
#include <string.h>

#include "tests/world/sockets.h"

static void binding_refuses_what_makes_no_sense(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL),
                        *other = open_socket(bench, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(socket, ip4_of(IP(10, 0, 1, 77)), 53), TAPIR_MISSING);
    assert_int_equal(tapir_bind(socket, ip4_of(0), 7), TAPIR_BUSY);
    assert_int_equal(tapir_bind(socket, ip4_of(DUT_A), 7), TAPIR_BUSY);
    assert_int_equal(tapir_bind(socket, ip4_of(DUT_A), 53), TAPIR_OK);
    assert_int_equal(tapir_bind(socket, ip4_of(DUT_A), 54), TAPIR_EXISTS);
    assert_int_equal(tapir_bind(other, ip4_of(DUT_A), 53), TAPIR_BUSY);
    assert_int_equal(tapir_bind(other, ip4_of(0), 53), TAPIR_BUSY);
    assert_int_equal(tapir_bind(other, ip4_of(DUT_B), 53), TAPIR_OK);
    tapir_shut(socket);
    socket = open_socket(bench, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(socket, ip4_of(DUT_A), 53), TAPIR_OK);
    assert_int_equal(tapir_connect(socket, ip4_of(0), 53), TAPIR_INVALID);
    assert_int_equal(tapir_connect(socket, ip4_of(HOST_A), 0), TAPIR_INVALID);
    bench_close(bench);
}

/* Sockets in each place of the port table: none of them has port 0, which nobody can have. */
static void port_0_is_nobodys(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    for (uint16_t port = 1024; port < 1024 + 64; port++)
        open_at(bench, TAPIR_UDP, 0, port);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = ZERO});
    expect_icmp_error(bench, 3, 3);
    expect_verdict(bench, bench_send(bench, &(struct frame){.carries = UDP, .to_port = 1024}),
                   TAPIR_UDP_DELIVERED);
    expect_nothing(bench);
    bench_close(bench);
}

static void sending_refuses_what_makes_no_sense(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
    struct tapir_message message;
    assert_int_equal(tapir_reserve(socket, 65508, &message), TAPIR_TOO_LARGE);
    assert_int_equal(tapir_reserve(socket, 8, &message), TAPIR_OK);
    assert_int_equal(tapir_commit(socket, &message), TAPIR_INVALID);
    message.destination = ip4_of(HOST_A);
    assert_int_equal(tapir_commit(socket, &message), TAPIR_INVALID);
    message.destination_port = 4000;
    message.source = ip4_of(IP(10, 0, 1, 77));
    assert_int_equal(tapir_commit(socket, &message), TAPIR_MISSING);
    message.source = ip4_of(0);
    assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
    bench_settle(bench);
    expect_udp(bench, 4000);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_full_send_ring_says_so_and_then_that_there_is_room(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket =
        tapir_open(bench->stack, TAPIR_UDP, &(struct tapir_socket_options){.send = 4096});
    struct tapir_message message;
    assert_int_equal(tapir_reserve(socket, 4096, &message), TAPIR_TOO_LARGE);
    int sent = 0;
    for (; tapir_reserve(socket, 500, &message) == TAPIR_OK; sent++) {
        memset(message.data, sent, 500);
        message.destination = ip4_of(HOST_A);
        message.destination_port = 4000;
        assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
    }
    assert_in_range(sent, 5, 8);
    assert_int_equal(tapir_reserve(socket, 500, &message), TAPIR_AGAIN);
    assert_int_equal(tapir_deadline(bench->stack).ns, bench->now_ns);
    bench_settle(bench);
    for (int i = 0; i < sent; i++)
        assert_int_equal(expect_udp(bench, 4000)->view.data[0], i);
    struct tapir_event event;
    assert_true(tapir_next_event(bench->stack, &event));
    assert_ptr_equal(event.socket, socket);
    assert_int_equal(event.bits, TAPIR_EVENT_WRITABLE);
    assert_int_equal(say_to(bench, socket, HOST_A, 4000), TAPIR_OK);
    expect_udp(bench, 4000);
    assert_false(tapir_next_event(bench->stack, &event)); /* nobody waited this time */
    assert_int_equal(tapir_reserve(socket, 500, &message), TAPIR_OK);
    bench_close(bench);
}

/* What a ring holds goes round and round: no message is lost, torn or out of order, whatever the sizes. */
static void messages_of_all_sizes_keep_their_order(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *socket =
        tapir_open(bench->stack, TAPIR_UDP, &(struct tapir_socket_options){.receive = 5000});
    assert_int_equal(tapir_bind(socket, ip4_of(0), 53), TAPIR_OK);
    uint32_t random = 1;
    int sent = 0, heard = 0;
    while (heard < 2000) {
        random = random * 1664525 + 1013904223;
        int data = 4 + (int)(random >> 20) % 1400;
        uint8_t bytes[1500] = {[0] = (uint8_t)sent, [1] = (uint8_t)(sent >> 8)};
        bytes[data - 1] = (uint8_t)(sent * 7);
        const struct frame frame = {.carries = UDP, .to_port = 53, .data = data, .bytes = bytes};
        uint64_t number = bench_send(bench, &frame);
        bool delivered = verdict_of(bench, number) == TAPIR_UDP_DELIVERED;
        sent += delivered;
        struct tapir_message m;
        while ((!delivered || random % 3 == 0) && tapir_peek(socket, &m) == TAPIR_OK) {
            assert_int_equal(m.data[0] | m.data[1] << 8, heard & 0xffff);
            assert_int_equal(m.data[m.size - 1], (uint8_t)(heard * 7));
            tapir_consume(socket);
            heard++;
        }
    }
    expect_nothing(bench);
    bench_close(bench);
}

static void what_a_socket_had_not_sent_ends_with_it(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
    struct tapir_message message;
    assert_int_equal(tapir_reserve(socket, 8, &message), TAPIR_OK);
    message.destination = ip4_of(HOST_A);
    message.destination_port = 4000;
    assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
    tapir_shut(socket);
    bench_run(bench, SECONDS);
    expect_nothing(bench);
    assert_true(tapir_idle(bench->stack));
    bench_close(bench);
}

static void commit_to(struct tapir_socket *socket, uint16_t port)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(socket, 8, &message), TAPIR_OK);
    message.destination = ip4_of(HOST_A);
    message.destination_port = port;
    assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
}

/* Whichever of three goes, the others and one that comes then are sent, in their order. */
static void what_others_had_not_sent_goes_on_without_it(void **state)
{
    (void)state;
    for (uint16_t gone = 0; gone < 3; gone++) {
        struct bench *bench = bench_open(ROUTER, NULL);
        struct tapir_socket *sockets[4];
        for (uint16_t i = 0; i < 4; i++)
            sockets[i] = open_socket(bench, TAPIR_UDP, NULL);
        for (uint16_t i = 0; i < 3; i++)
            commit_to(sockets[i], (uint16_t)(4000 + i));
        tapir_shut(sockets[gone]);
        commit_to(sockets[3], 4003);
        bench_settle(bench);
        for (uint16_t i = 0; i < 4; i++)
            if (i != gone)
                expect_udp(bench, 4000U + i);
        expect_nothing(bench);
        bench_close(bench);
    }
}

/* 1000 ns for each, though they were said 300 ns apart. */
static void what_we_say_to_ourselves_takes_its_time(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(socket, ip4_of(0), 5353), TAPIR_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(say_to(bench, socket, DUT_B, 5353), TAPIR_OK);
        bench_run(bench, 300);
    }
    bench_run(bench, 99);
    for (int i = 0; i < 3; i++) {
        expect_silence(socket);
        bench_run(bench, 1);
        hear(socket);
        expect_silence(socket);
        bench_run(bench, 299);
    }
    bench_close(bench);
}

/* Nor does what waits for a slot wait any longer. */
static void a_closed_stack_takes_nothing_more(void **state)
{
    (void)state;
    enum {
        MANY = 8192
    };
    static struct tapir_packet *taken[MANY];
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
    struct tapir_message message;
    size_t n = 0;
    while (n < MANY && (taken[n] = tapir_take(bench->stack, 8)) != NULL)
        n++;
    assert_in_range(n, 1, MANY - 1);
    commit_to(socket, 4000);
    assert_int_equal(tapir_reserve(socket, 8, &message), TAPIR_OK);
    message.destination = ip4_of(HOST_A);
    message.destination_port = 4000;
    tapir_close(bench->stack, (tapir_instant){bench->now_ns});
    assert_int_equal(tapir_commit(socket, &message), TAPIR_INVALID);
    tapir_release(bench->stack, taken, n);
    bench_run(bench, SECONDS);
    expect_nothing(bench);
    assert_true(tapir_idle(bench->stack));
    bench_close(bench);
}

static void sockets_have_a_limit_and_come_back(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct tapir_socket *sockets[256];
    for (int i = 0; i < 256; i++)
        sockets[i] = open_socket(bench, TAPIR_UDP, NULL);
    assert_null(tapir_open(bench->stack, TAPIR_UDP, NULL));
    tapir_shut(sockets[100]);
    sockets[100] = open_socket(bench, TAPIR_UDP, NULL);
    assert_null(tapir_open(bench->stack, TAPIR_UDP, NULL));
    bench_close(bench);
}

/* 200 ports: in the range, all different, in every eighth of it, and no step from one to the next that
 * repeats. */
static void chosen_ports_are_spread_and_not_foretold(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "deaf");
    static bool used[65536];
    int eighths[8] = {0}, small_steps = 0;
    unsigned last = 0;
    for (int i = 0; i < 200; i++) {
        struct tapir_socket *socket = open_socket(bench, TAPIR_UDP, NULL);
        assert_int_equal(tapir_connect(socket, ip4_of(HOST_A), 4000), TAPIR_OK);
        struct tapir_message message;
        assert_int_equal(tapir_reserve(socket, 1, &message), TAPIR_OK);
        assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
        bench_settle(bench);
        unsigned port = expect_udp(bench, 4000)->view.from_port;
        assert_in_range(port, 1024, 65535);
        assert_false(used[port]);
        used[port] = true;
        eighths[port >> 13]++;
        small_steps += abs((int)port - (int)last) < 64;
        last = port;
    }
    for (int i = 0; i < 8; i++)
        assert_in_range(eighths[i], 8, 50);
    assert_in_range(small_steps, 0, 4);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(binding_refuses_what_makes_no_sense),
        PROVES("UDP-10", port_0_is_nobodys),
        cmocka_unit_test(sending_refuses_what_makes_no_sense),
        cmocka_unit_test(a_full_send_ring_says_so_and_then_that_there_is_room),
        cmocka_unit_test(messages_of_all_sizes_keep_their_order),
        cmocka_unit_test(what_a_socket_had_not_sent_ends_with_it),
        cmocka_unit_test(what_others_had_not_sent_goes_on_without_it),
        cmocka_unit_test(what_we_say_to_ourselves_takes_its_time),
        cmocka_unit_test(a_closed_stack_takes_nothing_more),
        cmocka_unit_test(sockets_have_a_limit_and_come_back),
        PROVES("UDP-11", chosen_ports_are_spread_and_not_foretold),
    };
    return cmocka_run_group_tests_name("UDP sockets at their bounds", stories, NULL, NULL);
}
