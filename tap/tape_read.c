#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap/tape.h"

struct tape_reader {
    FILE *file;
    char path[256];
    uint64_t records;
    uint8_t frame[TAPE_FRAME];
};

/* False: the file ends before. */
static bool take(struct tape_reader *reader, void *data, size_t size)
{
    return size == 0 || fread(data, size, 1, reader->file) == 1;
}

static bool take_number(struct tape_reader *reader, size_t octets, uint64_t *value)
{
    uint8_t in[8];
    *value = 0;
    if (!take(reader, in, octets))
        return false;
    for (size_t i = 0; i < octets; i++)
        *value |= (uint64_t)in[i] << (8 * i);
    return true;
}

static bool take_time(struct tape_reader *reader, tapir_instant *now)
{
    uint64_t value;
    if (!take_number(reader, 8, &value))
        return false;
    now->ns = (int64_t)value;
    return true;
}

struct tape_reader *tape_open(const char *path, uint8_t seed[16], tapir_instant *start,
                              char error[TAPE_ERROR])
{
    char magic[13];
    struct tape_reader *reader = calloc(1, sizeof *reader);
    FILE *file = reader == NULL ? NULL : fopen(path, "re");
    if (file == NULL) {
        snprintf(error, TAPE_ERROR, "%.400s: cannot be read: %s", path, strerror(errno));
        free(reader);
        return NULL;
    }
    reader->file = file;
    snprintf(reader->path, sizeof reader->path, "%s", path);
    if (take(reader, magic, sizeof magic) && memcmp(magic, "tapir tape 1\n", sizeof magic) == 0 &&
        take(reader, seed, 16) && take_time(reader, start))
        return reader;
    snprintf(error, TAPE_ERROR, "%.400s: is no tape of tapir run --record", path);
    tape_reader_close(reader);
    return NULL;
}

/* ---- records ------------------------------------------------------------------------------------------- */

static bool take_iface(struct tape_reader *reader, struct tape_record *record)
{
    uint64_t iface;
    bool taken = take_number(reader, 4, &iface);
    record->iface = (unsigned)iface;
    return taken;
}

static bool take_flag(struct tape_reader *reader, struct tape_record *record)
{
    uint64_t flag;
    bool taken = take_number(reader, 1, &flag);
    record->flag = flag != 0;
    return taken;
}

static bool take_frame(struct tape_reader *reader, struct tape_record *record)
{
    uint64_t size;
    if (!take_iface(reader, record) || !take_number(reader, 4, &size) || size > TAPE_FRAME)
        return false;
    record->data = reader->frame;
    record->size = (uint32_t)size;
    return take(reader, reader->frame, size);
}

static bool take_op(struct tape_reader *reader, struct tape_record *record)
{
    uint64_t kind, x, y;
    if (!take_time(reader, &record->now) || !take_number(reader, 1, &kind) || !take_iface(reader, record) ||
        !take_number(reader, 8, &x) || !take_number(reader, 8, &y))
        return false;
    record->op = (struct tapir_op){.kind = (enum tapir_op_kind)kind, .iface = record->iface};
    if (kind == TAPIR_OP_CLOCK)
        record->op.clock.offset_ns = (int64_t)x;
    else if (kind == TAPIR_OP_LINK)
        record->op.link.up = x != 0;
    else if (kind == TAPIR_OP_SET && x < TAPIR_SETTING_COUNT) {
        record->op.set.setting = (enum tapir_setting)x;
        record->op.set.value = (int64_t)y;
    } else {
        return false;
    }
    return true;
}

static bool take_settled(struct tape_reader *reader, struct tape_record *record)
{
    uint64_t origin, verdict, answer;
    if (!take_number(reader, 1, &origin) || !take_number(reader, 2, &verdict) ||
        !take_number(reader, 2, &answer))
        return false;
    record->origin = origin == TAPIR_BORN ? TAPIR_BORN : TAPIR_RECEIVED;
    record->verdict = (enum tapir_verdict)verdict;
    record->answer = (enum tapir_verdict)answer;
    return take_number(reader, 8, &record->number);
}

static bool take_record(struct tape_reader *reader, int tag, struct tape_record *record)
{
    switch (tag) {
    case 'T':
        record->kind = TAPE_TURN;
        return take_time(reader, &record->now) && take_flag(reader, record);
    case 'U':
        record->kind = TAPE_CARRIER;
        return take_iface(reader, record) && take_flag(reader, record);
    case 'R':
        record->kind = TAPE_READ;
        return take_frame(reader, record);
    case 'A':
        record->kind = TAPE_APPLY;
        return take_op(reader, record);
    case 'F':
        record->kind = TAPE_SENT;
        return take_iface(reader, record) && take_number(reader, 8, &record->hash);
    case 'V':
        record->kind = TAPE_SETTLED;
        return take_settled(reader, record);
    case 'C':
        record->kind = TAPE_CLOSE;
        return take_time(reader, &record->now);
    default:
        return false;
    }
}

void tape_next(struct tape_reader *reader, struct tape_record *record, char error[TAPE_ERROR])
{
    *record = (struct tape_record){.kind = TAPE_END};
    int tag = fgetc(reader->file);
    if (tag == EOF)
        return;
    reader->records++;
    if (take_record(reader, tag, record))
        return;
    record->kind = TAPE_BAD;
    snprintf(error, TAPE_ERROR, "%s: record %" PRIu64 ": %s", reader->path, reader->records,
             feof(reader->file) ? "the tape ends here: the run was killed, or its disk was full"
                                : "is none that tapir writes; the file is damaged");
}

void tape_reader_close(struct tape_reader *reader)
{
    if (reader == NULL)
        return;
    fclose(reader->file);
    free(reader);
}
