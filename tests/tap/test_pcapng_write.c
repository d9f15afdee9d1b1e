/* Writing pcapng. The oracle is hand-written bytes. With a file as argument the program writes a capture there;
 * tests/tap/pcapng_write.sh asks tshark what is in it. */
#include "tap/pcapng_write.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/table.h"

enum {
    MAX_SIZE = 400
};

/* The section stands apart: its length depends on the version that it names. */
#define LAN /* r1:lan, nanoseconds */                                                      \
    "\x01\0\0\0\x2c\0\0\0\x01\0\0\0\0\0\x04\0\x02\0\x06\0r1:lan\0\0\x09\0\x01\0\x09\0\0\0" \
    "\0\0\0\0\x2c\0\0\0"
#define NAMELESS "\x01\0\0\0\x20\0\0\0\x01\0\0\0\0\0\x04\0\x09\0\x01\0\x09\0\0\0\0\0\0\0\x20\0\0\0"
#define STATISTICS(number, low, received, dropped)                                                \
    "\x05\0\0\0\x34\0\0\0" number "\x01\0\0\0" low "\0\0\0\x04\0\x08\0" received "\0\0\0\0\0\0\0" \
    "\x05\0\x08\0" dropped "\0\0\0\0\0\0\0\0\0\0\0\x34\0\0\0"
#define EPB(length, low, sizes, data) "\x06\0\0\0" length "\0\0\0\0\x01\0\0\0" low "\0\0\0" sizes data

static const tapir_instant at_7 = {(INT64_C(1) << 32) + 7}, at_5 = {(INT64_C(1) << 32) + 5};

static const struct {
    const char *sentence;
    const char *name; /* of the only interface */
    struct pcapng_packet packet;
    const char *bytes; /* behind the section */
    size_t size;
} packets[] = {
    {"a plain frame, padded to four octets",
     NULL,
     {.data = (const uint8_t *)"abc", .size = 3, .on_wire = 3},
     NAMELESS EPB("\x24\0\0\0", "\x07", "\x03\0\0\0\x03\0\0\0",
                  "abc\0") "\x24\0\0\0" STATISTICS("\0\0\0\0", "\x07", "\x01", "\0"),
     sizeof NAMELESS - 1 + 0x24 + 0x34},
    {"one that needs no padding, and was longer on the wire",
     "r1:lan",
     {.data = (const uint8_t *)"abcd", .size = 4, .on_wire = 9},
     LAN EPB("\x24\0\0\0", "\x07", "\x04\0\0\0\x09\0\0\0", "abcd") "\x24\0\0\0" STATISTICS("\0\0\0\0", "\x07",
                                                                                           "\x01", "\0"),
     sizeof LAN - 1 + 0x24 + 0x34},
    {"one without an octet",
     "r1:lan",
     {.size = 0},
     LAN EPB("\x20\0\0\0", "\x07", "\0\0\0\0\0\0\0\0", "") "\x20\0\0\0" STATISTICS("\0\0\0\0", "\x07", "\x01",
                                                                                   "\0"),
     sizeof LAN - 1 + 0x20 + 0x34},
    {"a comment, its direction and its number",
     "r1:lan",
     {.data = (const uint8_t *)"abc",
      .size = 3,
      .on_wire = 3,
      .direction = PCAPNG_INBOUND,
      .id = 0x0102030405060708,
      .comment = "ip4-ttl"},
     LAN EPB("\x48\0\0\0", "\x07", "\x03\0\0\0\x03\0\0\0", "abc\0") "\x01\0\x07\0ip4-ttl\0\x02\0\x04\0\x01\0\0\0\x05\0\x08\0\x08\x07\x06\x05\x04\x03\x02\x01\0\0\0\0\x48\0\0\0" STATISTICS(
         "\0\0\0\0", "\x07", "\x01", "\0"),
     sizeof LAN - 1 + 0x48 + 0x34},
    {"only that it went out",
     "r1:lan",
     {.data = (const uint8_t *)"abc", .size = 3, .on_wire = 3, .direction = PCAPNG_OUTBOUND},
     LAN EPB("\x30\0\0\0", "\x07", "\x03\0\0\0\x03\0\0\0",
             "abc\0") "\x02\0\x04\0\x02\0\0\0\0\0\0\0\x30\0\0\0" STATISTICS("\0\0\0\0", "\x07", "\x01", "\0"),
     sizeof LAN - 1 + 0x30 + 0x34},
    {"an empty comment is one",
     "r1:lan",
     {.data = (const uint8_t *)"abc", .size = 3, .on_wire = 3, .comment = ""},
     LAN EPB("\x2c\0\0\0", "\x07", "\x03\0\0\0\x03\0\0\0",
             "abc\0") "\x01\0\0\0\0\0\0\0\x2c\0\0\0" STATISTICS("\0\0\0\0", "\x07", "\x01", "\0"),
     sizeof LAN - 1 + 0x2c + 0x34},
    {"a packet of an interface that is not there is none",
     "r1:lan",
     {.interface = 1, .data = (const uint8_t *)"abc", .size = 3, .on_wire = 3},
     LAN
     "\x05\0\0\0\x34\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\x08\0\0\0\0\0\0\0\0\0\x05\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\x34\0\0\0",
     sizeof LAN - 1 + 0x34},
};

