/* Super-frames and partial checksums for us: sockets get datagrams, answers are as without offloads. And what no device may say of a
 * frame. Transit: test_offload.c. */
#include "tests/world/sockets.h"
#include "tests/world/super_frames.h"

static const struct super udp = {.data = 5200, .segment = 1400};

/* ---- for us ---- */

static void a_socket_gets_the_datagrams_of_a_super_frame(void **state)
{
    (void)state;
    static uint8_t right[SUPER_MAX], frame[ETHER + SUPER_MAX];
    struct bench *bench = bench_open(ROUTER, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 9);
    struct super ours = udp;
    ours.to = (uint32_t)DUT_A;
    ours.from = (uint32_t)HOST_B;
    struct arrival arrival = super_arrival(&ours, frame);
    uint64_t number = bench_send_batch(bench, TAP_B, &arrival, 1);
    expect_verdict(bench, number, TAPIR_IP4_SEGMENTED);
    for (size_t i = 0; i < super_count(&ours); i++) {
        struct tapir_message message;
        size_t size = super_single(&ours, i, right);
        assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
        assert_int_equal(message.error, TAPIR_OK);
        assert_int_equal(message.size, size - 28);
        assert_memory_equal(message.data, right + 28, size - 28);
        assert_int_equal(message.source.value, HOST_B);
        assert_int_equal(message.iface, TAP_B);
        assert_int_equal(message.source_port, 5000);
        assert_int_equal(message.destination.value, DUT_A);
        tapir_consume(socket);
    }
    expect_silence(socket);
    expect_nothing(bench);
    bench_starve_all(bench);
    expect_verdict(bench, bench_send_batch(bench, TAP_B, &arrival, 1), TAPIR_STORE_FULL);
    expect_silence(socket);
    bench_feed(bench);
    bench_close(bench);
}

static void a_partial_checksum_is_no_wrong_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 9);
    const struct super ours = {.data = 99, .to = (uint32_t)DUT_A};
    expect_verdict(bench, send_partial(bench, &ours), TAPIR_UDP_DELIVERED);
    struct tapir_message message;
    assert_int_equal(tapir_peek(socket, &message), TAPIR_OK);
    assert_int_equal(message.size, 99);
    tapir_consume(socket);
    bench_close(bench);
}

/* The kernel leaves us the checksum inside a tunnel; the outer one is there to be looked at. */
static void a_checksum_inside_a_tunnel_hides_no_wrong_one_outside(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    open_at(bench, TAPIR_UDP, 0, 9);
    for (int wrong = 0; wrong < 2; wrong++) {
        uint8_t frame[2048], complete[2048];
        struct arrival arrival = single_arrival(&(struct super){.data = 99, .to = (uint32_t)DUT_A}, 0, frame);
        arrival.offload = (struct tapir_offload){.partial = true, .start = ETHER + 28 + 20, .offset = 6};
        /* Such that the outer one is right when the inner one is complete. */
        memcpy(complete, frame, arrival.size);
        dissect_put16(complete + ETHER + 54, dissect_sum(frame + ETHER + 48, arrival.size - ETHER - 48, 0));
        super_mend(complete + ETHER, arrival.size - ETHER);
        memcpy(frame + ETHER + 26, complete + ETHER + 26, 2);
        frame[ETHER + 26] ^= (uint8_t)(wrong == 1 ? 0x55 : 0);
        uint64_t number = bench_send_batch(bench, TAP_A, &arrival, 1);
        expect_verdict(bench, number, wrong == 1 ? TAPIR_UDP_CHECKSUM : TAPIR_UDP_DELIVERED);
    }
    bench_close(bench);
}

static void tcp_to_a_closed_port_earns_one_reset(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    struct super ours = {.protocol = 6, .data = 9000, .segment = 1448, .to = (uint32_t)DUT_A};
    expect_verdict(bench, send_super(bench, &ours), TAPIR_TCP_CLOSED);
    const struct view *view = &expect_reset(bench)->view;
    assert_int_equal(view->sequence, 0xabcdef01); /* what it acknowledged */
    expect_nothing(bench);
    bench_close(bench);
}

/* Each of them is a packet of its own, as without offloads. */
static void each_datagram_to_a_closed_port_earns_its_message(void **state)
{
    (void)state;
    static uint8_t right[SUPER_MAX];
    struct bench *bench = bench_open(HOST, NULL);
    struct super ours = udp;
    ours.to = (uint32_t)DUT_A;
    expect_verdict(bench, send_super(bench, &ours), TAPIR_IP4_SEGMENTED);
    for (size_t i = 0; i < super_count(&ours); i++) {
        const struct view *view = &expect_icmp_error(bench, 3, 3)->view;
        super_single(&ours, i, right);
        assert_memory_equal(view->data, right, view->data_size);
    }
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- what a device may not say ---- */

static const struct {
    const char *sentence;
    struct super super;
    struct tapir_offload offload;
} claims[] = {
    {"segments of UDP in TCP",
     {.protocol = 6, .data = 3000, .segment = 1000},
     {.kind = TAPIR_OFFLOAD_UDP, .partial = true, .segment = 1000, .start = 34, .offset = 6}},
    {"segments with a complete checksum",
     {.data = 3000, .segment = 1000},
     {.kind = TAPIR_OFFLOAD_UDP, .segment = 1000, .start = 34, .offset = 6}},
    {"segments of a fragment",
     {.data = 3000, .segment = 1000, .fragment = IS_MF},
     {.kind = TAPIR_OFFLOAD_UDP, .partial = true, .segment = 1000, .start = 34, .offset = 6}},
    {"a checksum beyond the end", {.data = 100}, {.partial = true, .start = 3000, .offset = 6}},
    {"a checksum in the header", {.data = 100}, {.partial = true, .start = 14, .offset = 12}},
    {"a checksum of a fragment",
     {.data = 104, .fragment = IS_MF},
     {.partial = true, .start = 34, .offset = 6}},
};

static void check_claim(void **state)
{
    const __typeof__(claims[0]) *row = *state;
    static uint8_t frame[ETHER + SUPER_MAX];
    for (int to = 0; to < 2; to++) {
        struct bench *bench = bench_open(ROUTER, TAKES_ALL);
        struct super super = row->super;
        super.to = (uint32_t)(to == 0 ? HOST_B : DUT_A);
        struct arrival arrival = super_arrival(&super, frame);
        struct tapir_offload right = arrival.offload;
        arrival.offload = row->offload;
        expect_verdict(bench, bench_send_batch(bench, TAP_A, &arrival, 1), TAPIR_IP4_OFFLOAD);
        expect_nothing(bench);
        arrival.offload = (struct tapir_offload){0};
        if (to == 0 && super.fragment == 0) { /* the control */
            arrival.offload = right;
            expect_verdict(bench, bench_send_batch(bench, TAP_A, &arrival, 1), TAPIR_FORWARDED);
        }
        bench_close(bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_gets_the_datagrams_of_a_super_frame),
        cmocka_unit_test(a_partial_checksum_is_no_wrong_one),
        cmocka_unit_test(a_checksum_inside_a_tunnel_hides_no_wrong_one_outside),
        cmocka_unit_test(tcp_to_a_closed_port_earns_one_reset),
        cmocka_unit_test(each_datagram_to_a_closed_port_earns_its_message),
    };
    return RUN_TABLE("claims", claims, check_claim) +
           cmocka_run_group_tests_name("offload, ours", tests, NULL, NULL);
}
