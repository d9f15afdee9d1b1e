/* What strangers cannot do to the neighbor cache: fill it, empty it, make us shout, eat the store. Row ARP-14
 * of the ledger and the classes of attack that fill tables. */
#include "tests/world/arp_frames.h"

enum {
    ENTRIES = 512, /* limits.neighbors as it is by default */
    HELD = 256,    /* packets held for all neighbors together */
    ASKED_BURST = 256,
    ASKED_RATE = 500
};

static uint64_t send_to(struct bench *bench, int64_t to)
{
    return bench_send(bench, &(struct frame){.to = to, .carries = UDP, .ttl = 9});
}

static unsigned entries(const struct bench *bench)
{
    union tapir_row row;
    uint64_t cursor = 0;
    unsigned n = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_NEIGHBORS, &cursor, &row, 1) == 1)
        n++;
    return n;
}

static uint64_t held(const struct bench *bench)
{
    return tapir_counters(bench->stack)->held[TAPIR_RECEIVED];
}

/* Requests that left since the last look. */
static unsigned requests(struct bench *bench)
{
    unsigned n = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;)
        n += sight->view.type == 0x0806 && sight->view.operation == 1;
    return n;
}

/* A resolved host that is in use, and one set by hand. */
#define FRIEND IP(10, 3, 0, 10)
#define FIXED  IP(10, 3, 0, 11)

static struct bench *open_wide(void)
{
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16; neighbor b 10.3.0.11");
    bench_send_arp(bench, &(struct arp_frame){.on = TAP_B, .sender = FRIEND, .target = IP(10, 3, 0, 1)});
    expect_frame(bench);
    expect_forwarded(bench, send_to(bench, FRIEND));
    return bench;
}

static void expect_friends(struct bench *bench)
{
    requests(bench);
    assert_int_equal(expect_forwarded(bench, send_to(bench, FRIEND))->view.to_mac, MAC_OF(FRIEND));
    assert_int_equal(expect_forwarded(bench, send_to(bench, FIXED))->view.to_mac, MAC_OF(FIXED));
    expect_nothing(bench);
}

/* ---- a scan ---- */

static void test_scan(void **state)
{
    (void)state;
    struct bench *bench = open_wide();
    int64_t start = bench->now_ns;
    unsigned asked = requests(bench);
    for (int64_t host = 256; host < 65535; host++) { /* 20,000 a second: before the friend expires */
        send_to(bench, IP(10, 3, 0, 0) + host);
        if (host % 20 == 0)
            bench_run(bench, MS);
        if (host % 997 != 0)
            continue;
        asked += requests(bench);
        assert_true(entries(bench) <= ENTRIES);
        assert_true(neighbors_in(bench, TAPIR_NEIGHBOR_INCOMPLETE) <= ENTRIES / 4);
        assert_true(held(bench) <= HELD);
        assert_true(asked <= 3 * (ASKED_BURST + ASKED_RATE * (1 + (bench->now_ns - start) / SECONDS)));
        expect_friends(bench);
    }
    expect_friends(bench);
    assert_true(count_of(bench, TAPIR_NEIGHBOR_CROWDED, TAPIR_RECEIVED) > 60000);
    bench_run(bench, 10 * SECONDS);
    assert_int_equal(held(bench), 0);
    assert_int_equal(entries(bench), 7); /* six by hand, the friend, and nobody else */
    bench_close(bench);
}

/* They asked for us, and nothing was sent to them since. */
static void test_scan_and_strangers(void **state)
{
    enum {
        STRANGERS = ENTRIES / 4
    };
    (void)state;
    struct bench *bench = open_wide();
    for (int64_t i = 0; i < STRANGERS; i++)
        bench_send_arp(bench, &(struct arp_frame){
                                  .on = TAP_B, .sender = IP(10, 3, 1, 0) + i, .target = IP(10, 3, 0, 1)});
    for (int64_t host = 512; host < 10512; host++) { /* 2,000 a second */
        send_to(bench, IP(10, 3, 0, 0) + host);
        if (host % 2 == 0)
            bench_run(bench, MS);
    }
    assert_true(count_of(bench, TAPIR_NEIGHBOR_CROWDED, TAPIR_RECEIVED) > 5000);
    expect_friends(bench);
    for (int64_t i = 0; i < STRANGERS; i++)
        assert_int_equal(expect_forwarded(bench, send_to(bench, IP(10, 3, 1, 0) + i))->view.to_mac,
                         MAC_OF(IP(10, 3, 1, 0) + i));
    expect_nothing(bench);
    bench_close(bench);
}