static char path[64];

static size_t contents(uint8_t bytes[MAX_SIZE])
{
    FILE *file = fopen(path, "rb");
    size_t size = fread(bytes, 1, MAX_SIZE, file);
    fclose(file);
    return size;
}

/* Octets of the section that begins the file, which must be sound. */
static size_t section(const uint8_t *bytes)
{
    static const char who[] = "tapir " TAPIR_VERSION;
    size_t text = sizeof who - 1, size = 28 + 4 + (text + 3) / 4 * 4 + 4;
    assert_memory_equal(bytes, "\x0a\x0d\x0d\x0a", 4);
    assert_int_equal(bytes[4], size);
    assert_memory_equal(bytes + 5, "\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x04\0",
                        21);
    assert_int_equal(bytes[26], text);
    assert_memory_equal(bytes + 28, who, text);
    assert_memory_equal(bytes + size - 8, "\0\0\0\0", 4);
    assert_int_equal(bytes[size - 4], size);
    return size;
}

static void check_packet(void **state)
{
    const __typeof__(packets[0]) *row = *state;
    char error[PCAPFILE_ERROR];
    uint8_t bytes[MAX_SIZE] = {0};
    struct pcapng_writer *writer = pcapng_create(path, error);
    struct pcapng_packet packet = row->packet;
    packet.time = at_7;
    assert_int_equal(pcapng_interface(writer, row->name), 0);
    pcapng_write(writer, &packet);
    assert_true(pcapng_finish(writer, error));
    size_t size = contents(bytes), before = section(bytes);
    assert_int_equal(size - before, row->size);
    assert_memory_equal(bytes + before, row->bytes, row->size);
}

/* ---- scenes ---------------------------------------------------------------------------------------------- */

static void scene_two_interfaces(void)
{
    static const char expected[] = LAN NAMELESS
        "\x06\0\0\0\x24\0\0\0\x01\0\0\0\x01\0\0\0\x07\0\0\0\x03\0\0\0\x03\0\0\0abc\0\x24\0\0\0"
        "\x06\0\0\0\x24\0\0\0\x01\0\0\0\x01\0\0\0\x05\0\0\0\x03\0\0\0\x03\0\0\0abc\0\x24\0\0\0" STATISTICS(
            "\0\0\0\0", "\x05", "\0", "\x03") STATISTICS("\x01\0\0\0", "\x05", "\x02", "\0");
    char error[PCAPFILE_ERROR];
    uint8_t bytes[MAX_SIZE];
    struct pcapng_writer *writer = pcapng_create(path, error);
    assert_int_equal(pcapng_interface(writer, "r1:lan"), 0);
    assert_int_equal(pcapng_interface(writer, NULL), 1);
    struct pcapng_packet packet = {
        .interface = 1, .time = at_7, .data = (const uint8_t *)"abc", .size = 3, .on_wire = 3};
    pcapng_write(writer, &packet);
    packet.time = at_5;
    pcapng_write(writer, &packet);
    pcapng_dropped(writer, 0, 1);
    pcapng_dropped(writer, 0, 2);
    pcapng_dropped(writer, 2, 9);
    assert_true(pcapng_finish(writer, error));
    size_t size = contents(bytes), before = section(bytes);
    assert_int_equal(size - before, sizeof expected - 1);
    assert_memory_equal(bytes + before, expected, sizeof expected - 1);
}

