/* Capture files. The oracle is hand-written bytes: the file header of libpcap's savefile manual, record by
 * record. */
#include "tap/pcapfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/table.h"

#define NS_MAGIC "\x4d\x3c\xb2\xa1"
#define US_MAGIC "\xd4\xc3\xb2\xa1"
#define HEAD_REST \
    "\x02\x00\x04\x00\0\0\0\0\0\0\0\0\x00\x00\x04\x00" /* version 2.4, snapshot length 262144 \
                                                        */
#define ETHERNET "\x01\0\0\0"
#define RAW_IP   "\x65\0\0\0"
#define ONE                                    \
    "\x01\0\0\0\x05\0\0\0\x03\0\0\0\x03\0\0\0" \
    "abc" /* 1 s and 5, three octets */
#define CUT                                    \
    "\x02\0\0\0\x05\0\0\0\x02\0\0\0\x09\0\0\0" \
    "xy"                                                             /* 2 s and 5, two of nine octets */
#define EMPTY "\x03\0\0\0\x00\0\0\0\x00\0\0\0\x00\0\0\0"             /* no octets at all */
#define HUGE  "\x03\0\0\0\x00\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f" /* 2 GiB */

#define Y2040  "\x00\x00\x80\x83\x05\0\0\0\x03\0\0\0\x03\0\0\0abc" /* 0x83800000 s */
#define BEFORE "\0\0\0\0\xff\xff\xff\xff\x03\0\0\0\x03\0\0\0abc"   /* 0 s and as many as there can be */
#define NG                                                                                \
    "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0" /* a section, one interface */ \
    "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0\x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\x04\0"  \
    "\x14\0\0\0"
#define NG_LATE /* 2 to the power of 64, less one, microseconds: the year 586524 */ \
    "\x06\0\0\0\x24\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x03\0\0\0\x03\0\0\0abc\0\x24\0\0\0"

#define NG_ONE /* 1 s and 5 us, three octets that were two on the wire */ \
    "\x06\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x02\0\0\0abc\0\x24\0\0\0"

static char path[64];

static void file_write(const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* ---- files that are written by hand -------------------------------------------------------------------- */

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *sentence;
    const char *bytes;
    size_t size;
    bool opens;
    uint64_t frames;       /* before the end or the fault */
    int64_t first;         /* time of the first */
    const char *complaint; /* a part of it; NULL: none */
} files[] = {
    {"nanoseconds are read as they are", BYTES(NS_MAGIC HEAD_REST ETHERNET ONE), true, 1, 1000000005, NULL},
    {"microseconds become nanoseconds", BYTES(US_MAGIC HEAD_REST ETHERNET ONE), true, 1, 1000005000, NULL},
    {"a capture without frames is no error", BYTES(NS_MAGIC HEAD_REST ETHERNET), true, 0, 0, NULL},
    {"the seconds of a capture go on after 2038", BYTES(NS_MAGIC HEAD_REST ETHERNET Y2040), true, 1,
     INT64_C(0x83800000) * 1000000000 + 5, NULL},
    {"a time before 1970 is garbage", BYTES(NS_MAGIC HEAD_REST ETHERNET ONE BEFORE), true, 1, 1000000005,
     "frame 2: its time"},
    {"a time in half a million years is garbage", BYTES(NG NG_LATE), true, 0, 0, "frame 1: its time"},
    {"a cut frame and an empty one are frames", BYTES(NS_MAGIC HEAD_REST ETHERNET ONE CUT EMPTY), true, 3,
     1000000005, NULL},
    {"a file that ends within a frame names the frame",
     BYTES(NS_MAGIC HEAD_REST ETHERNET ONE "\x01\0\0\0\x05\0\0\0\x03\0\0\0\x03\0\0\0"
                                           "a"),
     true, 1, 1000000005, "frame 2: truncated"},
    {"a file that ends within a frame's header names the frame",
     BYTES(NS_MAGIC HEAD_REST ETHERNET ONE ONE "\x01\0"), true, 2, 1000000005, "frame 3: truncated"},
    {"a frame of two gigabytes is garbage", BYTES(NS_MAGIC HEAD_REST ETHERNET ONE HUGE), true, 1, 1000000005,
     "frame 2: "},
    {"a capture of raw IP is read as it is", BYTES(NS_MAGIC HEAD_REST RAW_IP ONE), true, 1, 1000000005, NULL},
    {"pcapng is read", BYTES(NG NG_ONE), true, 1, 1000005000, NULL},
    {"pcapng that ends early names the frame", BYTES(NG NG_ONE "\x06\0\0\0\x24\0\0\0"), true, 1, 1000005000,
     "frame 2: truncated"},
    {"pcapng without a section is no capture", BYTES("\x0a\x0d\x0d\x0a\x1c"), false, 0, 0,
     "cannot be read as a capture: block 1: truncated"},
    {"text is no capture", BYTES("node r1 { interface lan { tap = lan0 } }"), false, 0, 0,
     "cannot be read as a capture"},
    {"a file header that is cut short is no capture", BYTES(NS_MAGIC "\x02\x00"), false, 0, 0,
     "cannot be read as a capture"},
    {"an empty file is no capture", BYTES(""), false, 0, 0, "cannot be read as a capture"},
};

