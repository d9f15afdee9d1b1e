/* Forwarding in numbers and over time: FWD-5, FWD-6, FWD-22, FWD-30, ARP-12, ARP-13. */
#include "tests/world/bench.h"

static void forward(struct bench *bench, const uint8_t *bytes, size_t size)
{
    uint64_t number = bench_send_bytes(bench, TAP_A, bytes, size);
    expect_forwarded(bench, number);
}

/* The clerk compares each with a fresh sum, and with minus zero. */
static void the_checksum_is_right_for_every_header(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t bytes[FRAME_MAX];
    size_t size = frame_build(&(struct frame){.to = HOST_B, .data = ZERO}, bytes);
    for (unsigned id = 0; id < 65536; id++) {
        bytes[18] = (uint8_t)(id >> 8);
        bytes[19] = (uint8_t)id;
        bytes[24] = bytes[25] = 0;
        uint16_t sum = naive_checksum(bytes + 14, 20, 0);
        bytes[24] = (uint8_t)(sum >> 8);
        bytes[25] = (uint8_t)sum;
        forward(bench, bytes, size);
    }
    bench_close(bench);
}

static void every_tos_and_flag_passes_unchanged(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t bytes[FRAME_MAX];
    for (int tos = 0; tos < 256; tos++)
        for (int flags = 0; flags < 8; flags++) {
            struct frame frame = {.to = HOST_B, .tos = tos, .fragment = flags << 13, .carries = UDP};
            forward(bench, bytes, frame_build(&frame, bytes));
        }
    bench_close(bench);
}

static void every_protocol_and_size_passes_unchanged(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t bytes[FRAME_MAX];
    for (int protocol = 0; protocol < 256; protocol++)
        forward(
            bench, bytes,
            frame_build(
                &(struct frame){.to = HOST_B, .carries = RAW, .protocol = protocol == 0 ? ZERO : protocol},
                bytes));
    for (int data = 0; data <= 1480; data += 37)
        forward(bench, bytes,
                frame_build(&(struct frame){.to = HOST_B, .carries = RAW, .data = data == 0 ? ZERO : data},
                            bytes));
    bench_close(bench);
}

/* A host of each network of 8 bits speaks to host B, is spoken to, and speaks to the next: RFC 1812 5.3.7, RFC 1122 3.2.1.3. */
static void no_host_is_in_0_127_or_beyond_223(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "route default via 10.0.2.10");
    for (int first = 0; first < 256; first++) {
        const int64_t host = IP(first, 1, 2, 3);
        const struct frame frames[] = {{.from = host, .from_mac = MAC_OF(ROUTER_2), .to = HOST_B},
                                       {.to = host},
                                       {.from = host, .from_mac = MAC_OF(ROUTER_2), .to = host + 1}};
        for (int i = 0; i < 3; i++) {
            uint64_t number = bench_send(bench, &frames[i]);
            if (first != 0 && first != 127 && first < 224)
                expect_forwarded(bench, number);
            else
                assert_int_not_equal(verdict_of(bench, number), TAPIR_FORWARDED);
        }
        expect_nothing(bench);
    }
    bench_close(bench);
}

/* Every refusal of a router that earns an unreachable, and its code; the clerk looks for codes 6 to 8 in all tests. */
static void no_refusal_speaks_by_codes_6_to_8(void **state)
{
    (void)state;
    static const struct {
        struct frame frame;
        unsigned code;
    } rows[] = {
        {{.to = IP(10, 200, 0, 1)}, 0},
        {{.to = IP(10, 201, 0, 1)}, 1},
        {{.to = IP(10, 202, 0, 1)}, 13},
        {{.to = IP(10, 203, 0, 1)}, 11},
        {{.to = IP(10, 204, 0, 1)}, 12},
        {{.to = IP(10, 0, 2, 99)}, 1},
        {{.to = HOST_B, .data = 600, .fragment = IS_DF}, 4},
        {{.carries = UDP, .to_port = 9999}, 3},
        {{.carries = RAW, .protocol = 253}, 2},
    };
    struct bench *bench = bench_open(
        ROUTER, "mtu b 576; route 10.201.0.0/16 unreachable; route 10.202.0.0/16 prohibit; "
                "route 10.203.0.0/16 via 10.0.2.10 tos 8; route 10.204.0.1/32 via 10.0.2.10 tos 8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bench_send(bench, &rows[i].frame);
        bench_run(bench, 4 * SECONDS);
        const struct sight *sight = expect_frame(bench);
        while (sight->view.type == 0x0806)
            sight = expect_frame(bench);
        assert_int_equal(sight->view.icmp_type, 3);
        assert_int_equal(sight->view.icmp_code, rows[i].code);
        expect_nothing(bench);
    }
    bench_close(bench);
}

