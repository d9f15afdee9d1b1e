/* Redirects that we are told: RED-10 to RED-14. What we say goes to the gateway that was named, for the quoted destination
 * alone and for a time; what passes through us goes as the routes say. */
#include "tests/world/arp_frames.h"

#define FAR     IP(10, 9, 0, 1)
#define BESIDE  IP(10, 9, 0, 2)
#define NOBODY  IP(10, 0, 1, 77)
#define THIRD   IP(10, 0, 1, 3)
#define NEITHER "neighbor a 10.0.1.77; neighbor a 10.0.1.3"

/* What we said to the one far away: an answer of the echo service. */
static const struct frame our_udp = {
    .carries = UDP, .from = DUT_A, .to = FAR, .from_port = 7, .to_port = 5000};
static const struct frame our_reply = {.from = DUT_A, .to = FAR, .carries = ICMP, .icmp_type = 0};
static const struct frame our_tcp = {.carries = TCP, .from = DUT_A, .to = FAR};
static const struct frame no_flow = {.carries = UDP, .from = DUT_A, .to = FAR, .from_port = 4444};
static const struct frame not_ours = {.carries = UDP, .from = NOBODY, .to = FAR, .from_port = 7};
static const struct frame to_neighbor = {.carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 7};
static const struct frame to_group = {.carries = UDP, .from = DUT_A, .to = IP(224, 0, 0, 9), .from_port = 7};
static const struct frame to_nowhere = {
    .carries = UDP, .from = DUT_A, .to = IP(10, 66, 0, 1), .from_port = 7, .to_port = 5000};
static const struct frame to_ourselves = {.carries = UDP, .from = DUT_A, .to = DUT_A, .from_port = 7};
static const struct frame our_piece = {
    .carries = UDP, .from = DUT_A, .to = FAR, .from_port = 7, .to_port = 5000, .fragment = 100};

#define REDIRECT(about) .carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = GATEWAY_2, .quote = &(about)

static const struct frame good = {.from = GATEWAY_1, REDIRECT(our_udp)};

