#include "tap/pcapng_read.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "tap/pcapng.h"
#include "tap/pcapng_block.h"
#include "tap/pcapng_time.h"

enum {
    MICROSECONDS = 6, /* resolution of an interface that tells none */
    LINKTYPE_RAW = 101,
    PACKET_FIXED = 20 /* octets of an enhanced or obsolete packet block before the frame */
};

struct interface {
    int64_t offset; /* seconds */
    uint32_t snap;  /* octets that were captured of a frame at most; 0: all */
    int link_type;  /* DLT_... */
    uint8_t resolution;
    char name[PCAPNG_NAME];
};

struct pcapng_reader {
    struct pcapng_block block;    /* at hand */
    struct interface *interfaces; /* of this section */
    size_t n_interfaces, room;
    int64_t time; /* of the last frame */
};

/* ---- interfaces ---------------------------------------------------------------------------------------- */

static enum pcapfile_result begin_section(struct pcapng_reader *reader, char error[PCAPFILE_ERROR])
{
    struct pcapng_block *block = &reader->block;
    reader->n_interfaces = 0;
    if (block->size < 16)
        return pcapng_bad(block, error, "a section whose header has only %u octets" PCAPNG_KEEP, block->size);
    unsigned major = pcapng_get16(block, block->body + 4);
    if (major != PCAPNG_MAJOR)
        return pcapng_bad(block, error, "pcapng of version %u; only version 1 can be read", major);
    return PCAPFILE_READ;
}

static struct interface *new_interface(struct pcapng_reader *reader)
{
    if (reader->n_interfaces == reader->room) {
        size_t room = reader->room == 0 ? 4 : 2 * reader->room;
        struct interface *more =
            room > PCAPNG_INTERFACES ? NULL : realloc(reader->interfaces, room * sizeof *more);
        if (more == NULL)
            return NULL;
        reader->interfaces = more;
        reader->room = room;
    }
    struct interface *interface = &reader->interfaces[reader->n_interfaces++];
    *interface = (struct interface){.resolution = MICROSECONDS};
    return interface;
}

static enum pcapfile_result learn(const struct pcapng_reader *reader, const struct pcapng_option *option,
                                  struct interface *interface, char error[PCAPFILE_ERROR])
{
    const struct pcapng_block *block = &reader->block;
    unsigned due = option->code == PCAPNG_IF_TSRESOL ? 1 : option->code == PCAPNG_IF_TSOFFSET ? 8 : 0;
    if (due > 0 && option->size != due)
        return pcapng_bad(block, error, "its option %u has %u octets in place of %u" PCAPNG_KEEP,
                          option->code, option->size, due);
    if (option->code == PCAPNG_IF_NAME)
        snprintf(interface->name, sizeof interface->name, "%.*s", (int)option->size,
                 (const char *)option->value);
    if (option->code == PCAPNG_IF_TSRESOL)
        interface->resolution = option->value[0];
    if (option->code == PCAPNG_IF_TSOFFSET)
        interface->offset = (int64_t)pcapng_get64(block, option->value);
    return PCAPFILE_READ;
}

static enum pcapfile_result add_interface(struct pcapng_reader *reader, char error[PCAPFILE_ERROR])
{
    struct pcapng_block *block = &reader->block;
    if (block->size < 8)
        return pcapng_bad(block, error, "an interface described in only %u octets" PCAPNG_KEEP, block->size);
    struct interface *interface = new_interface(reader);
    if (interface == NULL)
        return pcapng_bad(block, error, "more than %d interfaces, or no memory for them", PCAPNG_INTERFACES);
    interface->link_type = pcapng_get16(block, block->body);
    if (interface->link_type == LINKTYPE_RAW)
        interface->link_type = DLT_RAW;
    interface->snap = pcapng_get32(block, block->body + 4);
    struct pcapng_option option;
    enum pcapfile_result result;
    uint32_t at = 8;
    while ((result = pcapng_next_option(block, &at, &option, error)) == PCAPFILE_READ)
        if (learn(reader, &option, interface, error) == PCAPFILE_BAD)
            return PCAPFILE_BAD;
    return result == PCAPFILE_END ? PCAPFILE_READ : result;
}

/* ---- frames -------------------------------------------------------------------------------------------- */

