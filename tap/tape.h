/* A tape: what a node was told, turn by turn, and what came of it, so that its run can be made again.
 *
 * A node is a function of its seed, the time of each turn, the frames that its devices had then, their carrier, and the
 * operations from outside: those are on the tape. What left is there as a hash, and every verdict, so that a second run
 * can be compared.
 *
 *     "tapir tape 1\n"  seed[16]  start:8   then records, a tag and its fields, the lowest octet first
 *     T now:8 single:1                      a turn
 *     U iface:4 up:1                        the node saw a carrier come or go in this turn
 *     R iface:4 size:4 octets               a frame was read in this turn
 *     A now:8 kind:1 iface:4 x:8 y:8        an operation: clock (x: offset), link (x: up), setting (x: which, y: value)
 *     F iface:4 hash:8                      a frame left
 *     V origin:1 verdict:2 answer:2 number:8   a packet was settled
 *     C now:8                               the node was closed
 *
 * Next: tap/rerun.h, which plays it. */
#ifndef TAP_TAPE_H
#define TAP_TAPE_H

#include "tapir.h"

enum {
    TAPE_ERROR = 512,   /* octets that every message fits */
    TAPE_FRAME = 262144 /* octets of the longest frame */
};

/* ---- writing: errors show in tape_finish --------------------------------------------------------------- */

struct tape;

/* Creates `path`, which must not be there. NULL: `error` says in one line why. */
struct tape *tape_create(const char *path, const uint8_t seed[16], tapir_instant start,
                         char error[TAPE_ERROR]);

void tape_turn(struct tape *tape, tapir_instant now, bool single);
void tape_carrier(struct tape *tape, unsigned iface, bool up);
void tape_frame(struct tape *tape, unsigned iface, const struct tapir_packet *packet);
void tape_apply(struct tape *tape, const struct tapir_op *op, tapir_instant now);
void tape_sent(struct tape *tape, const struct tapir_packet *packet);
void tape_settled(struct tape *tape, const struct tapir_packet *packet);
void tape_close(struct tape *tape, tapir_instant now);

/* Flushes and closes; NULL is fine. False: not everything could be written; `error` says why. */
bool tape_finish(struct tape *tape, char error[TAPE_ERROR]);

/* The hash of a frame that is sent. */
uint64_t tape_hash(const struct tapir_packet *packet);

/* ---- reading ------------------------------------------------------------------------------------------- */

enum tape_kind {
    TAPE_TURN,
    TAPE_CARRIER,
    TAPE_READ,
    TAPE_APPLY,
    TAPE_SENT,
    TAPE_SETTLED,
    TAPE_CLOSE,
    TAPE_END, /* of the file, between two records */
    TAPE_BAD  /* `error` says what */
};

struct tape_record {
    enum tape_kind kind;
    tapir_instant now; /* TURN, APPLY, CLOSE */
    bool flag;         /* TURN: single; CARRIER: up */
    unsigned iface;
    const uint8_t *data; /* READ: valid until the next record */
    uint32_t size;
    struct tapir_op op;
    uint64_t hash; /* SENT */
    enum tapir_origin origin;
    enum tapir_verdict verdict, answer;
    uint64_t number; /* SETTLED */
};

struct tape_reader;

/* NULL: `error` says in one line why. */
struct tape_reader *tape_open(const char *path, uint8_t seed[16], tapir_instant *start,
                              char error[TAPE_ERROR]);

/* Reads the next record. A tape that ends inside of one is BAD: the run was killed. */
void tape_next(struct tape_reader *reader, struct tape_record *record, char error[TAPE_ERROR]);

/* NULL is fine. */
void tape_reader_close(struct tape_reader *reader);

#endif
