/* Reading pcapng. The oracle is hand-written bytes, block by block from the draft. With a file as argument the
 * program prints a line for each of its frames; tests/tap/pcapng_read.sh compares them with what tshark says. */
#include "tap/pcapng_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tap/pcapng_block.h"
#include "tests/table.h"

/* ---- blocks by hand: little-endian, unless they end in _B ------------------------------------------------ */

#define SECTION                                            \
    "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0" \
    "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"
#define SECTION_B                                          \
    "\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\x01\0\0" \
    "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c"
#define SECTION_2 /* version 2 */                          \
    "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x02\0\0\0" \
    "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"
#define SECTION_SHORT "\x0a\x0d\x0d\x0a\x10\0\0\0\x4d\x3c\x2b\x1a\x10\0\0\0"
#define SECTION_12    "\x0a\x0d\x0d\x0a\x0c\0\0\0\x4d\x3c\x2b\x1a\x0c\0\0\0"
#define SECTION_TEXT  /* its options: a comment, and an end that is cut short after it */ \
    "\x0a\x0d\x0d\x0a\x28\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0"                                \
    "\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\x02\0hi\0\0\0\0\0\0\x28\0\0\0"

#define ETHERNET   "\x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0"
#define ETHERNET_B "\0\0\0\x01\0\0\0\x14\0\x01\0\0\0\0\0\0\0\0\0\x14"
#define RAW        "\x01\0\0\0\x14\0\0\0\x65\0\0\0\0\0\0\0\x14\0\0\0"
#define SNAP_2     "\x01\0\0\0\x14\0\0\0\x01\0\0\0\x02\0\0\0\x14\0\0\0"
#define LAN_NANO   /* named, in nanoseconds, and an end */                          \
    "\x01\0\0\0\x28\0\0\0\x01\0\0\0\0\0\0\0\x02\0\x03\0lan\0\x09\0\x01\0\x09\0\0\0" \
    "\0\0\0\0\x28\0\0\0"
#define LATER /* microseconds, 1,000 seconds later */ \
    "\x01\0\0\0\x20\0\0\0\x01\0\0\0\0\0\0\0\x0e\0\x08\0\xe8\x03\0\0\0\0\0\0\x20\0\0\0"
#define BINARY_B /* 2^-10 seconds, 100 seconds later, no end */                               \
    "\0\0\0\x01\0\0\0\x28\0\x01\0\0\0\0\0\0\0\x09\0\x01\x8a\0\0\0\0\x0e\0\x08\0\0\0\0\0\0\0d" \
    "\0\0\0\x28"
#define LONG_RESOLUTION "\x01\0\0\0\x1c\0\0\0\x01\0\0\0\0\0\0\0\x09\0\x04\0\x09\0\0\0\x1c\0\0\0"
#define NAME_BEYOND     "\x01\0\0\0\x1c\0\0\0\x01\0\0\0\0\0\0\0\x02\0\x05\0lan0\x1c\0\0\0"
#define INTERFACE_SHORT "\x01\0\0\0\x10\0\0\0\x01\0\0\0\x10\0\0\0"

/* Enhanced packet blocks: interface, 1 s and 5 units if they are micro, length and length, "abc". */
#define EPB(iface) "\x06\0\0\0\x24\0\0\0" iface "\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x03\0\0\0abc\0\x24\0\0\0"
#define EPB_B                                                                \
    "\0\0\0\x06\0\0\0\x24\0\0\0\0\0\0\0\0\0\x0f\x42\x45\0\0\0\x03\0\0\0\x03" \
    "abc\0\0\0\0\x24"
#define EPB_CUT   "\x06\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x09\0\0\0abc\0\x24\0\0\0"
#define EPB_EMPTY "\x06\0\0\0\x20\0\0\0\0\0\0\0\0\0\0\0\x45\x42\x0f\0\0\0\0\0\0\0\0\0\x20\0\0\0"
#define EPB_HEAD(length, captured) \
    "\x06\0\0\0" length "\0\0\0\0\0\0\0\0\x45\x42\x0f\0" captured "\x03\0\0\0abc\0"
