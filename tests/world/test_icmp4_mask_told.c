/* The masks that agents tell unasked: AM-6. */
#include "tests/world/mask_frames.h"

static void a_host_agent_tells_its_mask_at_start(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, AGENT);
    expect_mask(bench, 18, DUT_A, 0xffffff00);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_host_agent_waits_for_its_link(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "down a; " AGENT);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "up a");
    expect_mask(bench, 18, DUT_A, 0xffffff00);
    bench_close(bench);
}

static void a_host_agent_waits_for_its_address(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(HOST, "no route default via 10.0.1.254; no address a 10.0.1.1/24; " AGENT);
    bench_run(bench, 10 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "address a 10.0.1.1/16");
    bench_run(bench, 2 * SECONDS);
    expect_mask(bench, 18, DUT_A, 0xffff0000);
    bench_close(bench);
}

static void a_router_agent_tells_it_only_where_told_to(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, AGENT);
    bench_run(bench, 10 * SECONDS);
    expect_nothing(bench);
    bench_do(bench, "set icmp.address_mask_announce on on b");
    bench_run(bench, 10 * SECONDS);
    expect_mask(bench, 18, DUT_B, 0xffffff00);
    expect_nothing(bench);
    bench_close(bench);
}

static void a_router_agent_tells_no_mask_of_networks_that_overlap(void **state)
{
    (void)state;
    struct bench *bench = bench_open(
        ROUTER, "address b 10.0.7.1/16; set icmp.address_mask_announce on; address a 10.8.0.1/20; " AGENT);
    expect_mask(bench, 18, IP(10, 8, 0, 1), 0xfffff000); /* 10.0.1/24 and 10.0.2/24 lie in 10.0/16 */
    expect_nothing(bench);
    bench_close(bench);
}

static void the_first_address_overlaps_too(void **state)
{
    (void)state;
    struct bench *bench =
        bench_open(ROUTER, "set icmp.address_mask_announce on on b; address b 10.0.1.129/25; " AGENT);
    expect_mask(bench, 18, DUT_B, 0xffffff00);
    expect_nothing(bench);
    bench_close(bench);
}

/* What could not be said is not said later: who wants to know asks. */
static void with_the_store_full_nothing_is_told(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, "");
    bench_starve(bench);
    bench_do(bench, AGENT);
    bench_run(bench, SECONDS);
    bench_feed(bench);
    bench_run(bench, 100 * SECONDS);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("AM-6", a_host_agent_tells_its_mask_at_start),
        PROVES("AM-6", a_host_agent_waits_for_its_link),
        PROVES("AM-6", a_host_agent_waits_for_its_address),
        PROVES("AM-6", a_router_agent_tells_it_only_where_told_to),
        PROVES("AM-6", a_router_agent_tells_no_mask_of_networks_that_overlap),
        PROVES("AM-6", the_first_address_overlaps_too),
        PROVES("AM-6", with_the_store_full_nothing_is_told),
    };
    return cmocka_run_group_tests_name("masks told unasked", tests, NULL, NULL);
}
