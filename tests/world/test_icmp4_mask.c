/* Address masks: AM-1 to AM-8. Agents answer, clients learn, all others are silent. What agents tell unasked:
 * test_icmp4_mask_told.c. */
#include "tap/netmask.h"
#include "tests/world/mask_frames.h"
#include "tests/world/trial.h"

#define MASK_24 "ff ff ff 00"
#define ASK     .carries = ICMP, .icmp_type = 17, .hex = "00 00 00 00"
#define LOST    ASK, .to = BROADCAST, .to_mac = MAC_BROADCAST, .from = ZERO, .from_mac = MAC_OF(HOST_A)
#define TOLD                                                  \
    {                                                         \
        .reaction = IS_REPLIED, .type = 18, .octets = MASK_24 \
    }
#define TOLD_ALL(net)                                                                       \
    {                                                                                       \
        .reaction = IS_REPLIED, .type = 18, .octets = MASK_24, .source = IP(10, 0, net, 1), \
        .to = IP(10, 0, net, 255), .next_hop = ALL                                          \
    }
#define ALL (MAC_BROADCAST & ~MAC_OF(0)) /* as a next hop: MAC_OF(ALL) is all ones */

static const struct trial trials[] = {
    {.sentence = "address mask requests are not answered by default",
     .ids = "AM-1 SEC-4",
     .frame = {ASK},
     .verdict = TAPIR_ICMP4_MASK_OFF,
     .control = {ASK},
     .control_expected = TOLD,
     .control_given = AGENT},
    {.sentence = "nor by a host",
     .ids = "AM-1",
     .bench = HOST,
     .frame = {ASK},
     .verdict = TAPIR_ICMP4_MASK_OFF,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a router that is an agent tells the mask of the network",
     .ids = "AM-2",
     .given = AGENT,
     .frame = {ASK, .rest = 0xfedcba98},
     .expected = TOLD,
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "the mask is that of the network of who asks",
     .ids = "AM-2",
     .given = "address a 10.7.7.1/16; neighbor a 10.7.1.10; " AGENT,
     .frame = {ASK, .from = IP(10, 7, 1, 10)},
     .expected = {.reaction = IS_REPLIED, .type = 18, .octets = "ff ff 00 00", .next_hop = IP(10, 7, 1, 10)},
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "of one from elsewhere, that of the interface",
     .ids = "AM-2",
     .given = "address b 10.3.3.1/20; no address b 10.0.2.1/24; route 10.0.2.0/24 via 10.0.1.2; " AGENT,
     .frame = {ASK, .on = TAP_B, .to = IP(10, 3, 3, 1), .from = HOST_A},
     .expected = {.reaction = IS_REPLIED, .type = 18, .octets = "ff ff f0 00", .out = 1 + TAP_A},
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "a code, an old mask and a tail are not returned",
     .ids = "AM-2",
     .given = AGENT,
     .frame = {.carries = ICMP, .icmp_type = 17, .icmp_code = 3, .hex = "01 02 03 04 05 06"},
     .expected = TOLD,
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "the TOS of the request returns without ECN",
     .ids = "AM-2 ERR-17",
     .given = AGENT,
     .frame = {ASK, .tos = 0xbb},
     .expected = {.reaction = IS_REPLIED, .type = 18, .octets = MASK_24, .tos = 0xb8},
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "11 octets are no address mask request",
     .ids = "AM-2",
     .given = AGENT,
     .frame = {.carries = ICMP, .icmp_type = 17, .data = 3},
     .verdict = TAPIR_ICMP4_SHORT,
     .control = {ASK},
     .control_expected = TOLD},
    {.sentence = "who asks everybody is answered alone",
     .ids = "AM-2",
     .given = AGENT,
     .frame = {ASK, .to = BROADCAST, .to_mac = MAC_BROADCAST},
     .expected = {.reaction = IS_REPLIED, .type = 18, .octets = MASK_24, .source = DUT_A},
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "who has no address is answered by a broadcast on its network",
     .ids = "AM-3 IPR-11",
     .given = AGENT,
     .frame = {LOST},
     .expected = TOLD_ALL(1),
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "who has no address asks nobody behind us",
     .ids = "IPR-11",
     .given = AGENT,
     .frame = {ASK, .to = HOST_B, .from = ZERO, .from_mac = MAC_OF(HOST_A)},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN,
     .control = {ASK, .to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "nobody looks for a way back to who has no address",
     .ids = "AM-3",
     .given = AGENT "; set ip.rpfilter strict",
     .frame = {ASK, .from = ZERO, .from_mac = MAC_OF(HOST_A)},
     .expected = TOLD_ALL(1),
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "a later piece does not ask, whatever it begins with",
     .ids = "IPR-11",
     .given = AGENT,
     .frame = {.carries = RAW,
               .protocol = 1,
               .hex = "11 00 ee ff 00 00 00 00 00 00 00 00",
               .fragment = 100,
               .to = BROADCAST,
               .to_mac = MAC_BROADCAST,
               .from = ZERO,
               .from_mac = MAC_OF(HOST_A)},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN,
     .control = {LOST},
     .control_expected = TOLD_ALL(1)},
    {.sentence = "nor does a message that ends before its head",
     .ids = "IPR-11",
     .given = AGENT,
     .frame = {.carries = RAW,
               .protocol = 1,
               .hex = "11 00 ee ff 00 00 00",
               .to = BROADCAST,
               .to_mac = MAC_BROADCAST,
               .from = ZERO,
               .from_mac = MAC_OF(HOST_A)},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN,
     .control = {LOST},
     .control_expected = TOLD_ALL(1)},
    {.sentence = "and on that network alone",
     .ids = "AM-3",
     .given = AGENT,
     .frame = {LOST, .on = TAP_B},
     .expected = TOLD_ALL(2),
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "a network of two hosts has only the limited broadcast",
     .ids = "AM-3",
     .given = "address b 10.3.3.0/31; no address b 10.0.2.1/24; " AGENT,
     .frame = {LOST, .on = TAP_B},
     .expected = {.reaction = IS_REPLIED,
                  .type = 18,
                  .octets = "ff ff ff fe",
                  .source = IP(10, 3, 3, 0),
                  .to = BROADCAST,
                  .next_hop = ALL},
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "who has no address gets no answer where masks differ",
     .ids = "AM-4",
     .given = AGENT "; address a 10.7.7.1/16",
     .frame = {LOST},
     .verdict = TAPIR_ICMP4_MASK_UNSURE,
     .control = {LOST},
     .control_expected = TOLD_ALL(1),
     .control_given = "no address a 10.7.7.1/16"},
    {.sentence = "who has no address gets an answer where two networks have one mask",
     .ids = "AM-4",
     .given = AGENT "; address a 10.7.7.1/24",
     .frame = {LOST},
     .expected = TOLD_ALL(1),
     .verdict = TAPIR_ICMP4_MASK_TOLD},
    {.sentence = "who is of neither network gets no answer where masks differ",
     .ids = "AM-4",
     .given = AGENT "; address a 10.7.7.1/16",
     .frame = {ASK, .from = IP(10, 9, 0, 1)},
     .verdict = TAPIR_ICMP4_MASK_UNSURE,
     .control = {ASK},
     .control_expected = TOLD},
    {.sentence = "off, nobody may ask from 0.0.0.0",
     .ids = "AM-1 IPR-11",
     .frame = {LOST},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN,
     .control = {LOST},
     .control_expected = TOLD_ALL(1),
     .control_given = AGENT},
    {.sentence = "a client does not answer",
     .ids = "AM-1",
     .given = CLIENT,
     .frame = {LOST},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN,
     .control = {LOST},
     .control_expected = TOLD_ALL(1),
     .control_given = AGENT},
    {.sentence = "an agent on one interface is silent on another",
     .ids = "AM-1",
     .given = AGENT " on b",
     .frame = {ASK},
     .verdict = TAPIR_ICMP4_MASK_OFF,
     .control = {ASK, .on = TAP_B},
     .control_expected = TOLD},
    {.sentence = "everybody's request is not answered by who is no agent",
     .ids = "SEC-1",
     .frame = {ASK, .to = BROADCAST, .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_ICMP4_MASK_OFF,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "all hosts' request is not answered by who is no agent",
     .ids = "SEC-1",
     .frame = {ASK, .to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS},
     .verdict = TAPIR_ICMP4_MASK_OFF,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "the network's request is not answered by who is no agent",
     .ids = "SEC-1",
     .bench = HOST,
     .frame = {ASK, .to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST},
     .verdict = TAPIR_ICMP4_MASK_OFF,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "who is no client ignores an address mask reply",
     .ids = "AM-8",
     .bench = HOST,
     .frame = {.carries = ICMP, .icmp_type = 18, .hex = "ff ff 00 00"},
     .verdict = TAPIR_ICMP4_STRAY,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a router is no client, whatever the setting says",
     .ids = "AM-8",
     .given = CLIENT,
     .frame = {.carries = ICMP, .icmp_type = 18, .hex = "ff ff 00 00"},
     .verdict = TAPIR_ICMP4_STRAY,
     .control_expected = {.reaction = IS_ECHOED}},
};

/* ---- the client ---- */

/* What tap/node does. Returns how many events there were. */
static int follow(struct bench *bench)
{
    struct tapir_event event;
    int n = 0;
    for (; tapir_next_event(bench->stack, &event); n++) {
        assert_int_equal(event.bits, TAPIR_EVENT_MASK);
        assert_true(netmask_follow(bench->stack, &event, (tapir_instant){bench->now_ns}));
    }
    bench_settle(bench);
    return n;
}

static const struct frame serve_16 = {.carries = ICMP, .icmp_type = 18, .hex = "ff ff 00 00"};
static const struct frame serve_8 = {.carries = ICMP, .icmp_type = 18, .hex = "ff 00 00 00"};
static const struct frame far_ping = {.from = IP(10, 0, 77, 7), .from_mac = MAC_OF(GATEWAY_1)};

static void a_client_asks_four_times(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    int64_t start = bench->now_ns;
    bench_run(bench, 100 * SECONDS);
    static const int64_t at[] = {0, 1, 3, 7};
    uint32_t first = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const struct sight *sight = expect_frame(bench);
        assert_int_equal(sight->at_ns - start, at[i] * SECONDS);
        assert_int_equal(sight->view.icmp_type, 17);
        first = i == 0 ? sight->view.rest : first;
        assert_int_equal(sight->view.rest, first + i);
    }
    expect_nothing(bench);
    assert_int_equal(follow(bench), 0);
    bench_close(bench);
}

/* A link that is down hears nothing: the questions that are left come when it is up again. */
static void a_client_asks_on_when_its_link_is_back(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    expect_mask(bench, 17, DUT_A, 0);
    bench_run(bench, 500 * MS);
    bench_do(bench, "down a");
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "up a");
    int64_t start = bench->now_ns;
    bench_run(bench, 100 * SECONDS);
    static const int64_t at[] = {0, 2, 6};
    for (int i = 0; i < 3; i++) {
        const struct sight *sight = expect_frame(bench);
        assert_int_equal(sight->view.icmp_type, 17);
        assert_int_equal(sight->at_ns - start, at[i] * SECONDS);
    }
    expect_nothing(bench);
    bench_close(bench);
}