#define EPB_TWO_COMMENTS /* a flag word between them; both have a NUL and octets behind it */ \
    EPB_HEAD("\x44\0\0\0", "\x03\0\0\0")                                                      \
    "\x01\0\x05\0fi\0st\0\0\0\x02\0\x04\0\x01\0\0\0\x01\0\x04\0no\0x\0\0\0\0\x44\0\0\0"
#define EPB_ID_AND_CUSTOM /* a packet id, a custom option, one that nobody knows, a comment */ \
    EPB_HEAD("\x4c\0\0\0", "\x03\0\0\0")                                                       \
    "\x05\0\x08\0idididid\xac\x0b\x06\0\0\0\0\x09zz\0\0\x99\x99\0\0\x01\0\x02\0ok\0\0\0\0\0\0" \
    "\x4c\0\0\0"
#define EPB_EMPTY_COMMENT EPB_HEAD("\x28\0\0\0", "\x03\0\0\0") "\x01\0\0\0\x28\0\0\0"
#define EPB_OPTION_BEYOND EPB_HEAD("\x2c\0\0\0", "\x03\0\0\0") "\x01\0\x05\0over\x2c\0\0\0"
#define EPB_BEHIND_END    EPB_HEAD("\x2c\0\0\0", "\x03\0\0\0") "\0\0\0\0\x01\0\xff\xff\x2c\0\0\0"
#define EPB_CAPTURED_5    EPB_HEAD("\x24\0\0\0", "\x05\0\0\0") "\x24\0\0\0"
#define EPB_CAPTURED_ALL  EPB_HEAD("\x24\0\0\0", "\xff\xff\xff\xff") "\x24\0\0\0"
#define EPB_MISMATCH      EPB_HEAD("\x24\0\0\0", "\x03\0\0\0") "\x28\0\0\0"
#define EPB_SHORT         "\x06\0\0\0\x1c\0\0\0\0\0\0\0\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x1c\0\0\0"
#define EPB_ODD           "\x06\0\0\0\x23\0\0\0\0\0\0\0\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x03\0\0\0abc\x23\0\0\0"
#define EPB_ENDLESS       "\x06\0\0\0\xfc\xff\xff\xff\0\0\0\0\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x03\0\0\0abc\0"

#define SPB       "\x03\0\0\0\x14\0\0\0\x03\0\0\0abc\0\x14\0\0\0"
#define SPB_9     "\x03\0\0\0\x14\0\0\0\x09\0\0\0abc\0\x14\0\0\0"
#define SPB_SHORT "\x03\0\0\0\x0c\0\0\0\x0c\0\0\0"
#define OBSOLETE  /* its drop count is 7, its comment old */                                         \
    "\x02\0\0\0\x2c\0\0\0\0\0\x07\0\0\0\0\0\x45\x42\x0f\0\x03\0\0\0\x03\0\0\0abc\0\x01\0\x03\0old\0" \
    "\x2c\0\0\0"
#define UNKNOWN         "\x99\x0b\0\0\x14\0\0\0whatever\x14\0\0\0"
#define CUSTOM          "\xad\x0b\0\0\x14\0\0\0\0\0\0\x09zzzz\x14\0\0\0"
#define NOTHING         "\x77\0\0\0\x0c\0\0\0\x0c\0\0\0"
#define UNKNOWN_ENDLESS "\x99\x0b\0\0\xfc\xff\xff\xffwhatever"
#define LENGTH_0        "\x99\x0b\0\0\0\0\0\0"
#define LENGTH_8        "\x06\0\0\0\x08\0\0\0"

#define I0          "\0\0\0\0"
#define I1          "\x01\0\0\0"
#define I2          "\x02\0\0\0"
#define BYTES(text) text, sizeof(text) - 1

