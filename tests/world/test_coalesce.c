/* Which frames leave together in a super-frame, and which alone. Always compared with a router without offloads: merged.h. */
#include "tests/world/merged.h"

/* ---- what is merged, and what is not ---- */

enum {
    TOS = 1,
    ID = 5,
    FLAGS = 6,
    TTL = 8,
    SOURCE = 15,
    TO = 19,
    SOURCE_PORT = 21,
    PORT = 23,
    SEQUENCE = 27,
    ACKNOWLEDGMENT = 31,
    RESERVED = 32,
    TCP_FLAGS = 33,
    WINDOW = 35,
    TCP_SUM = 36,
    URGENT = 39,
    OPTION = 43,
    NOTHING = 0
};

#define ONE_ID_FLOW .flow = {.data = 3500, .segment = 1000, .one_id = true, .fragment = IS_DF}
#define UDP_FLOW    .flow = {.data = 3500, .segment = 1000}
#define TCP_FLOW                               \
    .flow = {.protocol = 6,                    \
             .data = 3500,                     \
             .segment = 1000,                  \
             .tcp_options = "\x01\x01\x08\x0a" \
                            "12345678",        \
             .tcp_options_size = 12}

static const struct row {
    const char *sentence;
    const char *groups; /* how many leave in each frame */
    struct super flow;
    size_t i;                 /* of this one */
    int at, flips;            /* this octet is another one; NOTHING: none */
    bool sums_stay, next_too; /* the octet behind it is another one, too */
    bool from;                /* and of all behind it */
    bool partial, reversed;
} rows[] = {
    {.sentence = "UDP of one length, and a shorter one", .groups = "4", UDP_FLOW},
    {.sentence = "TCP of one length, and a shorter one", .groups = "4", TCP_FLOW},
    {.sentence = "checksums that are left to us, UDP", .groups = "4", UDP_FLOW, .partial = true},
    {.sentence = "checksums that are left to us, TCP", .groups = "4", TCP_FLOW, .partial = true},
    {.sentence = "PSH and FIN in the last",
     .groups = "3",
     .flow = {.protocol = 6, .data = 3000, .segment = 1000, .flags = PSH | FIN}},
    {.sentence = "CWR in the first, ECE in all",
     .groups = "3",
     .flow = {.protocol = 6, .data = 3000, .segment = 1000, .flags = 0xc0}},
    {.sentence = "one identification for all, with DF",
     .groups = "4",
     .flow = {.data = 4000, .segment = 1000, .one_id = true, .fragment = IS_DF}},
    {.sentence = "identification 0 for all, with DF, TCP",
     .groups = "4",
     .flow =
         {.protocol = 6, .data = 4000, .segment = 1000, .id = 0x10000, .one_id = true, .fragment = IS_DF}},
    {.sentence = "identifications that count on, with DF",
     .groups = "4",
     .flow = {.data = 4000, .segment = 1000, .fragment = IS_DF}},
    {.sentence = "identifications that count on beyond 65,535",
     .groups = "4",
     .flow = {.data = 4000, .segment = 1000, .id = 0xfffe}},
    {.sentence = "sequence numbers beyond 2^32",
     .groups = "4",
     .flow = {.protocol = 6, .data = 4000, .segment = 1000, .sequence = 0xfffffa00}},
    {.sentence = "a checksum of UDP that is all ones",
     .groups = "3",
     .flow = {.data = 3000, .segment = 1000, .sums_to_zero = true}},
    {.sentence = "a checksum of TCP that is zero",
     .groups = "3",
     .flow = {.protocol = 6, .data = 3000, .segment = 1000, .sums_to_zero = true}},
    {.sentence = "a checksum of TCP that is all ones in place of zero",
     .groups = "1 2",
     .flow = {.protocol = 6, .data = 3000, .segment = 1000, .sums_to_zero = true},
     .i = 0,
     .at = TCP_SUM,
     .flips = 0xff,
     .next_too = true,
     .sums_stay = true},
    {.sentence = "ECN, TOS and the reserved flag",
     .groups = "3",
     .flow = {.data = 3000, .segment = 1000, .tos = 0xbb, .fragment = IS_RESERVED}},
    {.sentence = "64 at most", .groups = "64 36", .flow = {.data = 1000, .segment = 10}},
    {.sentence = "64 KiB at most, UDP", .groups = "46 4", .flow = {.data = 50 * 1400, .segment = 1400}},
    {.sentence = "64 KiB at most, TCP",
     .groups = "45 5",
     .flow = {.protocol = 6, .data = 50 * 1448, .segment = 1448}},
    {.sentence = "65,535 octets are not too many",
     .groups = "5 1",
     .flow = {.protocol = 6, .data = 6 * 13099, .segment = 13099}},
    {.sentence = "one alone", .groups = "1", .flow = {.data = 700}},
    {.sentence = "another TOS", .groups = "1 1 2", UDP_FLOW, .i = 1, .at = TOS, .flips = 4},
    {.sentence = "congestion experienced", .groups = "2 1 1", TCP_FLOW, .i = 2, .at = TOS, .flips = 3},
    {.sentence = "another TTL", .groups = "2 1 1", UDP_FLOW, .i = 2, .at = TTL, .flips = 1},
    {.sentence = "DF", .groups = "2 1 1", TCP_FLOW, .i = 2, .at = FLAGS, .flips = 0x40},
    {.sentence = "the reserved flag",
     .groups = "2 2",
     UDP_FLOW,
     .i = 2,
     .at = FLAGS,
     .flips = 0x80,
     .from = true},
    {.sentence = "a first fragment", .groups = "2 1 1", UDP_FLOW, .i = 2, .at = FLAGS, .flips = 0x20},
    {.sentence = "a later fragment", .groups = "2 1 1", TCP_FLOW, .i = 2, .at = FLAGS + 1, .flips = 0x20},
    {.sentence = "identifications that stand still without DF",
     .groups = "1 1 1 1",
     .flow = {.data = 3500, .segment = 1000, .one_id = true}},
    {.sentence = "an identification that jumps",
     .groups = "2 2",
     TCP_FLOW,
     .i = 2,
     .at = ID,
     .flips = 0x80,
     .from = true},
    {.sentence = "an identification that stands still after it counted",
     .groups = "2 1 1",
     .flow = {.data = 3500, .segment = 1000, .fragment = IS_DF, .id = 0x1000},
     .i = 2,
     .at = ID,
     .flips = 3},
    {.sentence = "an identification that counts after it stood still",
     .groups = "2 1 1",
     .flow = {.data = 3500, .segment = 1000, .fragment = IS_DF, .id = 0x1000, .one_id = true},
     .i = 2,
     .at = ID,
     .flips = 1},
    {.sentence = "another source", .groups = "3 1", ONE_ID_FLOW, .i = 2, .at = SOURCE, .flips = 1},
    {.sentence = "another source port",
     .groups = "3 1",
     ONE_ID_FLOW,
     .i = 2,
     .at = SOURCE_PORT,
     .flips = 0x20},
    {.sentence = "another port", .groups = "3 1", ONE_ID_FLOW, .i = 2, .at = PORT, .flips = 0x20},
    {.sentence = "a gap of one octet", .groups = "2 1 1", TCP_FLOW, .i = 2, .at = SEQUENCE, .flips = 1},
    {.sentence = "a gap", .groups = "2 2", TCP_FLOW, .i = 2, .at = SEQUENCE - 2, .flips = 1, .from = true},
    {.sentence = "another acknowledgment",
     .groups = "2 2",
     TCP_FLOW,
     .i = 2,
     .at = ACKNOWLEDGMENT,
     .flips = 1,
     .from = true},
    {.sentence = "the bit that once was NS", .groups = "2 1 1", TCP_FLOW, .i = 2, .at = RESERVED, .flips = 1},
    {.sentence = "another window", .groups = "2 2", TCP_FLOW, .i = 2, .at = WINDOW, .flips = 1, .from = true},
    {.sentence = "another timestamp",
     .groups = "2 2",
     TCP_FLOW,
     .i = 2,
     .at = OPTION + 4,
     .flips = 1,
     .from = true},
    {.sentence = "an urgent pointer without URG",
     .groups = "2 1 1",
     TCP_FLOW,
     .i = 2,
     .at = URGENT,
     .flips = 1},
    {.sentence = "urgent pointers without URG in all",
     .groups = "1 1 1 1",
     TCP_FLOW,
     .at = URGENT,
     .flips = 1,
     .from = true},
    {.sentence = "PSH in the second ends there",
     .groups = "2 2",
     TCP_FLOW,
     .i = 1,
     .at = TCP_FLAGS,
     .flips = PSH},
    {.sentence = "PSH in the first ends there",
     .groups = "1 3",
     TCP_FLOW,
     .i = 0,
     .at = TCP_FLAGS,
     .flips = PSH},
    {.sentence = "FIN in the second ends there",
     .groups = "2 2",
     TCP_FLOW,
     .i = 1,
     .at = TCP_FLAGS,
     .flips = FIN},
    {.sentence = "CWR in another than the first",
     .groups = "2 2",
     TCP_FLOW,
     .i = 2,
     .at = TCP_FLAGS,
     .flips = 0x80},
    {.sentence = "CWR in all", .groups = "1 1 1 1", TCP_FLOW, .at = TCP_FLAGS, .flips = 0x80, .from = true},
    {.sentence = "ECE from the third on",
     .groups = "2 2",
     TCP_FLOW,
     .i = 2,
     .at = TCP_FLAGS,
     .flips = 0x40,
     .from = true},
    {.sentence = "SYN", .groups = "2 1 1", TCP_FLOW, .i = 2, .at = TCP_FLAGS, .flips = SYN},
    {.sentence = "RST in all", .groups = "1 1 1 1", TCP_FLOW, .at = TCP_FLAGS, .flips = RST, .from = true},
    {.sentence = "URG in all", .groups = "1 1 1 1", TCP_FLOW, .at = TCP_FLAGS, .flips = 0x20, .from = true},
    {.sentence = "no ACK in all", .groups = "1 1 1 1", TCP_FLOW, .at = TCP_FLAGS, .flips = ACK, .from = true},
    {.sentence = "a wrong checksum in the first",
     .groups = "1 3",
     UDP_FLOW,
     .i = 0,
     .at = 600,
     .flips = 1,
     .sums_stay = true},
    {.sentence = "a wrong checksum in another",
     .groups = "2 1 1",
     TCP_FLOW,
     .i = 2,
     .at = 600,
     .flips = 1,
     .sums_stay = true},
    {.sentence = "a wrong checksum in the last",
     .groups = "3 1",
     UDP_FLOW,
     .i = 3,
     .at = 100,
     .flips = 1,
     .sums_stay = true},
    {.sentence = "a wrong sum of the pseudo-header",
     .groups = "2 1 1",
     UDP_FLOW,
     .i = 2,
     .at = 26,
     .flips = 1,
     .sums_stay = true,
     .partial = true},
    {.sentence = "a wrong sum of the pseudo-header in the first",
     .groups = "1 3",
     TCP_FLOW,
     .i = 0,
     .at = TCP_SUM,
     .flips = 1,
     .sums_stay = true,
     .partial = true},
    {.sentence = "a UDP length that is too long",
     .groups = "2 1 1",
     UDP_FLOW,
     .i = 2,
     .at = 25,
     .flips = 1,
     .sums_stay = true},
    {.sentence = "a longer one behind a shorter one",
     .groups = "1 3",
     .flow = {.data = 3500, .segment = 1000},
     .reversed = true},
    {.sentence = "IPv4 options",
     .groups = "1 1 1",
     .flow = {.data = 3000, .segment = 1000, .options = "\x01\x01\x01\x00", .options_size = 4}},
    {.sentence = "datagrams without data", .groups = "1 1", .flow = {.data = 0}, .i = 9},
};

