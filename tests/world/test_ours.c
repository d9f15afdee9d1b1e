/* What the stack says itself, whatever it is about: TTL, unused octets, size, and nothing of its memory. Rows ETH-9, IPR-12,
 * IPR-16, ERR-4, DU-1, SEC-2 and SEC-9 of the ledger. */
#include <string.h>

#include "tests/world/arp_frames.h"

#define ABSENT IP(10, 0, 2, 99)

/* ---- unused octets ---- */

/* One frame for each error, and octets 4 to 7 as RFC 792, 1191 and 4884 draw them. */
static const struct {
    const char *given;
    struct frame frame;
    unsigned type, code;
    uint8_t rest[4];
} errors[] = {
    {"", {.to = IP(10, 200, 0, 1)}, 3, 0, {0}},
    {"route 10.200.0.0/16 unreachable", {.to = IP(10, 200, 0, 1)}, 3, 1, {0}},
    {"", {.carries = RAW}, 3, 2, {0}},
    {"", {.carries = UDP, .to_port = 9999}, 3, 3, {0}},
    {"mtu b 1006", {.to = HOST_B, .data = 1400, .fragment = IS_DF}, 3, 4, {0, 0, 3, 238}},
    {"route 10.200.0.0/16 prohibit", {.to = IP(10, 200, 0, 1)}, 3, 13, {0}},
    {"", {.to = HOST_B, .ttl = 1}, 11, 0, {0}},
    {"", {.total_more = 4}, 12, 0, {2, 0, 0, 0}},
    {"", {.options = "\x07\x00\x00\x00", .options_size = 4}, 12, 0, {21, 0, 0, 0}},
};

static void octets_4_to_7_say_what_they_must_or_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        struct bench *bench = bench_open(ROUTER, errors[i].given);
        bench_send(bench, &errors[i].frame);
        const struct sight *sight = expect_icmp_error(bench, errors[i].type, errors[i].code);
        assert_memory_equal(sight->view.payload + 4, errors[i].rest, 4);
        bench_close(bench);
    }
}

/* ---- TTL ---- */

static const struct ttl_row {
    const char *sentence;
    struct frame frame;
    unsigned type; /* of the ICMP message; 99: none */
} ttl_rows[] = {
    {"an echo reply has our TTL (IPR-16)", {.ttl = 5}, 0},
    {"port unreachable has our TTL (IPR-16, ERR-13)", {.carries = UDP, .to_port = 9999, .ttl = 3}, 3},
    {"protocol unreachable has our TTL (IPR-16)", {.carries = RAW, .ttl = 3}, 3},
    {"net unreachable has our TTL (IPR-16)", {.to = IP(10, 200, 0, 1), .ttl = 3}, 3},
    {"time exceeded has our TTL (IPR-16, ERR-13)", {.to = HOST_B, .ttl = 1}, 11},
    {"parameter problem has our TTL (IPR-16)", {.total_more = 4, .ttl = 3}, 12},
    {"a timestamp reply has our TTL (IPR-16)", {.carries = ICMP, .icmp_type = 13, .data = 12, .ttl = 3}, 14},
    {"a reset has our TTL (IPR-16)", {.carries = TCP, .flags = SYN, .ttl = 3}, 99},
    {"a UDP datagram of a service has our TTL (IPR-16)", {.carries = UDP, .ttl = 3}, 99},
};

static void check_ttl(void **state)
{
    const struct ttl_row *row = *state;
    static const struct {
        const char *given;
        unsigned ttl;
    } settings[] = {{"", 64}, {"set ip.ttl 200", 200}, {"set ip.ttl 1", 1}, {"set ip.ttl 255 on a", 255}};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct bench *bench = bench_open(ROUTER, settings[i].given);
        bench_send(bench, &row->frame);
        const struct sight *sight = expect_frame(bench);
        assert_int_equal(sight->view.ttl, settings[i].ttl);
        if (row->type != 99)
            assert_int_equal(sight->view.icmp_type, row->type);
        expect_nothing(bench);
        bench_close(bench);
    }
}

/* 4 octets from the service to port 4000 there; how it ended. */
static void say(struct bench *bench, int64_t to, uint8_t ttl)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = (uint32_t)to;
    message.destination_port = 4000;
    message.iface = TAP_A;
    message.ttl = ttl;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK);
    bench_run(bench, MS);
}

static void a_datagram_has_the_ttl_that_its_sender_wants(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set ip.ttl 200");
    static const struct {
        int64_t to;
        uint8_t wished;
        unsigned ttl;
    } cases[] = {{HOST_A, 0, 200},         {HOST_A, 7, 7},
                 {HOST_A, 255, 255},       {IP(224, 0, 0, 5), 0, 1}, /* RFC 1112 6.1 */
                 {IP(224, 0, 0, 5), 9, 9}, {BROADCAST, 0, 200}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        say(bench, cases[i].to, cases[i].wished);
        assert_int_equal(expect_udp(bench, 4000)->view.ttl, cases[i].ttl);
    }
    bench_close(bench);
}

/* ---- where to ---- */

static void nothing_goes_to_loopback_or_nowhere(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    static const int64_t nowhere[] = {IP(127, 0, 0, 1), IP(127, 255, 255, 255), IP(0, 1, 2, 3),
                                      IP(240, 0, 0, 1)};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        say(bench, nowhere[i], 0);
    expect_nothing(bench);
    assert_int_equal(count_of(bench, TAPIR_IP4_DESTINATION_MARTIAN, TAPIR_BORN), 4);
    say(bench, IP(10, 200, 0, 1), 0); /* the control: the default route would have taken them */
    expect_udp(bench, 4000);
    bench_close(bench);
}