/* What the frames are is said in the words of `told`: "time size/on wire data link-type [interface] [comment]". */
static const struct {
    const char *sentence;
    const char *bytes;
    size_t size;
    const char *told;
    const char *complaint; /* a part of it; NULL: none */
} files[] = {
    {"a section without anything is an end", BYTES(SECTION), "", NULL},
    {"an interface without frames, too", BYTES(SECTION ETHERNET), "", NULL},
    {"microseconds are the rule", BYTES(SECTION ETHERNET EPB(I0)), "1000005000 3/3 abc 1\n", NULL},
    {"big-endian is read as well", BYTES(SECTION_B ETHERNET_B EPB_B), "1000005000 3/3 abc 1\n", NULL},
    {"a name and nanoseconds", BYTES(SECTION LAN_NANO EPB(I0)), "1000005 3/3 abc 1 [lan]\n", NULL},
    {"powers of two and an offset", BYTES(SECTION_B BINARY_B EPB_B), "1076567382812 3/3 abc 1\n", NULL},
    {"an offset, little-endian", BYTES(SECTION LATER EPB(I0)), "1001000005000 3/3 abc 1\n", NULL},
    {"link types differ in one file: raw IP is DLT_RAW", BYTES(SECTION ETHERNET RAW EPB(I1) EPB(I0)),
     "1000005000 3/3 abc 12\n1000005000 3/3 abc 1\n", NULL},
    {"a section of the other byte order begins with no interface",
     BYTES(SECTION LAN_NANO EPB(I0) SECTION_B ETHERNET_B EPB_B SECTION ETHERNET EPB(I0)),
     "1000005 3/3 abc 1 [lan]\n1000005000 3/3 abc 1\n1000005000 3/3 abc 1\n", NULL},
    {"the interfaces of the section before are forgotten", BYTES(SECTION ETHERNET EPB(I0) SECTION EPB(I0)),
     "1000005000 3/3 abc 1\n", "frame 2: its interface 0 is not described"},
    {"six interfaces",
     BYTES(SECTION ETHERNET ETHERNET ETHERNET ETHERNET RAW LAN_NANO EPB("\x05\0\0\0") EPB("\x04\0\0\0")),
     "1000005 3/3 abc 1 [lan]\n1000005000 3/3 abc 12\n", NULL},
    {"a frame that was cut", BYTES(SECTION ETHERNET EPB_CUT), "1000005000 3/9 abc 1\n", NULL},
    {"a frame without an octet", BYTES(SECTION ETHERNET EPB_EMPTY), "1000005000 0/0  1\n", NULL},
    {"all comments, a line each", BYTES(SECTION ETHERNET EPB_TWO_COMMENTS EPB(I0)),
     "1000005000 3/3 abc 1 fi\nno\n1000005000 3/3 abc 1\n", NULL},
    {"other options are passed over", BYTES(SECTION ETHERNET EPB_ID_AND_CUSTOM), "1000005000 3/3 abc 1 ok\n",
     NULL},
    {"a comment without a letter is one", BYTES(SECTION ETHERNET EPB_EMPTY_COMMENT),
     "1000005000 3/3 abc 1 \n", NULL},
    {"what stands behind the end of options is no option", BYTES(SECTION ETHERNET EPB_BEHIND_END),
     "1000005000 3/3 abc 1\n", NULL},
    {"options of a section are nobody's comment", BYTES(SECTION_TEXT ETHERNET EPB(I0)),
     "1000005000 3/3 abc 1\n", NULL},
    {"a simple block has the time of the frame before", BYTES(SECTION ETHERNET SPB EPB(I0) SPB),
     "0 3/3 abc 1\n1000005000 3/3 abc 1\n1000005000 3/3 abc 1\n", NULL},
    {"a simple block ends where its interface cuts", BYTES(SECTION SNAP_2 SPB), "0 2/3 ab 1\n", NULL},
    {"an obsolete block is read like an enhanced one", BYTES(SECTION ETHERNET OBSOLETE),
     "1000005000 3/3 abc 1 old\n", NULL},
    {"unknown, custom and empty blocks are skipped", BYTES(SECTION UNKNOWN ETHERNET CUSTOM EPB(I0) NOTHING),
     "1000005000 3/3 abc 1\n", NULL},

    {"text is no pcapng", BYTES("\nnode r1 { }"), "", "block 1: no section begins here"},
    {"a block of another kind at the beginning", BYTES(ETHERNET SECTION), "",
     "block 1: no section begins here"},
    {"an empty file", BYTES(""), "", "the file is empty"},
    {"a section without a byte order", BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1b"), "",
     "block 1: a section without a byte order"},
    {"a section that ends before its byte order", BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d"), "",
     "block 1: truncated"},
    {"a section that is too short", BYTES(SECTION_SHORT), "", "block 1: a section whose header has only 4"},
    {"a section that has no room for its byte order", BYTES(SECTION_12 ETHERNET), "",
     "block 1: its length is 12"},
    {"a later section that is too short", BYTES(SECTION ETHERNET EPB(I0) SECTION_SHORT),
     "1000005000 3/3 abc 1\n", "block 4: a section whose header has only 4"},
    {"another version", BYTES(SECTION_2 ETHERNET EPB(I0)), "", "block 1: pcapng of version 2"},
    {"an interface that is too short", BYTES(SECTION INTERFACE_SHORT), "",
     "block 2: an interface described in only 4"},
    {"a name beyond its block", BYTES(SECTION NAME_BEYOND EPB(I0)), "",
     "block 2: its option 2 has 5 octets, but its block ends after 4"},
    {"a resolution of four octets", BYTES(SECTION LONG_RESOLUTION EPB(I0)), "",
     "block 2: its option 9 has 4 octets in place of 1"},
    {"an interface that is not there", BYTES(SECTION ETHERNET EPB(I0) EPB(I2)), "1000005000 3/3 abc 1\n",
     "frame 2: its interface 2 is not described"},
    {"an interface that comes too late", BYTES(SECTION EPB(I0) ETHERNET), "", "frame 1: its interface 0"},
    {"a simple block without an interface", BYTES(SECTION SPB), "", "frame 1: its interface 0"},
    {"more captured than the block has", BYTES(SECTION ETHERNET EPB_CAPTURED_5), "",
     "frame 1: its block holds 4 of the 5 octets"},
    {"four gigabytes captured", BYTES(SECTION ETHERNET EPB_CAPTURED_ALL), "", "frame 1: longer than 262144"},
    {"a simple frame longer than its block", BYTES(SECTION ETHERNET SPB_9), "",
     "frame 1: its block holds 4 of the 9"},
    {"a simple block without a length", BYTES(SECTION ETHERNET SPB_SHORT), "",
     "frame 1: its block has only 0"},
    {"a frame's block that is too short", BYTES(SECTION ETHERNET EPB_SHORT), "",
     "frame 1: its block has only 16"},
    {"a comment beyond its block", BYTES(SECTION ETHERNET EPB(I0) EPB_OPTION_BEYOND),
     "1000005000 3/3 abc 1\n", "frame 2: its option 1 has 5 octets, but its block ends after 4"},
    {"two lengths that differ", BYTES(SECTION ETHERNET EPB_MISMATCH), "",
     "frame 1: its length is 36 at the beginning and 40 at the end"},
    {"a length that is no multiple of four", BYTES(SECTION ETHERNET EPB_ODD), "",
     "frame 1: its length is 35"},
    {"a length of nothing", BYTES(SECTION LENGTH_0), "", "block 2: its length is 0"},
    {"a length below a block's own", BYTES(SECTION LENGTH_8), "", "frame 1: its length is 8"},
    {"a frame's block of four gigabytes", BYTES(SECTION ETHERNET EPB_ENDLESS), "",
     "frame 1: its block has 4294967292 octets; at most 1048588"},
    {"an unknown block of four gigabytes", BYTES(SECTION ETHERNET EPB(I0) UNKNOWN_ENDLESS),
     "1000005000 3/3 abc 1\n", "block 4: truncated"},
    {"an end within the first word of a block", BYTES(SECTION ETHERNET EPB(I0) "\x06\0"),
     "1000005000 3/3 abc 1\n", "block 4: truncated"},
    {"an end within the second", BYTES(SECTION ETHERNET EPB(I0) "\x06\0\0\0\x24\0\0"),
     "1000005000 3/3 abc 1\n", "block 4: truncated"},
    {"an end within a frame", BYTES(SECTION ETHERNET EPB(I0) EPB_HEAD("\x24\0\0\0", "\x03\0\0\0")),
     "1000005000 3/3 abc 1\n", "frame 2: truncated"},
};

