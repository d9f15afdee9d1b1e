/* What broke other stacks, sent to this one: each row is a class of fault with a number in the public lists,
 * frames that set it off there, and the verdict that they get here. Every row ends with an echo that is
 * answered and with as much memory in use as before. Floods are in test_floods.c, the neighbor cache in
 * test_neighbor_bounds.c. */
#include "tests/world/arp_frames.h"

#include "tests/dissect.h"

enum {
    MANY = 4,
    URG = 32
};

struct attack {
    const char *sentence;
    enum bench_kind bench;
    const char *given;
    struct frame frames[MANY];  /* up to the first that is all zero, but one at least */
    enum tapir_verdict verdict; /* of each */
    unsigned answers;           /* frames that may leave: 0 or, for each, 1 */
};

/* Source routes by 192.0.2.9, which nobody may be sent to. */
#define LSRR "\x83\x07\x04\xc0\x00\x02\x09\x00"
#define LSRR_TEN \
    "\x83\x03\xff\x83\x03\xff\x83\x03\x00\x83\x03\x01\x83\x03\x02\x83\x03\x03\x83\x03\x80\x83\x03\x04\x83\x03\x05\x89\x03\x06\x00\x00"
#define INNER_LONG \
    "\x45\x00\xff\xff\x00\x01\x00\x00\x40\x01\x00\x00\x0a\x00\x01\x0a\x0a\x00\x01\x01\x08\x00\x00\x00"
#define INNER_OCTETS 24

static const struct frame echo = {.to = 0};

