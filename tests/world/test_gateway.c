/* Gateways that stop answering: IPR-23, ERR-21. Nobody is pinged: all that leaves is ARP for those who are in use, and what
 * was to be sent. */
#include "tests/world/arp_frames.h"

#define FAR         IP(10, 9, 5, 5)
#define TWO_WAYS    "strangers; set icmp.rate 0; route default via 10.0.1.253 metric 20"
#define THROUGH_TWO "strangers; route 10.20.0.0/16 via 10.0.2.7; route 10.20.0.0/16 via 10.0.2.8 metric 20"
#define WAY_1       IP(10, 0, 2, 7)
#define WAY_2       IP(10, 0, 2, 8)

/* A question from beyond the gateways, so that we speak. */
static uint64_t ask(struct bench *bench)
{
    return bench_send(bench,
                      &(struct frame){.carries = UDP, .from = FAR, .from_mac = MAC_OF(HOST_A), .data = 8});
}

static void expect_answer_by(struct bench *bench, int64_t gateway)
{
    assert_int_equal(expect_udp(bench, 5000)->view.to_mac, MAC_OF(gateway));
    expect_nothing(bench);
}

/* The next answer waits for `gateway`, who answers ARP. */
static void expect_turn_to(struct bench *bench, int64_t gateway)
{
    ask(bench);
    expect_arp_request(bench, gateway);
    bench_send_arp_reply(bench, TAP_A, gateway);
    expect_answer_by(bench, gateway);
}

/* The next answer is lost: `gateway` does not answer ARP. Returns when it was given up. */
static int64_t expect_death_of(struct bench *bench, int64_t gateway)
{
    ask(bench);
    bench_run(bench, 3 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_arp_request(bench, gateway);
    expect_nothing(bench);
    return bench->now_ns;
}

static void expect_only_requests_for(struct bench *bench, int64_t gateway)
{
    for (const struct sight *s; (s = bench_next(bench)) != NULL;) {
        assert_int_equal(s->view.type, 0x0806);
        assert_int_equal(s->view.target, gateway);
    }
}

static void a_host_turns_to_the_other_gateway_and_back(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS);
    expect_turn_to(bench, GATEWAY_1);
    bench_run(bench, 62 * SECONDS); /* in use, asked three times by unicast, then by broadcast */
    ask(bench);
    bench_run(bench, SECONDS);
    int64_t died = bench->now_ns;
    expect_only_requests_for(bench, GATEWAY_1);
    expect_turn_to(bench, GATEWAY_2);
    bench_run_until(bench, died + 50 * SECONDS);
    ask(bench);
    expect_answer_by(bench, GATEWAY_2);
    bench_run_until(bench, died + 60 * SECONDS - 1);
    expect_only_requests_for(bench, GATEWAY_2); /* it is in use and about to expire */
    bench_send_arp_reply(bench, TAP_A, GATEWAY_2);
    ask(bench);
    expect_answer_by(bench, GATEWAY_2);
    bench_run(bench, 1);
    expect_turn_to(bench, GATEWAY_1); /* after arp.timeout it gets its chance */
    bench_close(bench);
}

/* Under arp.inspect a word that nobody asked for changes nothing, the way of packets neither; a question to us does. */
static void an_unasked_word_does_not_raise_the_dead_under_suspicion(void **state)
{
    (void)state;
    for (int suspicious = 0; suspicious < 2; suspicious++) {
        struct bench *bench = bench_open(HOST, TWO_WAYS);
        bench_do(bench, suspicious ? "set arp.inspect on" : "set arp.inspect off");
        expect_death_of(bench, GATEWAY_1);
        bench_run(bench, 2 * SECONDS);
        uint64_t word = bench_send_arp(
            bench, &(struct arp_frame){.operation = 2, .sender = GATEWAY_1, .sender_mac = MAC_OF(GATEWAY_1)});
        expect_verdict(bench, word, suspicious ? TAPIR_ARP_UNASKED : TAPIR_ARP_LEARNED);
        ask(bench);
        if (!suspicious) {
            expect_answer_by(bench, GATEWAY_1);
            bench_close(bench);
            continue;
        }
        expect_arp_request(bench, GATEWAY_2);
        bench_send_arp_reply(bench, TAP_A, GATEWAY_2);
        expect_answer_by(bench, GATEWAY_2);
        bench_send_arp(bench, &(struct arp_frame){.sender = GATEWAY_1, .sender_mac = MAC_OF(GATEWAY_1)});
        expect_frame(bench);
        ask(bench);
        expect_answer_by(bench, GATEWAY_1);
        bench_close(bench);
    }
}

