/* The header of a received datagram: IPR-1 to IPR-6, IPR-15 to IPR-19, IPR-24 to IPR-26. */
#include "tests/world/trial.h"

static const struct trial trials[] = {
    {.sentence = "version 6 for us is dropped",
     .ids = "IPR-1",
     .frame = {.version = 6},
     .verdict = TAPIR_IP4_VERSION,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a wrong header checksum for us is dropped",
     .ids = "IPR-2",
     .frame = {.header_sum_xor = 1},
     .verdict = TAPIR_IP4_CHECKSUM,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a wrong header checksum for a host is dropped",
     .ids = "IPR-2",
     .bench = HOST,
     .frame = {.header_sum_xor = 1},
     .verdict = TAPIR_IP4_CHECKSUM,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a header of 16 octets for us is dropped",
     .ids = "IPR-4",
     .frame = {.header_words = 4},
     .verdict = TAPIR_IP4_HEADER_LENGTH,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a header beyond the frame for us is dropped",
     .ids = "IPR-4",
     .frame = {.header_words = 15, .data = ZERO},
     .verdict = TAPIR_IP4_HEADER_LENGTH,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a total length of 19 for us is dropped",
     .ids = "IPR-4",
     .frame = {.total = 19},
     .verdict = TAPIR_IP4_TOTAL_LENGTH,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a total length of 0 for us is dropped",
     .ids = "IPR-4",
     .frame = {.total = ZERO},
     .verdict = TAPIR_IP4_TOTAL_LENGTH,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a frame that ends in the header for us is dropped",
     .ids = "IPR-4",
     .frame = {.cut = 26},
     .verdict = TAPIR_IP4_SHORT,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "version 6 in transit is dropped",
     .ids = "IPR-1",
     .frame = {.to = HOST_B, .version = 6},
     .verdict = TAPIR_IP4_VERSION,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "a wrong header checksum in transit is dropped",
     .ids = "IPR-2",
     .frame = {.to = HOST_B, .header_sum_xor = 1},
     .verdict = TAPIR_IP4_CHECKSUM,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "a header of 16 octets in transit is dropped",
     .ids = "IPR-4",
     .frame = {.to = HOST_B, .header_words = 4},
     .verdict = TAPIR_IP4_HEADER_LENGTH,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "a header beyond the frame in transit is dropped",
     .ids = "IPR-4",
     .frame = {.to = HOST_B, .header_words = 15, .data = ZERO},
     .verdict = TAPIR_IP4_HEADER_LENGTH,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "a total length of 19 in transit is dropped",
     .ids = "IPR-4",
     .frame = {.to = HOST_B, .total = 19},
     .verdict = TAPIR_IP4_TOTAL_LENGTH,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "a total length of 0 in transit is dropped",
     .ids = "IPR-4",
     .frame = {.to = HOST_B, .total = ZERO},
     .verdict = TAPIR_IP4_TOTAL_LENGTH,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "a frame that ends in the header in transit is dropped",
     .ids = "IPR-4",
     .frame = {.to = HOST_B, .cut = 26},
     .verdict = TAPIR_IP4_SHORT,
     .control = {.to = HOST_B},
     .control_expected = {.reaction = IS_FORWARDED}},
    {.sentence = "an empty payload of the frame is dropped",
     .ids = "IPR-4",
     .frame = {.cut = 14},
     .verdict = TAPIR_IP4_SHORT,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "a host drops truncated packets in silence",
     .ids = "IPR-5",
     .bench = HOST,
     .frame = {.total_more = 4},
     .verdict = TAPIR_IP4_TRUNCATED_HOST,
     .control_expected = {.reaction = IS_ECHOED}},
    {.sentence = "octets behind the total length are not echoed",
     .ids = "IPR-6",
     .frame = {.junk = 10},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "octets behind the total length are no UDP data",
     .ids = "IPR-6",
     .frame = {.carries = UDP, .junk = 10},
     .expected = {.reaction = IS_UDP_ECHOED}},
    {.sentence = "octets behind the total length are not forwarded",
     .ids = "IPR-6",
     .frame = {.to = HOST_B, .data = 200, .junk = 10},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "for us, a TTL of 0 is as good as any",
     .ids = "IPR-15 ECHO-5",
     .frame = {.ttl = ZERO},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "for us, a TTL of 1 is as good as any",
     .ids = "IPR-15 ECHO-5",
     .frame = {.ttl = 1},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "for us, a TTL of 255 is as good as any",
     .ids = "IPR-15 ECHO-5",
     .frame = {.ttl = 255},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "our TTL is a setting",
     .ids = "IPR-16",
     .given = "set ip.ttl 200",
     .expected = {.reaction = IS_ECHOED, .ttl = 200}},
    {.sentence = "the TTL of one interface can differ",
     .ids = "IPR-16",
     .given = "set ip.ttl 3 on a",
     .expected = {.reaction = IS_ECHOED, .ttl = 3}},
    {.sentence = "the reserved flag does no harm and is not set in the reply",
     .ids = "IPR-17",
     .frame = {.fragment = IS_RESERVED},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "the reserved flag is kept in transit",
     .ids = "IPR-17",
     .frame = {.to = HOST_B, .fragment = IS_RESERVED},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "the lowest TOS bit does no harm",
     .ids = "IPR-17",
     .frame = {.tos = 1},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "each of our addresses answers for itself",
     .ids = "IPR-18",
     .given = "address a 10.0.1.5/24",
     .frame = {.to = IP(10, 0, 1, 5)},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "the address of the other interface answers, too",
     .ids = "IPR-19",
     .frame = {.to = DUT_B},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "with strong_host, an address hears on its interface alone",
     .ids = "IPR-19",
     .given = "set ip.strong_host on",
     .frame = {.to = DUT_B},
     .verdict = TAPIR_IP4_OTHER_IFACE,
     .control = {.to = DUT_B},
     .control_expected = {.reaction = IS_ECHOED},
     .control_given = "set ip.strong_host off"},
    {.sentence = "with strong_host, the address of the interface answers as ever",
     .ids = "IPR-19",
     .given = "set ip.strong_host on",
     .expected = {.reaction = IS_ECHOED}},
};