static const struct attack attacks[] = {
    /* ---- fragments ---- */
    {.sentence = "ping of death, CVE-1999-0128: a last fragment that ends beyond 65535",
     .frames = {{.carries = RAW, .protocol = 1, .fragment = 0x1fff, .data = 100}},
     .verdict = TAPIR_IP4_FRAGMENT_BEYOND},
    {.sentence = "teardrop, CVE-1999-0015: a first fragment that ends between two offsets",
     .frames = {{.carries = RAW, .protocol = 17, .fragment = IS_MF, .data = 36}},
     .verdict = TAPIR_IP4_FRAGMENT_LENGTH},
    {.sentence = "AMNESIA:33, CVE-2020-17438: a fragment that claims more than the frame has",
     .bench = HOST,
     .frames = {{.fragment = IS_MF, .total_more = 100}, {.fragment = 0x2001, .total_more = 1}},
     .verdict = TAPIR_IP4_TRUNCATED_HOST},

    /* ---- tunnels that nobody asked for ---- */
    {.sentence = "Ripple20, CVE-2020-11896: IP in IP with an inner length beyond the outer",
     .frames = {{.carries = RAW, .protocol = 4, .bytes = INNER_LONG, .data = INNER_OCTETS}},
     .verdict = TAPIR_IP4_PROTOCOL,
     .answers = 1},
    {.sentence = "CVE-2020-10136 and CVE-2024-7595: IP in IP, IPv6 in IP and GRE from anyone",
     .frames = {{.carries = RAW, .protocol = 4},
                {.carries = RAW, .protocol = 41},
                {.carries = RAW, .protocol = 47}},
     .verdict = TAPIR_IP4_PROTOCOL,
     .answers = 1},

    /* ---- lengths that lie ---- */
    {.sentence = "Ripple20, CVE-2020-11909: a total length below the header",
     .frames = {{.total = ZERO}, {.total = 1}, {.total = 19}, {.total = 20, .header_words = 6}},
     .verdict = TAPIR_IP4_TOTAL_LENGTH},
    {.sentence = "Ripple20, CVE-2020-11907: a TCP data offset above the segment",
     .frames = {{.carries = TCP, .tcp_words = 15},
                {.carries = TCP, .tcp_words = 8},
                {.carries = TCP, .tcp_words = 4}},
     .verdict = TAPIR_TCP_SHORT},
    {.sentence = "AMNESIA:33, CVE-2020-13987: checksums over more than was received",
     .bench = HOST,
     .frames = {{.total_more = 8}, {.carries = UDP, .total_more = 8}, {.carries = TCP, .total_more = 8}},
     .verdict = TAPIR_IP4_TRUNCATED_HOST},
    {.sentence = "INFRA:HALT, CVE-2020-35683: an echo of 65535 octets in a frame of 60",
     .bench = HOST,
     .frames = {{.total = 65535, .padded = 1}},
     .verdict = TAPIR_IP4_TRUNCATED_HOST},
    {.sentence = "NUCLEUS:13, CVE-2021-31346: a UDP length below 8 or beyond the datagram",
     .frames = {{.carries = UDP, .udp_length_more = -16},
                {.carries = UDP, .udp_length_more = -9},
                {.carries = UDP, .udp_length_more = 1},
                {.carries = UDP, .udp_length_more = 4000}},
     .verdict = TAPIR_UDP_LENGTH},
    {.sentence = "FreeRTOS+TCP, CVE-2018-16601: a header of 60 octets in a frame of 34",
     .frames = {{.header_words = 15, .carries = RAW, .protocol = 1, .data = ZERO}},
     .verdict = TAPIR_IP4_HEADER_LENGTH},
    {.sentence = "FreeRTOS+TCP, CVE-2018-16527: ICMP of less than 8 octets",
     .frames = {{.carries = RAW, .protocol = 1, .bytes = "\x08\0\xf7\xff\0\0\0", .data = 7},
                {.carries = RAW, .protocol = 1, .bytes = "\0\0\xff\xff", .data = 4},
                {.carries = RAW, .protocol = 1, .bytes = "\x08", .data = 1},
                {.carries = RAW, .protocol = 1, .data = ZERO}},
     .verdict = TAPIR_ICMP4_SHORT},
    {.sentence = "smoltcp: a header of 16 octets",
     .frames = {{.header_words = 4}, {.header_words = ZERO}},
     .verdict = TAPIR_IP4_HEADER_LENGTH},

    /* ---- options ---- */
    {.sentence = "AMNESIA:33, CVE-2020-24337: TCP options of length 0 and 1 to a closed port",
     .frames = {{.carries = TCP, .flags = SYN, .tcp_words = 6, .bytes = "\x02\0\0\0", .data = 4},
                {.carries = TCP, .flags = SYN, .tcp_words = 6, .bytes = "\x02\x01\0\0", .data = 4},
                {.carries = TCP, .flags = SYN, .tcp_words = 6, .bytes = "\x05\xff\0\0", .data = 4}},
     .verdict = TAPIR_TCP_CLOSED,
     .answers = 1},
    {.sentence =
         "URGENT/11, CVE-2019-12256: ten source routes with bad pointers, then a protocol that nobody speaks",
     .frames = {{.options = LSRR_TEN, .options_size = 32, .carries = RAW, .protocol = 99}},
     .verdict = TAPIR_IP4_OPTION_TWO_ROUTES,
     .answers = 1},
    {.sentence =
         "NUCLEUS:13, CVE-2021-31344: an echo with a source route by a third host, which nobody follows by default",
     .frames = {{.options = LSRR, .options_size = 8}},
     .verdict = TAPIR_IP4_OPTION_SOURCE_ROUTE},
    {.sentence = "the same, where source routes are ignored: it is answered to its source alone",
     .given = "set ip.option.lsrr ignore",
     .frames = {{.options = LSRR, .options_size = 8}},
     .verdict = TAPIR_ICMP4_ECHOED,
     .answers = 1},
    {.sentence = "an option that never advances",
     .frames = {{.options = "\x83\0\0\0", .options_size = 4}, {.options = "\x44\x01\0\0", .options_size = 4}},
     .verdict = TAPIR_IP4_OPTION_LENGTH,
     .answers = 1},

    /* ---- addresses that lie ---- */
    {.sentence = "FreeRTOS+TCP, CVE-2026-7422: frames with our own MAC as their source",
     .frames = {{.from_mac = MAC_A}, {.from_mac = MAC_A, .total = 5}, {.from_mac = MAC_A, .carries = UDP}},
     .verdict = TAPIR_ETHER_OWN_SOURCE},
    {.sentence = "LAND, CVE-1999-0016: from our own address to ourselves",
     .frames = {{.from = DUT_A, .carries = TCP, .flags = SYN, .from_port = 9998},
                {.from = DUT_A, .carries = UDP, .from_port = 7},
                {.from = DUT_A},
                {.from = DUT_B}},
     .verdict = TAPIR_IP4_SOURCE_OURS},
    {.sentence = "LAND from the loopback network",
     .frames = {{.from = IP(127, 0, 0, 1), .carries = TCP, .flags = SYN}, {.from = IP(127, 1, 2, 3)}},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN},
    {.sentence = "LAND to the loopback network",
     .frames = {{.to = IP(127, 0, 0, 1), .carries = TCP, .flags = SYN}, {.to = IP(127, 0, 0, 1)}},
     .verdict = TAPIR_IP4_DESTINATION_MARTIAN},
    {.sentence = "smoltcp: a SYN from 0.0.0.0",
     .frames = {{.from = ZERO, .from_mac = MAC_OF(HOST_A), .carries = TCP, .flags = SYN}},
     .verdict = TAPIR_IP4_SOURCE_MARTIAN},

    /* ---- amplifiers ---- */
    {.sentence = "smurf, CVE-1999-0513: echo to all of them",
     .bench = HOST,
     .frames = {{.to = BROADCAST, .to_mac = MAC_BROADCAST},
                {.to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST},
                {.to = IP(10, 0, 1, 0), .to_mac = MAC_BROADCAST},
                {.to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS}},
     .verdict = TAPIR_ICMP4_ECHO_BROADCAST},
    {.sentence = "smurf by way of a router: a directed broadcast is not forwarded",
     .frames = {{.to = IP(10, 0, 2, 255)}, {.to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST}},
     .verdict = TAPIR_IP4_DIRECTED_BROADCAST},
    {.sentence = "smurf with timestamp requests",
     .bench = HOST,
     .frames =
         {{.to = BROADCAST, .to_mac = MAC_BROADCAST, .carries = ICMP, .icmp_type = 13, .data = 12},
          {.to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST, .carries = ICMP, .icmp_type = 13, .data = 12},
          {.to = IP(10, 0, 1, 0), .to_mac = MAC_BROADCAST, .carries = ICMP, .icmp_type = 13, .data = 12},
          {.to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS, .carries = ICMP, .icmp_type = 13, .data = 12}},
     .verdict = TAPIR_ICMP4_QUERY_BROADCAST},
    {.sentence = "smurf with mask requests",
     .bench = HOST,
     .frames = {{.to = BROADCAST, .to_mac = MAC_BROADCAST, .carries = ICMP, .icmp_type = 17, .data = 4},
                {.to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST, .carries = ICMP, .icmp_type = 17}},
     .verdict = TAPIR_ICMP4_MASK_OFF},
    {.sentence = "smurf for one host in a frame for all",
     .frames = {{.to_mac = MAC_BROADCAST}, {.to_mac = MAC_ALL_HOSTS, .carries = UDP}},
     .verdict = TAPIR_IP4_LINK_BROADCAST},
    {.sentence = "fraggle, CVE-1999-0514: UDP echo to all of them is heard, not answered",
     .bench = HOST,
     .frames = {{.to = BROADCAST, .to_mac = MAC_BROADCAST, .carries = UDP},
                {.to = IP(10, 0, 1, 255), .to_mac = MAC_BROADCAST, .carries = UDP}},
     .verdict = TAPIR_UDP_DELIVERED},
    {.sentence = "fraggle to a closed port",
     .bench = HOST,
     .frames = {{.to = BROADCAST, .to_mac = MAC_BROADCAST, .carries = UDP, .to_port = 19},
                {.to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS, .carries = UDP, .to_port = 19}},
     .verdict = TAPIR_UDP_PORT},
    {.sentence = "a SYN to all of them",
     .bench = HOST,
     .frames = {{.to = BROADCAST, .to_mac = MAC_BROADCAST, .carries = TCP, .flags = SYN},
                {.to = IP(224, 0, 0, 1), .to_mac = MAC_ALL_HOSTS, .carries = TCP, .flags = SYN}},
     .verdict = TAPIR_TCP_BROADCAST},

    /* ---- messages that would change us ---- */
    {.sentence =
         "URGENT/11, CVE-2019-12259: IGMP queries of each version, long, short and with no response time",
     .bench = HOST,
     .frames = {{.to = IP(224, 0, 0, 1),
                 .to_mac = MAC_ALL_HOSTS,
                 .carries = RAW,
                 .protocol = 2,
                 .bytes = "\x11\0\xee\xff\0\0\0\0"},
                {.to = IP(224, 0, 0, 1),
                 .to_mac = MAC_ALL_HOSTS,
                 .carries = RAW,
                 .protocol = 2,
                 .bytes = "\x11",
                 .data = 1},
                {.to = IP(224, 0, 0, 1),
                 .to_mac = MAC_ALL_HOSTS,
                 .carries = RAW,
                 .protocol = 2,
                 .bytes = "\x11\0\xec\xff\0\0\0\0\x02\0\0\0",
                 .data = 12},
                {.to = IP(224, 0, 0, 1),
                 .to_mac = MAC_ALL_HOSTS,
                 .carries = RAW,
                 .protocol = 2,
                 .data = ZERO}},
     .verdict = TAPIR_IP4_PROTOCOL},
    {.sentence = "CVE-1999-0265: redirects, by our gateway, by a stranger, to a gateway off the network",
     .bench = HOST,
     .frames = {{.from = GATEWAY_1,
                 .carries = ICMP,
                 .icmp_type = 5,
                 .icmp_code = 1,
                 .rest = GATEWAY_2,
                 .quote = &echo},
                {.carries = ICMP, .icmp_type = 5, .icmp_code = 1, .rest = GATEWAY_2, .quote = &echo},
                {.from = GATEWAY_1,
                 .carries = ICMP,
                 .icmp_type = 5,
                 .icmp_code = 1,
                 .rest = IP(192, 0, 2, 9),
                 .quote = &echo}},
     .verdict = TAPIR_ICMP4_QUOTE_NOT_OURS},
    {.sentence = "frag-needed for a flow that is not ours",
     .frames = {{.carries = ICMP, .icmp_type = 3, .icmp_code = 4, .rest = 68, .quote = &echo}},
     .verdict = TAPIR_ICMP4_QUOTE_NOT_OURS},
};

