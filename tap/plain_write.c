#include "tap/plain_write.h"

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
    BUFFER = 256 * 1024,
    FILE_HEAD = 24,
    FRAME_HEAD = 16
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

/* The lowest octet first, on every machine. */
static void put32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static void append_file_head(struct plain_writer *writer)
{
    uint8_t head[FILE_HEAD] = {0};
    put32(head, MAGIC_NANOSECONDS);
    put32(head + 4, 4U << 16 | 2); /* version 2.4 */
    put32(head + 16, PCAPFILE_FRAME);
    put32(head + 20, DLT_EN10MB);
    append(writer, head, sizeof head);
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
    uint8_t head[FRAME_HEAD];
    put32(head, (uint32_t)(time.ns / NS_PER_SECOND));
    put32(head + 4, (uint32_t)(time.ns % NS_PER_SECOND));
    put32(head + 8, size);
    put32(head + 12, size);
    append(writer, head, sizeof head);
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
