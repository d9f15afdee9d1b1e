/* What is not built yet is refused by name, not in silence. */
#include "tests/world/bench.h"

static void test_transit(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    uint64_t large = bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP, .data = 549});
    expect_verdict(bench, large, TAPIR_IP4_UNFRAGMENTED);
    expect_nothing(bench);
    expect_forwarded(bench, bench_send(bench, &(struct frame){.to = HOST_B, .carries = UDP, .data = 548}));
    bench_close(bench);
}

static void test_own(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    uint64_t large =
        bench_send(bench, &(struct frame){.from = HOST_B, .from_mac = MAC_OF(HOST_A), .data = 549});
    expect_verdict(bench, large, TAPIR_ICMP4_ECHOED);
    assert_int_equal(count_of(bench, TAPIR_IP4_UNFRAGMENTED, TAPIR_BORN), 1);
    expect_nothing(bench);
    bench_send(bench, &(struct frame){.on = TAP_B, .data = 548});
    expect_echo_reply(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"transit larger than the MTU ahead is refused by name", test_transit, NULL, NULL, NULL},
        {"an answer of ours larger than the MTU is refused by name", test_own, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("unbuilt", tests, NULL, NULL);
}
