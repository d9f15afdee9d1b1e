/* Router discovery, RFC 1256, as a host: what it believes, and by whom it then sends. */
#include "tests/table.h"
#include "tests/world/router_frames.h"
#include "tests/world/sockets.h"

#define LEARNS "set icmp.router_discovery on"
#define ALONE  "no route default via 10.0.1.254; " LEARNS

/* ---- what it believes ---- */

static const struct row {
    const char *sentence;
    struct words words;
    enum tapir_verdict verdict;
    int way; /* by which router it sends afterwards */
} rows[] = {
    {"a router of the network is believed (RD-10)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISED,
     254},
    {"said to all ones (RD-10)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}, .to = BROADCAST},
     TAPIR_ICMP4_ADVERTISED,
     254},
    {"said to us alone (RD-10)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}, .to = DUT_A, .ttl = 64},
     TAPIR_ICMP4_ADVERTISED,
     254},
    {"the second entry counts too (RD-10, RD-12)",
     {.count = 2,
      .lifetime = 1800,
      .entries = {10, 0, 1, 254, 0, 0, 0, 0, 10, 0, 1, 253, 0, 0, 0, 1},
      .size = 16},
     TAPIR_ICMP4_ADVERTISED,
     253},
    {"entries of three words (RD-10)",
     {.count = 2,
      .words = 3,
      .lifetime = 1800,
      .entries = {10, 0, 1, 254, 0, 0, 0, 0, 9, 9, 9, 9, 10, 0, 1, 253, 0, 0, 0, 1, 9, 9, 9, 9},
      .size = 24},
     TAPIR_ICMP4_ADVERTISED,
     253},
    {"octets behind the entries mean nothing (RD-10)",
     {.count = 1,
      .lifetime = 1800,
      .entries = {10, 0, 1, 254, 0, 0, 0, 0, 10, 0, 1, 253, 0, 0, 0, 9},
      .size = 16},
     TAPIR_ICMP4_ADVERTISED,
     254},
    {"a count of 2 with data for 1 (RD-10)",
     {.count = 2, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"a count of 255 with data for 1, attack 34 (RD-10)",
     {.count = 255, .words = 255, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"an entry cut by an octet (RD-10)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}, .size = 7},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"no entries (RD-10)",
     {.count = 0, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"entries of one word (RD-10)",
     {.count = 1, .words = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"a code (RD-10)",
     {.code = 1, .count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"a mobility agent that wants no common traffic (RD-10)",
     {.code = 16, .count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"a wrong checksum (RD-10)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254}, .sum_xor = 1},
     TAPIR_ICMP4_CHECKSUM,
     0},
    {"an address of another network (RD-11)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 7, 254}},
     TAPIR_ICMP4_ADVERTISED,
     0},
    {"our own address (RD-11)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 1}},
     TAPIR_ICMP4_ADVERTISED,
     0},
    {"the broadcast of the network (RD-11)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 255}},
     TAPIR_ICMP4_ADVERTISED,
     0},
    {"said from another network, attack 35 (RD-11)",
     {.count = 1,
      .lifetime = 1800,
      .entries = {10, 0, 1, 254, 0x7f, 255, 255, 255},
      .from = IP(10, 66, 6, 6)},
     TAPIR_ICMP4_ADVERTISEMENT,
     0},
    {"a lifetime of 0 is no router (RD-11)",
     {.count = 1, .lifetime = 0, .entries = {10, 0, 1, 254}},
     TAPIR_ICMP4_ADVERTISED,
     0},
    {"the preference that means never (RD-12)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254, 0x80}},
     TAPIR_ICMP4_ADVERTISED,
     0},
    {"the least preference but one (RD-12)",
     {.count = 1, .lifetime = 1800, .entries = {10, 0, 1, 254, 0x80, 0, 0, 1}},
     TAPIR_ICMP4_ADVERTISED,
     254},
};

static void check_belief(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(HOST, ALONE);
    struct frame frame = advertisement(&row->words);
    expect_verdict(bench, bench_send(bench, &frame), row->verdict);
    expect_nothing(bench);
    assert_int_equal(way(bench), row->way);
    if (row->way == 0) {
        advertise(bench, 254, 0, 1800); /* the control */
        assert_int_equal(way(bench), 254);
    }
    bench_close(bench);
}

/* Attack 34: in two pieces, and `lies` says more entries than it has. Returns the number of the second. */
static uint64_t in_pieces(struct bench *bench, bool lies)
{
    static const uint8_t honest[] = {9, 0, 0xe2, 0xf7, 1, 2, 7, 8, 10, 0, 1, 254, 0, 0, 0, 0};
    static const uint8_t lying[] = {9, 0, 0xe3, 0xf9, 255, 255, 7, 8, 10, 0, 1, 254, 0, 0, 0, 0};
    const uint8_t *message = lies ? lying : honest;
    struct frame frame = {.from = GATEWAY_1,
                          .to = ALL_HOSTS,
                          .to_mac = MAC_ALL_HOSTS,
                          .id = lies ? 1 : 2,
                          .ttl = 1,
                          .carries = RAW,
                          .protocol = 1,
                          .fragment = IS_MF,
                          .bytes = message,
                          .data = 8};
    bench_send(bench, &frame);
    frame.fragment = 1;
    frame.bytes = message + 8;
    return bench_send(bench, &frame);
}

static void an_advertisement_in_pieces_keeps_its_bounds(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "no route default via 10.0.1.254");
    in_pieces(bench, true);
    assert_int_equal(count_of(bench, TAPIR_ICMP4_DISCOVERY_OFF, TAPIR_BORN), 1);
    bench_do(bench, LEARNS);
    in_pieces(bench, true);
    assert_int_equal(count_of(bench, TAPIR_ICMP4_ADVERTISEMENT, TAPIR_BORN), 1);
    assert_int_equal(way(bench), 0);
    in_pieces(bench, false);
    assert_int_equal(way(bench), 254);
    bench_close(bench);
}

static void an_entry_lives_as_long_as_it_says(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, ALONE);
    advertise(bench, 254, 0, 2);
    bench_run(bench, 2 * SECONDS - 1);
    assert_int_equal(way(bench), 254);
    bench_run(bench, 1);
    assert_int_equal(way(bench), 0);
    bench_close(bench);
}

static void a_refresh_renews_time_and_preference(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, ALONE);
    advertise(bench, 254, 5, 2);
    advertise(bench, 253, 3, 60);
    assert_int_equal(way(bench), 254);
    bench_run(bench, SECONDS);
    advertise(bench, 254, 5, 2);
    bench_run(bench, 2 * SECONDS - 1);
    assert_int_equal(way(bench), 254);
    advertise(bench, 254, 2, 30);
    assert_int_equal(way(bench), 253);
    advertise(bench, 253, 3, 0); /* it goes */
    assert_int_equal(way(bench), 254);
    bench_run(bench, 30 * SECONDS);
    assert_int_equal(way(bench), 0);
    bench_close(bench);
}

static void a_configured_route_counts_as_preference_0(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, LEARNS); /* by 254 */
    advertise(bench, 253, 0, 2);
    assert_int_equal(way(bench), 254);
    advertise(bench, 253, 0xffffffff, 2);
    assert_int_equal(way(bench), 254);
    advertise(bench, 253, 1, 2);
    assert_int_equal(way(bench), 253);
    bench_run(bench, 2 * SECONDS);
    assert_int_equal(way(bench), 254); /* has no timer */
    bench_run(bench, 20000 * SECONDS);
    assert_int_equal(way(bench), 254);
    bench_close(bench);
}

/* 254 is configured: what it says of itself takes nothing from it. */
static void a_configured_router_keeps_its_preference(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, LEARNS);
    advertise(bench, 254, 0x80000000, 1800);
    assert_int_equal(way(bench), 254);
    advertise(bench, 254, 0xfffffff0, 1);
    assert_int_equal(way(bench), 254);
    bench_run(bench, SECONDS);
    assert_int_equal(way(bench), 254);
    bench_close(bench);
}

static void the_most_preferred_wins(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, ALONE);
    advertise(bench, 2, 0xffffffff, 1800);
    assert_int_equal(way(bench), 2);
    advertise(bench, 254, 0, 1800);
    assert_int_equal(way(bench), 254);
    advertise(bench, 253, 0x7fffffff, 1800);
    assert_int_equal(way(bench), 253);
    advertise(bench, 253, 0x80000000, 1800);
    assert_int_equal(way(bench), 254);
    bench_close(bench);
}

