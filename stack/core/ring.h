/* A ring of records, each contiguous, for what sockets send and receive: written and read in place, no copy.
 *
 * One record is reserved at a time and seen by the reader when it is committed. A record that does not fit
 * before the end of the memory begins at its start; the gap is skipped. Next: ip4/datagram.h. */
#ifndef CORE_RING_H
#define CORE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
    uint8_t *memory;
    size_t size;  /* octets, a multiple of 16 */
    size_t head;  /* offset of the oldest record */
    size_t tail;  /* offset behind the newest one */
    size_t used;  /* octets between them, gaps included */
    size_t place; /* offset of the record that is reserved: the tail, or the start of the memory */
};

/* Room for a record of `size` octets, aligned to 16, or NULL: not now. A second call forgets the first. */
void *ring_reserve(struct ring *ring, size_t size);

/* Makes the reserved record of `size` octets (at most what was reserved) the newest. */
void ring_commit(struct ring *ring, size_t size);

/* The oldest record and its octets, or NULL. */
void *ring_peek(struct ring *ring, size_t *size);

/* Drops the oldest record. */
void ring_consume(struct ring *ring);

/* A record of `size` octets could ever fit. */
bool ring_can_hold(const struct ring *ring, size_t size);

#endif