static void change(const struct row *row, size_t i, uint8_t *datagram, size_t size)
{
    bool is_meant = row->from ? i >= row->i : i == row->i;
    if (row->at == NOTHING || !is_meant)
        return;
    datagram[row->at] ^= (uint8_t)row->flips;
    datagram[row->at + 1] ^= (uint8_t)(row->next_too ? row->flips : 0);
    if (!row->sums_stay)
        super_mend(datagram, size);
    else
        dissect_put16(datagram + 10, dissect_sum(datagram, 20, 0xffff - dissect_get(datagram + 10, 2)));
}

/* What arrives for a row: its flow, changed. */
static void make_batch(const struct row *row)
{
    size_t n = super_count(&row->flow);
    batch_begin();
    for (size_t k = 0; k < n; k++) {
        size_t i = row->reversed ? n - 1 - k : k;
        struct arrival *arrival = batch_add(&row->flow, i);
        uint8_t *datagram = batch_datagram(arrival);
        size_t size = arrival->size - ETHER, sum = row->flow.protocol == 6 ? 16 : 6;
        if (row->partial) {
            arrival->offload = (struct tapir_offload){.partial = true, .start = 34, .offset = (uint16_t)sum};
            dissect_put16(datagram + 20 + sum, super_pseudo(datagram, size));
        }
        if (row->reversed) /* the identification is not what is wrong */
            dissect_put16(datagram + 4, (uint32_t)k);
        if (row->reversed)
            super_mend(datagram, size);
        change(row, i, datagram, size);
    }
    if (row->flow.data == 0)
        (void)batch_add(&row->flow, 0);
}

