/* What is cut for the MTU of a path, and those who forge it: PMTU-6, PMTU-8, PMTU-9. What teaches it otherwise: test_pmtu.c. */
#include <string.h>

#include "tests/world/paths.h"
#include "tests/world/pieces.h"

/* ---- in pieces ---- */

static struct whole joined;

/* What leaves next are the fewest pieces of `total` octets of IPv4 that fit in `mtu`. */
static void expect_pieces(struct bench *bench, size_t total, size_t mtu)
{
    size_t n, piece = (mtu - 20) / 8 * 8;
    assert_true(whole_join(bench, &joined, mtu, &n));
    assert_int_equal(joined.size, total);
    assert_int_equal(n, (total - 20 + piece - 1) / piece);
    expect_nothing(bench);
}

/* A sender that does not care is cut for, at the MTU of the path; one that does is told. */
static void what_may_be_cut_is_cut_for_the_path(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = taught(bench);
    static const size_t totals[] = {1007, 1500, 1501, 9000, 30000};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        say_total(bench, socket, FAR, totals[i], false);
        expect_pieces(bench, totals[i], 1006);
        for (size_t at = 28; at < totals[i]; at++)
            assert_int_equal(joined.bytes[at], 'x');
        say_total(bench, socket, FAR, totals[i], true);
        expect_nothing(bench);
        expect_told(socket, 1006);
    }
    say_total(bench, socket, FAR, 1006, false);
    assert_int_equal(expect_udp(bench, PEER)->view.total, 1006);
    say_total(bench, socket, FAR + 1, 1500, false);
    assert_int_equal(expect_udp(bench, PEER)->view.total, 1500);
    bench_close(bench);
}

/* A reply is nobody's, yet it goes the same way. */
static void replies_are_cut_for_the_path(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    taught(bench);
    bench_send(bench, &(struct frame){.from = FAR, .from_mac = MAC_OF(HOST_A), .data = 1472});
    expect_pieces(bench, 1500, 1006);
    bench_send(bench, &(struct frame){.from = FAR + 1, .from_mac = MAC_OF(HOST_A), .data = 1472});
    assert_int_equal(expect_echo_reply(bench)->view.total, 1500);
    bench_close(bench);
}

/* ---- attacks ---- */

/* CVE-2021-20322 and its kind: whoever forges for the service learns nothing that grows. */
static void the_table_is_bounded(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, 1500, true);
    expect_udp(bench, PEER);
    size_t memory = bench->memory;
    for (int i = 1; i <= 3000; i++) {
        struct frame quote = our_big;
        quote.to = FAR + i;
        bench_send(bench, &(struct frame){TOO_BIG(1006, quote)});
        expect_told(socket, 1006);
    }
    union tapir_row listed[600];
    uint64_t cursor = 0;
    size_t n = tapir_list(bench->stack, TAPIR_TABLE_EXCEPTIONS, &cursor, listed, 600);
    assert_in_range(n, 500, 512);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(listed[i].exception.mtu, 1006);
        assert_int_equal(listed[i].exception.gateway.value, 0);
        assert_int_equal(listed[i].exception.mtu_until.ns, bench->now_ns + 600 * SECONDS);
    }
    assert_int_equal(bench->memory, memory);
    bench_close(bench);
}

/* CVE-2020-36516: what is forged moves nobody to another order of identifications. */
static void identifications_go_on_as_they_were(void **state)
{
    (void)state;
    unsigned ids[2][20];
    for (int forged = 0; forged < 2; forged++) {
        struct bench *bench = bench_open(HOST, "");
        struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
        for (unsigned i = 0; i < 20; i++) {
            say_total(bench, socket, FAR + i % 2, i < 2 ? 1500 : 100, i % 3 == 0);
            ids[forged][i] = expect_udp(bench, PEER)->view.id;
            if (!forged || i < 2)
                continue;
            struct frame quote = our_big;
            quote.to_port += i % 4 < 2; /* of a flow, and of none that ever was */
            bench_send(bench, &(struct frame){TOO_BIG(1006 - i, quote)});
            expect_told(socket, 1006 - i);
        }
        bench_close(bench);
    }
    assert_memory_equal(ids[0], ids[1], sizeof ids[0]);
}

/* CVE-2026-23398, CVE-2023-23415: each protocol, each header length, each place in a datagram. */
static void strange_quotes_teach_nothing(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = taught(bench);
    for (int protocol = 0; protocol < 256; protocol++) {
        const struct frame quote = {.carries = RAW,
                                    .protocol = protocol == 0 ? ZERO : protocol,
                                    .from = DUT_A,
                                    .to = FAR + 1,
                                    .data = 8};
        uint64_t number = bench_send(bench, &(struct frame){TOO_BIG(1006, quote)});
        assert_int_not_equal(verdict_of(bench, number), TAPIR_UNSETTLED);
        assert_int_not_equal(verdict_of(bench, number), TAPIR_ICMP4_MTU_LEARNED);
    }
    for (int words = 0; words < 16; words++) {
        struct frame quote = our_big;
        quote.header_words = words == 0 ? ZERO : words;
        quote.to = FAR + 1;
        uint64_t number = bench_send(bench, &(struct frame){TOO_BIG(1006, quote)});
        assert_true(words == 5 || verdict_of(bench, number) != TAPIR_ICMP4_MTU_LEARNED);
    }
    expect_told(socket, 1006); /* by the one with five words */
    expect_mtu(bench, socket, FAR, 1006);
    expect_mtu(bench, socket, FAR + 2, 1500);
    bench_close(bench);
}

/* CVE-2023-23415: an error in pieces is one error, and teaches what it says. */
static void an_error_in_pieces_is_one(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    struct tapir_socket *socket = open_at(bench, TAPIR_UDP, 0, OURS);
    say_total(bench, socket, FAR, 1500, true);
    expect_udp(bench, PEER);
    struct frame quote = our_big;
    quote.total = 0;
    quote.data = 1472;
    uint8_t bytes[FRAME_MAX];
    static struct whole error;
    error.size = frame_build(&(struct frame){TOO_BIG(1006, quote), .quote_octets = 548}, bytes) - 14;
    error.header = 20;
    memcpy(error.bytes, bytes + 14, error.size);
    static const size_t cuts[] = {0, 8, 16, 32, 552, 556};
    uint64_t number = 0;
    for (size_t i = 0; i + 1 < sizeof cuts / sizeof cuts[0]; i++)
        number = whole_send(bench, TAP_A, &error, cuts[i], cuts[i + 1]);
    assert_int_not_equal(verdict_of(bench, number), TAPIR_UNSETTLED);
    expect_told(socket, 1006);
    expect_mtu(bench, socket, FAR, 1006);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("PMTU-8", what_may_be_cut_is_cut_for_the_path),
        PROVES("PMTU-6 PMTU-8", replies_are_cut_for_the_path),
        PROVES("PMTU-9", the_table_is_bounded),
        PROVES("PMTU-9", identifications_go_on_as_they_were),
        PROVES("PMTU-9", an_error_in_pieces_is_one),
        PROVES("PMTU-9", strange_quotes_teach_nothing),
    };
    return cmocka_run_group_tests_name("path MTU in what is sent", stories, NULL, NULL);
}