/* ---- alive ---- */

static uint64_t store_use(const struct bench *bench)
{
    uint64_t cursor = 4, sum = 0; /* from there the three sizes of the store */
    union tapir_row row;
    for (int i = 0; i < 3 && tapir_list(bench->stack, TAPIR_TABLE_LIMITS, &cursor, &row, 1) == 1; i++)
        sum += row.limit.use;
    return sum;
}

static void expect_alive(struct bench *bench, size_t memory)
{
    bench_run(bench, 2 * SECONDS);
    expect_nothing(bench);
    bench_send(bench, &echo);
    expect_echo_reply(bench);
    expect_nothing(bench);
    assert_int_equal(bench->memory, memory);
    assert_int_equal(store_use(bench), 0);
    assert_true(tapir_idle(bench->stack));
}

static bool is_last(const struct frame *frame)
{
    static const struct frame none;
    return memcmp(frame, &none, sizeof none) == 0;
}

static void check(void **state)
{
    const struct attack *attack = *state;
    struct bench *bench = bench_open(attack->bench, attack->given);
    size_t memory = bench->memory;
    for (size_t i = 0; i < MANY && !is_last(&attack->frames[i]); i++) {
        uint64_t number = bench_send(bench, &attack->frames[i]);
        expect_verdict(bench, number, attack->verdict);
        for (unsigned k = 0; k < attack->answers; k++) {
            const struct sight *sight = expect_frame(bench);
            assert_int_equal(sight->view.to, HOST_A);
            assert_int_equal(sight->view.to_mac, MAC_OF(HOST_A));
        }
        expect_nothing(bench);
    }
    expect_alive(bench, memory);
    bench_close(bench);
}