/* ---- a flood of senders ---- */

static void test_flood(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "address b 10.4.0.1/14; address b 10.3.0.1/16; neighbor b 10.3.0.11");
    bench_send_arp(bench, &(struct arp_frame){.on = TAP_B, .sender = FRIEND, .target = IP(10, 3, 0, 1)});
    send_to(bench, FRIEND);
    for (int64_t i = 2; i < 100002; i++) {
        bench_send_arp(bench, &(struct arp_frame){
                                  .on = TAP_B, .sender = IP(10, 4, 0, 0) + i, .target = IP(10, 4, 0, 1)});
        if (i % 9973 != 0)
            continue;
        assert_true(entries(bench) <= ENTRIES);
        expect_friends(bench);
    }
    assert_int_equal(entries(bench), ENTRIES);
    expect_friends(bench);
    uint64_t number = send_to(bench, IP(10, 3, 7, 7)); /* one that we need finds a place among strangers */
    expect_arp_request(bench, IP(10, 3, 7, 7));
    bench_send_arp_reply(bench, TAP_B, IP(10, 3, 7, 7));
    expect_forwarded(bench, number);
    expect_friends(bench);
    bench_close(bench);
}

/* ---- who goes first ---- */

/* The cache full of hosts that are known, in the order in which they spoke; those up to `used` are in use. */
static struct bench *open_full(int64_t used)
{
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16");
    for (int64_t i = 0; entries(bench) < ENTRIES; i++) {
        bench_send_arp(bench, &(struct arp_frame){
                                  .on = TAP_B, .sender = IP(10, 3, 1, 0) + i, .target = IP(10, 3, 0, 1)});
        if (i < used)
            send_to(bench, IP(10, 3, 1, 0) + i);
    }
    requests(bench);
    return bench;
}

static const struct used_row {
    const char *sentence;
    int64_t after_ns; /* the first of all is used again, */
    bool found_last;  /* while it is the one found last at its place */
    int victim;       /* and then this one makes room */
} used_rows[] = {
    {"who was used longest ago makes room (ARP-14)", SECONDS, false, 1},
    {"use is noted once a second (ARP-14)", SECONDS - 1, false, 0},
    {"who was used longest ago makes room, also where no hash is asked (ARP-14)", SECONDS, true, 1},
    {"use is noted once a second, also where no hash is asked (ARP-14)", SECONDS - 1, true, 0},
};

static void check_used(void **state)
{
    const struct used_row *row = *state;
    struct bench *bench = open_full(ENTRIES);
    if (row->found_last)
        expect_forwarded(bench, send_to(bench, IP(10, 3, 1, 0)));
    bench_run(bench, row->after_ns);
    expect_forwarded(bench, send_to(bench, IP(10, 3, 1, 0)));
    send_to(bench, IP(10, 3, 7, 7));
    for (int i = 0; i < 3; i++)
        assert_int_equal(mac_known(bench, TAP_B, IP(10, 3, 1, i)) == 0, i == row->victim);
    assert_int_equal(entries(bench), ENTRIES);
    bench_close(bench);
}

