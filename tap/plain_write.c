#include "tap/plain_write.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap/pcapfile.h"

#define NS_PER_SECOND INT64_C(1000000000)

#define MAGIC_NANOSECONDS UINT32_C(0xa1b23c4d)

enum {
    BUFFER = 256 * 1024
};

struct plain_writer {
    int fd;
    int fault; /* errno of the first write that failed; nothing is written from then on */
    size_t used;
    uint8_t buffer[BUFFER];
};

static void write_all(struct plain_writer *writer, const uint8_t *data, size_t size)
{
    while (size > 0 && writer->fault == 0) {
        ssize_t n = write(writer->fd, data, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            writer->fault = errno;
            return;
        }
        data += n;
        size -= (size_t)n;
    }
}

static void flush(struct plain_writer *writer)
{
    write_all(writer, writer->buffer, writer->used);
    writer->used = 0;
}

static void append(struct plain_writer *writer, const void *data, size_t size)
{
    if (size > BUFFER - writer->used)
        flush(writer);
    if (size > BUFFER) {
        write_all(writer, data, size);
        return;
    }
    memcpy(writer->buffer + writer->used, data, size);
    writer->used += size;
}

/* The lowest octet first, on every machine. In words: octet by octet a frame took 55 instructions more. */
static void append_words(struct plain_writer *writer, uint32_t words[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        words[i] = htole32(words[i]);
    append(writer, words, n * sizeof *words);
}

static void append_file_head(struct plain_writer *writer)
{
    uint32_t head[] = {MAGIC_NANOSECONDS, 4U << 16 | 2 /* version 2.4 */, 0, 0, PCAPFILE_FRAME, DLT_EN10MB};
    append_words(writer, head, sizeof head / sizeof head[0]);
}

struct plain_writer *plain_create(const char *path)
{
    struct plain_writer *writer = malloc(sizeof *writer);
    if (writer == NULL)
        return NULL;
    writer->fault = 0;
    writer->used = 0;
    if (strcmp(path, "-") == 0) {
        (void)fflush(stdout);
        writer->fd = dup(STDOUT_FILENO);
    } else {
        writer->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (writer->fd < 0) {
        free(writer);
        return NULL;
    }
    append_file_head(writer);
    return writer;
}

void plain_write(struct plain_writer *writer, tapir_instant time, const uint8_t *data, uint32_t size)
{
    uint32_t head[] = {(uint32_t)(time.ns / NS_PER_SECOND), (uint32_t)(time.ns % NS_PER_SECOND), size, size};
    append_words(writer, head, sizeof head / sizeof head[0]);
    if (size > 0)
        append(writer, data, size);
}

int plain_finish(struct plain_writer *writer)
{
    flush(writer);
    if (close(writer->fd) != 0 && writer->fault == 0)
        writer->fault = errno;
    int fault = writer->fault;
    free(writer);
    return fault;
}