static void check_file(void **state)
{
    const __typeof__(files[0]) *row = *state;
    char error[PCAPFILE_ERROR] = "";
    file_write(row->bytes, row->size);
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    assert_int_equal(reader != NULL, row->opens);
    struct pcapfile_frame frame;
    enum pcapfile_result result = PCAPFILE_END;
    uint64_t frames = 0;
    while (reader != NULL && (result = pcapfile_next(reader, &frame, error)) == PCAPFILE_READ)
        if (frames++ == 0) {
            assert_int_equal(frame.time.ns, row->first);
            assert_int_equal(frame.size, 3);
            assert_int_equal(frame.on_wire, 3);
            assert_memory_equal(frame.data, "abc", 3);
        }
    assert_int_equal(frames, row->frames);
    if (row->complaint == NULL) {
        assert_string_equal(error, "");
        assert_int_equal(result, PCAPFILE_END);
    } else {
        assert_memory_equal(error, path, strlen(path));
        assert_non_null(strstr(error, row->complaint));
        assert_null(strchr(error, '\n'));
    }
    pcapfile_close(reader);
}

/* ---- scenes -------------------------------------------------------------------------------------------- */

static void scene_round_trip(void)
{
    char error[PCAPFILE_ERROR];
    static uint8_t bytes[PCAPFILE_FRAME];
    static const uint32_t sizes[] = {0, 1, 60, 1514, 65550, PCAPFILE_FRAME};
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    struct pcapfile_writer *writer = pcapfile_create(path, NULL, error);
    assert_non_null(writer);
    for (int i = 0; i < 6; i++)
        pcapfile_write(writer, (tapir_instant){INT64_C(1700000000123456789) + i}, bytes, sizes[i]);
    assert_true(pcapfile_finish(writer, error));
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    struct pcapfile_frame frame;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(pcapfile_next(reader, &frame, error), PCAPFILE_READ);
        assert_int_equal(frame.time.ns, INT64_C(1700000000123456789) + i);
        assert_int_equal(frame.size, sizes[i]);
        assert_memory_equal(frame.data, bytes, frame.size);
    }
    assert_int_equal(pcapfile_next(reader, &frame, error), PCAPFILE_END);
    pcapfile_close(reader);
}