/* One who was given up, then speaks: he is a stranger, and the newest of them. */
static void test_late_voice(void **state)
{
    (void)state;
    const int64_t late = IP(10, 3, 9, 9);
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16; set arp.retries 1");
    send_to(bench, late);
    bench_run(bench, 1500 * MS);
    assert_int_equal(state_of(bench, TAP_B, late), TAPIR_NEIGHBOR_SILENT);
    for (int64_t i = 0; entries(bench) < ENTRIES; i++)
        bench_send_arp(bench, &(struct arp_frame){
                                  .on = TAP_B, .sender = IP(10, 3, 1, 0) + i, .target = IP(10, 3, 0, 1)});
    bench_send_arp_reply(bench, TAP_B, late);
    send_to(bench, IP(10, 3, 7, 7));
    assert_int_equal(mac_known(bench, TAP_B, late), MAC_OF(late));
    assert_int_equal(mac_known(bench, TAP_B, IP(10, 3, 1, 0)), 0);
    bench_close(bench);
}

/* The cache is full of silent ones, then strangers, then such as are in use, when one more comes. */
static const struct place_row {
    const char *sentence;
    int silent, strangers;
    bool needed; /* the one more: a next hop, or a stranger */
    char
        victim; /* the oldest of: s, silent ones; t, strangers; u, those in use; or nobody: the one more has no place */
} places[] = {
    {"a next hop takes the place of a silent one (ARP-14)", 2, 200, true, 's'},
    {"of a stranger, when there are many and nobody is silent (ARP-14)", 0, 200, true, 't'},
    {"of a stranger, when there are few and nobody is silent (ARP-14)", 0, 2, true, 't'},
    {"of who was used longest ago, when all are in use (ARP-14)", 0, 0, true, 'u'},
    {"a stranger takes the place of a silent one", 2, 200, false, 's'},
    {"of another stranger, when nobody is silent", 0, 2, false, 't'},
    {"of nobody who is in use (ARP-14)", 0, 0, false, 0},
};

static void check_place(void **state)
{
    const struct place_row *row = *state;
    const int64_t more = IP(10, 3, 7, 7);
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16; set arp.retries 1");
    for (int i = 0; i < row->silent; i++)
        send_to(bench, IP(10, 3, 4, i));
    bench_run(bench, 1500 * MS);
    for (int64_t i = 0; entries(bench) < ENTRIES; i++) {
        int64_t from = (i < row->strangers ? IP(10, 3, 1, 0) : IP(10, 3, 2, 0)) + i;
        bench_send_arp(bench, &(struct arp_frame){.on = TAP_B, .sender = from, .target = IP(10, 3, 0, 1)});
        if (i >= row->strangers)
            send_to(bench, from);
    }
    if (row->needed)
        send_to(bench, more);
    else
        bench_send_arp_reply(bench, TAP_B, more);
    union tapir_row entry;
    assert_int_equal(neighbor_row(bench, TAP_B, more, &entry), row->victim != 0);
    if (row->silent > 0)
        assert_int_equal(neighbor_row(bench, TAP_B, IP(10, 3, 4, 0), &entry), row->victim != 's');
    if (row->strangers > 0)
        assert_int_equal(neighbor_row(bench, TAP_B, IP(10, 3, 1, 0), &entry), row->victim != 't');
    assert_int_equal(neighbor_row(bench, TAP_B, IP(10, 3, 2, 0) + row->strangers, &entry),
                     row->victim != 'u');
    assert_int_equal(entries(bench), ENTRIES);
    bench_close(bench);
}

/* One that is set by hand needs a place as well; and where all are set by hand there is none. */
static void test_by_hand(void **state)
{
    (void)state;
    struct bench *bench = open_full(0);
    bench_do(bench, "neighbor b 10.3.7.7");
    assert_int_equal(mac_known(bench, TAP_B, IP(10, 3, 7, 7)), MAC_OF(IP(10, 3, 7, 7)));
    assert_int_equal(mac_known(bench, TAP_B, IP(10, 3, 1, 0)), 0);
    assert_int_equal(entries(bench), ENTRIES);
    bench_close(bench);
}

/* ---- what is held ---- */