/* ---- what a table does not say ---- */

/* Ripple20, CVE-2020-11914. */
static void arp_of_any_length_and_with_any_address_length_does_no_harm(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    size_t memory = bench->memory;
    for (int cut = 1; cut < 28; cut++)
        expect_verdict(bench, bench_send_arp(bench, &(struct arp_frame){.cut = cut}), TAPIR_ARP_SHORT);
    static const int lengths[] = {ZERO, 1, 7, 255};
    for (size_t i = 0; i < 4; i++) {
        uint64_t hardware = bench_send_arp(bench, &(struct arp_frame){.hardware_length = lengths[i]});
        expect_verdict(bench, hardware, TAPIR_ARP_LENGTHS);
        uint64_t protocol = bench_send_arp(bench, &(struct arp_frame){.protocol_length = lengths[i]});
        expect_verdict(bench, protocol, TAPIR_ARP_LENGTHS);
    }
    expect_alive(bench, memory);
    bench_close(bench);
}

/* URGENT/11, CVE-2019-12262. */
static void reverse_and_inverse_arp_assign_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    size_t memory = bench->memory;
    static const int operations[] = {ZERO, 3, 4, 8, 9, 65535};
    for (size_t i = 0; i < 6; i++) {
        struct arp_frame arp = {.operation = operations[i], .target_mac = MAC_A, .target = IP(10, 0, 1, 77)};
        expect_verdict(bench, bench_send_arp(bench, &arp), TAPIR_ARP_OPCODE);
    }
    struct frame reverse = {.type = 0x8035, .to_mac = MAC_A};
    expect_verdict(bench, bench_send(bench, &reverse), TAPIR_ETHER_TYPE);
    uint64_t mine = bench_send(bench, &(struct frame){.to = IP(10, 0, 1, 77)});
    expect_verdict(bench, mine, TAPIR_IP4_NOT_FORWARDING);
    expect_alive(bench, memory);
    bench_close(bench);
}