static void the_first_mask_holds_and_later_ones_are_ignored(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    expect_mask(bench, 17, DUT_A, 0);
    bench_send(bench, &far_ping);
    assert_int_equal(expect_echo_reply(bench)->view.to_mac, MAC_OF(GATEWAY_1));
    expect_verdict(bench, bench_send(bench, &serve_16), TAPIR_ICMP4_MASK_LEARNT);
    assert_int_equal(follow(bench), 1);
    expect_verdict(bench, bench_send(bench, &serve_8), TAPIR_ICMP4_STRAY);
    assert_int_equal(follow(bench), 0);
    bench_send(bench, &far_ping); /* on our link now */
    expect_arp_request(bench, IP(10, 0, 77, 7));
    bench_send(bench, &(struct frame){.from = IP(10, 200, 0, 7), .from_mac = MAC_OF(GATEWAY_1)});
    assert_int_equal(expect_echo_reply(bench)->view.to_mac, MAC_OF(GATEWAY_1));
    bench_run(bench, 100 * SECONDS);
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
        assert_int_not_equal(sight->view.type == 0x0800 ? sight->view.icmp_type : 0, 17);
    bench_close(bench);
}

static void a_mask_that_nobody_asked_for_is_learnt_too(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    bench_run(bench, 100 * SECONDS);
    struct frame to_all = serve_16;
    to_all.to = BROADCAST;
    to_all.to_mac = MAC_BROADCAST;
    expect_verdict(bench, bench_send(bench, &to_all), TAPIR_ICMP4_MASK_LEARNT);
    assert_int_equal(follow(bench), 1);
    bench_close(bench);
}

