/* Who may ask by extended echo, RFC 8335 8: one prefix for each way to name an interface. */
#include <stdio.h>

#include "tests/world/bench.h"

#define HEAD "20 00 00 00 " /* version 2, no checksum */

/* Far askers live behind router 2. */
#define ON                                                                                                   \
    "set icmp.probe.answer on; set icmp.probe.name on; set icmp.probe.index on; set icmp.probe.address on; " \
    "route 0.0.0.0/0 via 10.0.1.2"

static const struct way {
    const char *name, *hex;
} ways[] = {
    {"name", HEAD "00 08 03 01 74 61 70 42"},
    {"index", HEAD "00 08 03 02 00 00 00 02"},
    {"address", HEAD "00 0c 03 03 00 01 04 00 0a 00 02 01"},
};

static const struct row {
    const char *sentence;
    const char *from; /* of the way that is asked by; NULL: as by default */
    int64_t asker;
    bool answered;
} rows[] = {
    {"by default everybody may ask: the first half of all addresses (PRB-5)", NULL, IP(10, 9, 0, 1), true},
    {"and the second half (PRB-5)", NULL, IP(200, 0, 0, 1), true},
    {"a prefix that is set says who (PRB-5)", "192.0.0.0/4", IP(200, 0, 0, 1), true},
    {"whoever is not in it gets no answer (PRB-5)", "192.0.0.0/4", IP(130, 0, 0, 1), false},
    {"0.0.0.0/0 is everybody again (PRB-5)", "0.0.0.0/0", IP(200, 0, 0, 1), true},
    {"half of all addresses are not the other half (PRB-5)", "0.0.0.0/1", IP(200, 0, 0, 1), false},
    {"in the last prefix of all is nobody (PRB-5)", "255.255.255.255/32", HOST_A, false},
};

static void ask(const struct row *row, const struct way *way)
{
    struct bench *bench = bench_open(ROUTER, ON);
    char order[64];
    snprintf(order, sizeof order, "set icmp.probe.%s_from %s", way->name, row->from);
    if (row->from != NULL)
        bench_do(bench, order);
    uint64_t number = bench_send(bench, &(struct frame){.carries = ICMP,
                                                        .icmp_type = 42,
                                                        .rest = 0x12345601,
                                                        .hex = way->hex,
                                                        .from = row->asker,
                                                        .from_mac = MAC_OF(ROUTER_2)});
    expect_verdict(bench, number, row->answered ? TAPIR_ICMP4_PROBED : TAPIR_ICMP4_PROBE_SOURCE);
    if (row->answered)
        assert_int_equal(expect_frame(bench)->view.icmp_type, 43);
    expect_nothing(bench);
    bench_close(bench);
}

static void check(void **state)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        ask(*state, &ways[i]);
}

int main(void)
{
    return RUN_TABLE("who may ask", rows, check);
}
