#include "core/ring.h"

#include <string.h>

enum {
    HEAD = 16 /* octets before a record: its size, or SKIP */
};

#define SKIP SIZE_MAX

static size_t padded(size_t size)
{
    return HEAD + (size + 15) / 16 * 16;
}

static void write_head(struct ring *ring, size_t at, size_t size)
{
    memcpy(ring->memory + at, &size, sizeof size);
}

static size_t read_head(const struct ring *ring, size_t at)
{
    size_t size;
    memcpy(&size, ring->memory + at, sizeof size);
    return size;
}

bool ring_can_hold(const struct ring *ring, size_t size)
{
    return size < ring->size && padded(size) <= ring->size;
}

/* What the reserved record leaves unused at the end of the memory: 0 also when the tail stands there already.
 */
static size_t gap_before(const struct ring *ring)
{
    return ring->place == ring->tail ? 0 : ring->size - ring->tail;
}

void *ring_reserve(struct ring *ring, size_t size)
{
    if (!ring_can_hold(ring, size))
        return NULL;
    if (ring->used == 0)
        ring->head = ring->tail = 0;
    ring->place = padded(size) > ring->size - ring->tail ? 0 : ring->tail;
    if (ring->used + gap_before(ring) + padded(size) > ring->size)
        return NULL;
    return ring->memory + ring->place + HEAD;
}

void ring_commit(struct ring *ring, size_t size)
{
    size_t gap = gap_before(ring);
    if (gap > 0)
        write_head(ring, ring->tail, SKIP);
    write_head(ring, ring->place, size);
    ring->tail = ring->place + padded(size);
    ring->used += gap + padded(size);
}

/* Moves the head over a gap at the end of the memory. */
static void skip_gap(struct ring *ring)
{
    if (ring->size - ring->head >= HEAD && read_head(ring, ring->head) != SKIP)
        return;
    ring->used -= ring->size - ring->head;
    ring->head = 0;
}

void *ring_peek(struct ring *ring, size_t *size)
{
    if (ring->used == 0)
        return NULL;
    skip_gap(ring);
    *size = read_head(ring, ring->head);
    return ring->memory + ring->head + HEAD;
}

void ring_consume(struct ring *ring)
{
    if (ring->used == 0)
        return;
    skip_gap(ring);
    size_t size = padded(read_head(ring, ring->head));
    ring->head += size;
    ring->used -= size;
}
