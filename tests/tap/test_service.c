/* The echo service and those who would answer it: CVE-1999-0103, CVE-2024-2169. UDP-6, UDP-7, UDP-10. */
#include "tap/service.h"

#include "tests/world/bench.h"

enum {
    BUDGET = 100 /* datagrams that two reflectors may exchange before the test calls it a loop */
};

static const struct row {
    const char *sentence;
    int from_port;
    int64_t to, to_mac;
    bool is_answered;
} rows[] = {
    {"a datagram from an ordinary port is answered (UDP-6)", 5000, DUT_A, 0, true},
    {"from the lowest of those (UDP-6)", 1, DUT_A, 0, true},
    {"from port 8, which nobody reflects (UDP-6)", 8, DUT_A, 0, true},
    {"also from its other address (UDP-6)", 5000, DUT_B, 0, true},
    {"to nobody: from port 0 (UDP-10)", ZERO, DUT_A, 0, false},
    {"to echo", 7, DUT_A, 0, false},
    {"to daytime", 13, DUT_A, 0, false},
    {"to the quote of the day", 17, DUT_A, 0, false},
    {"to chargen", 19, DUT_A, 0, false},
    {"to time", 37, DUT_A, 0, false},
    {"to DNS", 53, DUT_A, 0, false},
    {"to TFTP", 69, DUT_A, 0, false},
    {"to NTP", 123, DUT_A, 0, false},
    {"to an echo on the port of this one", 77, DUT_A, 0, false},
    {"what came to everybody (UDP-7)", 5000, BROADCAST, MAC_BROADCAST, false},
    {"what came to all hosts (UDP-7)", 5000, IP(224, 0, 0, 1), MAC_ALL_HOSTS, false},
};

/* The peer is a reflector too: whatever leaves comes back with its ends exchanged. */
static void check(void **state)
{
    const struct row *row = *state;
    static const struct network_service spec = {NETWORK_ECHO, 77};
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct service service;
    assert_true(service_open(&service, bench->stack, &spec));
    const struct frame frame = {.carries = UDP,
                                .from_port = row->from_port,
                                .to_port = 77,
                                .to = row->to,
                                .to_mac = row->to_mac,
                                .bytes = "again, and again",
                                .data = 16};
    int answers = 0;
    for (int step = 0; step < BUDGET; step++) {
        expect_verdict(bench, bench_send(bench, &frame), TAPIR_UDP_DELIVERED);
        service_serve(&service);
        bench_settle(bench);
        const struct sight *sight = bench_next(bench);
        if (sight == NULL)
            break;
        assert_int_equal(sight->view.from, row->to);
        assert_int_equal(sight->view.from_port, 77);
        assert_int_equal(sight->view.to_port, row->from_port);
        assert_memory_equal(sight->view.data, "again, and again", 16);
        answers++;
    }
    assert_int_equal(answers, row->is_answered ? BUDGET : 0);
    assert_int_equal(service.answered, answers);
    assert_int_equal(service.ignored, row->is_answered ? 0 : 1);
    bench_close(bench);
}

/* An error that comes back is no question. */
static void errors_are_not_answered(void **state)
{
    (void)state;
    static const struct network_service spec = {NETWORK_ECHO, 77};
    struct bench *bench = bench_open(ROUTER, "deaf");
    struct service service;
    assert_true(service_open(&service, bench->stack, &spec));
    const struct frame answer = {
        .carries = UDP, .from = DUT_A, .to = HOST_A, .from_port = 77, .to_port = 5000};
    const struct frame error = {.carries = ICMP, .icmp_type = 3, .icmp_code = 3, .quote = &answer};
    expect_verdict(bench, bench_send(bench, &error), TAPIR_ICMP4_NOTICED);
    service_serve(&service);
    bench_settle(bench);
    expect_nothing(bench);
    assert_int_equal(service.ignored, 1);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest stories[] = {cmocka_unit_test(errors_are_not_answered)};
    return RUN_TABLE("the echo service answers", rows, check) +
           cmocka_run_group_tests_name("the echo service", stories, NULL, NULL);
}