/* With or without a word to its sender, and also when that word is over the limit. */
static void no_packet_is_lost_to_a_redirect(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.redirect.burst 2");
    for (int i = 0; i < 20; i++) {
        uint64_t number = bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1)});
        if (i < 2)
            expect_icmp_error(bench, 5, 1);
        const struct sight *sight = expect_forwarded(bench, number);
        assert_int_equal(sight->on, TAP_A);
        assert_int_equal(sight->view.to_mac, MAC_OF(ROUTER_2));
        expect_nothing(bench);
        expect_verdict(bench, number, TAPIR_FORWARDED);
    }
    bench_close(bench);
}

/* A redirect and an unreachable that pass through, about packets of ours: our own answers go where they went. */
static void errors_in_transit_change_no_route_of_ours(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.redirect.accept on; route 10.8.0.0/16 via 10.0.2.10");
    const struct frame ask = {.on = TAP_B, .from = IP(10, 8, 0, 1), .from_mac = MAC_OF(HOST_B), .to = DUT_B};
    const struct frame ours = {.from = DUT_B, .to = IP(10, 8, 0, 1), .carries = UDP};
    static const struct {
        int type, code;
        int64_t rest;
    } errors[] = {{5, 1, IP(10, 0, 1, 2)}, {3, 1, 0}, {3, 0, 0}, {3, 4, 68}};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        struct frame error = {.to = HOST_B,
                              .from = ROUTER_2,
                              .carries = ICMP,
                              .icmp_type = errors[i].type,
                              .icmp_code = errors[i].code,
                              .rest = errors[i].rest == 0 ? ZERO : errors[i].rest,
                              .quote = &ours};
        expect_forwarded(bench, bench_send(bench, &error));
        bench_send(bench, &ask);
        const struct sight *sight = expect_echo_reply(bench);
        assert_int_equal(sight->on, TAP_B);
        assert_int_equal(sight->view.to_mac, MAC_OF(HOST_B));
        expect_nothing(bench);
    }
    bench_close(bench);
}

/* RFC 1812 3.3.2: queued briefly, in order, and sent when the answer comes. */
static void packets_wait_for_a_neighbor_and_leave_in_order(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; set arp.hold 4");
    uint64_t numbers[6];
    for (int i = 0; i < 6; i++)
        numbers[i] = bench_send(bench, &(struct frame){.to = HOST_B, .data = 100 + i});
    expect_arp_request(bench, HOST_B);
    expect_nothing(bench);
    bench_run(bench, SECONDS / 2);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    for (int i = 0; i < 2; i++)
        expect_verdict(bench, numbers[i], TAPIR_NEIGHBOR_OVERFLOW);
    assert_int_equal(count_of(bench, TAPIR_NEIGHBOR_HELD, TAPIR_RECEIVED), 6);
    for (int i = 2; i < 6; i++)
        assert_int_equal(expect_forwarded(bench, numbers[i])->view.to_mac, MAC_OF(HOST_B));
    expect_nothing(bench);
    bench_close(bench);
}

static void a_decision_stands_when_routes_change_but_not_when_the_link_falls(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "route 10.8.0.0/16 via 10.0.2.77");
    uint64_t first = bench_send(bench, &(struct frame){.to = IP(10, 8, 0, 1)});
    expect_arp_request(bench, IP(10, 0, 2, 77));
    bench_do(bench, "no route 10.8.0.0/16 via 10.0.2.77");
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 77));
    expect_forwarded(bench, first);
    uint64_t second = bench_send(bench, &(struct frame){.to = IP(10, 0, 2, 88)});
    expect_arp_request(bench, IP(10, 0, 2, 88));
    bench_do(bench, "down b");
    bench_run(bench, 5 * SECONDS);
    expect_verdict(bench, second, TAPIR_NEIGHBOR_FLUSHED);
    expect_nothing(bench);
    bench_close(bench);
}

/* After the refusal the neighbor counts as silent for a second: refused at once; then it is asked for again.
 */