/* Whoever it is, he stands on our link: as it is, or as he says that it is. */
static void a_mask_from_afar_is_not_learnt(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    struct frame far = serve_16;
    far.from = IP(8, 8, 8, 8);
    far.from_mac = MAC_OF(GATEWAY_1);
    expect_verdict(bench, bench_send(bench, &far), TAPIR_ICMP4_MASK_INSANE);
    far.from = IP(10, 1, 0, 1); /* outside of 10.0/16, too */
    expect_verdict(bench, bench_send(bench, &far), TAPIR_ICMP4_MASK_INSANE);
    assert_int_equal(follow(bench), 0);
    far.from = IP(10, 0, 77, 1);
    expect_verdict(bench, bench_send(bench, &far), TAPIR_ICMP4_MASK_LEARNT);
    assert_int_equal(follow(bench), 1);
    bench_close(bench);
}

static void the_same_mask_changes_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    struct frame same = serve_16;
    same.hex = MASK_24;
    expect_verdict(bench, bench_send(bench, &same), TAPIR_ICMP4_MASK_LEARNT);
    assert_int_equal(follow(bench), 0);
    expect_verdict(bench, bench_send(bench, &serve_16), TAPIR_ICMP4_STRAY);
    bench_close(bench);
}

static const struct insane {
    const char *sentence;
    const char *mask;
    enum tapir_verdict verdict;
} insanes[] = {
    {"all ones are no mask to learn (AM-7)", "ff ff ff ff", TAPIR_ICMP4_MASK_INSANE},
    {"the top eight bits must be set (AM-7)", "fe 00 00 00", TAPIR_ICMP4_MASK_INSANE},
    {"a mask of zero is no network (AM-7)", "00 00 00 00", TAPIR_ICMP4_MASK_INSANE},
    {"a mask with a hole is none (AM-7)", "ff 00 ff 00", TAPIR_ICMP4_MASK_INSANE},
    {"11 octets are no address mask reply", "ff ff 00", TAPIR_ICMP4_SHORT},
    {"eight ones are the least (AM-7)", "ff 00 00 00", TAPIR_ICMP4_MASK_LEARNT},
    {"31 ones are the most (AM-7)", "ff ff ff fe", TAPIR_ICMP4_MASK_LEARNT},
};

