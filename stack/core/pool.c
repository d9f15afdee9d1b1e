#include "core/pool.h"

#include "core/packet.h"

enum {
    CACHE_LINE = 64
};

/* face is the first member, so the pointer is the pool's own. */
static void pool_give(struct tapir_pool *face, struct tapir_packet *packet)
{
    struct pool *pool = (void *)face;
    packet->number = 0;
    packet->within.next = pool->free;
    pool->free = packet;
    pool->use--;
}

struct tapir_packet *tapir_packet_init(void *slot, size_t size, struct tapir_pool *home)
{
    struct tapir_packet *packet = slot;
    if (size < sizeof *packet + TAPIR_HEADROOM)
        return NULL;
    packet_clear(packet, sizeof *packet);
    packet->headroom = TAPIR_HEADROOM;
    packet->tailroom = (uint32_t)(size - sizeof *packet - TAPIR_HEADROOM);
    packet->data = (uint8_t *)slot + sizeof *packet + TAPIR_HEADROOM;
    packet->within.home = home;
    return packet;
}

size_t pool_stride(size_t room)
{
    size_t lines = (sizeof(struct tapir_packet) + TAPIR_HEADROOM + room + CACHE_LINE - 1) / CACHE_LINE;
    return (lines | 1) * CACHE_LINE;
}

void pool_init(struct pool *pool, void *memory, uint32_t slots, size_t room)
{
    *pool =
        (struct pool){.face.give = pool_give, .memory = memory, .stride = pool_stride(room), .slots = slots};
}

struct tapir_packet *pool_take(struct pool *pool)
{
    void *slot = pool->free;
    if (slot != NULL)
        pool->free = pool->free->within.next;
    else if (pool->fresh < pool->slots)
        slot = pool->memory + pool->fresh++ * pool->stride;
    else
        return NULL;
    if (++pool->use > pool->peak)
        pool->peak = pool->use;
    return tapir_packet_init(slot, pool->stride, &pool->face);
}

uint32_t pool_available(const struct pool *pool)
{
    return pool->slots - pool->use;
}