static void scene_written_bytes(void)
{
    char error[PCAPFILE_ERROR];
    static const char expected[] = NS_MAGIC HEAD_REST ETHERNET ONE;
    struct pcapfile_writer *writer = pcapfile_create(path, NULL, error);
    pcapfile_write(writer, (tapir_instant){1000000005}, (const uint8_t *)"abc", 3);
    assert_true(pcapfile_finish(writer, error));
    char bytes[100];
    FILE *file = fopen(path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(size, sizeof expected - 1);
    assert_memory_equal(bytes, expected, size);
}

/* A pipe in place of stdin: nothing can go back in it. */
static void read_stdin(const void *bytes, size_t size, int link_type)
{
    char error[PCAPFILE_ERROR];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, size), size);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    clearerr(stdin);
    struct pcapfile_reader *reader = pcapfile_open("-", error);
    assert_non_null(reader);
    struct pcapfile_frame frame;
    assert_int_equal(pcapfile_next(reader, &frame, error), PCAPFILE_READ);
    assert_memory_equal(frame.data, "abc", 3);
    assert_int_equal(frame.link_type, link_type);
    assert_int_equal(pcapfile_next(reader, &frame, error), PCAPFILE_END);
    pcapfile_close(reader);
}

static void scene_stdin(void)
{
    read_stdin(BYTES(NS_MAGIC HEAD_REST RAW_IP ONE), 12);
    read_stdin(BYTES(NG NG_ONE), 1);
    read_stdin(BYTES(NS_MAGIC HEAD_REST ETHERNET ONE), 1);
}

static void scene_missing(void)
{
    char error[PCAPFILE_ERROR];
    assert_null(pcapfile_open("/nonexistent/a.pcap", error));
    assert_non_null(strstr(error, "No such file"));
    assert_null(pcapfile_create("/nonexistent/a.pcap", NULL, error));
    assert_non_null(strstr(error, "No such file"));
    assert_null(pcapfile_create("/nonexistent/a.pcapng", NULL, error));
    assert_string_equal(error, "/nonexistent/a.pcapng: cannot be written: No such file or directory");
}

static void scene_pcapng(void)
{
    char error[PCAPFILE_ERROR], name[80];
    snprintf(name, sizeof name, "%s.pcapng", path);
    struct pcapfile_writer *writer = pcapfile_create(name, "r1:lan", error);
    assert_non_null(writer);
    pcapfile_write(writer, (tapir_instant){INT64_C(1700000000123456789)}, (const uint8_t *)"abc", 3);
    assert_true(pcapfile_finish(writer, error));
    struct pcapfile_reader *reader = pcapfile_open(name, error);
    struct pcapfile_frame frame;
    assert_int_equal(pcapfile_next(reader, &frame, error), PCAPFILE_READ);
    assert_int_equal(frame.time.ns, INT64_C(1700000000123456789));
    assert_int_equal(frame.link_type, 1);
    assert_memory_equal(frame.data, "abc", 3);
    assert_int_equal(frame.size, 3);
    assert_string_equal(frame.interface, "r1:lan");
    assert_int_equal(pcapfile_next(reader, &frame, error), PCAPFILE_END);
    pcapfile_close(reader);
    FILE *file = fopen(name, "rb");
    assert_int_equal(getc(file), '\n');
    fclose(file);
    unlink(name);
}

static void scene_full_disk(void)
{
    char error[PCAPFILE_ERROR];
    struct pcapfile_writer *writer = pcapfile_create("/dev/full", NULL, error);
    assert_non_null(writer);
    pcapfile_write(writer, (tapir_instant){0}, (const uint8_t *)"abc", 3);
    assert_false(pcapfile_finish(writer, error));
    assert_non_null(strstr(error, "/dev/full: could not be written"));
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"what is written is read again, to the nanosecond and at every length", scene_round_trip},
    {"what is written is nanosecond pcap, octet by octet", scene_written_bytes},
    {"both formats are read from a pipe, and keep their link types", scene_stdin},
    {"a file that is not there is named", scene_missing},
    {"a name that ends in .pcapng is written as that", scene_pcapng},
    {"a full disk is noticed", scene_full_disk},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/test_pcapfile.%d.pcap", (int)getpid());
    int failed =
        RUN_TABLE("capture files", files, check_file) + RUN_TABLE("capture files", scenes, check_scene);
    unlink(path);
    return failed;
}