/* ---- what was read, in words ----------------------------------------------------------------------------- */

static void tell(const struct pcapfile_frame *frame, FILE *out)
{
    fprintf(out, "%" PRId64 " %u/%u ", frame->time.ns, frame->size, frame->on_wire);
    fwrite(frame->data, 1, frame->size, out);
    fprintf(out, " %d", frame->link_type);
    if (frame->interface != NULL)
        fprintf(out, " [%s]", frame->interface);
    if (frame->comment != NULL)
        fprintf(out, " %s", frame->comment);
    fputc('\n', out);
}

static void check_file(void **state)
{
    const __typeof__(files[0]) *row = *state;
    char *told = NULL, error[PCAPFILE_ERROR] = "";
    size_t length;
    FILE *file =
        row->size == 0 ? fopen("/dev/null", "rb") : fmemopen((void *)(uintptr_t)row->bytes, row->size, "rb");
    FILE *out = open_memstream(&told, &length);
    struct pcapng_reader *reader = pcapng_open(file, error);
    enum pcapfile_result result = reader == NULL ? PCAPFILE_BAD : PCAPFILE_READ;
    struct pcapfile_frame frame;
    while (result == PCAPFILE_READ && (result = pcapng_next(reader, &frame, error)) == PCAPFILE_READ)
        tell(&frame, out);
    fclose(out);
    assert_string_equal(told, row->told);
    assert_int_equal(result, row->complaint == NULL ? PCAPFILE_END : PCAPFILE_BAD);
    if (row->complaint == NULL)
        assert_string_equal(error, "");
    else if (strstr(error, row->complaint) == NULL || strchr(error, '\n') != NULL)
        fail_msg("complains: %s", error);
    free(told);
    pcapng_close(reader);
    fclose(file);
}