/* What goes to the gateway itself says nothing of what goes through it, be it a moment before. */
static void a_gateway_that_was_spoken_to_just_before_is_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, THROUGH_TWO);
    bench_send_arp_reply(bench, TAP_B, WAY_1);
    for (int i = 0; i < 2; i++)
        expect_forwarded(bench, bench_send(bench, &(struct frame){.carries = UDP, .to = WAY_1}));
    const struct frame through = {.carries = UDP, .to = IP(10, 20, 0, 1)};
    assert_int_equal(expect_forwarded(bench, bench_send(bench, &through))->view.to_mac, MAC_OF(WAY_1));
    bench_run(bench, 64 * SECONDS);
    expect_only_requests_for(bench, WAY_1);
    bench_send_arp_reply(bench, TAP_B, WAY_2);
    assert_int_equal(expect_forwarded(bench, bench_send(bench, &through))->view.to_mac, MAC_OF(WAY_2));
    bench_close(bench);
}

static void while_nothing_is_said_nobody_is_asked(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS);
    expect_death_of(bench, GATEWAY_1);
    expect_turn_to(bench, GATEWAY_2);
    bench_run(bench, 600 * SECONDS);
    expect_only_requests_for(bench, GATEWAY_2);
    bench_close(bench);
}

static void a_gateway_that_is_heard_of_lives(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS);
    expect_death_of(bench, GATEWAY_1);
    expect_turn_to(bench, GATEWAY_2);
    bench_run(bench, 2 * SECONDS);
    bench_send_arp(bench, &(struct arp_frame){.sender = GATEWAY_1, .target = HOST_A}); /* overheard */
    expect_turn_to(bench, GATEWAY_1);
    bench_close(bench);
}

static void a_gateway_set_by_hand_lives(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS);
    expect_death_of(bench, GATEWAY_1);
    bench_do(bench, "neighbor a 10.0.1.254");
    ask(bench);
    expect_answer_by(bench, GATEWAY_1);
    bench_close(bench);
}

static void the_silence_lasts_as_long_as_arp_timeout(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS "; set arp.timeout 10s");
    int64_t died = expect_death_of(bench, GATEWAY_1);
    bench_run_until(bench, died + 10 * SECONDS - 1);
    expect_turn_to(bench, GATEWAY_2);
    bench_run(bench, 1);
    expect_turn_to(bench, GATEWAY_1);
    bench_close(bench);
}

static void when_all_are_dead_the_first_is_asked_again(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS "; route default unreachable - metric 99");
    expect_death_of(bench, GATEWAY_1);
    expect_death_of(bench, GATEWAY_2);
    bench_run(bench, SECONDS);
    expect_turn_to(bench, GATEWAY_1);
    bench_close(bench);
}

static void a_link_that_comes_back_is_a_new_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS);
    expect_death_of(bench, GATEWAY_1);
    bench_do(bench, "down a; up a");
    bench_run(bench, SECONDS);
    expect_turn_to(bench, GATEWAY_1);
    bench_close(bench);
}

/* The lowest metric that works wins, and comes back. */
static void a_router_takes_the_other_way(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, THROUGH_TWO);
    const struct frame frame = {.carries = UDP, .to = IP(10, 20, 0, 1)};
    uint64_t lost = bench_send(bench, &frame);
    bench_run(bench, 3 * SECONDS);
    expect_verdict(bench, lost, TAPIR_NEIGHBOR_FAILED);
    while (bench_next(bench) != NULL)
        continue;
    uint64_t number = bench_send(bench, &frame);
    expect_arp_request(bench, WAY_2);
    bench_send_arp_reply(bench, TAP_B, WAY_2);
    assert_int_equal(expect_forwarded(bench, number)->view.to_mac, MAC_OF(WAY_2));
    bench_send_arp(bench, &(struct arp_frame){.on = TAP_B, .sender = WAY_1});
    while (bench_next(bench) != NULL)
        continue;
    number = bench_send(bench, &frame);
    assert_int_equal(expect_forwarded(bench, number)->view.to_mac, MAC_OF(WAY_1));
    bench_close(bench);
}

