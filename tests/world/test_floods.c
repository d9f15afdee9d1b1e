/* More than anybody should send: memory stays, answers are limited, others are served, nothing is given away,
 * and two of us never talk for ever. */
#include "tests/world/bench.h"

#include <stdlib.h>
#include <string.h>

#include "tests/blocks.h"
#include "tests/storm.h"

enum {
    US = 1000
};

static const uint8_t *some_frame(const struct frame *frame, size_t *size)
{
    static uint8_t bytes[FRAME_MAX];
    *size = frame_build(frame, bytes);
    return bytes;
}

/* A router of the bench's network, with prohibit routes, watched by the storm's oracle. */
static void begin(struct storm *storm, struct tapir_op ops[8])
{
    memset(ops, 0, 8 * sizeof *ops);
    for (unsigned i = 0; i < 2; i++) {
        ops[2 * i].kind = TAPIR_OP_INTERFACE;
        ops[2 * i].interface.mac = (struct mac){{0x02, 0xda, 0, 0, 0, (uint8_t)(i + 1)}};
        ops[2 * i].interface.mtu = STORM_MTU;
        ops[2 * i + 1].kind = TAPIR_OP_ADDRESS;
        ops[2 * i + 1].address = (struct ip4_prefix){{0x0a000101 + (i << 8)}, 24};
        ops[2 * i].iface = ops[2 * i + 1].iface = i;
    }
    ops[4].kind = TAPIR_OP_ROUTE;
    ops[4].route.prefix = (struct ip4_prefix){{0x0a420000}, 16};
    ops[4].route.kind = TAPIR_ROUTE_PROHIBIT;
    ops[5].kind = TAPIR_OP_SET;
    ops[5].iface = TAPIR_EVERYWHERE;
    ops[5].set.value = 1;
    ops[5].set.setting = TAPIR_SET_FORWARDING;
    ops[6].kind = TAPIR_OP_NEIGHBOR;
    ops[6].neighbor.address.value = (uint32_t)HOST_A;
    ops[6].neighbor.mac = (struct mac){{2, 0, 10, 0, 1, 10}};
    storm_begin(storm, &(struct storm_shape){.router = true, .seed = 7, .network = ops, .n_network = 7});
}

static void expect_answered(struct storm *storm)
{
    size_t size;
    uint64_t before = storm->replies;
    const uint8_t *frame = some_frame(&(struct frame){.data = 33}, &size);
    storm_send(storm, 0, frame, size);
    storm_flush(storm);
    assert_int_equal(storm->replies, before + 1);
}

/* CVE-2009-0778. One packet a microsecond: a second in all. */
static void a_million_packets_to_a_prohibited_network(void **state)
{
    (void)state;
    struct storm storm;
    struct tapir_op ops[8];
    begin(&storm, ops);
    size_t memory = storm.memory, size;
    uint8_t frame[FRAME_MAX];
    memcpy(frame, some_frame(&(struct frame){.to = IP(10, 66, 0, 1), .carries = UDP}, &size), FRAME_MAX);
    for (uint32_t i = 0; i < 1000000; i++) {
        if (i % STORM_BATCH == 0)
            storm_wait(&storm, STORM_BATCH * US);
        dissect_put16(frame + 14 + 14, 0x0100 + 2 + i % 250); /* 250 sources of the network */
        dissect_put16(frame + 14 + 18, i & 0xffff);
        dissect_put16(frame + 14 + 10, 0);
        dissect_put16(frame + 14 + 10, dissect_sum(frame + 14, 20, 0));
        storm_send(&storm, 0, frame, size);
    }
    storm_flush(&storm);
    assert_int_equal(tapir_counters(storm.stack)->verdicts[TAPIR_IP4_PROHIBITED][TAPIR_RECEIVED], 1000000);
    uint64_t told = tapir_counters(storm.stack)->verdicts[TAPIR_ANSWER_SENT][TAPIR_RECEIVED];
    assert_in_range(told, 100, 50 + 1000 + 1);
    assert_int_equal(storm.memory, memory);
    expect_answered(&storm);
    storm_end(&storm);
}