static void an_absent_neighbor_is_refused_at_once_for_a_second(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    const struct frame absent = {.to = IP(10, 0, 2, 99)};
    bench_send(bench, &absent);
    bench_run(bench, 3 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_arp_request(bench, absent.to);
    expect_icmp_error(bench, 3, 1);
    uint64_t number = bench_send(bench, &absent);
    expect_icmp_error(bench, 3, 1);
    expect_verdict(bench, number, TAPIR_NEIGHBOR_FAILED);
    bench_run(bench, SECONDS + 1);
    expect_nothing(bench);
    bench_send(bench, &absent);
    expect_arp_request(bench, absent.to);
    expect_nothing(bench);
    bench_close(bench);
}

/* The device of tapA takes nothing: 512 frames in transit wait and half as many of ours; they go when it falls. */
static void a_slow_device_keeps_its_frames_waiting(void **state)
{
    (void)state;
    enum {
        TRANSIT = 512,
        OURS = 256,
        SENT = 600
    };
    struct bench *bench = bench_open(ROUTER, NULL);
    tapir_pause(bench->stack, TAP_A, true);
    for (int i = 0; i < SENT; i++) {
        bench_send(bench, &(struct frame){0});
        bench_send(bench, &(struct frame){.on = TAP_B, .to = HOST_A, .rest = i + 1});
    }
    expect_nothing(bench);
    const struct tapir_counters *counters = tapir_counters(bench->stack);
    assert_int_equal(counters->waiting[TAPIR_BORN], OURS);
    assert_int_equal(counters->waiting[TAPIR_RECEIVED], TRANSIT);
    assert_int_equal(count_of(bench, TAPIR_OUT_FULL, TAPIR_BORN), SENT - OURS);
    assert_int_equal(count_of(bench, TAPIR_OUT_FULL, TAPIR_RECEIVED), SENT - TRANSIT);
    assert_false(tapir_idle(bench->stack));
    bench_send(bench, &(struct frame){.to = HOST_B}); /* the other way is free */
    expect_frame(bench);
    tapir_pause(bench->stack, TAP_A, false);
    bench_run(bench, MS);
    for (int i = 0; i < OURS; i++) /* what we say goes before what passes */
        expect_echo_reply(bench);
    for (int i = 0; i < TRANSIT; i++)
        assert_int_equal(expect_frame(bench)->view.rest, i + 1);
    assert_true(tapir_idle(bench->stack));
    bench_close(bench);
}

static void what_waits_for_a_link_ends_when_it_falls(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    tapir_pause(bench->stack, TAP_A, true);
    bench_send(bench, &(struct frame){0});
    uint64_t transit = bench_send(bench, &(struct frame){.on = TAP_B, .to = HOST_A});
    bench_do(bench, "down a");
    bench_run(bench, MS);
    assert_int_equal(count_of(bench, TAPIR_OUT_DOWN, TAPIR_BORN), 1);
    expect_verdict(bench, transit, TAPIR_OUT_DOWN);
    assert_true(tapir_idle(bench->stack));
    tapir_pause(bench->stack, TAP_A, false);
    bench_do(bench, "up a");
    expect_nothing(bench);
    bench_send(bench, &(struct frame){0});
    expect_echo_reply(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("FWD-5", the_checksum_is_right_for_every_header),
        PROVES("FWD-6 FWD-30", every_tos_and_flag_passes_unchanged),
        PROVES("FWD-6", every_protocol_and_size_passes_unchanged),
        PROVES("FWD-23 DU-1", no_refusal_speaks_by_codes_6_to_8),
        PROVES("FWD-17 FWD-18", no_host_is_in_0_127_or_beyond_223),
        PROVES("FWD-33", no_packet_is_lost_to_a_redirect),
        PROVES("FWD-34", errors_in_transit_change_no_route_of_ours),
        cmocka_unit_test(packets_wait_for_a_neighbor_and_leave_in_order),
        cmocka_unit_test(a_decision_stands_when_routes_change_but_not_when_the_link_falls),
        cmocka_unit_test(an_absent_neighbor_is_refused_at_once_for_a_second),
        cmocka_unit_test(a_slow_device_keeps_its_frames_waiting),
        cmocka_unit_test(what_waits_for_a_link_ends_when_it_falls),
    };
    return cmocka_run_group_tests_name("forwarding over time", stories, NULL, NULL);
}
