/* ARP under suspicion (arp.inspect): who claims to be a neighbor is believed when the old MAC, asked by unicast, has been
 * silent for a second. Without it RFC 826 believes at once (ARP-3). */
#include "tests/world/arp_frames.h"

#define RIVAL INT64_C(0x02beef000001)
#define OTHER INT64_C(0x02beef000002)
#define THIRD IP(10, 0, 1, 78)

static uint64_t claim(struct bench *bench, int64_t mac, int operation)
{
    return bench_send_arp(bench,
                          &(struct arp_frame){.sender_mac = mac, .operation = operation, .target = THIRD});
}

/* Host A is known since a while, and what is sent to it goes to `mac`. */
static struct bench *open_suspicious(const char *given)
{
    struct bench *bench = bench_open(ROUTER, "strangers; set arp.inspect on");
    bench_do(bench, given);
    bench_send_arp(bench, &(struct arp_frame){0});
    expect_frame(bench);
    bench_run(bench, 5 * SECONDS);
    return bench;
}

static void expect_at(struct bench *bench, int64_t mac)
{
    bench_send(bench, &(struct frame){0});
    assert_int_equal(expect_echo_reply(bench)->view.to_mac, mac);
    expect_nothing(bench);
}

/* The old MAC is asked, by unicast and at once. */
static void expect_doubt(struct bench *bench, int64_t old)
{
    const struct sight *sight = expect_arp_request(bench, HOST_A);
    assert_int_equal(sight->view.to_mac, old);
    assert_int_equal(sight->view.sender, DUT_A);
    assert_int_equal(sight->at_ns, bench->now_ns);
    expect_nothing(bench);
}

static uint32_t events(struct bench *bench, int64_t mac)
{
    struct tapir_event event;
    if (!tapir_next_event(bench->stack, &event))
        return 0;
    assert_int_equal(event.iface, TAP_A);
    assert_int_equal(event.address.value, HOST_A);
    assert_int_equal(event.mac.octet[5], mac & 0xff);
    return event.bits;
}

/* ---- one claim ---- */

static void a_claim_is_believed_after_a_second_of_silence(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_DOUBTED);
    expect_doubt(bench, MAC_OF(HOST_A));
    assert_int_equal(events(bench, RIVAL), TAPIR_EVENT_CLAIMED);
    bench_run(bench, SECONDS - 1);
    expect_at(bench, MAC_OF(HOST_A)); /* nothing changes meanwhile */
    assert_int_equal(events(bench, RIVAL), 0);
    bench_run(bench, 1);
    expect_at(bench, RIVAL);
    assert_int_equal(events(bench, RIVAL), TAPIR_EVENT_MOVED);
    expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_LEARNED);
    bench_run(bench, 30 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_neighbor_that_answers_stays(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    for (int i = 0; i < 5; i++) {
        expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_DOUBTED);
        expect_doubt(bench, MAC_OF(HOST_A));
        bench_run(bench, 900 * MS);
        bench_send_arp_reply(bench, TAP_A, HOST_A);
        bench_run(bench, 600 * MS);
        expect_at(bench, MAC_OF(HOST_A));
    }
    assert_int_equal(events(bench, RIVAL), TAPIR_EVENT_CLAIMED);
    bench_close(bench);
}

/* What the old MAC says to others will do, too: it lives. */
static void any_word_of_the_old_mac_ends_the_doubt(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    claim(bench, RIVAL, 1);
    expect_doubt(bench, MAC_OF(HOST_A));
    expect_verdict(bench, claim(bench, MAC_OF(HOST_A), 1), TAPIR_ARP_LEARNED);
    bench_run(bench, 10 * SECONDS);
    expect_at(bench, MAC_OF(HOST_A));
    bench_close(bench);
}

/* ---- several claims ---- */

static void the_first_claim_counts(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    claim(bench, RIVAL, 2);
    expect_doubt(bench, MAC_OF(HOST_A));
    bench_run(bench, 500 * MS);
    expect_verdict(bench, claim(bench, OTHER, 2), TAPIR_ARP_DOUBTED);
    expect_nothing(bench); /* he is being asked */
    bench_run(bench, 500 * MS);
    expect_at(bench, RIVAL);
    bench_close(bench);
}

