/* Any octets as a capture file: frames within their bounds, then the end, or one line that says what is
 * wrong. What was read is made Ethernet of, filtered, rewritten and written. */
#include <pcap/dlt.h>
#include <string.h>

#include "tap/adapt.h"
#include "tap/alter.h"
#include "tap/pcapfile.h"
#include "tests/fuzz/fuzz.h"

enum {
    FRAMES = 1000
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void is_one_line(const char *line)
{
    must(line[0] != '\0' && strchr(line, '\n') == NULL);
}

/* Every address becomes another one, in a block of the size of the frame. */
static void rewrite(const struct pcapfile_frame *frame)
{
    static const struct rewrite rules[] = {{{{0}, 1}, {{0x80000000}, 1}}, {{{0x80000000}, 1}, {{0}, 1}}};
    static struct alter *alter;
    char error[PCAPFILE_ERROR];
    struct alter_plan plan = {.filter = "ip host 10.0.0.1 or arp or icmp"};
    if (alter == NULL)
        must((alter = alter_create(&plan, error)) != NULL);
    uint8_t *copy = malloc(frame->size);
    must(copy != NULL || frame->size == 0);
    if (frame->size > 0)
        memcpy(copy, frame->data, frame->size);
    struct pcapfile_frame exact = *frame;
    exact.data = copy;
    alter_takes(alter, &exact);
    rewrite_frame(rules, 2, copy, frame->size);
    free(copy);
}

/* Copies a frame to a block of its size, so that a sanitizer sees what is beyond, and adapts it from there. */
static void touch(struct pcapfile_frame *frame)
{
    static uint8_t room[PCAPFILE_FRAME];
    char why[PCAPFILE_ERROR] = "";
    must(frame->size <= PCAPFILE_FRAME && frame->size <= frame->on_wire);
    must(frame->interface == NULL || strlen(frame->interface) > 0);
    must(frame->comment == NULL || strlen(frame->comment) < 1 << 20);
    uint8_t *copy = malloc(frame->size);
    must(copy != NULL || frame->size == 0);
    if (frame->size > 0)
        memcpy(copy, frame->data, frame->size);
    frame->data = copy;
    if (adapt_frame(frame, (struct mac){{2}}, room, why)) {
        must(frame->link_type == DLT_EN10MB && frame->size <= frame->on_wire);
        memmove(room, frame->data, frame->size);
        rewrite(frame);
    } else {
        is_one_line(why);
    }
    frame->data = room;
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32], error[PCAPFILE_ERROR] = "";
    fuzz_write(data, size, path);
    struct pcapfile_reader *reader = pcapfile_open(path, error);
    if (reader == NULL) {
        is_one_line(error);
        return 0;
    }
    struct pcapfile_writer *writer = pcapfile_create("/dev/null", NULL, error);
    must(writer != NULL);
    struct pcapfile_frame frame;
    enum pcapfile_result result = PCAPFILE_END;
    for (int i = 0; i < FRAMES && (result = pcapfile_next(reader, &frame, error)) == PCAPFILE_READ; i++) {
        touch(&frame);
        pcapfile_write(writer, frame.time, frame.data, frame.size);
    }
    if (result == PCAPFILE_BAD)
        is_one_line(error);
    pcapfile_close(reader);
    must(pcapfile_finish(writer, error));
    return 0;
}