/* ---- what takes more than one frame ---- */

/* The sum over a header may come as plus or minus zero; both are right (RFC 1624 5). */
static void both_zeros_of_the_checksum_pass(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t bytes[FRAME_MAX];
    struct frame frame = {.id = 1};
    size_t size = frame_build(&frame, bytes);
    while (bytes[24] != 0 || bytes[25] != 0) {
        frame.id++;
        size = frame_build(&frame, bytes);
    }
    bench_send_bytes(bench, TAP_A, bytes, size);
    expect_echo_reply(bench);
    bytes[24] = bytes[25] = 0xff;
    bench_send_bytes(bench, TAP_A, bytes, size);
    expect_echo_reply(bench);
    bench_close(bench);
}

static void equal_ids_of_atomic_datagrams_are_no_duplicates(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    for (int i = 0; i < 2; i++)
        bench_send(bench, &(struct frame){.fragment = IS_DF, .id = 77, .rest = 0x12340000 + i});
    assert_int_equal(expect_echo_reply(bench)->view.rest, 0x12340000);
    assert_int_equal(expect_echo_reply(bench)->view.rest, 0x12340001);
    bench_close(bench);
}

/* No ID twice for one peer; and the IDs for one do not count what was sent to the other. */
static void ids_do_not_repeat_and_tell_nothing(void **state)
{
    (void)state;
    enum {
        REPLIES = 1000
    };
    struct bench *bench = bench_open(ROUTER, NULL);
    static bool used[2][65536];
    unsigned last = 0, steps_of_one = 0;
    for (int i = 0; i < 2 * REPLIES; i++) {
        bench_send(bench, &(struct frame){.from = i % 2 == 0 ? HOST_A : ROUTER_2});
        unsigned id = expect_echo_reply(bench)->view.id;
        assert_false(used[i % 2][id]);
        used[i % 2][id] = true;
        steps_of_one += id - last <= 2;
        last = id;
    }
    assert_true(steps_of_one < 10);
    bench_close(bench);
}

static unsigned id_of_reply(struct bench *bench, const struct frame *frame)
{
    bench_send(bench, frame);
    return expect_frame(bench)->view.id;
}

/* From another address of ours, to another host, by another protocol: the IDs for one peer go on as if it were not sent. */
static void ids_of_a_flow_do_not_count_other_flows(void **state)
{
    (void)state;
    static const struct frame ping = {.data = 8},
                              others[] = {{.to = DUT_B}, {.from = ROUTER_2}, {.carries = UDP}};
    struct bench *bench = bench_open(ROUTER, NULL);
    id_of_reply(bench, &ping);
    unsigned second = id_of_reply(bench, &ping), third = id_of_reply(bench, &ping);
    bench_close(bench);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        bench = bench_open(ROUTER, NULL);
        id_of_reply(bench, &ping);
        id_of_reply(bench, &others[i]);
        assert_int_equal(id_of_reply(bench, &ping), second);
        assert_int_equal(id_of_reply(bench, &ping), third);
        bench_close(bench);
    }
}

static void a_frame_cut_anywhere_does_no_harm(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t bytes[FRAME_MAX];
    static const struct frame frames[] = {
        {.data = 1472},
        {.carries = UDP, .data = 100},
        {.carries = TCP, .flags = SYN},
        {.to = HOST_B, .data = 100},
        {.data = 100, .options = "\x07\x0b\x04\0\0\0\0\0\0\0\0\0", .options_size = 12},
    };
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        size_t size = frame_build(&frames[i], bytes);
        for (size_t cut = 0; cut < size; cut++)
            bench_send_bytes(bench, TAP_A, bytes, cut);
        while (bench_next(bench) != NULL)
            ;
        bench_send_bytes(bench, TAP_A, bytes, size);
        expect_frame(bench);
    }
    bench_close(bench);
}

/* One octet of a good frame becomes any other: whatever comes of it, the clerk is content and the next is
 * served. */
static void an_octet_changed_anywhere_does_no_harm(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, NULL);
    uint8_t bytes[FRAME_MAX];
    size_t size = frame_build(&(struct frame){.data = ZERO}, bytes);
    for (size_t at = 0; at < size; at++)
        for (unsigned change = 1; change < 256; change++) {
            bytes[at] ^= (uint8_t)change;
            bench_send_bytes(bench, TAP_A, bytes, size);
            bytes[at] ^= (uint8_t)change;
        }
    while (bench_next(bench) != NULL)
        ;
    bench_send_bytes(bench, TAP_A, bytes, size);
    expect_echo_reply(bench);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        PROVES("IPR-3", both_zeros_of_the_checksum_pass),
        PROVES("IPR-25", equal_ids_of_atomic_datagrams_are_no_duplicates),
        PROVES("IPR-24", ids_do_not_repeat_and_tell_nothing),
        PROVES("IPR-24", ids_of_a_flow_do_not_count_other_flows),
        PROVES("IPR-26", a_frame_cut_anywhere_does_no_harm),
        PROVES("IPR-26", an_octet_changed_anywhere_does_no_harm),
    };
    return RUN_TABLE("IPv4 headers", trials, bench_try) +
           cmocka_run_group_tests_name("many frames", stories, NULL, NULL);
}