/* AMNESIA:33, CVE-2020-17437; INFRA:HALT, CVE-2021-31400. */
static void urgent_pointers_beyond_the_segment_lead_nowhere(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, NULL);
    size_t memory = bench->memory;
    static const unsigned pointers[] = {0, 1, 8, 9, 65535};
    for (size_t i = 0; i < 5; i++) {
        uint8_t bytes[FRAME_MAX];
        size_t size = frame_build(&(struct frame){.carries = TCP, .flags = ACK | URG}, bytes);
        dissect_put16(bytes + 14 + 20 + 18, pointers[i]);
        dissect_mend(bytes, size);
        expect_verdict(bench, bench_send_bytes(bench, TAP_A, bytes, size), TAPIR_TCP_CLOSED);
        expect_reset(bench);
    }
    expect_alive(bench, memory);
    bench_close(bench);
}

/* Etherleak, CVE-2003-0001, and CVE-2003-0418: the bench fills memory with a pattern and looks at padding and
 * quotes. */
static void short_frames_carry_nothing_old(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    size_t memory = bench->memory;
    for (int data = 1; data < 40; data++) {
        bench_send(bench, &(struct frame){.data = data, .junk = 60});
        expect_echo_reply(bench);
        bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9, .data = data, .junk = 60});
        assert_int_equal(expect_icmp_error(bench, 3, 3)->view.data_size, 28 + data);
        uint64_t transit = bench_send(bench, &(struct frame){.to = HOST_B, .data = data, .junk = 60});
        expect_forwarded(bench, transit);
    }
    expect_alive(bench, memory);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("ARP-6", arp_of_any_length_and_with_any_address_length_does_no_harm),
        PROVES("ARP-6", reverse_and_inverse_arp_assign_nothing),
        cmocka_unit_test(urgent_pointers_beyond_the_segment_lead_nowhere),
        PROVES("SEC-9 ETH-5", short_frames_carry_nothing_old),
    };
    return RUN_TABLE("attacks", attacks, check) + cmocka_run_group_tests_name("attacks", tests, NULL, NULL);
}