static void test_all_held(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.hold 256");
    uint64_t first = 0;
    for (int64_t i = 0; i < HELD; i++) {
        uint64_t number = send_to(bench, IP(10, 0, 2, 20) + i % 2);
        first = first == 0 ? number : first;
        expect_verdict(bench, number, TAPIR_UNSETTLED);
    }
    assert_int_equal(held(bench), HELD);
    uint64_t newest = send_to(bench, IP(10, 0, 2, 30)); /* has nothing of its own to drop */
    expect_verdict(bench, newest, TAPIR_UNSETTLED);
    expect_verdict(bench, first, TAPIR_NEIGHBOR_OVERFLOW); /* who was asked for longest ago drops */
    assert_int_equal(held(bench), HELD);
    requests(bench);
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 20));
    assert_int_equal(held(bench), HELD / 2 + 1);
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 30));
    assert_int_equal(held(bench), HELD / 2);
    expect_verdict(bench, newest, TAPIR_FORWARDED);
    bench_close(bench);
}

/* Who was asked for longest has nothing left to drop: the next one does. */
static void test_all_held_by_two(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set arp.hold 256");
    uint64_t first = send_to(bench, IP(10, 0, 2, 20)), second = send_to(bench, IP(10, 0, 2, 21));
    for (int i = 2; i < HELD; i++)
        send_to(bench, IP(10, 0, 2, 21));
    send_to(bench, IP(10, 0, 2, 30));
    expect_verdict(bench, first, TAPIR_NEIGHBOR_OVERFLOW);
    expect_verdict(bench, second, TAPIR_UNSETTLED);
    send_to(bench, IP(10, 0, 2, 30));
    expect_verdict(bench, second, TAPIR_NEIGHBOR_OVERFLOW);
    assert_int_equal(held(bench), HELD);
    bench_close(bench);
}

/* Who is asked again holds packets within the same bound. */
static const struct again_row {
    const char *sentence;
    const char *orders; /* after which one who was asked is asked again */
    bool answers;       /* the first time */
} again_rows[] = {
    {"one whose link flapped holds within the bound when he is asked again (ARP-14)", "down b; up b", false},
    {"and so does one who was known too long (ARP-14)", "set arp.timeout 10s", true},
};

static void check_again(void **state)
{
    const struct again_row *row = *state;
    struct bench *bench = bench_open(ROUTER, "set arp.hold 256");
    send_to(bench, IP(10, 0, 2, 99));
    if (row->answers)
        bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 99));
    bench_run(bench, row->answers ? 11 * SECONDS : 0);
    bench_do(bench, row->orders);
    uint64_t first = send_to(bench, IP(10, 0, 2, 99));
    for (int i = 1; i < HELD; i++)
        send_to(bench, IP(10, 0, 2, 99));
    assert_int_equal(held(bench), HELD);
    expect_verdict(bench, first, TAPIR_UNSETTLED);
    send_to(bench, IP(10, 0, 2, 98));
    assert_int_equal(held(bench), HELD);
    expect_verdict(bench, first, TAPIR_NEIGHBOR_OVERFLOW);
    bench_close(bench);
}

static void test_incomplete_share(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16");
    uint64_t number[ENTRIES / 4 + 2];
    for (int64_t i = 0; i < ENTRIES / 4 + 2; i++)
        number[i] = send_to(bench, IP(10, 3, 1, 0) + i);
    assert_int_equal(neighbors_in(bench, TAPIR_NEIGHBOR_INCOMPLETE), ENTRIES / 4);
    expect_verdict(bench, number[0], TAPIR_NEIGHBOR_CROWDED); /* who was asked for longest ago makes room */
    expect_verdict(bench, number[1], TAPIR_NEIGHBOR_CROWDED);
    expect_verdict(bench, number[2], TAPIR_UNSETTLED);
    bench_close(bench);
}

/* Who has answered is no question any more, though no packet went to him since. */
static void test_answered_is_no_question(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16");
    send_to(bench, FRIEND);
    bench_send_arp_reply(bench, TAP_B, FRIEND);
    for (int64_t i = 0; i < ENTRIES / 4; i++)
        send_to(bench, IP(10, 3, 1, 0) + i);
    assert_int_equal(neighbors_in(bench, TAPIR_NEIGHBOR_INCOMPLETE), ENTRIES / 4);
    assert_int_equal(mac_known(bench, TAP_B, FRIEND), MAC_OF(FRIEND));
    bench_close(bench);
}

