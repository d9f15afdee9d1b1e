#include <stdio.h>
#include <unistd.h>

#include "apps/tapir_test.h"
#include "tests/tap/hand_made.h"

#define PING                                       \
    "020000000101"                                 \
    "02000000010a"                                 \
    "08004500001c00010000400163360a4d010a0a4d0207" \
    "0800f7fd00010001"
#define TO_NOBODY                                  \
    "020000000101"                                 \
    "02000000010a"                                 \
    "08004500001c00010000400162da0a4d010a0a4d0263" \
    "0800f7fd00010001"
#define FORWARDED                                  \
    "020000000207"                                 \
    "020000000201"                                 \
    "08004500001c000100003f0164360a4d010a0a4d0207" \
    "0800f7fd00010001"                             \
    "000000000000000000000000000000000000"

static const char text[] = "node r1 {\n"
                           "    forwarding = on\n"
                           "    interface lan { address = 10.77.1.1/24  mac = 02:00:00:00:01:01 }\n"
                           "    interface wan { address = 10.77.2.1/24  mac = 02:00:00:00:02:01 }\n"
                           "    neighbor 10.77.2.7 { interface = wan  mac = 02:00:00:00:02:07 }\n"
                           "}\n"
                           "node r2 { interface lan { address = 10.77.3.1/24  mac = 02:00:00:00:03:01 } }\n";

static uint64_t inject(struct tapir_test *world, const char *interface, const char *hex)
{
    struct hand_made frame = hand_made(hex);
    uint64_t number = tapir_test_inject(world, interface, frame.data, frame.size);
    free(frame.data);
    return number;
}

static const char *check_frame(struct tapir_test *world, const char *interface, const char *hex,
                               const char *except)
{
    struct hand_made frame = hand_made(hex);
    const char *why = tapir_test_check_frame(world, interface, frame.data, frame.size, except);
    free(frame.data);
    return why;
}

static void what_is_right(void **state)
{
    (void)state;
    struct tapir_test *world = tapir_test_text(text);
    assert_world(world);
    uint64_t frame = inject(world, "lan", PING);
    assert_int_equal(frame, 1);
    assert_string_equal(tapir_test_verdict(world, frame), "forwarded");
    assert_verdict(world, frame, "forwarded");
    assert_null(check_frame(world, "r1:wan", FORWARDED, NULL));
    assert_no_frame(world, "wan");
    assert_no_frame(world, "r2:lan");
    tapir_test_close(world);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    struct tapir_test *world = tapir_test_text(text);
    uint64_t frame = inject(world, "lan", PING);
    assert_string_equal(
        tapir_test_check_silence(world, "wan"),
        "wan: no frame was expected, but one left it: ICMP echo (8), 10.77.1.10 to 10.77.2.7, 60 octets");
    assert_non_null(strstr(tapir_test_check_verdict(world, frame, "ip4-ttl"),
                           "frame 1, verdict: expected ip4-ttl, got forwarded ("));
    assert_non_null(strstr(tapir_test_check_verdict(world, frame, "ip4-tll"), "there is no such verdict"));
    assert_string_equal(tapir_test_check_verdict(world, 2, "ip4-ttl"),
                        "frame 2, verdict: expected ip4-ttl, got no such frame");
    const char *why = check_frame(world, "wan", PING, NULL);
    assert_non_null(
        strstr(why, "wan, Ethernet destination: expected 02:00:00:00:01:01, got 02:00:00:00:02:07\n"));
    assert_non_null(strstr(why, "wan, IPv4 TTL: expected 64, got 63\n"));
    assert_string_equal(check_frame(world, "wan", PING, NULL),
                        "wan: no frame left it; expected ICMP echo (8), 10.77.1.10 to 10.77.2.7, 42 octets");
    inject(world, "lan", PING);
    assert_null(check_frame(world, "wan", PING,
                            "Ethernet destination, Ethernet source, IPv4 TTL, IPv4 checksum, IPv4 padding"));
    tapir_test_close(world);
}