static void check_row(void **state)
{
    const struct row *row = *state;
    make_batch(row);
    struct router *with = try_batch("mtu b 14000; " TAKES_ALL);
    assert_string_equal(with->groups, row->groups);
    close_router(with);
}

/* ---- several flows ---- */

static void flows_that_alternate_are_merged_each(void **state)
{
    (void)state;
    batch_begin();
    for (size_t i = 0; i < 12; i++)
        for (unsigned flow = 0; flow < 4; flow++)
            batch_add(&(struct super){.protocol = flow % 2 == 0 ? 6 : 17,
                                      .data = 12000,
                                      .segment = 1000,
                                      .ports = {5000, 9 + flow},
                                      .tos = flow},
                      i);
    struct router *with = try_batch("mtu b 14000; " TAKES_ALL);
    assert_string_equal(with->groups, "12 12 12 12");
    close_router(with);
}

static void only_what_a_device_takes_is_merged(void **state)
{
    (void)state;
    static const struct {
        const char *given, *groups;
    } exits[] = {{"mtu b 14000; takes b checksum tcp", "1 1 1 3"},
                 {"mtu b 14000; takes b checksum udp", "1 1 1 3"},
                 {"mtu b 14000; takes b checksum", "1 1 1 1 1 1"},
                 {"mtu b 14000", "1 1 1 1 1 1"},
                 {"mtu b 14000; " TAKES_ALL, "3 3"}};
    for (size_t k = 0; k < sizeof exits / sizeof exits[0]; k++) {
        batch_begin();
        for (size_t i = 0; i < 3; i++) {
            batch_add(&(struct super){.protocol = 6, .data = 3000, .segment = 1000}, i);
            batch_add(&(struct super){.data = 3000, .segment = 1000, .ports = {5000, 8}}, i);
        }
        struct router *with = try_batch(exits[k].given);
        assert_string_equal(with->groups, exits[k].groups);
        close_router(with);
    }
}