/* Frames for all carry what is for many, and what is for one goes to one: unknown hosts, failed ones, answers, transit. */
static void only_what_is_for_many_goes_to_all(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers");
    unsigned to_all = 0, to_one = 0;
    say(bench, BROADCAST, 0);
    say(bench, IP(10, 0, 1, 255), 0);
    say(bench, IP(224, 0, 0, 1), 0);
    say(bench, HOST_A, 0);
    say(bench, ABSENT, 0);
    bench_send(bench, &(struct frame){.to = ABSENT});
    bench_send(bench, &(struct frame){.to = HOST_B});
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9999});
    bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1});
    bench_send_arp_reply(bench, TAP_A, HOST_A);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    bench_run(bench, 100 * SECONDS);
    bench_send(bench, &(struct frame){0});
    bench_send_arp_reply(bench, TAP_A, HOST_A);
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL;) {
        if (sight->view.type != 0x0800)
            continue;
        bool is_for_many = sight->view.to >> 28 >= 14 || sight->view.to == IP(10, 0, 1, 255);
        assert_int_equal(sight->view.to_mac >> 40 & 1, is_for_many);
        to_all += sight->view.to_mac == MAC_BROADCAST;
        to_one += !is_for_many;
    }
    assert_int_equal(to_all, 2);
    assert_int_equal(to_one, 6); /* said, forwarded, two errors, host unreachable, and the last reply */
    bench_close(bench);
}

/* ---- how much ---- */

static void no_answer_amplifies(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    for (int data = 1; data <= 1472; data += data < 600 ? 1 : 109) {
        size_t asked = 28 + (size_t)data;
        bench_send(bench, &(struct frame){.data = data});
        assert_int_equal(expect_echo_reply(bench)->view.total, asked);
        bench_send(bench, &(struct frame){.carries = UDP, .data = data});
        assert_int_equal(expect_udp(bench, 5000)->view.total, asked);
        bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9999, .data = data});
        assert_int_equal(expect_icmp_error(bench, 3, 3)->view.total, asked + 28 > 576 ? 576 : asked + 28);
        bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1, .data = data});
        assert_int_equal(expect_icmp_error(bench, 11, 0)->view.total, asked + 28 > 576 ? 576 : asked + 28);
        expect_nothing(bench);
    }
    bench_close(bench);
}

/* ---- nothing of its memory ---- */

/* Four octets of what the memory was filled with, one after the other, come from nowhere else. */
static unsigned leaks(struct bench *bench, unsigned *frames)
{
    unsigned n = 0;
    for (const struct sight *sight; (sight = bench_next(bench)) != NULL; ++*frames)
        for (size_t i = 0; i + 4 <= sight->size; i++)
            n += memcmp(sight->bytes + i, "\xa5\xa5\xa5\xa5", 4) == 0;
    return n;
}

static void no_octet_of_memory_leaves(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "marked; strangers; mtu b 576");
    unsigned frames = 0;
    bench_send(bench, &(struct frame){.to = HOST_B}); /* ARP requests, and one is held */
    bench_send_arp(bench, &(struct arp_frame){0});
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    static const struct frame whole[] = {
        {.data = 60},
        {.carries = UDP, .to_port = 9999, .data = 60},
        {.carries = UDP, .data = 60},
        {.carries = TCP, .flags = SYN, .data = 60},
        {.carries = RAW, .data = 600},
        {.to = HOST_B, .ttl = 1, .data = 60},
        {.to = HOST_B, .data = 60},
        {.to = HOST_B, .data = 700, .fragment = IS_DF},
        {.data = 60, .options = "\x07\x00\x00\x00", .options_size = 4},
        {.data = 60, .padded = 1},
    };
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        uint8_t bytes[FRAME_MAX];
        size_t size = frame_build(&whole[i], bytes);
        for (size_t cut = 14; cut <= size; cut++) /* a truncated one earns a quote of what there is */
            bench_send_bytes(bench, TAP_A, bytes, cut);
        assert_int_equal(leaks(bench, &frames), 0);
    }
    for (int data = 0; data < 40; data++) { /* replies that are padded */
        bench_send(bench, &(struct frame){.data = data == 0 ? ZERO : data});
        bench_send(bench, &(struct frame){.carries = UDP, .data = data == 0 ? ZERO : data});
        say(bench, HOST_A, 0);
    }
    assert_int_equal(leaks(bench, &frames), 0);
    assert_in_range(frames, 1000, 10000);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("ERR-4 DU-1", octets_4_to_7_say_what_they_must_or_nothing),
        PROVES("IPR-16", a_datagram_has_the_ttl_that_its_sender_wants),
        PROVES("IPR-12", nothing_goes_to_loopback_or_nowhere),
        PROVES("ETH-9", only_what_is_for_many_goes_to_all),
        PROVES("SEC-2", no_answer_amplifies),
        PROVES("SEC-9", no_octet_of_memory_leaves),
    };
    return RUN_TABLE("TTL of what we say", ttl_rows, check_ttl) +
           cmocka_run_group_tests_name("what we say", stories, NULL, NULL);
}