static void time_passes_when_it_is_told_to(void **state)
{
    (void)state;
    struct tapir_test *world = tapir_test_text(text);
    uint64_t frame = inject(world, "lan", TO_NOBODY);
    assert_non_null(strstr(tapir_test_check_verdict(world, frame, "neighbor-failed"), "got none yet"));
    tapir_test_pass(world, 2999999999);
    assert_null(tapir_test_verdict(world, frame));
    assert_int_equal(tapir_test_now(world), 2999999999);
    tapir_test_pass(world, 1);
    assert_verdict(world, frame, "neighbor-failed");
    frame = inject(world, "lan", TO_NOBODY);
    tapir_test_rest(world);
    assert_non_null(tapir_test_verdict(world, frame));
    tapir_test_close(world);
}

static void a_capture_arrives_in_its_own_time(void **state)
{
    (void)state;
    struct tapir_test *world = tapir_test_file("pcaps/first-verdicts/network.conf");
    uint64_t first = tapir_test_capture(world, "lan", "pcaps/first-verdicts/in-lan.pcap");
    assert_int_equal(first, 1);
    assert_verdict(world, 3, "forwarded");
    assert_verdict(world, 4, "ip4-ttl");
    assert_int_equal(tapir_test_now(world) % 500000000, 0);
    assert_true(tapir_test_now(world) >= 1500000000);
    tapir_test_close(world);
}

/* A file of raw IPv4 (link type 101): the frame is for the interface's own MAC. */
static void a_capture_of_raw_ip_is_adapted(void **state)
{
    (void)state;
    char path[] = "/tmp/tapir-test-raw-XXXXXX";
    struct hand_made file = hand_made("d4c3b2a1020004000000000000000000ffff000065000000"
                                      "0100000000000000"
                                      "1c0000001c000000"
                                      "4500001c00010000400163360a4d010a0a4d0207"
                                      "0800f7fd00010001");
    int fd = mkstemp(path);
    assert_int_equal(write(fd, file.data, file.size), file.size);
    struct tapir_test *world = tapir_test_text(text);
    uint64_t frame = tapir_test_capture(world, "lan", path);
    assert_verdict(world, frame, "forwarded");
    tapir_test_close(world);
    close(fd);
    unlink(path);
    free(file.data);
}

static const struct row {
    const char *sentence, *text, *interface, *capture, *fault;
} rows[] = {
    {"a fault of the text", "node r1 {\n    interface lan { address = 10.77.1.300/24 }\n}\n", NULL, NULL,
     "text:2: \"10.77.1.300/24\" is not an IPv4 address with prefix length; write it like 10.77.1.1/24"},
    {"an interface that is not there", text, "lam", NULL,
     "lam: the network has no such interface; write INTERFACE, of its first node, or NODE:INTERFACE"},
    {"a node that is not there", text, "r3:lan", NULL,
     "r3:lan: the network has no such interface; write INTERFACE, of its first node, or NODE:INTERFACE"},
    {"a capture that is not there", text, "lan", "/nonexistent/x.pcap",
     "/nonexistent/x.pcap: cannot be read as a capture: No such file or directory"},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct tapir_test *world = tapir_test_text(row->text);
    if (row->capture != NULL)
        assert_int_equal(tapir_test_capture(world, row->interface, row->capture), 0);
    else if (row->interface != NULL)
        assert_int_equal(inject(world, row->interface, PING), 0);
    assert_string_equal(tapir_test_check(world), row->fault);
    assert_string_equal(tapir_test_check_verdict(world, 0, "forwarded"), row->fault);
    assert_string_equal(check_frame(world, "lan", PING, NULL), row->fault);
    assert_string_equal(tapir_test_check_silence(world, "lan"), row->fault);
    tapir_test_pass(world, 1);
    tapir_test_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(time_passes_when_it_is_told_to),
        cmocka_unit_test(a_capture_arrives_in_its_own_time),
        cmocka_unit_test(a_capture_of_raw_ip_is_adapted),
    };
    return RUN_TABLE("faults", rows, check) + cmocka_run_group_tests_name("worlds", tests, NULL, NULL);
}
