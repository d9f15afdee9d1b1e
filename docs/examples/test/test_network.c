/* A router tested in C: what becomes of three frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <tapir/test.h>

/* A ping from 10.77.1.10 to 10.77.2.7 as it arrives at the router; octet 22 is the TTL, 24 and 25 are the header checksum. */
static const uint8_t ping[] = {
    0x02, 0x00, 0x00, 0x00, 0x01, 0x01, 0x02, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x08, 0x00, /* Ethernet */
    0x45, 0x00, 0x00, 0x1c, 0x00, 0x01, 0x00, 0x00, 0x40, 0x01, 0x63, 0x36,             /* IPv4 */
    0x0a, 0x4d, 0x01, 0x0a, 0x0a, 0x4d, 0x02, 0x07, 0x08, 0x00, 0xf7, 0xfd, 0x00, 0x01,
    0x00, 0x01, /* ICMP echo */
};

static void a_ping_is_forwarded(void **state)
{
    (void)state;
    uint8_t expected[60] = {0}; /* with padding: Ethernet knows no shorter frame */
    memcpy(expected, ping, sizeof ping);
    memcpy(expected, "\x02\0\0\0\x02\x07\x02\0\0\0\x02\x01", 12);
    expected[22] = 0x3f;
    expected[24] = 0x64;
    struct tapir_test *world = tapir_test_file("network.conf");
    uint64_t frame = tapir_test_inject(world, "lan", ping, sizeof ping);
    assert_verdict(world, frame, "forwarded");
    assert_frame_matches(world, "wan", expected, sizeof expected);
    assert_no_frame(world, "wan");
    assert_no_frame(world, "lan");
    tapir_test_close(world);
}

static void a_ping_with_ttl_1_is_told_back(void **state)
{
    (void)state;
    uint8_t probe[sizeof ping];
    struct tapir_test_frame told;
    memcpy(probe, ping, sizeof ping);
    probe[22] = 0x01;
    probe[24] = 0xa2;
    struct tapir_test *world = tapir_test_file("network.conf");
    uint64_t frame = tapir_test_inject(world, "lan", probe, sizeof probe);
    assert_verdict(world, frame, "ip4-ttl");
    assert_true(tapir_test_take(world, "lan", &told));
    assert_int_equal(told.data[34], 11); /* Time Exceeded */
    assert_no_frame(world, "wan");
    tapir_test_close(world);
}

/* Nobody has 10.77.2.99: the router asks for it three times, a second apart, and gives up. */
static void nobody_answers(void **state)
{
    (void)state;
    uint8_t probe[sizeof ping];
    struct tapir_test_frame request;
    memcpy(probe, ping, sizeof ping);
    probe[33] = 99;
    probe[24] = 0x62;
    probe[25] = 0xda;
    struct tapir_test *world = tapir_test_file("network.conf");
    uint64_t frame = tapir_test_inject(world, "lan", probe, sizeof probe);
    assert_null(tapir_test_verdict(world, frame));
    for (int second = 0; second < 3; second++) {
        assert_true(tapir_test_take(world, "wan", &request));
        assert_int_equal(request.time_ns, second * INT64_C(1000000000));
        tapir_test_pass(world, INT64_C(1000000000));
    }
    assert_verdict(world, frame, "neighbor-failed");
    assert_no_frame(world, "wan");
    tapir_test_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_is_forwarded),
        cmocka_unit_test(a_ping_with_ttl_1_is_told_back),
        cmocka_unit_test(nobody_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