/* BlackNurse. */
static void a_hundred_thousand_unreachables_in_a_second(void **state)
{
    (void)state;
    struct storm storm;
    struct tapir_op ops[8];
    begin(&storm, ops);
    size_t memory = storm.memory, size;
    static const struct frame about = {.from = DUT_A, .to = HOST_A, .carries = UDP};
    uint8_t frame[FRAME_MAX];
    struct frame error = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &about};
    memcpy(frame, some_frame(&error, &size), FRAME_MAX);
    for (uint32_t i = 0; i < 100000; i++) {
        if (i % 50 == 0)
            storm_wait(&storm, 500 * US);
        storm_send(&storm, 0, frame, size);
        if (i % 1000 == 999) {
            storm_flush(&storm);
            expect_answered(&storm);
        }
    }
    assert_int_equal(tapir_counters(storm.stack)->verdicts[TAPIR_ICMP4_NO_FLOW][TAPIR_RECEIVED], 100000);
    assert_int_equal(storm.errors, 0);
    assert_int_equal(storm.memory, memory);
    storm_end(&storm);
}

/* ---- what a third party can learn ---- */

static bool is_probe_answered(struct bench *bench, bool port_is_open)
{
    bench_run(bench, 60 * SECONDS);
    while (bench_next(bench) != NULL) {
    }
    /* 50 probes with the server's address for a source; one may meet the open port. */
    for (int i = 0; i < 50; i++)
        bench_send(bench, &(struct frame){.from = IP(10, 0, 1, 77),
                                          .carries = UDP,
                                          .from_port = 53,
                                          .to_port = port_is_open && i == 25 ? 7 : 20000 + i});
    while (bench_next(bench) != NULL) {
    }
    /* The spy's own probe asks whether the common bucket has something left. */
    uint64_t spy = bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9});
    return answer_of(bench, spy) == TAPIR_ANSWER_SENT;
}

/* SAD DNS, CVE-2020-25705. */
static void the_limit_of_icmp_errors_does_not_tell_of_open_ports(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "limited; deaf; neighbor a 10.0.1.77");
    int answered[2] = {0, 0};
    for (int round = 0; round < 1000; round++)
        answered[round % 2] += is_probe_answered(bench, round % 2 == 1);
    assert_true(answered[0] > 0);
    assert_int_equal(answered[0], answered[1]);
    bench_close(bench);
}

/* The IDs of ten echo replies to host A; with `noise` host B is spoken with in between. */
static void look_at_ids(unsigned ids[10], bool noise)
{
    struct bench *bench = bench_open(ROUTER, NULL);
    for (unsigned i = 0; i < 10; i++) {
        bench_send(bench, &(struct frame){.data = 9});
        ids[i] = expect_echo_reply(bench)->view.id;
        for (unsigned k = 0; noise && k < 5 + i; k++) {
            bench_send(bench, &(struct frame){.on = TAP_B});
            expect_echo_reply(bench);
        }
    }
    bench_close(bench);
}

/* CVE-2019-10638, idle scan. */
static void ids_do_not_count_what_goes_to_others(void **state)
{
    (void)state;
    unsigned quiet[10], noisy[10];
    look_at_ids(quiet, false);
    look_at_ids(noisy, true);
    assert_memory_equal(quiet, noisy, sizeof quiet);
    unsigned steps = 0;
    for (unsigned i = 1; i < 10; i++)
        steps += quiet[i] - quiet[i - 1] == 1;
    assert_true(steps < 3);
}

/* ---- two of us ---- */

struct twin {
    struct tapir *stack;
    struct service echo;
};

static void *allocate(void *context, size_t size)
{
    (void)context;
    return block_take(size);
}

static void release(void *context, void *block, size_t size)
{
    (void)context;
    block_give(block, size);
}

/* 10.0.0.1 and 10.0.0.2, with the echo service; each knows the other. */
static struct twin twin_of(uint8_t host, bool router)
{
    struct tapir_config config = {.observe = false, .seed = {host}};
    struct twin twin = {.stack = tapir_create(&config, &(struct tapir_memory){allocate, release, NULL, false},
                                              (tapir_instant){0})};
    assert_non_null(twin.stack);
    struct tapir_op ops[4] = {
        {.kind = TAPIR_OP_INTERFACE},
        {.kind = TAPIR_OP_ADDRESS, .address = {{0x0a000000U + host}, 24}},
        {.kind = TAPIR_OP_ROUTE, .route = {.via = {0x0a000003U - host}}},
        {.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, router}}};
    ops[0].interface.mac = (struct mac){{2, 0, 0, 0, 0, host}};
    ops[0].interface.mtu = 1500;
    assert_int_equal(tapir_apply(twin.stack, ops, 4, NULL, (tapir_instant){0}), TAPIR_OK);
    const struct network_service seven = {NETWORK_ECHO, 7};
    assert_true(service_open(&twin.echo, twin.stack, &seven));
    return twin;
}

