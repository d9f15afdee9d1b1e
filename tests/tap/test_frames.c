#include <stdio.h>
#include <unistd.h>

#include "tap/frames.h"
#include "tests/tap/hand_made.h"

enum {
    FRAMES = 8
};

#define UDP_LINE "UDP (17), 10.77.1.10 to 10.77.2.7, 47 octets"

/* A frame of a list: `second` 0 ends it. */
struct item {
    const char *hex;
    int64_t ms;
};

static const struct row {
    const char *sentence;
    struct item expected[FRAMES], got[FRAMES];
    size_t most, found;
    const char *text;
} rows[] = {
    {"nothing and nothing", {{0}}, {{0}}, 9, 0, ""},
    {"the same frames at the same times",
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}},
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}},
     9,
     0,
     ""},
    {"a frame that comes later",
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}},
     {{ECHO_FRAME, 0}, {UDP_FRAME, 1000}},
     9,
     1,
     "lan: frame 2, time: expected +0.500000000 s, got +1.000000000 s\n"},
    {"a frame before the first that was expected",
     {{ECHO_FRAME, 500}},
     {{ECHO_FRAME, 0}},
     9,
     1,
     "lan: frame 1, time: expected +0.000000000 s, got -0.500000000 s\n"},
    {"a frame that is missing in the middle",
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}, {TCP_FRAME, 700}},
     {{ECHO_FRAME, 0}, {TCP_FRAME, 700}},
     9,
     1,
     "lan: frame 2 at +0.500000000 s is missing: expected " UDP_LINE "\n"},
    {"a frame too many in the middle",
     {{ECHO_FRAME, 0}, {TCP_FRAME, 700}},
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}, {TCP_FRAME, 700}},
     9,
     1,
     "lan: frame 2 of those that came out, at +0.500000000 s, is one too many: got " UDP_LINE "\n"},
    {"the first of several that are alike is missing, and one before them",
     {{TCP_FRAME, 0}, {UDP_FRAME, 500}, {UDP_FRAME, 600}, {UDP_FRAME, 700}},
     {{UDP_FRAME, 600}, {UDP_FRAME, 700}},
     9,
     2,
     "lan: frame 1 at +0.000000000 s is missing: expected TCP (6), 10.77.1.10 to 10.77.2.7, 62 octets\n"
     "lan: frame 2 at +0.500000000 s is missing: expected " UDP_LINE "\n"},
    {"the end is missing",
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}},
     {{ECHO_FRAME, 0}},
     9,
     1,
     "lan: frame 2 at +0.500000000 s is missing: expected " UDP_LINE "\n"},
    {"silence was expected",
     {{0}},
     {{UDP_FRAME, 500}},
     9,
     1,
     "lan: frame 1 of those that came out, at +0.000000000 s, is one too many: got " UDP_LINE "\n"},
    {"a frame that differs between two that do not, in time and octets",
     {{ECHO_FRAME, 0}, {HOST_TO_ROUTER "123400", 500}, {TCP_FRAME, 700}},
     {{ECHO_FRAME, 0}, {HOST_TO_ROUTER "123401", 600}, {TCP_FRAME, 700}},
     9,
     1,
     "lan: frame 2, time: expected +0.500000000 s, got +0.600000000 s\n"
     "lan: frame 2, Ethernet payload, offset 0: expected 00, got 01\n"
     "    expected 0000  02 00 00 00 01 01 02 00 00 00 01 0a 12 34 00\n"
     "    got      0000  02 00 00 00 01 01 02 00 00 00 01 0a 12 34 01\n"
     "                                                             ^^\n"},
    {"more differences than are told",
     {{ECHO_FRAME, 0}, {UDP_FRAME, 500}, {TCP_FRAME, 700}},
     {{0}},
     1,
     3,
     "lan: frame 1 at +0.000000000 s is missing: expected ICMP echo (8), 10.77.1.10 to 10.77.2.7, 48 octets\n"
     "lan: 2 more frames differ\n"},
};

/* The list as a capture, read back. */
static void make(struct frames *frames, const struct item *items)
{
    char path[] = "/tmp/tapir-test-frames-XXXXXX", error[PCAPFILE_ERROR];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct pcapfile_writer *writer = pcapfile_create(path, NULL, error);
    assert_non_null(writer);
    for (size_t i = 0; i < FRAMES && items[i].hex != NULL; i++) {
        struct hand_made frame = hand_made(items[i].hex);
        pcapfile_write(writer, (tapir_instant){1700000000000000000 + items[i].ms * 1000000}, frame.data,
                       frame.size);
        free(frame.data);
    }
    assert_true(pcapfile_finish(writer, error));
    assert_true(frames_read(frames, path, error));
    close(fd);
    unlink(path);
}

static void check(void **state)
{
    const struct row *row = *state;
    struct frames expected, got;
    char *text = NULL;
    size_t size;
    make(&expected, row->expected);
    make(&got, row->got);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(frames_compare(out, "lan: ", &expected, &got, row->most), row->found);
    fclose(out);
    assert_string_equal(text, row->text);
    free(text);
    frames_free(&expected);
    frames_free(&got);
}

static void a_capture_that_is_not_there(void **state)
{
    (void)state;
    struct frames frames;
    char error[PCAPFILE_ERROR];
    assert_false(frames_read(&frames, "/nonexistent/x.pcap", error));
    assert_non_null(strstr(error, "/nonexistent/x.pcap"));
    frames_free(&frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_capture_that_is_not_there)};
    return RUN_TABLE("frames", rows, check) + cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
