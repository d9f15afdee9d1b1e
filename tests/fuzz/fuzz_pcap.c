/* Any octets as a capture file: frames within their bounds, then the end, or one line that says what is
 * wrong. What was read is written and read again. */
#include <string.h>

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

/* Copies a frame to a block of its size, so that a sanitizer sees what is beyond. */
static void touch(const struct pcapfile_frame *frame)
{
    must(frame->size <= PCAPFILE_FRAME);
    uint8_t *copy = malloc(frame->size + 1);
    must(copy != NULL);
    if (frame->size > 0)
        memcpy(copy, frame->data, frame->size);
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
    struct pcapfile_writer *writer = pcapfile_create("/dev/null", error);
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