static void try_insane(void **state)
{
    const struct insane *row = *state;
    struct bench *bench = bench_open(HOST, CLIENT);
    struct frame frame = serve_16;
    frame.hex = row->mask;
    expect_verdict(bench, bench_send(bench, &frame), row->verdict);
    if (row->verdict != TAPIR_ICMP4_MASK_LEARNT)
        expect_verdict(bench, bench_send(bench, &serve_16), TAPIR_ICMP4_MASK_LEARNT);
    bench_close(bench);
}

static void a_mask_under_which_we_are_no_host_is_not_learnt(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "address a 10.0.1.64/24; no address a 10.0.1.1/24; " CLIENT);
    struct frame frame = {.carries = ICMP, .icmp_type = 18, .hex = "ff ff ff c0", .to = IP(10, 0, 1, 64)};
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_MASK_INSANE);
    frame.hex = "ff ff ff 80";
    expect_verdict(bench, bench_send(bench, &frame), TAPIR_ICMP4_MASK_LEARNT);
    bench_close(bench);
}

static void a_client_that_learnt_is_no_agent(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    expect_mask(bench, 17, DUT_A, 0);
    bench_send(bench, &serve_16);
    assert_int_equal(follow(bench), 1);
    expect_verdict(bench, bench_send(bench, &(struct frame){ASK}), TAPIR_ICMP4_MASK_OFF);
    bench_do(bench, AGENT);
    expect_verdict(bench, bench_send(bench, &(struct frame){ASK}), TAPIR_ICMP4_MASK_UNSURE);
    bench_run(bench, 10 * SECONDS);
    expect_nothing(bench);
    bench_send(bench, &(struct frame){0});
    expect_echo_reply(bench);
    bench_close(bench);
}