static void a_redirected_destination_keeps_its_gateway(void **state)
{
    (void)state;
    const struct frame ours = {.from = DUT_A, .to = FAR};
    struct bench *bench = bench_open(HOST, LEARNS);
    assert_int_equal(way(bench), 254);
    bench_send(bench, &(struct frame){.from = GATEWAY_1,
                                      .carries = ICMP,
                                      .icmp_type = 5,
                                      .icmp_code = 1,
                                      .rest = ROUTER_2,
                                      .quote = &ours});
    assert_int_equal(way(bench), 2);
    advertise(bench, 253, 9, 1800);
    assert_int_equal(way(bench), 2);
    assert_int_equal(way_to(bench, IP(10, 7, 7, 7)), 253);
    bench_close(bench);
}

/* What is too large for the way: the story of it names the route that decided, or none. */
static void no_route_is_said_to_have_decided(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, LEARNS);
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, 5353);
    const struct tapir_message how = {
        .destination = ip4_of(FAR), .destination_port = 4000, .dont_fragment = true};
    assert_int_equal(say(bench, socket, &how, NULL, 1500), TAPIR_OK);
    assert_int_not_equal(bench->entry, 0);
    advertise(bench, 253, 9, 1800);
    assert_int_equal(say(bench, socket, &how, NULL, 1500), TAPIR_OK);
    assert_int_equal(bench->entry, 0);
    assert_int_equal(count_of(bench, TAPIR_IP4_TOO_BIG, TAPIR_BORN), 2);
    bench_close(bench);
}