static void a_storm_of_claims_asks_once_a_second(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    int64_t start = bench->now_ns;
    unsigned asked = 0;
    for (int i = 0; i < 5000; i++) {
        claim(bench, RIVAL + i % 7, i % 2 + 1);
        bench_run(bench, MS);
        for (const struct sight *sight; (sight = bench_next(bench)) != NULL; asked++) {
            assert_int_equal(sight->view.to_mac, MAC_OF(HOST_A));
            assert_int_equal((sight->at_ns - start) % SECONDS, 0);
            bench_send_arp_reply(bench, TAP_A, HOST_A);
        }
    }
    assert_int_equal(asked, 6); /* at 0, 1 ... 5 s */
    expect_at(bench, MAC_OF(HOST_A));
    bench_close(bench);
}

/* He was asked within this second already: the question waits until it is over (ARP-11), and silence counts from it. */
static void a_question_keeps_the_pace(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; set arp.inspect on");
    bench_send(bench, &(struct frame){0});
    int64_t start = expect_arp_request(bench, HOST_A)->at_ns;
    bench_send_arp_reply(bench, TAP_A, HOST_A);
    expect_echo_reply(bench);
    bench_run(bench, 300 * MS);
    expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_DOUBTED);
    expect_nothing(bench);
    bench_run_until(bench, start + SECONDS);
    expect_doubt(bench, MAC_OF(HOST_A));
    bench_run_until(bench, start + 2 * SECONDS - 1);
    expect_at(bench, MAC_OF(HOST_A));
    bench_run(bench, 1);
    expect_at(bench, RIVAL);
    bench_close(bench);
}

static void what_could_not_be_asked_is_asked_later(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    bench_starve(bench);
    claim(bench, RIVAL, 2);
    expect_nothing(bench);
    bench_feed(bench);
    bench_run(bench, SECONDS);
    expect_doubt(bench, MAC_OF(HOST_A));
    expect_at(bench, MAC_OF(HOST_A));
    bench_run(bench, SECONDS);
    expect_at(bench, RIVAL);
    bench_close(bench);
}

/* ---- when there is nothing to doubt ---- */

static void a_doubt_ends_with_the_entry(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("set arp.timeout 6s");
    bench_run(bench, 500 * MS); /* it expires in half a second */
    claim(bench, RIVAL, 2);
    expect_doubt(bench, MAC_OF(HOST_A));
    bench_run(bench, 2 * SECONDS);
    assert_int_equal(mac_known(bench, TAP_A, HOST_A), 0);
    bench_send(bench, &(struct frame){0});
    assert_int_equal(expect_arp_request(bench, HOST_A)->view.to_mac, MAC_BROADCAST);
    expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_LEARNED); /* who answers first is believed */
    assert_int_equal(expect_echo_reply(bench)->view.to_mac, RIVAL);
    bench_close(bench);
}

static void a_link_that_goes_down_ends_a_doubt(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    claim(bench, RIVAL, 2);
    expect_doubt(bench, MAC_OF(HOST_A));
    bench_do(bench, "down a; up a");
    bench_run(bench, 5 * SECONDS);
    assert_int_equal(mac_known(bench, TAP_A, HOST_A), 0);
    bench_close(bench);
}

static void one_that_is_set_by_hand_is_not_doubted(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("");
    claim(bench, RIVAL, 2);
    expect_doubt(bench, MAC_OF(HOST_A));
    bench_do(bench, "neighbor a 10.0.1.10");
    bench_run(bench, 5 * SECONDS);
    expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_PERMANENT);
    bench_run(bench, 5 * SECONDS);
    expect_at(bench, MAC_OF(HOST_A));
    bench_close(bench);
}

static void without_it_the_last_word_counts(void **state)
{
    (void)state;
    struct bench *bench = open_suspicious("set arp.inspect off");
    expect_verdict(bench, claim(bench, RIVAL, 2), TAPIR_ARP_LEARNED);
    expect_at(bench, RIVAL);
    assert_int_equal(events(bench, RIVAL), TAPIR_EVENT_MOVED);
    bench_close(bench);
}

/* ---- one packet ---- */