/* Fragments are no datagrams of a flow; those that need not be cut are merged. */
static void what_is_too_large_ahead_is_cut_not_merged(void **state)
{
    (void)state;
    const struct super large = {.data = 3000, .segment = 1000}, small = {.data = 900, .segment = 300};
    struct bench *bench = bench_open(ROUTER, "mtu b 576; " TAKES_ALL);
    batch_begin();
    for (size_t i = 0; i < 3; i++)
        batch_add(&large, i);
    for (size_t i = 0; i < 3; i++)
        batch_add(&small, i);
    uint64_t first = batch_send(bench);
    for (uint64_t i = 0; i < 3; i++) {
        expect_verdict(bench, first + i, TAPIR_IP4_FRAGMENTED);
        assert_int_equal(expect_frame(bench)->view.fragment, IS_MF);
        assert_int_equal(expect_frame(bench)->view.fragment, 552 / 8);
    }
    expect_super(bench, &small);
    expect_nothing(bench);
    bench_close(bench);
}

/* Nothing waits for more: each call sends what it was given. */
static void frames_of_two_calls_are_not_merged(void **state)
{
    (void)state;
    const struct super flow = {.data = 2000, .segment = 1000};
    struct bench *bench = bench_open(ROUTER, TAKES_ALL);
    for (size_t i = 0; i < 2; i++) {
        batch_begin();
        batch_add(&flow, i);
        batch_send(bench);
        expect_single(bench, &flow, i);
    }
    expect_nothing(bench);
    bench_close(bench);
}

