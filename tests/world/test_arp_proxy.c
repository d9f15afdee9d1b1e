/* ARP for others, RFC 1027: whom a router answers for, and for whom never. Rows ARP-17 and ARP-18 of the ledger. */
#include "tests/world/arp_frames.h"

#define FAR    IP(10, 9, 0, 1) /* behind router 2, on the wire of the question */
#define BEHIND IP(10, 8, 0, 1)

static const struct row {
    const char *sentence;
    const char *given;
    struct arp_frame arp;
    enum tapir_verdict verdict; /* ARP_PROXIED: answered with our MAC */
} rows[] = {
    {"for a host on another wire we answer with our own MAC (ARP-17)",
     "set arp.proxy on",
     {.target = HOST_B},
     TAPIR_ARP_PROXIED},
    {"so we do the other way (ARP-17)",
     "set arp.proxy on",
     {.on = TAP_B, .target = HOST_A},
     TAPIR_ARP_PROXIED},
    {"for a network behind a router on another wire we answer (ARP-17)",
     "set arp.proxy on; route 10.8.0.0/16 via 10.0.2.10",
     {.target = BEHIND},
     TAPIR_ARP_PROXIED},
    {"for the far network on the wire of the other router we answer (ARP-17)",
     "set arp.proxy on",
     {.on = TAP_B, .target = FAR},
     TAPIR_ARP_PROXIED},
    {"a request by unicast is answered, too (ARP-17)",
     "set arp.proxy on",
     {.to_mac = MAC_A, .target = HOST_B},
     TAPIR_ARP_PROXIED},
    {"it is a setting of the interface of the question (ARP-17)",
     "set arp.proxy on on a",
     {.target = HOST_B},
     TAPIR_ARP_PROXIED},
    {"and not of the interface of the host (ARP-17)",
     "set arp.proxy on on b",
     {.target = HOST_B},
     TAPIR_ARP_OVERHEARD},
    {"unless told to we answer for nobody else (ARP-17)", "", {.target = HOST_B}, TAPIR_ARP_OVERHEARD},
    {"when the way leads out where the question came in, nobody is answered for (ARP-17)",
     "set arp.proxy on",
     {.target = FAR},
     TAPIR_ARP_OVERHEARD},
    {"nor when that is one of two ways that share (ARP-17)",
     "set arp.proxy on; route 10.8.0.0/16 via 10.0.2.10; route 10.8.0.0/16 via 10.0.1.2",
     {.on = TAP_B, .target = BEHIND},
     TAPIR_ARP_OVERHEARD},
    {"a way that is only kept in reserve does not count (ARP-17)",
     "set arp.proxy on; route 10.8.0.0/16 via 10.0.2.10; route 10.8.0.0/16 via 10.0.1.2 metric 20",
     {.target = BEHIND},
     TAPIR_ARP_PROXIED},
    {"a host of the same wire speaks for itself (ARP-17)",
     "set arp.proxy on",
     {.target = ROUTER_2},
     TAPIR_ARP_OVERHEARD},
    {"the default route says nothing about who is there (ARP-17)",
     "set arp.proxy on; route default via 10.0.2.10",
     {.target = IP(10, 200, 0, 1)},
     TAPIR_ARP_OVERHEARD},
    {"without a route there is nobody to answer for (ARP-17)",
     "set arp.proxy on",
     {.target = IP(10, 200, 0, 1)},
     TAPIR_ARP_OVERHEARD},
    {"a route that says unreachable leads to nobody (ARP-17)",
     "set arp.proxy on; route 10.8.0.0/16 unreachable",
     {.target = BEHIND},
     TAPIR_ARP_OVERHEARD},
    {"a black hole leads to nobody (ARP-17)",
     "set arp.proxy on; route 10.8.0.0/16 blackhole",
     {.target = BEHIND},
     TAPIR_ARP_OVERHEARD},
    {"a prohibited route leads to nobody (ARP-17)",
     "set arp.proxy on; route 10.8.0.0/16 prohibit",
     {.target = BEHIND},
     TAPIR_ARP_OVERHEARD},
    {"for the broadcast of another wire nobody is answered (ARP-17)",
     "set arp.proxy on",
     {.target = IP(10, 0, 2, 255)},
     TAPIR_ARP_OVERHEARD},
    {"nor for its zero host (ARP-17)", "set arp.proxy on", {.target = IP(10, 0, 2, 0)}, TAPIR_ARP_OVERHEARD},
    {"nor for the broadcast of this wire (ARP-16, ARP-17)",
     "set arp.proxy on",
     {.target = IP(10, 0, 1, 255)},
     TAPIR_ARP_OVERHEARD},
    {"nor for the limited broadcast (ARP-17)",
     "set arp.proxy on; route 255.255.255.255/32 via 10.0.2.10",
     {.target = BROADCAST},
     TAPIR_ARP_OVERHEARD},
    {"nor for a group (ARP-17)",
     "set arp.proxy on; route 224.0.0.0/4 via 10.0.2.10",
     {.target = IP(224, 0, 0, 5)},
     TAPIR_ARP_OVERHEARD},
    {"nor for loopback",
     "set arp.proxy on; route 127.0.0.0/8 via 10.0.2.10",
     {.target = IP(127, 0, 0, 1)},
     TAPIR_ARP_OVERHEARD},
    {"nor for the zero network",
     "set arp.proxy on; route 0.0.0.0/8 via 10.0.2.10",
     {.target = IP(0, 1, 2, 3)},
     TAPIR_ARP_OVERHEARD},
    {"a link-local address is not answered for, even with a route (ARP-18)",
     "set arp.proxy on; route 169.254.0.0/16 via 10.0.2.10",
     {.target = IP(169, 254, 7, 7)},
     TAPIR_ARP_OVERHEARD},
    {"nor one on another wire (ARP-18)",
     "set arp.proxy on; address b 169.254.1.1/16",
     {.target = IP(169, 254, 7, 7)},
     TAPIR_ARP_OVERHEARD},
    {"our own address on another wire is answered for as ever: not (ARP-15, ARP-17)",
     "set arp.proxy on",
     {.target = DUT_B},
     TAPIR_ARP_OVERHEARD},
    {"who probes for an address may have it, as far as we know",
     "set arp.proxy on",
     {.sender = ZERO, .sender_mac = MAC_OF(HOST_A), .target = HOST_B},
     TAPIR_ARP_OVERHEARD},
    {"who announces his address has it, whatever our routes say",
     "set arp.proxy on; route 10.0.1.128/25 via 10.0.2.10",
     {.sender = IP(10, 0, 1, 130), .target = IP(10, 0, 1, 130)},
     TAPIR_ARP_OVERHEARD},
    {"a reply earns no reply", "set arp.proxy on", {.target = HOST_B, .operation = 2}, TAPIR_ARP_OVERHEARD},
    {"without forwarding nobody is answered for (ARP-17)",
     "set arp.proxy on; set forwarding off",
     {.target = HOST_B},
     TAPIR_ARP_OVERHEARD},
    {"when the wire of the question does not forward, nobody is answered for there (ARP-17)",
     "set arp.proxy on; set forwarding off on a",
     {.target = HOST_B},
     TAPIR_ARP_OVERHEARD},
    {"when the wire of the host does not forward, he is not answered for (ARP-17)",
     "set arp.proxy on; set forwarding off on b",
     {.target = HOST_B},
     TAPIR_ARP_OVERHEARD},
    {"when the wire of the host is down, he is not answered for (ARP-17)",
     "set arp.proxy on; down b",
     {.target = HOST_B},
     TAPIR_ARP_OVERHEARD},
};

