#include "tap/pcapng_write.h"

#include <errno.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap/pcapng.h"

enum {
    NANOSECONDS = 9,     /* 10^-9 seconds: if_tsresol */
    BLOCK_REST = 64,     /* octets of a block beside frame and comment */
    COMMENT_ROOM = 65540 /* of the longest, with its head and padding */
};

struct counts {
    uint64_t written, dropped;
};

struct pcapng_writer {
    FILE *file;
    struct counts *interfaces;
    unsigned n_interfaces;
    bool failed;   /* no memory for an interface */
    uint64_t last; /* time of the last packet, for the statistics */
    char path[256];
    size_t size; /* of the block that is being made */
    uint8_t block[PCAPFILE_FRAME + COMMENT_ROOM + BLOCK_REST];
};

/* ---- blocks -------------------------------------------------------------------------------------------- */

static void put16(struct pcapng_writer *writer, unsigned value)
{
    writer->block[writer->size++] = (uint8_t)value;
    writer->block[writer->size++] = (uint8_t)(value >> 8);
}

static void put32(struct pcapng_writer *writer, uint32_t value)
{
    put16(writer, value & 0xffff);
    put16(writer, value >> 16);
}

static void put64(struct pcapng_writer *writer, uint64_t value)
{
    put32(writer, (uint32_t)value);
    put32(writer, (uint32_t)(value >> 32));
}

/* Times have their upper half first, in either byte order. */
static void put_time(struct pcapng_writer *writer, uint64_t time)
{
    put32(writer, (uint32_t)(time >> 32));
    put32(writer, (uint32_t)time);
}

static void put_padded(struct pcapng_writer *writer, const void *data, size_t size)
{
    uint8_t *at = writer->block + writer->size;
    if (size > 0)
        memcpy(at, data, size);
    size_t padded = pcapng_padded((uint32_t)size);
    memset(at + size, 0, padded - size);
    writer->size += padded;
}

static void put_option(struct pcapng_writer *writer, unsigned code, const void *value, size_t size)
{
    put16(writer, code);
    put16(writer, (unsigned)size);
    put_padded(writer, value, size);
}

static void begin_block(struct pcapng_writer *writer, uint32_t type)
{
    writer->size = 0;
    put32(writer, type);
    put32(writer, 0);
}

/* The length stands at both ends. */
static void end_block(struct pcapng_writer *writer)
{
    size_t size = writer->size + 4;
    put32(writer, (uint32_t)size);
    memcpy(writer->block + 4, writer->block + size - 4, 4);
    fwrite(writer->block, 1, size, writer->file);
}

static void put_section(struct pcapng_writer *writer)
{
    static const char who[] = "tapir " TAPIR_VERSION;
    begin_block(writer, PCAPNG_SECTION);
    put32(writer, PCAPNG_ORDER);
    put16(writer, PCAPNG_MAJOR);
    put16(writer, 0);
    put64(writer, UINT64_MAX); /* its length is not told */
    put_option(writer, PCAPNG_SHB_USERAPPL, who, sizeof who - 1);
    put_option(writer, PCAPNG_OPT_END, NULL, 0);
    end_block(writer);
}

static void put_statistics(struct pcapng_writer *writer, unsigned interface)
{
    const struct counts *counts = &writer->interfaces[interface];
    begin_block(writer, PCAPNG_STATISTICS);
    put32(writer, interface);
    put_time(writer, writer->last);
    put16(writer, PCAPNG_ISB_IFRECV);
    put16(writer, 8);
    put64(writer, counts->written);
    put16(writer, PCAPNG_ISB_IFDROP);
    put16(writer, 8);
    put64(writer, counts->dropped);
    put_option(writer, PCAPNG_OPT_END, NULL, 0);
    end_block(writer);
}

/* ---- the writer ---------------------------------------------------------------------------------------- */

struct pcapng_writer *pcapng_create(const char *path, char error[PCAPFILE_ERROR])
{
    struct pcapng_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%.400s: out of memory", path);
        return NULL;
    }
    writer->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (writer->file == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%.400s: cannot be written: %s", path, strerror(errno));
        free(writer);
        return NULL;
    }
    snprintf(writer->path, sizeof writer->path, "%s", path);
    put_section(writer);
    return writer;
}

unsigned pcapng_interface(struct pcapng_writer *writer, const char *name)
{
    struct counts *more = realloc(writer->interfaces, (writer->n_interfaces + 1) * sizeof *more);
    writer->failed |= more == NULL;
    if (more == NULL)
        return writer->n_interfaces;
    writer->interfaces = more;
    writer->interfaces[writer->n_interfaces] = (struct counts){0};
    begin_block(writer, PCAPNG_INTERFACE);
    put16(writer, DLT_EN10MB);
    put16(writer, 0);
    put32(writer, PCAPFILE_FRAME);
    if (name != NULL)
        put_option(writer, PCAPNG_IF_NAME, name, strnlen(name, PCAPNG_COMMENT));
    put_option(writer, PCAPNG_IF_TSRESOL, &(uint8_t){NANOSECONDS}, 1);
    put_option(writer, PCAPNG_OPT_END, NULL, 0);
    end_block(writer);
    return writer->n_interfaces++;
}

void pcapng_write(struct pcapng_writer *writer, const struct pcapng_packet *packet)
{
    if (packet->interface >= writer->n_interfaces)
        return;
    writer->interfaces[packet->interface].written++;
    writer->last = (uint64_t)packet->time.ns;
    begin_block(writer, PCAPNG_ENHANCED);
    put32(writer, packet->interface);
    put_time(writer, (uint64_t)packet->time.ns);
    put32(writer, packet->size);
    put32(writer, packet->on_wire);
    put_padded(writer, packet->data, packet->size);
    if (packet->comment != NULL)
        put_option(writer, PCAPNG_OPT_COMMENT, packet->comment, strnlen(packet->comment, PCAPNG_COMMENT));
    if (packet->direction != PCAPNG_UNKNOWN) {
        put16(writer, PCAPNG_EPB_FLAGS);
        put16(writer, 4);
        put32(writer, packet->direction);
    }
    if (packet->id != 0) {
        put16(writer, PCAPNG_EPB_PACKETID);
        put16(writer, 8);
        put64(writer, packet->id);
    }
    if (packet->comment != NULL || packet->direction != PCAPNG_UNKNOWN || packet->id != 0)
        put_option(writer, PCAPNG_OPT_END, NULL, 0);
    end_block(writer);
}

void pcapng_dropped(struct pcapng_writer *writer, unsigned interface, uint64_t n)
{
    if (interface < writer->n_interfaces)
        writer->interfaces[interface].dropped += n;
}

bool pcapng_finish(struct pcapng_writer *writer, char error[PCAPFILE_ERROR])
{
    if (writer == NULL)
        return true;
    for (unsigned i = 0; i < writer->n_interfaces; i++)
        put_statistics(writer, i);
    errno = writer->failed ? ENOMEM : 0;
    bool written = fflush(writer->file) == 0 && ferror(writer->file) == 0 && !writer->failed;
    if (writer->file != stdout)
        written &= fclose(writer->file) == 0;
    if (!written)
        snprintf(error, PCAPFILE_ERROR, "%s: could not be written: %s", writer->path,
                 errno != 0 ? strerror(errno) : "write error");
    free(writer->interfaces);
    free(writer);
    return written;
}
