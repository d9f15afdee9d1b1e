/* Captures and tapes that were cut anywhere, or have another octet anywhere: they end, with a line about the file or without,
 * and what is read until then lies within bounds (under AddressSanitizer: make test-asan). */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap/pcapfile.h"
#include "tap/tape.h"
#include "tests/scene.h"
#include "tests/table.h"

enum {
    LARGEST = 4096,
    RECORDS = 1000 /* more than any of the files can hold */
};

static char path[64];
static uint8_t octets[LARGEST];
static size_t size;

static void load(const char *name)
{
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    size = fread(octets, 1, sizeof octets, file);
    fclose(file);
    assert_in_range(size, 1, LARGEST - 1);
}

static void save(size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(octets, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A line that names the file. */
static void assert_line(const char *line)
{
    assert_int_equal(strncmp(line, path, strlen(path)), 0);
    assert_null(strchr(line, '\n'));
}

/* Touches all that is lent. */
static void touch(const uint8_t *data, size_t n)
{
    static volatile uint8_t last;
    for (size_t i = 0; i < n; i++)
        last = data[i];
    (void)last;
}

static size_t read_capture(void)
{
    char error[PCAPFILE_ERROR];
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    struct pcapfile_frame frame;
    enum pcapfile_result result = PCAPFILE_BAD;
    size_t n = 0;
    while (reader != NULL && (result = pcapfile_next(reader, &frame, error)) == PCAPFILE_READ) {
        assert_true(frame.size <= frame.on_wire && frame.size <= PCAPFILE_FRAME);
        assert_true(frame.time.ns >= 0);
        touch(frame.data, frame.size);
        assert_true(++n < RECORDS);
    }
    pcapfile_close(reader);
    if (result == PCAPFILE_BAD)
        assert_line(error);
    return n;
}

static size_t read_tape(void)
{
    char error[TAPE_ERROR];
    uint8_t seed[16];
    tapir_instant start;
    struct tape_record record = {.kind = TAPE_BAD};
    struct tape_reader *reader = tape_open(path, seed, &start, error);
    size_t n = 0;
    while (reader != NULL && (tape_next(reader, &record, error), record.kind < TAPE_END)) {
        if (record.kind == TAPE_READ)
            touch(record.data, record.size);
        assert_true(++n < RECORDS);
    }
    tape_reader_close(reader);
    if (record.kind == TAPE_BAD)
        assert_line(error);
    return n;
}

/* Of each kind of record one. */
static void make_tape(void)
{
    static const uint8_t seed[16] = "0123456789abcde";
    uint8_t frame[SCENE_FRAME];
    char error[TAPE_ERROR];
    struct tapir_packet packet = {.data = frame, .size = scene_arp_request(frame), .iface = 1};
    struct tapir_op op = {.kind = TAPIR_OP_SET, .set = {.setting = TAPIR_SET_IP_TTL, .value = 9}};
    unlink(path);
    struct tape *tape = tape_create(path, seed, (tapir_instant){1}, error);
    assert_non_null(tape);
    tape_turn(tape, (tapir_instant){2}, false);
    tape_carrier(tape, 1, false);
    tape_frame(tape, 1, &packet);
    tape_apply(tape, &op, (tapir_instant){3});
    tape_sent(tape, &packet);
    tape_settled(tape, &packet);
    tape_close(tape, (tapir_instant){4});
    assert_true(tape_finish(tape, error));
    load(path);
}

static const struct row {
    const char *sentence;
    const char *name; /* of a capture; NULL: the tape */
    size_t records;   /* of the whole file */
} rows[] = {
    {"pcap, lowest octet first, microseconds", "micro-little", 2},
    {"pcap, highest octet first, nanoseconds", "nano-big", 2},
    {"pcapng with comments", "ng-comments", 2},
    {"pcapng of several sections", "ng-sections", 3},
    {"pcapng of several link types, highest octet first", "ng-types-big", 4},
    {"a tape", NULL, 7},
};

static void check(void **state)
{
    const struct row *row = *state;
    size_t (*read)(void) = row->name == NULL ? read_tape : read_capture;
    char name[128];
    snprintf(name, sizeof name, "tests/fuzz/corpus/fuzz_pcap/%s", row->name == NULL ? "" : row->name);
    if (row->name == NULL)
        make_tape();
    else
        load(name);
    save(size);
    assert_int_equal(read(), row->records);
    for (size_t length = 0; length < size; length++) {
        save(length);
        assert_true(read() <= row->records);
    }
    for (size_t i = 0; i < size; i++) {
        const uint8_t was = octets[i], others[] = {0xff, was ^ 1};
        for (size_t other = 0; other < sizeof others; other++) {
            octets[i] = others[other];
            save(size);
            read();
        }
        octets[i] = was;
    }
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/test_spoilt.%d", (int)getpid());
    int failed = RUN_TABLE("spoilt", rows, check);
    unlink(path);
    return failed;
}