static void a_mask_that_strands_a_route_is_not_followed(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    expect_mask(bench, 17, DUT_A, 0);
    struct frame narrow = serve_16;
    narrow.hex = "ff ff ff f0"; /* 10.0.1.0 to 10.0.1.15: gateway 1 is not among them */
    expect_verdict(bench, bench_send(bench, &narrow), TAPIR_ICMP4_MASK_LEARNT);
    struct tapir_event event;
    assert_true(tapir_next_event(bench->stack, &event));
    assert_int_equal(event.length, 28);
    assert_false(netmask_follow(bench->stack, &event, (tapir_instant){bench->now_ns}));
    bench_send(bench, &far_ping);
    assert_int_equal(expect_echo_reply(bench)->view.to_mac, MAC_OF(GATEWAY_1));
    event.address = (struct ip4){0x0a000102};
    assert_false(netmask_follow(bench->stack, &event, (tapir_instant){bench->now_ns}));
    bench_close(bench);
}

static void an_interface_that_has_learnt_asks_no_more(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, CLIENT);
    expect_mask(bench, 17, DUT_A, 0);
    bench_send(bench, &serve_16);
    bench_do(bench, "set icmp.address_mask off; " CLIENT);
    bench_run(bench, 10 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("AM-7", a_client_asks_four_times),
        PROVES("AM-7", a_client_asks_on_when_its_link_is_back),
        PROVES("AM-7", the_first_mask_holds_and_later_ones_are_ignored),
        PROVES("AM-7", a_mask_that_nobody_asked_for_is_learnt_too),
        PROVES("AM-7", a_mask_from_afar_is_not_learnt),
        PROVES("AM-7", the_same_mask_changes_nothing),
        PROVES("AM-7", a_mask_under_which_we_are_no_host_is_not_learnt),
        PROVES("AM-5", a_client_that_learnt_is_no_agent),
        PROVES("AM-7", a_mask_that_strands_a_route_is_not_followed),
        PROVES("AM-7", an_interface_that_has_learnt_asks_no_more),
    };
    return RUN_TABLE("address masks", trials, bench_try) + RUN_TABLE("sane masks", insanes, try_insane) +
           cmocka_run_group_tests_name("address masks unasked", stories, NULL, NULL);
}