/* What was learnt while a route led there by another is nothing to a neighbor. */
static void a_router_itself_is_reached_directly(void **state)
{
    (void)state;
    const struct frame ours = {.from = DUT_A, .to = GATEWAY_2};
    struct bench *bench = bench_open(HOST, LEARNS "; route 10.0.1.253/32 via 10.0.1.254");
    bench_send(bench, &(struct frame){.from = GATEWAY_1,
                                      .carries = ICMP,
                                      .icmp_type = 5,
                                      .icmp_code = 1,
                                      .rest = ROUTER_2,
                                      .quote = &ours});
    assert_int_equal(way_to(bench, GATEWAY_2), 2);
    bench_do(bench, "no route 10.0.1.253/32 via 10.0.1.254");
    advertise(bench, 253, 9, 1800);
    assert_int_equal(way_to(bench, GATEWAY_2), 253);
    bench_close(bench);
}

static void other_routes_come_first(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(HOST, "route 10.5.0.0/16 via 10.0.1.2; route 10.6.0.0/16 prohibit; " LEARNS);
    advertise(bench, 253, 9, 1800);
    assert_int_equal(way(bench), 2);
    assert_int_equal(way_to(bench, IP(10, 6, 6, 6)), 0);
    assert_int_equal(way_to(bench, IP(10, 7, 7, 7)), 253);
    bench_do(bench, "no route default via 10.0.1.254; route default prohibit");
    assert_int_equal(way_to(bench, IP(10, 7, 7, 7)), 0);
    bench_close(bench);
}

static void the_list_is_bounded_and_keeps_the_best(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, ALONE);
    advertise(bench, 253, 5, 1800);
    for (int i = 20; i < 220; i++)
        advertise(bench, i, 1, 1800);
    assert_int_equal(way(bench), 253);
    advertise(bench, 254, 6, 1800);
    assert_int_equal(way(bench), 254);
    advertise(bench, 254, 6, 0);
    assert_int_equal(way(bench), 253);
    bench_close(bench);
}

/* Dead by ARP, it gives way to one that answers; alone, it is used all the same. */
static void a_router_that_answers_no_arp_gives_way(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, ALONE);
    advertise(bench, 77, 9, 1800);
    way(bench);
    bench_run(bench, 10 * SECONDS);
    advertise(bench, 253, 1, 1800);
    assert_int_equal(way(bench), 253);
    bench_close(bench);
}

/* Where a host learns its default routers, the way back to the source of a packet is by them. */
static void the_way_back_may_be_by_a_router_that_was_learnt(void **state)
{
    (void)state;
    static const char *const given[] = {ALONE "; set ip.rpfilter loose", ALONE "; set ip.rpfilter strict",
                                        ALONE "; set ip.rpfilter explicit"};
    for (int filter = 0; filter < 3; filter++) {
        struct bench *bench = bench_open(HOST, given[filter]);
        assert_int_equal(way(bench), 0);
        advertise(bench, 254, 0, 1800);
        assert_int_equal(way(bench), filter < 2 ? 254 : 0);
        bench_close(bench);
    }
}

static void an_address_that_goes_takes_its_routers_along(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "address a 10.7.7.1/24; neighbor a 10.7.7.9; " ALONE);
    struct words words = {.count = 1, .lifetime = 1800, .entries = {10, 7, 7, 9}, .from = IP(10, 7, 7, 9)};
    struct frame frame = advertisement(&words);
    bench_send(bench, &frame);
    assert_int_equal(way(bench), 9);
    bench_do(bench, "no neighbor a 10.7.7.9; no address a 10.7.7.1/24");
    assert_int_equal(way(bench), 0);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("RD-10", an_advertisement_in_pieces_keeps_its_bounds),
        PROVES("RD-11", an_entry_lives_as_long_as_it_says),
        PROVES("RD-11", a_refresh_renews_time_and_preference),
        PROVES("RD-11 RD-12", a_configured_route_counts_as_preference_0),
        PROVES("RD-11", a_configured_router_keeps_its_preference),
        PROVES("RD-12", the_most_preferred_wins),
        PROVES("RD-12", a_redirected_destination_keeps_its_gateway),
        cmocka_unit_test(no_route_is_said_to_have_decided),
        cmocka_unit_test(a_router_itself_is_reached_directly),
        PROVES("RD-12", other_routes_come_first),
        PROVES("RD-12", the_list_is_bounded_and_keeps_the_best),
        PROVES("FWD-25 FWD-26", the_way_back_may_be_by_a_router_that_was_learnt),
        PROVES("RD-12", a_router_that_answers_no_arp_gives_way),
        PROVES("RD-11", an_address_that_goes_takes_its_routers_along),
    };
    return cmocka_run_group_tests_name("router discovery of hosts", tests, NULL, NULL) +
           RUN_TABLE("advertisements", rows, check_belief);
}
