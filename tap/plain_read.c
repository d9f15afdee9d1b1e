#include "tap/plain_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    MICROSECONDS = 0xd4, /* first octet of a1b2c3d4, lowest octet first */
    NANOSECONDS = 0x4d,  /* of a1b23c4d */
    HEAD = 16,
    BLOCK = 256 * 1024,
    BUFFER = HEAD + PCAPFILE_FRAME + BLOCK
};

struct plain_reader {
    FILE *file;       /* of libpcap */
    int64_t unit;     /* nanoseconds of a fraction */
    uint32_t longest; /* frames are cut to this */
    size_t at, end;   /* what is left of the buffer */
    uint8_t buffer[BUFFER];
};

/* Of other link types libpcap alters some frames on the way. */
static bool is_ordinary(pcap_t *pcap, int first)
{
    return (first == MICROSECONDS || first == NANOSECONDS) && pcap_datalink(pcap) == DLT_EN10MB &&
           pcap_major_version(pcap) == 2 && pcap_minor_version(pcap) == 4 && pcap_snapshot(pcap) > 0;
}

struct plain_reader *plain_open(pcap_t *pcap, int first)
{
    struct plain_reader *reader = is_ordinary(pcap, first) ? malloc(sizeof *reader) : NULL;
    if (reader == NULL)
        return NULL;
    reader->file = pcap_file(pcap);
    reader->unit = first == MICROSECONDS ? 1000 : 1;
    reader->longest = (uint32_t)pcap_snapshot(pcap);
    reader->at = reader->end = 0;
    return reader;
}

static size_t fill(struct plain_reader *reader, size_t size)
{
    size_t left = reader->end - reader->at;
    memmove(reader->buffer, reader->buffer + reader->at, left);
    reader->at = 0;
    reader->end = left + fread(reader->buffer + left, 1, BUFFER - left, reader->file);
    return reader->end < size ? reader->end : size;
}

/* As many octets of the file as there are, `size` at most, which fit the buffer. */
static inline size_t want(struct plain_reader *reader, size_t size)
{
    return reader->end - reader->at >= size ? size : fill(reader, size);
}

static enum pcapfile_result bad_end(const struct plain_reader *reader, char why[PLAIN_ERROR],
                                    const char *part, size_t wanted, size_t got)
{
    if (ferror(reader->file))
        snprintf(why, PLAIN_ERROR, "error reading dump file: %s", strerror(errno));
    else
        snprintf(why, PLAIN_ERROR, "truncated dump file; tried to read %zu %s bytes, only got %zu", wanted,
                 part, got);
    return PCAPFILE_BAD;
}

static enum pcapfile_result too_long(const struct plain_reader *reader, char why[PLAIN_ERROR], uint32_t size)
{
    bool exceeds = size > reader->longest;
    snprintf(why, PLAIN_ERROR, "invalid packet capture length %u, bigger than %s of %u", size,
             exceeds ? "snaplen" : "maximum", exceeds ? reader->longest : PCAPFILE_FRAME);
    return PCAPFILE_BAD;
}

static uint32_t get32(const uint8_t *o)
{
    return (uint32_t)o[0] | (uint32_t)o[1] << 8 | (uint32_t)o[2] << 16 | (uint32_t)o[3] << 24;
}

enum pcapfile_result plain_next(struct plain_reader *reader, struct pcapfile_frame *frame,
                                char why[PLAIN_ERROR])
{
    size_t n = want(reader, HEAD);
    if (n == 0 && !ferror(reader->file))
        return PCAPFILE_END;
    if (n < HEAD)
        return bad_end(reader, why, "header", HEAD, n);
    const uint8_t *head = reader->buffer + reader->at;
    uint32_t size = get32(head + 8), on_wire = get32(head + 12);
    int64_t ns = get32(head) * NS_PER_SECOND + (int32_t)get32(head + 4) * reader->unit;
    if (size > PCAPFILE_FRAME)
        return too_long(reader, why, size);
    reader->at += HEAD;
    uint32_t kept = size < reader->longest ? size : reader->longest;
    n = want(reader, size);
    if (n < size) /* libpcap wants what it keeps, and then the rest */
        return bad_end(reader, why, "captured", n < kept ? kept : size, n);
    *frame = (struct pcapfile_frame){.time = {ns},
                                     .data = reader->buffer + reader->at,
                                     .size = kept,
                                     .on_wire = on_wire,
                                     .link_type = DLT_EN10MB};
    reader->at += size;
    return PCAPFILE_READ;
}

void plain_close(struct plain_reader *reader)
{
    free(reader);
}