/* ---- scenes ---------------------------------------------------------------------------------------------- */

/* Writes a block in the byte order of this host, which the section says. */
static void block(FILE *file, uint32_t type, const void *body, uint32_t size)
{
    uint32_t head[2] = {type, size + 12};
    fwrite(head, 4, 2, file);
    fwrite(body, 1, size, file);
    fwrite(&head[1], 4, 1, file);
}

static FILE *begin(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    block(file, 0x0a0d0d0a, (const uint32_t[]){0x1a2b3c4d, 1, 0xffffffff, 0xffffffff}, 16);
    return file;
}

static void scene_longest(void)
{
    static uint32_t body[5 + (PCAPFILE_FRAME + 4) / 4];
    char error[PCAPFILE_ERROR];
    FILE *file = begin();
    block(file, 1, (const uint32_t[]){1, 0}, 8);
    body[3] = body[4] = PCAPFILE_FRAME;
    block(file, 6, body, 20 + PCAPFILE_FRAME);
    body[3] = PCAPFILE_FRAME + 1;
    block(file, 6, body, sizeof body);
    rewind(file);
    struct pcapng_reader *reader = pcapng_open(file, error);
    struct pcapfile_frame frame;
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_READ);
    assert_int_equal(frame.size, PCAPFILE_FRAME);
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_BAD);
    assert_non_null(strstr(error, "frame 2: longer than 262144 octets"));
    pcapng_close(reader);
    fclose(file);
}

static void scene_skipped(void)
{
    static uint8_t body[PCAPNG_BLOCK + 4];
    char error[PCAPFILE_ERROR];
    FILE *file = begin();
    block(file, 99, body, sizeof body);
    block(file, 1, (const uint32_t[]){1, 0}, 8);
    block(file, 6, (const uint32_t[]){0, 0, 7, 4, 4, 0}, 24);
    block(file, 6, body, PCAPNG_BLOCK);
    block(file, 6, body, sizeof body);
    rewind(file);
    struct pcapng_reader *reader = pcapng_open(file, error);
    struct pcapfile_frame frame;
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_READ);
    assert_int_equal(frame.time.ns, 7000);
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_READ);
    assert_int_equal(frame.size, 0);
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_BAD);
    assert_non_null(strstr(error, "frame 3: its block has 1048592 octets"));
    pcapng_close(reader);
    fclose(file);
}