/* Fills in what follows from interface and lengths; the frame stands at `at` of the body. */
static enum pcapfile_result fill_frame(struct pcapng_reader *reader, uint32_t interface, uint32_t at,
                                       struct pcapfile_frame *frame, char error[PCAPFILE_ERROR])
{
    struct pcapng_block *block = &reader->block;
    if (interface >= reader->n_interfaces)
        return pcapng_bad(block, error, "its interface %u is not described before it" PCAPNG_KEEP, interface);
    if (frame->size > PCAPFILE_FRAME)
        return pcapng_bad(block, error, "longer than %d octets", PCAPFILE_FRAME);
    if (frame->size > block->size - at)
        return pcapng_bad(block, error, "its block holds %u of the %u octets that it should" PCAPNG_KEEP,
                          block->size - at, frame->size);
    const struct interface *from = &reader->interfaces[interface];
    frame->data = block->body + at;
    frame->link_type = from->link_type;
    frame->interface = from->name[0] == '\0' ? NULL : from->name;
    frame->comment = NULL;
    return PCAPFILE_READ;
}

/* Enhanced and obsolete packet blocks: the second has a count of drops beside a shorter interface number. */
static enum pcapfile_result packet(struct pcapng_reader *reader, struct pcapfile_frame *frame,
                                   char error[PCAPFILE_ERROR])
{
    struct pcapng_block *block = &reader->block;
    if (block->size < PACKET_FIXED)
        return pcapng_bad(block, error, "its block has only %u octets" PCAPNG_KEEP, block->size);
    uint32_t interface =
        block->type == PCAPNG_PACKET ? pcapng_get16(block, block->body) : pcapng_get32(block, block->body);
    frame->size = pcapng_get32(block, block->body + 12);
    frame->on_wire = pcapng_get32(block, block->body + 16);
    if (fill_frame(reader, interface, PACKET_FIXED, frame, error) == PCAPFILE_BAD)
        return PCAPFILE_BAD;
    const struct interface *from = &reader->interfaces[interface];
    uint64_t units =
        (uint64_t)pcapng_get32(block, block->body + 4) << 32 | pcapng_get32(block, block->body + 8);
    reader->time = frame->time.ns = pcapng_time(units, from->resolution, from->offset);
    uint32_t options = PACKET_FIXED + pcapng_padded(frame->size);
    return pcapng_comments(block, options, &frame->comment, error) == PCAPFILE_BAD ? PCAPFILE_BAD
                                                                                   : PCAPFILE_READ;
}

/* Of the first interface, and as long as that captures. */
static enum pcapfile_result simple(struct pcapng_reader *reader, struct pcapfile_frame *frame,
                                   char error[PCAPFILE_ERROR])
{
    struct pcapng_block *block = &reader->block;
    if (block->size < 4)
        return pcapng_bad(block, error, "its block has only %u octets" PCAPNG_KEEP, block->size);
    uint32_t snap = reader->n_interfaces == 0 ? 0 : reader->interfaces[0].snap;
    frame->on_wire = pcapng_get32(block, block->body);
    frame->size = snap != 0 && snap < frame->on_wire ? snap : frame->on_wire;
    frame->time.ns = reader->time;
    return fill_frame(reader, 0, 4, frame, error);
}

/* ---- the reader ---------------------------------------------------------------------------------------- */

struct pcapng_reader *pcapng_open(FILE *file, char error[PCAPFILE_ERROR])
{
    struct pcapng_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        snprintf(error, PCAPFILE_ERROR, "out of memory");
        return NULL;
    }
    reader->block.file = file;
    struct pcapng_block *block = &reader->block;
    enum pcapfile_result result = pcapng_next_block(block, error);
    if (result == PCAPFILE_READ)
        result = begin_section(reader, error);
    else if (result == PCAPFILE_END)
        snprintf(error, PCAPFILE_ERROR, "the file is empty");
    if (result == PCAPFILE_READ)
        return reader;
    pcapng_close(reader);
    return NULL;
}

enum pcapfile_result pcapng_next(struct pcapng_reader *reader, struct pcapfile_frame *frame,
                                 char error[PCAPFILE_ERROR])
{
    struct pcapng_block *block = &reader->block;
    enum pcapfile_result result;
    while ((result = pcapng_next_block(block, error)) == PCAPFILE_READ) {
        if (block->type == PCAPNG_SIMPLE)
            return simple(reader, frame, error);
        if (pcapng_has_frame(block->type))
            return packet(reader, frame, error);
        if (block->type == PCAPNG_SECTION)
            result = begin_section(reader, error);
        if (block->type == PCAPNG_INTERFACE)
            result = add_interface(reader, error);
        if (result == PCAPFILE_BAD)
            break;
    }
    return result;
}

void pcapng_close(struct pcapng_reader *reader)
{
    if (reader == NULL)
        return;
    free(reader->interfaces);
    free(reader);
}