/* An entry set by hand asks nobody, so it takes nobody's place while there is one. */
static void test_permanent_takes_no_place(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "address b 10.3.0.1/16");
    for (int64_t i = 0; i < ENTRIES / 4; i++)
        send_to(bench, IP(10, 3, 1, 0) + i);
    bench_do(bench, "neighbor b 10.3.9.9");
    assert_int_equal(neighbors_in(bench, TAPIR_NEIGHBOR_INCOMPLETE), ENTRIES / 4);
    bench_close(bench);
}

/* ---- the store ---- */

static void test_store_full(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "");
    uint64_t early = send_to(bench, IP(10, 0, 2, 99));
    expect_arp_request(bench, IP(10, 0, 2, 99));
    bench_starve(bench);
    expect_verdict(bench, send_to(bench, IP(10, 0, 2, 99)), TAPIR_STORE_FULL); /* cannot be held */
    expect_verdict(bench, send_to(bench, IP(10, 0, 2, 98)), TAPIR_STORE_FULL); /* nor asked for */
    expect_verdict(bench, bench_send_arp(bench, &(struct arp_frame){0}), TAPIR_STORE_FULL);
    expect_verdict(bench,
                   bench_send_arp(bench, &(struct arp_frame){.sender = ZERO, .sender_mac = MAC_OF(HOST_A)}),
                   TAPIR_STORE_FULL);
    expect_verdict(bench, bench_send(bench, &(struct frame){0}), TAPIR_STORE_FULL);
    uint64_t ttl = bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1});
    expect_verdict(bench, ttl, TAPIR_IP4_TTL);
    expect_answer(bench, ttl, TAPIR_ANSWER_STORE_FULL);
    uint64_t syn = bench_send(bench, &(struct frame){.carries = TCP, .flags = SYN});
    expect_verdict(bench, syn, TAPIR_TCP_CLOSED);
    expect_answer(bench, syn, TAPIR_ANSWER_STORE_FULL);
    uint64_t forwarded = send_to(bench, HOST_B);
    expect_forwarded(bench, forwarded); /* what passes needs no slot of ours */
    expect_nothing(bench);
    bench_feed(bench);
    bench_run(bench, 1500 * MS);
    expect_arp_request(bench, IP(10, 0, 2, 99));
    expect_arp_request(bench, IP(10, 0, 2, 98)); /* its turn comes a second later */
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 99));
    expect_verdict(bench, early, TAPIR_FORWARDED);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a scan of a /16 asks at a bounded rate and disturbs nobody who is known (ARP-14)", test_scan, NULL,
         NULL, NULL},
        {"a scan of a /16 evicts nobody who only made himself known (ARP-14)", test_scan_and_strangers, NULL,
         NULL, NULL},
        {"100,000 senders of ARP fill the cache to its bound and evict nobody in use (ARP-14)", test_flood,
         NULL, NULL, NULL},
        {"who answers late is a stranger like any other (ARP-14)", test_late_voice, NULL, NULL, NULL},
        {"a neighbor set by hand takes the place of a stranger", test_by_hand, NULL, NULL, NULL},
        {"256 packets are held in all, then the oldest of who was asked for longest goes (ARP-14)",
         test_all_held, NULL, NULL, NULL},
        {"who has none left drops none, but the next one (ARP-14)", test_all_held_by_two, NULL, NULL, NULL},
        {"a quarter of the cache may be incomplete, then the oldest question goes (ARP-14)",
         test_incomplete_share, NULL, NULL, NULL},
        {"who has answered is no question any more (ARP-14)", test_answered_is_no_question, NULL, NULL, NULL},
        {"a neighbor set by hand evicts no question", test_permanent_takes_no_place, NULL, NULL, NULL},
        {"with the store full nothing is held or answered, and transit passes", test_store_full, NULL, NULL,
         NULL},
    };
    return cmocka_run_group_tests_name("neighbor bounds", tests, NULL, NULL) +
           RUN_TABLE("room", used_rows, check_used) + RUN_TABLE("places", places, check_place) +
           RUN_TABLE("asked again", again_rows, check_again);
}