/* Of gateways that share flows, the living one gets those of the dead one. */
static void flows_of_the_dead_go_to_the_living(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "strangers; set icmp.rate 0; route default via 10.0.1.253");
    bench_send_arp_reply(bench, TAP_A, GATEWAY_2);
    for (int port = 5000; port < 5032; port++)
        bench_send(bench, &(struct frame){
                              .carries = UDP, .from = FAR, .from_mac = MAC_OF(HOST_A), .from_port = port});
    bench_run(bench, 3 * SECONDS);
    unsigned answered = 0;
    for (const struct sight *s; (s = bench_next(bench)) != NULL;)
        answered += s->view.type == 0x0800;
    assert_in_range(answered, 1, 31); /* the others waited for the dead one */
    for (int port = 5000; port < 5032; port++) {
        bench_send(bench, &(struct frame){
                              .carries = UDP, .from = FAR, .from_mac = MAC_OF(HOST_A), .from_port = port});
        assert_int_equal(expect_udp(bench, (unsigned)port)->view.to_mac, MAC_OF(GATEWAY_2));
    }
    bench_close(bench);
}

/* Without another next hop of the same prefix nothing changes: no shorter prefix is taken. */
static void the_only_way_stays_the_way(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "strangers; route 10.20.0.0/16 via 10.0.2.7; route 10.0.0.0/8 via 10.0.2.8");
    const struct frame frame = {.carries = UDP, .to = IP(10, 20, 0, 1)};
    bench_send(bench, &frame);
    bench_run(bench, 5 * SECONDS);
    while (bench_next(bench) != NULL)
        continue;
    bench_send(bench, &frame);
    expect_arp_request(bench, WAY_1);
    bench_close(bench);
}

/* One who is no gateway may be absent; the way through it, set up later, is not known to be dead. */
static void an_absent_host_is_no_dead_gateway(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, THROUGH_TWO);
    bench_send(bench, &(struct frame){.carries = UDP, .to = WAY_1});
    bench_run(bench, 5 * SECONDS);
    while (bench_next(bench) != NULL)
        continue;
    bench_send(bench, &(struct frame){.carries = UDP, .to = IP(10, 20, 0, 1)});
    expect_arp_request(bench, WAY_1);
    bench_close(bench);
}

/* ERR-21 */
static void an_unreachable_is_no_proof_of_death(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TWO_WAYS);
    expect_turn_to(bench, GATEWAY_1);
    const struct frame ours = {
        .carries = UDP, .from = DUT_A, .to = FAR, .from_port = 7, .to_port = 5000, .data = 8};
    static const int codes[] = {0, 1, 5};
    for (int i = 0; i < 3; i++) {
        uint64_t number = bench_send(bench, &(struct frame){.from = GATEWAY_1,
                                                            .carries = ICMP,
                                                            .icmp_type = 3,
                                                            .icmp_code = codes[i],
                                                            .rest = ZERO,
                                                            .quote = &ours});
        expect_verdict(bench, number, TAPIR_ICMP4_NOTICED);
        ask(bench);
        expect_answer_by(bench, GATEWAY_1);
    }
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("IPR-23", a_host_turns_to_the_other_gateway_and_back),
        cmocka_unit_test(an_unasked_word_does_not_raise_the_dead_under_suspicion),
        PROVES("IPR-23", while_nothing_is_said_nobody_is_asked),
        PROVES("IPR-23", a_gateway_that_is_heard_of_lives),
        PROVES("IPR-23", a_gateway_set_by_hand_lives),
        PROVES("IPR-23", the_silence_lasts_as_long_as_arp_timeout),
        PROVES("IPR-23", when_all_are_dead_the_first_is_asked_again),
        cmocka_unit_test(a_link_that_comes_back_is_a_new_one),
        cmocka_unit_test(a_router_takes_the_other_way),
        PROVES("IPR-23", flows_of_the_dead_go_to_the_living),
        cmocka_unit_test(the_only_way_stays_the_way),
        cmocka_unit_test(an_absent_host_is_no_dead_gateway),
        PROVES("IPR-23", a_gateway_that_was_spoken_to_just_before_is_one),
        PROVES("ERR-21", an_unreachable_is_no_proof_of_death),
    };
    return cmocka_run_group_tests_name("gateways", stories, NULL, NULL);
}