static void expect_proxied(struct bench *bench, enum tap tap, int64_t for_whom, int64_t to)
{
    const struct sight *sight = expect_frame(bench);
    assert_int_equal(sight->on, tap);
    assert_int_equal(sight->view.operation, 2);
    assert_int_equal(sight->view.to_mac, MAC_OF(to));
    assert_int_equal(sight->view.sender_mac, tap == TAP_A ? MAC_A : MAC_B);
    assert_int_equal(sight->view.sender, for_whom);
    assert_int_equal(sight->view.target_mac, MAC_OF(to));
    assert_int_equal(sight->view.target, to);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, "strangers; proxies");
    bench_do(bench, row->given);
    expect_verdict(bench, bench_send_arp(bench, &row->arp), row->verdict);
    if (row->verdict == TAPIR_ARP_PROXIED)
        expect_proxied(bench, row->arp.on, row->arp.target, row->arp.on == TAP_A ? HOST_A : HOST_B);
    expect_nothing(bench);
    assert_int_equal(mac_known(bench, row->arp.on, row->arp.target), 0);
    if (row->verdict != TAPIR_ARP_PROXIED) { /* the control: what is right is answered */
        bench_do(
            bench,
            "set arp.proxy on on a; set forwarding on; set forwarding on on a; set forwarding on on b; up b; route 10.7.0.0/16 via 10.0.2.10");
        bench_send_arp(bench, &(struct arp_frame){.target = IP(10, 7, 0, 1)});
        expect_proxied(bench, TAP_A, IP(10, 7, 0, 1), HOST_A);
    }
    bench_close(bench);
}

/* Who was answered for is reached: his packets come to us and go on. */
static void traffic_goes_through_the_proxy(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; proxies; set arp.proxy on");
    bench_send_arp(bench, &(struct arp_frame){.target = HOST_B});
    expect_proxied(bench, TAP_A, HOST_B, HOST_A);
    uint64_t number = bench_send(bench, &(struct frame){.to = HOST_B});
    expect_arp_request(bench, HOST_B);
    bench_send_arp_reply(bench, TAP_B, HOST_B);
    assert_int_equal(expect_forwarded(bench, number)->on, TAP_B);
    bench_close(bench);
}

/* A proxy is not the target: who asks for somebody else becomes no neighbor by it (ARP-4), and one who is known moves. */
static void the_cache_is_as_without_it(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; proxies; set arp.proxy on");
    bench_send_arp(bench, &(struct arp_frame){.target = HOST_B});
    expect_frame(bench);
    assert_int_equal(mac_known(bench, TAP_A, HOST_A), 0);
    bench_send_arp_reply(bench, TAP_A, HOST_A);
    bench_send_arp(bench, &(struct arp_frame){.target = HOST_B, .sender_mac = INT64_C(0x02beef000001)});
    assert_int_equal(expect_frame(bench)->view.to_mac, INT64_C(0x02beef000001));
    assert_int_equal(mac_known(bench, TAP_A, HOST_A), INT64_C(0x02beef000001));
    bench_close(bench);
}

static void with_the_store_full_nobody_is_answered_for(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "strangers; proxies; set arp.proxy on");
    bench_starve(bench);
    expect_verdict(bench, bench_send_arp(bench, &(struct arp_frame){.target = HOST_B}), TAPIR_STORE_FULL);
    bench_feed(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("ARP-17", traffic_goes_through_the_proxy),
        PROVES("ARP-4", the_cache_is_as_without_it),
        cmocka_unit_test(with_the_store_full_nobody_is_answered_for),
    };
    return RUN_TABLE("proxy ARP", rows, check) +
           cmocka_run_group_tests_name("behind a proxy", stories, NULL, NULL);
}
