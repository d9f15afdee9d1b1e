#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/siphash.h"
#include "tap/tape.h"

struct tape {
    FILE *file;
    char path[256];
    int error; /* errno of the first failure */
};

static void put(struct tape *tape, const void *data, size_t size)
{
    if (size > 0 && fwrite(data, size, 1, tape->file) != 1 && tape->error == 0)
        tape->error = errno != 0 ? errno : EIO;
}

/* The lowest octet first. */
static void put_number(struct tape *tape, uint64_t value, size_t octets)
{
    uint8_t out[8];
    for (size_t i = 0; i < octets; i++)
        out[i] = (uint8_t)(value >> (8 * i));
    put(tape, out, octets);
}

struct tape *tape_create(const char *path, const uint8_t seed[16], tapir_instant start,
                         char error[TAPE_ERROR])
{
    struct tape *tape = calloc(1, sizeof *tape);
    FILE *file = tape == NULL ? NULL : fopen(path, "wxe");
    if (file == NULL) {
        snprintf(error, TAPE_ERROR, "%.400s: cannot be written: %s", path, strerror(errno));
        free(tape);
        return NULL;
    }
    tape->file = file;
    snprintf(tape->path, sizeof tape->path, "%s", path);
    put(tape, "tapir tape 1\n", 13);
    put(tape, seed, 16);
    put_number(tape, (uint64_t)start.ns, 8);
    return tape;
}

void tape_turn(struct tape *tape, tapir_instant now, bool single)
{
    put(tape, "T", 1);
    put_number(tape, (uint64_t)now.ns, 8);
    put_number(tape, single, 1);
}

void tape_carrier(struct tape *tape, unsigned iface, bool up)
{
    put(tape, "U", 1);
    put_number(tape, iface, 4);
    put_number(tape, up, 1);
}

void tape_frame(struct tape *tape, unsigned iface, const struct tapir_packet *packet)
{
    put(tape, "R", 1);
    put_number(tape, iface, 4);
    put_number(tape, packet->size, 4);
    put(tape, packet->data, packet->size);
}

void tape_apply(struct tape *tape, const struct tapir_op *op, tapir_instant now)
{
    uint64_t x = op->kind == TAPIR_OP_CLOCK  ? (uint64_t)op->clock.offset_ns
                 : op->kind == TAPIR_OP_LINK ? (uint64_t)op->link.up
                                             : (uint64_t)op->set.setting;
    put(tape, "A", 1);
    put_number(tape, (uint64_t)now.ns, 8);
    put_number(tape, op->kind, 1);
    put_number(tape, op->iface, 4);
    put_number(tape, x, 8);
    put_number(tape, op->kind == TAPIR_OP_SET ? (uint64_t)op->set.value : 0, 8);
}

uint64_t tape_hash(const struct tapir_packet *packet)
{
    static const uint8_t key[16] = "tapir tape hash";
    return siphash(key, packet->data, packet->size);
}

void tape_sent(struct tape *tape, const struct tapir_packet *packet)
{
    put(tape, "F", 1);
    put_number(tape, packet->iface, 4);
    put_number(tape, tape_hash(packet), 8);
}

void tape_settled(struct tape *tape, const struct tapir_packet *packet)
{
    put(tape, "V", 1);
    put_number(tape, packet->within.origin, 1);
    put_number(tape, packet->verdict, 2);
    put_number(tape, packet->answer, 2);
    put_number(tape, packet->number, 8);
}

void tape_close(struct tape *tape, tapir_instant now)
{
    put(tape, "C", 1);
    put_number(tape, (uint64_t)now.ns, 8);
}

bool tape_finish(struct tape *tape, char error[TAPE_ERROR])
{
    if (tape == NULL)
        return true;
    if (fclose(tape->file) != 0 && tape->error == 0)
        tape->error = errno;
    int code = tape->error;
    if (code != 0)
        snprintf(error, TAPE_ERROR, "%s: could not be written: %s", tape->path, strerror(code));
    free(tape);
    return code == 0;
}