/* Without a slot, or a place, frames leave as they are: none is lost that a router without offloads would have sent. */
static void without_room_for_a_super_frame_each_leaves_alone(void **state)
{
    (void)state;
    const struct super flow = {.data = 6000, .segment = 1000};
    struct bench *bench = bench_open(ROUTER, TAKES_ALL);
    batch_begin();
    for (size_t i = 0; i < 6; i++)
        batch_add(&flow, i);
    bench_starve_all(bench);
    batch_send(bench);
    expect_singles(bench, &flow);
    bench_feed(bench);
    batch_send(bench);
    expect_super(bench, &flow);
    tapir_pause(bench->stack, TAP_B, true);
    for (int i = 0; i < 512; i++) /* places of the transit band */
        bench_send(bench, &(struct frame){.to = HOST_B});
    uint64_t first = batch_send(bench);
    for (uint64_t i = 0; i < 6; i++)
        expect_verdict(bench, first + i, TAPIR_OUT_FULL);
    bench_do(bench, "down b");
    bench_close(bench);
}

/* What waited for a neighbor leaves together too. */
static void held_frames_are_merged(void **state)
{
    (void)state;
    const struct super flow = {.data = 2500, .segment = 1000, .to = (uint32_t)IP(10, 0, 2, 77)};
    struct bench *bench = bench_open(ROUTER, "strangers; " TAKES_ALL);
    batch_begin();
    for (size_t i = 0; i < 3; i++)
        batch_add(&flow, i);
    batch_send(bench);
    expect_arp_request(bench, IP(10, 0, 2, 77));
    bench_send_arp_reply(bench, TAP_B, IP(10, 0, 2, 77));
    expect_super(bench, &flow);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_that_alternate_are_merged_each),
        cmocka_unit_test(only_what_a_device_takes_is_merged),
        cmocka_unit_test(what_is_too_large_ahead_is_cut_not_merged),
        cmocka_unit_test(frames_of_two_calls_are_not_merged),
        cmocka_unit_test(without_room_for_a_super_frame_each_leaves_alone),
        cmocka_unit_test(held_frames_are_merged),
    };
    return RUN_TABLE("runs", rows, check_row) + cmocka_run_group_tests_name("coalesce", tests, NULL, NULL);
}