static const struct row {
    const char *sentence;
    struct arp_frame arp;
    enum tapir_verdict on, off; /* with arp.inspect on and off */
    int64_t known;              /* of the sender, when it is on */
    bool answered;              /* when it is on; when it is off all requests for us are */
} rows[] = {
    {"a request whose frame comes from another MAC is refused by name (ARP-2)",
     {.sender = IP(10, 0, 1, 77), .from_mac = RIVAL},
     TAPIR_ARP_SENDER_FRAME,
     TAPIR_ARP_ANSWERED,
     0,
     false},
    {"so is a reply",
     {.operation = 2, .sender_mac = RIVAL, .from_mac = MAC_OF(HOST_A)},
     TAPIR_ARP_SENDER_FRAME,
     TAPIR_ARP_LEARNED,
     MAC_OF(HOST_A),
     false},
    {"so is a probe",
     {.sender = ZERO, .sender_mac = RIVAL, .from_mac = MAC_OF(HOST_A)},
     TAPIR_ARP_SENDER_FRAME,
     TAPIR_ARP_ANSWERED,
     0,
     false},
    {"a claim on our own address whose frame comes from another MAC is no conflict",
     {.sender = DUT_A, .sender_mac = RIVAL, .from_mac = OTHER},
     TAPIR_ARP_SENDER_FRAME,
     TAPIR_ARP_CONFLICT,
     0,
     false},
    {"a request for us of one who moved is not answered yet",
     {.sender_mac = RIVAL},
     TAPIR_ARP_DOUBTED,
     TAPIR_ARP_ANSWERED,
     MAC_OF(HOST_A),
     false},
    {"a gratuitous request moves nobody yet",
     {.sender_mac = RIVAL, .target = HOST_A},
     TAPIR_ARP_DOUBTED,
     TAPIR_ARP_LEARNED,
     MAC_OF(HOST_A),
     false},
    {"a reply that nobody asked for makes nobody known",
     {.sender = IP(10, 0, 1, 77), .operation = 2},
     TAPIR_ARP_UNASKED,
     TAPIR_ARP_LEARNED,
     0,
     false},
    {"nor does an unknown operation",
     {.sender = IP(10, 0, 1, 77), .operation = 9},
     TAPIR_ARP_OPCODE,
     TAPIR_ARP_OPCODE,
     0,
     false},
    {"a request of a stranger for us is answered as ever (ARP-5)",
     {.sender = IP(10, 0, 1, 77)},
     TAPIR_ARP_ANSWERED,
     TAPIR_ARP_ANSWERED,
     MAC_OF(IP(10, 0, 1, 77)),
     true},
    {"one who did not move is confirmed as ever",
     {.operation = 2},
     TAPIR_ARP_LEARNED,
     TAPIR_ARP_LEARNED,
     MAC_OF(HOST_A),
     false},
    {"in IEEE 802.3 frames the source is looked at, too",
     {.sender = IP(10, 0, 1, 77), .snap = true, .hardware = 6, .from_mac = RIVAL},
     TAPIR_ARP_SENDER_FRAME,
     TAPIR_ARP_ANSWERED,
     0,
     false},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = open_suspicious("");
    expect_verdict(bench, bench_send_arp(bench, &row->arp), row->on);
    assert_int_equal(mac_known(bench, TAP_A, arp_or(row->arp.sender, HOST_A)), row->known);
    const struct sight *sight = bench_next(bench);
    assert_int_equal(sight != NULL && sight->view.operation == 2, row->answered);
    bench_close(bench);
    bench = open_suspicious("set arp.inspect off on a"); /* the control */
    expect_verdict(bench, bench_send_arp(bench, &row->arp), row->off);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(a_claim_is_believed_after_a_second_of_silence),
        cmocka_unit_test(a_neighbor_that_answers_stays),
        cmocka_unit_test(any_word_of_the_old_mac_ends_the_doubt),
        cmocka_unit_test(the_first_claim_counts),
        PROVES("ARP-11", a_storm_of_claims_asks_once_a_second),
        PROVES("ARP-11", a_question_keeps_the_pace),
        cmocka_unit_test(what_could_not_be_asked_is_asked_later),
        cmocka_unit_test(a_doubt_ends_with_the_entry),
        cmocka_unit_test(a_link_that_goes_down_ends_a_doubt),
        cmocka_unit_test(one_that_is_set_by_hand_is_not_doubted),
        PROVES("ARP-3", without_it_the_last_word_counts),
    };
    return cmocka_run_group_tests_name("ARP under suspicion", stories, NULL, NULL) +
           RUN_TABLE("one packet under suspicion", rows, check);
}
