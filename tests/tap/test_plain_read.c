/* Frames of plain pcap files by our own reader. The oracle is libpcap, which reads the same octets: the same frames and the
 * same end, in the same words. */
#include "tap/plain_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rand.h"
#include "tests/table.h"

enum {
    HEAD = 24,
    RECORD = 16,
    LARGE = 400 * 1024, /* more than the reader's buffer holds */
    ROOM = HEAD + 8 * (RECORD + PCAPFILE_FRAME)
};

static uint8_t file[ROOM];
static size_t size;

static void put32(uint32_t value)
{
    for (int i = 0; i < 4; i++)
        file[size++] = (uint8_t)(value >> (8 * i));
}

/* Version 2.4, Ethernet. */
static void head(uint32_t magic, uint32_t longest)
{
    size = 0;
    put32(magic);
    put32(0x00040002);
    put32(0);
    put32(0);
    put32(longest);
    put32(1);
}

static void frame(uint32_t seconds, uint32_t fraction, uint32_t here, uint32_t on_wire)
{
    put32(seconds);
    put32(fraction);
    put32(here);
    put32(on_wire);
    for (uint32_t i = 0; i < here; i++)
        file[size++] = (uint8_t)(i * 7 + here);
}

static pcap_t *open_libpcap(size_t octets)
{
    char error[PCAP_ERRBUF_SIZE];
    FILE *stream = fmemopen(file, octets, "rb");
    assert_non_null(stream);
    pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, error);
    if (pcap == NULL)
        fclose(stream);
    return pcap;
}

/* libpcap makes nanoseconds of microseconds in 32 bits: where these do not hold them there is nothing to compare. */
static bool is_same_time(int64_t ours, const struct pcap_pkthdr *theirs)
{
    int64_t fraction = ours - (int64_t)(uint32_t)theirs->ts.tv_sec * 1000000000;
    bool overflowed = fraction < INT32_MIN || fraction > INT32_MAX;
    return overflowed || fraction == theirs->ts.tv_usec;
}

static bool is_the_same(const struct pcapfile_frame *ours, const struct pcap_pkthdr *theirs,
                        const u_char *data)
{
    return is_same_time(ours->time.ns, theirs) && ours->size == theirs->caplen &&
           ours->on_wire == theirs->len && ours->link_type == DLT_EN10MB &&
           memcmp(ours->data, data, ours->size) == 0;
}

/* Reads the first octets of the file both ways. Returns the number of frames. */
static unsigned compare(size_t octets)
{
    pcap_t *theirs = open_libpcap(octets), *opened = open_libpcap(octets);
    assert_true((theirs == NULL) == (opened == NULL));
    struct plain_reader *ours = opened == NULL ? NULL : plain_open(opened, file[0]);
    unsigned n = 0;
    for (enum pcapfile_result result = PCAPFILE_READ; ours != NULL && result == PCAPFILE_READ;) {
        struct pcapfile_frame read;
        struct pcap_pkthdr *header;
        const u_char *data;
        char why[PLAIN_ERROR];
        int expected = pcap_next_ex(theirs, &header, &data);
        result = plain_next(ours, &read, why);
        assert_int_equal(result, expected == 1                  ? PCAPFILE_READ
                                 : expected == PCAP_ERROR_BREAK ? PCAPFILE_END
                                                                : PCAPFILE_BAD);
        if (result == PCAPFILE_BAD)
            assert_string_equal(why, pcap_geterr(theirs));
        if (result == PCAPFILE_READ)
            assert_true(is_the_same(&read, header, data));
        n += result == PCAPFILE_READ;
    }
    plain_close(ours);
    if (opened != NULL)
        pcap_close(opened);
    if (theirs != NULL)
        pcap_close(theirs);
    return n;
}

static void three_frames(uint32_t magic)
{
    head(magic, 64);
    frame(1700000000, 999999, 60, 60);
    frame(0xf0000000, 5, 0, 0);
    frame(1, 0xffffffff, 9, 1500);
}

static void scene_plain(void)
{
    three_frames(0xa1b2c3d4);
    assert_int_equal(compare(size), 3);
    three_frames(0xa1b23c4d);
    assert_int_equal(compare(size), 3);
}

static void scene_others(void)
{
    static const uint32_t magics[] = {0xd4c3b2a1, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1};
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        three_frames(magics[i]);
        assert_int_equal(compare(size), 0); /* none by us */
    }
    three_frames(0xa1b2c3d4);
    file[6] = 3; /* version 2.3 */
    assert_int_equal(compare(size), 0);
    three_frames(0xa1b2c3d4);
    file[20] = 101; /* raw IP */
    assert_int_equal(compare(size), 0);
}

static void scene_truncated(void)
{
    three_frames(0xa1b23c4d);
    for (size_t octets = 1; octets < size; octets++)
        assert_true(compare(octets) < 3);
}

static void scene_large(void)
{
    head(0xa1b2c3d4, 0);
    for (unsigned i = 0; i < 4; i++)
        frame(i, i, PCAPFILE_FRAME - i, PCAPFILE_FRAME);
    assert_true(size > LARGE);
    assert_int_equal(compare(size), 4);
    assert_int_equal(compare(size - 1), 3);
}

static void scene_longest(void)
{
    head(0xa1b2c3d4, 40);
    frame(1, 1, 41, 41);
    frame(2, 2, 40, 40);
    assert_int_equal(compare(size), 2);
    frame(3, 3, 0, 0);
    size_t at = size - RECORD + 8;
    memcpy(file + at, "\x01\x00\x04\x00", 4); /* 262145 */
    assert_int_equal(compare(size), 2);
}

static void scene_garbage(void)
{
    struct rand_state random;
    rand_init(&random, (const uint8_t *)"plain pcap files", 1);
    unsigned frames = 0;
    for (int round = 0; round < 3000; round++) {
        three_frames(round % 2 == 0 ? 0xa1b23c4d : 0xa1b2c3d4);
        for (uint32_t hits = 1 + rand_below(&random, 3); hits > 0; hits--)
            file[4 + rand_below(&random, (uint32_t)size - 4)] = (uint8_t)rand_below(&random, 256);
        frames += compare(size);
    }
    assert_true(frames > 3000);
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"micro- and nanoseconds, no octets, a time after 2038: as libpcap reads them", scene_plain},
    {"the other byte order, other link types, kinds and versions are left to libpcap", scene_others},
    {"wherever a file ends it ends as for libpcap, and in its words", scene_truncated},
    {"frames that the buffer holds only one of", scene_large},
    {"a frame beyond the snapshot length is cut, one beyond the longest is refused", scene_longest},
    {"3,000 files with wrong octets", scene_garbage},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    return RUN_TABLE("plain pcap", scenes, check_scene);
}
