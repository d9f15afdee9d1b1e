/* Datagrams too large for one frame: cut for sending, joined after receiving, by the naive reading of RFC 791.
 *
 * Next: tests/world/bench.h. */
#ifndef TESTS_WORLD_PIECES_H
#define TESTS_WORLD_PIECES_H

#include "tests/world/bench.h"

enum {
    DATAGRAM_MAX = 65535
};

/* A datagram with its header, sums right. */
struct whole {
    uint8_t bytes[DATAGRAM_MAX + 20000]; /* also of those that no header can announce */
    size_t size, header;
};

/* What a frame carries, with as many octets of data as wanted: the head of the frame's own, then a pattern. An echo
 * request or a UDP datagram; `frame->data` may be any number up to 65,507. */
void whole_make(struct whole *datagram, const struct frame *frame);

/* Sends octets `start` to `end` of the data behind the header as a fragment; returns its number. Later fragments carry
 * options with the copied bit alone. MF is set unless `end` is that of the datagram. */
uint64_t whole_send(struct bench *bench, enum tap on, const struct whole *datagram, size_t start, size_t end);

/* The same with flags and options (may be NULL) of the caller's choice. */
struct piece {
    size_t start, end;
    unsigned fragment; /* flags beside the offset */
    int tos, ttl, id;  /* 0: those of the datagram */
    int64_t from, to;
    int protocol;
    const char *options;
    size_t options_size;
};
uint64_t whole_send_piece(struct bench *bench, enum tap on, const struct whole *datagram,
                          const struct piece *piece);

/* Takes the next sights as long as they are fragments of one datagram and joins them; false: they do not join to a whole.
 * Checks lengths, offsets and order, and that each fits in `mtu`. Returns how many in *n. */
bool whole_join(struct bench *bench, struct whole *datagram, size_t mtu, size_t *n);

/* An echo request with so many octets of data, and this identification. */
static inline struct frame whole_echo(int data, int id)
{
    return (struct frame){.data = data, .id = id};
}

/* Takes the next sights: the echo reply to `request`, in pieces or in one, with all its data. */
void whole_expect_echo(struct bench *bench, const struct whole *request);

/* Joins what was given under the key of frame `number`, up to that frame. False: it is no fragment, or not whole. */
bool whole_given(const struct bench *bench, uint64_t number, struct whole *datagram);

#endif