static void give(struct tapir *stack, const uint8_t *frame, size_t size, tapir_instant now)
{
    struct tapir_packet *packet = tapir_take(stack, size);
    assert_non_null(packet);
    memcpy(packet->data, frame, size);
    packet->size = (uint32_t)size;
    packet->tailroom -= (uint32_t)size;
    tapir_input(stack, 0, &packet, 1, now);
}

/* Carries what `from` says to `to`; returns how many IPv4 frames went. */
static unsigned carry(struct twin *from, struct twin *to, tapir_instant now)
{
    unsigned iface, n = 0;
    service_serve(&from->echo);
    tapir_tick(from->stack, now);
    for (struct tapir_packet *packet; tapir_output(from->stack, &iface, &packet, 1) == 1;) {
        n += packet->data[13] == 0;
        give(to->stack, packet->data, packet->size, now);
        tapir_release(from->stack, &packet, 1);
    }
    return n;
}

/* Lets both talk for `steps` milliseconds; returns the last one in which an IPv4 frame went. */
static unsigned last_word(struct twin twins[2], unsigned steps, tapir_instant *now)
{
    unsigned last = 0;
    for (unsigned step = 1; step <= steps; step++) {
        now->ns += MS;
        if (carry(&twins[0], &twins[1], *now) + carry(&twins[1], &twins[0], *now) > 0)
            last = step;
    }
    return last;
}

static void end(struct twin twins[2], tapir_instant now)
{
    for (int i = 0; i < 2; i++) {
        tapir_close(twins[i].stack, now);
        tapir_destroy(twins[i].stack);
    }
}

/* CVE-1999-0103, CVE-2024-2169: whoever forges one datagram makes two services talk for ever. */
static void two_echo_services_fall_silent(void **state)
{
    (void)state;
    static const int ports[] = {7, 19, 13, 53, 5000};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        struct twin twins[2] = {twin_of(1, false), twin_of(2, false)};
        tapir_instant now = {0};
        size_t size;
        const uint8_t *forged = some_frame(&(struct frame){.to_mac = INT64_C(0x020000000001),
                                                           .from = IP(10, 0, 0, 2),
                                                           .to = IP(10, 0, 0, 1),
                                                           .carries = UDP,
                                                           .from_port = ports[i]},
                                           &size);
        give(twins[0].stack, forged, size, now);
        unsigned last = last_word(twins, 100, &now);
        assert_true(last < 20);
        assert_true(ports[i] == 5000 ? last > 0 : last == 0);
        end(twins, now);
    }
}

/* Noise for both, as if from the other: whatever it sets off ends. Routers, each the other's gateway. */
static void noise_between_two_of_us_dies_away(void **state)
{
    (void)state;
    struct twin twins[2] = {twin_of(1, true), twin_of(2, true)};
    struct dice dice = dice_of(4);
    tapir_instant now = {0};
    uint64_t words = 0;
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 40; i++) {
            uint8_t frame[STORM_FRAME];
            unsigned to = dice_below(&dice, 2);
            size_t size = storm_frame(&dice, 0, frame);
            if (size >= 34 && (frame[0] & 1) == 0) {
                storm_put_mac(frame, UINT64_C(0x020000000001) + to);
                dissect_put16(frame + 14 + 12, 0x0a00);
                dissect_put16(frame + 14 + 14, 2 - to);
                dissect_mend(frame, size);
            }
            give(twins[to].stack, frame, size, now);
        }
        words += last_word(twins, 100, &now);
        unsigned last = last_word(twins, 5000, &now);
        assert_true(last < 4500);
    }
    assert_true(words > 0);
    end(twins, now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_packets_to_a_prohibited_network),
        cmocka_unit_test(a_hundred_thousand_unreachables_in_a_second),
        cmocka_unit_test(the_limit_of_icmp_errors_does_not_tell_of_open_ports),
        PROVES("IPR-24", ids_do_not_count_what_goes_to_others),
        cmocka_unit_test(two_echo_services_fall_silent),
        PROVES("SEC-3", noise_between_two_of_us_dies_away),
    };
    return cmocka_run_group_tests_name("floods", tests, NULL, NULL);
}