static const struct row {
    const char *sentence;
    const char *given;
    struct frame redirect;
    enum tapir_verdict verdict; /* ICMP4_REDIRECTED: it is heeded */
} rows[] = {
    {"code 0 is heeded, for the host alone (RED-10)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 0,
      .rest = GATEWAY_2,
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECTED},
    {"code 1 is heeded, for the host alone (RED-10)",
     "",
     {.from = GATEWAY_1, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECTED},
    {"code 2 is heeded, for the host alone (RED-10)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 2,
      .rest = GATEWAY_2,
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECTED},
    {"code 3 is heeded, for the host alone (RED-10)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 3,
      .rest = GATEWAY_2,
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECTED},
    {"code 4 means nothing (RED-10)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 4,
      .rest = GATEWAY_2,
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_CODE},
    {"one about a reply of ours is heeded (RED-10)",
     "",
     {.from = GATEWAY_1, REDIRECT(our_reply)},
     TAPIR_ICMP4_REDIRECTED},
    {"one about a segment of ours is heeded (RED-10)",
     "",
     {.from = GATEWAY_1, REDIRECT(our_tcp)},
     TAPIR_ICMP4_REDIRECTED},
    {"no flow is demanded, a route is for all (RED-10)",
     "",
     {.from = GATEWAY_1, REDIRECT(no_flow)},
     TAPIR_ICMP4_REDIRECTED},

    {"from the new gateway itself it is refused (RED-11)",
     "",
     {.from = GATEWAY_2, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT_SENDER},
    {"from a stranger on the link it is refused (RED-11)",
     "",
     {.from = NOBODY, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT_SENDER},
    {"from afar it is refused (RED-11)",
     "",
     {.from = IP(10, 200, 0, 1), .from_mac = MAC_OF(GATEWAY_1), REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT_SENDER},
    {"to a gateway off the network it is refused (RED-11)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 1,
      .rest = IP(10, 0, 5, 5),
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_OFF_SUBNET},

    {"to ourselves it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, .carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = DUT_A, .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"to the broadcast of the network it is refused (RED-12)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 1,
      .rest = IP(10, 0, 1, 255),
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"to the zero host of the network it is refused (RED-12)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 1,
      .rest = IP(10, 0, 1, 0),
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"to the limited broadcast it is refused (RED-12)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 1,
      .rest = BROADCAST,
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"to a group it is refused (RED-12)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 1,
      .rest = IP(224, 0, 0, 2),
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"to 0.0.0.0 it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, .carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = ZERO, .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"to 127.0.0.1 it is refused (RED-12)",
     "",
     {.from = GATEWAY_1,
      .carries = ICMP,
      .icmp_type = 5,
      .icmp_code = 1,
      .rest = IP(127, 0, 0, 1),
      .quote = &our_udp},
     TAPIR_ICMP4_REDIRECT_GATEWAY},
    {"about what we did not send it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, REDIRECT(not_ours)},
     TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"about a host on our link it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, REDIRECT(to_neighbor)},
     TAPIR_ICMP4_REDIRECT_ON_LINK},
    {"about a group it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, REDIRECT(to_group)},
     TAPIR_ICMP4_REDIRECT_ON_LINK},
    {"about what we have no way for it is refused (RED-12)",
     "route 10.66.0.0/16 prohibit",
     {.from = GATEWAY_1, REDIRECT(to_nowhere)},
     TAPIR_ICMP4_REDIRECT_ON_LINK},
    {"about what we said to ourselves it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, REDIRECT(to_ourselves)},
     TAPIR_ICMP4_REDIRECT_ON_LINK},
    {"about a later fragment it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, REDIRECT(our_piece)},
     TAPIR_ICMP4_QUOTE_FRAGMENT},
    {"with too short a quote it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, REDIRECT(our_udp), .quote_octets = 27},
     TAPIR_ICMP4_QUOTE},
    {"told to all it is refused (RED-12)",
     "",
     {.from = GATEWAY_1, .to = BROADCAST, .to_mac = MAC_BROADCAST, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT_BROADCAST},

    {"icmp.redirect.accept off refuses all (RED-14)",
     "set icmp.redirect.accept off",
     {.from = GATEWAY_1, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT},
    {"icmp.redirect.accept on heeds (RED-14)",
     "set icmp.redirect.accept on",
     {.from = GATEWAY_1, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECTED},
    {"icmp.redirect.accept off counts on its interface (RED-14)",
     "set icmp.redirect.accept off on a",
     {.from = GATEWAY_1, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT},
    {"a router refuses all by default (RED-14)",
     "set forwarding on",
     {.from = GATEWAY_1, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECT},
    {"a router that shall heed, heeds for itself (RED-14)",
     "set forwarding on; set icmp.redirect.accept on",
     {.from = GATEWAY_1, REDIRECT(our_udp)},
     TAPIR_ICMP4_REDIRECTED},
};

/* Lets us speak to `far`, and expects it to go by `gateway`. */
static void expect_way(struct bench *bench, int64_t far, int64_t gateway)
{
    bench_send(bench, &(struct frame){.carries = UDP, .from = far, .from_mac = MAC_OF(HOST_A)});
    const struct sight *sight = expect_udp(bench, 5000);
    assert_int_equal(sight->view.to, far);
    assert_int_equal(sight->view.from, DUT_A);
    assert_int_equal(sight->view.to_mac, MAC_OF(gateway));
    expect_nothing(bench);
}

static size_t routes_of(const struct bench *bench, union tapir_row rows_of[16])
{
    uint64_t cursor = 0;
    memset(rows_of, 0, 16 * sizeof rows_of[0]);
    return tapir_list(bench->stack, TAPIR_TABLE_ROUTES, &cursor, rows_of, 16);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(HOST, row->given);
    union tapir_row before[16], after[16];
    size_t routes = routes_of(bench, before);
    expect_way(bench, FAR, GATEWAY_1);
    expect_verdict(bench, bench_send(bench, &row->redirect), row->verdict);
    expect_way(bench, FAR, row->verdict == TAPIR_ICMP4_REDIRECTED ? GATEWAY_2 : GATEWAY_1);
    expect_way(bench, BESIDE, GATEWAY_1);
    if (row->verdict != TAPIR_ICMP4_REDIRECTED) { /* the control: a good one */
        bench_do(bench, "set icmp.redirect.accept on; set icmp.redirect.accept on on a");
        expect_verdict(bench, bench_send(bench, &good), TAPIR_ICMP4_REDIRECTED);
        expect_way(bench, FAR, GATEWAY_2);
    }
    assert_int_equal(routes_of(bench, after), routes);
    assert_memory_equal(before, after, sizeof before);
    bench_close(bench);
}

static struct bench *redirected(const char *given)
{
    struct bench *bench = bench_open(HOST, given);
    expect_verdict(bench, bench_send(bench, &good), TAPIR_ICMP4_REDIRECTED);
    expect_way(bench, FAR, GATEWAY_2);
    return bench;
}

static void it_is_heeded_for_ten_minutes(void **state)
{
    (void)state;
    struct bench *bench = redirected("");
    bench_run(bench, 600 * SECONDS - 1);
    expect_way(bench, FAR, GATEWAY_2);
    bench_run(bench, 1);
    expect_way(bench, FAR, GATEWAY_1);
    bench_close(bench);
}

static void how_long_is_a_setting(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        int64_t seconds;
    } times[] = {{"set icmp.redirect.timeout 1s", 1},
                 {"set icmp.redirect.timeout 2s", 2},
                 {"set icmp.redirect.timeout 24h", 86400},
                 {"set icmp.redirect.timeout 3s on a", 3}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct bench *bench = redirected(times[i].given);
        bench_run(bench, times[i].seconds * SECONDS - 1);
        expect_way(bench, FAR, GATEWAY_2);
        bench_run(bench, 1);
        expect_way(bench, FAR, GATEWAY_1);
        bench_close(bench);
    }
}

/* Who is the first hop now may redirect again; who was may not. */
static void redirects_follow_each_other(void **state)
{
    (void)state;
    struct bench *bench = redirected(NEITHER);
    const struct frame on = {
        .from = GATEWAY_2, .carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = THIRD, .quote = &our_udp};
    expect_verdict(bench, bench_send(bench, &good), TAPIR_ICMP4_REDIRECT_SENDER);
    expect_verdict(bench, bench_send(bench, &on), TAPIR_ICMP4_REDIRECTED);
    expect_way(bench, FAR, THIRD);
    expect_way(bench, BESIDE, GATEWAY_1);
    bench_close(bench);
}

/* It stood for one first hop, and is of no use for another. */
static void a_new_route_puts_it_out_of_force(void **state)
{
    (void)state;
    struct bench *bench = redirected(NEITHER);
    bench_do(bench, "route 10.9.0.0/16 via 10.0.1.3");
    expect_way(bench, FAR, THIRD);
    bench_do(bench, "no route 10.9.0.0/16 via 10.0.1.3");
    expect_way(bench, FAR, GATEWAY_2);
    bench_do(bench, "no route default via 10.0.1.254; route default via 10.0.1.3");
    expect_way(bench, FAR, THIRD);
    bench_close(bench);
}

/* Here router 2 is reached by the other interface from now on. */
static void it_is_for_its_interface_alone(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "set icmp.redirect.accept on; set icmp.redirect.send off; " NEITHER);
    const struct frame told = {
        .from = ROUTER_2, .carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = NOBODY, .quote = &our_udp};
    expect_verdict(bench, bench_send(bench, &told), TAPIR_ICMP4_REDIRECTED);
    expect_way(bench, FAR, NOBODY);
    bench_do(bench, "no route 10.9.0.0/16 via 10.0.1.2; address b 10.0.1.3/31; neighbor b 10.0.1.2; "
                    "route 10.9.0.0/16 via 10.0.1.2");
    bench_send(bench, &(struct frame){.carries = UDP, .from = FAR, .from_mac = MAC_OF(HOST_A)});
    const struct sight *sight = expect_udp(bench, 5000);
    assert_int_equal(sight->on, TAP_B);
    assert_int_equal(sight->view.to_mac, MAC_OF(ROUTER_2));
    expect_nothing(bench);
    bench_close(bench);
}

static void a_gateway_whose_network_left_is_none(void **state)
{
    (void)state;
    static const struct frame there = {.from = GATEWAY_1,
                                       .carries = ICMP,
                                       .icmp_type = 5,
                                       .icmp_code = 1,
                                       .rest = IP(10, 7, 7, 2),
                                       .quote = &our_udp};
    struct bench *bench = bench_open(HOST, "address a 10.7.7.1/24; neighbor a 10.7.7.2");
    expect_verdict(bench, bench_send(bench, &there), TAPIR_ICMP4_REDIRECTED);
    expect_way(bench, FAR, IP(10, 7, 7, 2));
    bench_do(bench, "no address a 10.7.7.1/24");
    expect_way(bench, FAR, GATEWAY_1);
    bench_close(bench);
}

/* RFC 1122 3.3.1.4: one who does not answer ARP is no first hop, whoever named it. */
static void a_dead_gateway_is_left(void **state)
{
    (void)state;
    static const struct frame dead = {.from = GATEWAY_1,
                                      .carries = ICMP,
                                      .icmp_type = 5,
                                      .icmp_code = 1,
                                      .rest = NOBODY,
                                      .quote = &our_udp};
    struct bench *bench = bench_open(HOST, "");
    expect_verdict(bench, bench_send(bench, &dead), TAPIR_ICMP4_REDIRECTED);
    bench_send(bench, &(struct frame){.carries = UDP, .from = FAR, .from_mac = MAC_OF(HOST_A)});
    bench_run(bench, 3 * SECONDS);
    for (int i = 0; i < 3; i++)
        expect_arp_request(bench, NOBODY);
    expect_way(bench, FAR, GATEWAY_1);
    bench_close(bench);
}

/* RED-14: obeyed by a router, it still moves nothing but the router's own packets. */
static void forwarding_never_asks(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "set icmp.redirect.accept on; set icmp.redirect.send off; " NEITHER);
    const struct frame told = {
        .from = ROUTER_2, .carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = THIRD, .quote = &our_udp};
    expect_verdict(bench, bench_send(bench, &told), TAPIR_ICMP4_REDIRECTED);
    expect_way(bench, FAR, THIRD);
    uint64_t number = bench_send(bench, &(struct frame){.on = TAP_B, .to = FAR});
    assert_int_equal(expect_forwarded(bench, number)->view.to_mac, MAC_OF(ROUTER_2));
    bench_close(bench);
}

/* Of gateways that share, the one speaks that has the flow. */
static void with_gateways_that_share_the_flow_decides(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "route default via 10.0.1.253; " NEITHER);
    unsigned flows[2] = {0, 0};
    for (int port = 5000; port < 5032; port++) {
        const struct frame question = {
            .carries = UDP, .from = FAR + port, .from_mac = MAC_OF(HOST_A), .from_port = port};
        bench_send(bench, &question);
        int64_t mac = expect_udp(bench, (unsigned)port)->view.to_mac;
        bool first = mac == MAC_OF(GATEWAY_1);
        flows[first]++;
        const struct frame said = {.carries = UDP,
                                   .from = DUT_A,
                                   .to = FAR + port,
                                   .from_port = 7,
                                   .to_port = port,
                                   .fragment = port % 3 == 0 ? IS_MF : 0}; /* a router on the way cut it */
        struct frame told = {.carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = THIRD, .quote = &said};
        told.from = first ? GATEWAY_2 : GATEWAY_1;
        expect_verdict(bench, bench_send(bench, &told), TAPIR_ICMP4_REDIRECT_SENDER);
        told.from = first ? GATEWAY_1 : GATEWAY_2;
        expect_verdict(bench, bench_send(bench, &told), TAPIR_ICMP4_REDIRECTED);
        bench_send(bench, &question);
        assert_int_equal(expect_udp(bench, (unsigned)port)->view.to_mac, MAC_OF(THIRD));
    }
    assert_true(flows[0] > 0 && flows[1] > 0);
    bench_close(bench);
}

static void another_interface_tells_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "set icmp.redirect.accept on");
    const struct frame told = {.on = TAP_B,
                               .from = ROUTER_2,
                               .to = DUT_A,
                               .carries = ICMP,
                               .icmp_type = 5,
                               .icmp_code = 1,
                               .rest = HOST_B,
                               .quote = &our_udp};
    expect_verdict(bench, bench_send(bench, &told), TAPIR_ICMP4_REDIRECT_SENDER);
    expect_way(bench, FAR, ROUTER_2);
    bench_close(bench);
}

/* CVE-1999-0265: however many are told, the table and the memory stay as they are, and the last one told holds. */
static void the_table_is_bounded(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    size_t memory = bench->memory;
    for (int i = 1; i <= 3000; i++) {
        const struct frame sent = {.carries = UDP, .from = DUT_A, .to = FAR + i, .from_port = 7};
        const struct frame told = {.from = GATEWAY_1, REDIRECT(sent)};
        expect_verdict(bench, bench_send(bench, &told), TAPIR_ICMP4_REDIRECTED);
    }
    expect_way(bench, FAR + 3000, GATEWAY_2);
    union tapir_row listed[600];
    uint64_t cursor = 0;
    size_t n = tapir_list(bench->stack, TAPIR_TABLE_EXCEPTIONS, &cursor, listed, 600);
    assert_in_range(n, 500, 512);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(listed[i].exception.gateway.value, GATEWAY_2);
        assert_int_equal(listed[i].exception.iface, TAP_A);
        assert_int_equal(listed[i].exception.mtu, 0);
        assert_int_equal(listed[i].exception.gateway_until.ns, bench->now_ns + 600 * SECONDS);
    }
    bench_run(bench, 600 * SECONDS);
    cursor = 0;
    assert_int_equal(tapir_list(bench->stack, TAPIR_TABLE_EXCEPTIONS, &cursor, listed, 600), 0);
    assert_int_equal(bench->memory, memory);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("RED-13", it_is_heeded_for_ten_minutes),
        PROVES("RED-13", how_long_is_a_setting),
        PROVES("RED-11", redirects_follow_each_other),
        PROVES("RED-13", a_new_route_puts_it_out_of_force),
        PROVES("RED-13", it_is_for_its_interface_alone),
        PROVES("RED-11", a_gateway_whose_network_left_is_none),
        PROVES("IPR-23", a_dead_gateway_is_left),
        PROVES("RED-14", forwarding_never_asks),
        PROVES("RED-11", with_gateways_that_share_the_flow_decides),
        PROVES("RED-11", another_interface_tells_nothing),
        PROVES("RED-13", the_table_is_bounded),
    };
    return RUN_TABLE("redirects that we are told", rows, check) +
           cmocka_run_group_tests_name("redirects heeded", stories, NULL, NULL);
}