static void scene_interfaces(void)
{
    char error[PCAPFILE_ERROR];
    FILE *file = begin();
    for (uint32_t i = 0; i < PCAPNG_INTERFACES; i++)
        block(file, 1, (const uint32_t[]){i, 0}, 8);
    block(file, 6, (const uint32_t[]){65535, 0, 7, 4, 4, 0}, 24);
    block(file, 1, (const uint32_t[]){1, 0}, 8);
    rewind(file);
    struct pcapng_reader *reader = pcapng_open(file, error);
    struct pcapfile_frame frame;
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_READ);
    assert_int_equal(frame.link_type, 65535);
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_BAD);
    assert_non_null(strstr(error, "block 65539: more than 65536 interfaces"));
    pcapng_close(reader);
    fclose(file);
}

static void scene_long_name(void)
{
    char error[PCAPFILE_ERROR];
    uint8_t body[8 + 4 + 200] = {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 200, 0};
    memset(body + 12, 'x', 200);
    FILE *file = begin();
    block(file, 1, body, sizeof body);
    block(file, 3, (const uint32_t[]){4, 0}, 8);
    rewind(file);
    struct pcapng_reader *reader = pcapng_open(file, error);
    struct pcapfile_frame frame;
    assert_int_equal(pcapng_next(reader, &frame, error), PCAPFILE_READ);
    assert_int_equal(strlen(frame.interface), PCAPNG_NAME - 1);
    assert_int_equal(strspn(frame.interface, "x"), PCAPNG_NAME - 1);
    pcapng_close(reader);
    fclose(file);
}

static void scene_directory(void)
{
    char error[PCAPFILE_ERROR];
    FILE *file = fopen("/tmp", "rb");
    assert_null(pcapng_open(file, error));
    assert_non_null(strstr(error, "block 1: cannot be read: Is a directory"));
    fclose(file);
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"the longest frame is read, and one octet more is not", scene_longest},
    {"a block of more than a megabyte is skipped, but not read", scene_skipped},
    {"a section has 65,536 interfaces at most", scene_interfaces},
    {"a long name is cut", scene_long_name},
    {"a directory cannot be read", scene_directory},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

/* ---- for the script --------------------------------------------------------------------------------------- */

/* time|captured|on wire|interface|comments|octets in hexadecimal */
static void print(const struct pcapfile_frame *frame)
{
    printf("%" PRId64 ".%09" PRId64 "|%u|%u|%s|", frame->time.ns / 1000000000, frame->time.ns % 1000000000,
           frame->size, frame->on_wire, frame->interface == NULL ? "" : frame->interface);
    for (const char *c = frame->comment; c != NULL && *c != '\0'; c++)
        putchar(*c == '\n' ? ',' : *c);
    putchar('|');
    for (uint32_t i = 0; i < frame->size; i++)
        printf("%02x", frame->data[i]);
    putchar('\n');
}

static int print_all(const char *path)
{
    char error[PCAPFILE_ERROR] = "";
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    struct pcapng_reader *reader = file == NULL ? NULL : pcapng_open(file, error);
    struct pcapfile_frame frame;
    enum pcapfile_result result = PCAPFILE_BAD;
    while (reader != NULL && (result = pcapng_next(reader, &frame, error)) == PCAPFILE_READ)
        print(&frame);
    if (result == PCAPFILE_BAD)
        fprintf(stderr, "%s\n", error);
    pcapng_close(reader);
    if (file != NULL)
        fclose(file);
    return result == PCAPFILE_BAD;
}

int main(int argc, char *argv[])
{
    if (argc == 2)
        return print_all(argv[1]);
    return RUN_TABLE("reading pcapng", files, check_file) + RUN_TABLE("reading pcapng", scenes, check_scene);
}