static void scene_longest(void)
{
    static uint8_t frame[PCAPFILE_FRAME];
    static char comment[PCAPNG_COMMENT + 100];
    memset(comment, 'x', sizeof comment - 1);
    memset(frame, 'y', sizeof frame);
    char error[PCAPFILE_ERROR];
    struct pcapng_writer *writer = pcapng_create(path, error);
    pcapng_interface(writer, "r1:lan");
    pcapng_write(writer, &(struct pcapng_packet){.data = frame,
                                                 .size = sizeof frame,
                                                 .on_wire = sizeof frame,
                                                 .direction = PCAPNG_OUTBOUND,
                                                 .id = 1,
                                                 .comment = comment});
    assert_true(pcapng_finish(writer, error));
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    struct pcapfile_frame read;
    assert_int_equal(pcapfile_next(reader, &read, error), PCAPFILE_READ);
    assert_int_equal(read.size, PCAPFILE_FRAME);
    assert_memory_equal(read.data, frame, PCAPFILE_FRAME);
    assert_int_equal(strlen(read.comment), PCAPNG_COMMENT);
    assert_int_equal(pcapfile_next(reader, &read, error), PCAPFILE_END);
    pcapfile_close(reader);
}

static void scene_full_disk(void)
{
    char error[PCAPFILE_ERROR];
    struct pcapng_writer *writer = pcapng_create("/dev/full", error);
    assert_non_null(writer);
    pcapng_interface(writer, "r1:lan");
    assert_false(pcapng_finish(writer, error));
    assert_string_equal(error, "/dev/full: could not be written: No space left on device");
    static const uint8_t frame[PCAPFILE_FRAME];
    writer = pcapng_create("/dev/full", error);
    pcapng_interface(writer, "r1:lan");
    pcapng_write(writer,
                 &(struct pcapng_packet){.data = frame, .size = sizeof frame, .on_wire = sizeof frame});
    error[0] = '\0';
    assert_false(pcapng_finish(writer, error));
    assert_non_null(strstr(error, "/dev/full: could not be written: "));
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"two interfaces, a step back in time, and what was dropped", scene_two_interfaces},
    {"the longest frame with the longest comment, of which the rest is cut", scene_longest},
    {"a full disk is noticed", scene_full_disk},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

/* ---- for the script -------------------------------------------------------------------------------------- */

static int write_sample(const char *file)
{
    static const uint8_t frame[] =
        "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\x45\0\0\x1c\0\x01\0\0\x01\x01\xa5\xde"
        "\x0a\0\0\x01\x0a\0\0\x02\x08\0\xf7\xff\0\0\0\0";
    char error[PCAPFILE_ERROR] = "";
    struct pcapng_writer *writer = pcapng_create(file, error);
    if (writer == NULL)
        return 1;
    unsigned lan = pcapng_interface(writer, "r1:lan"), wan = pcapng_interface(writer, "r1:wan");
    struct pcapng_packet packet = {
        .time = {INT64_C(1700000000123456789)}, .data = frame, .size = 42, .on_wire = 42};
    packet.interface = lan;
    packet.direction = PCAPNG_INBOUND;
    packet.id = 7;
    packet.comment = "ip4-ttl: RFC 791 3.2, TTL of 1: \xc3\xa4";
    pcapng_write(writer, &packet);
    packet.interface = wan;
    packet.direction = PCAPNG_OUTBOUND;
    packet.time.ns -= 1000000001;
    packet.comment = NULL;
    packet.on_wire = 100;
    pcapng_write(writer, &packet);
    packet.id = 0;
    packet.direction = PCAPNG_UNKNOWN;
    pcapng_write(writer, &packet);
    pcapng_dropped(writer, lan, 3);
    return pcapng_finish(writer, error) ? 0 : 1;
}

int main(int argc, char *argv[])
{
    if (argc == 2)
        return write_sample(argv[1]);
    snprintf(path, sizeof path, "/tmp/test_pcapng_write.%d.pcapng", (int)getpid());
    int failed =
        RUN_TABLE("writing pcapng", packets, check_packet) + RUN_TABLE("writing pcapng", scenes, check_scene);
    unlink(path);
    return failed;
}
