#include "wire/tcp.h"

#include "core/promise.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"

enum tapir_verdict tcp_parse(const uint8_t *segment, size_t size, struct tcp_header *header)
{
    if (size < TCP_HEADER)
        return TAPIR_TCP_SHORT;
    *header = (struct tcp_header){
        .source_port = bytes_get16(segment),
        .destination_port = bytes_get16(segment + 2),
        .sequence = bytes_get32(segment + 4),
        .acknowledgment = bytes_get32(segment + 8),
        .window = bytes_get16(segment + 14),
        .urgent = bytes_get16(segment + 18),
        .flags = segment[13],
        .size = (uint8_t)((segment[12] >> 4) * 4),
    };
    if (header->size < TCP_HEADER || header->size > size)
        return TAPIR_TCP_SHORT;
    return TAPIR_UNSETTLED;
}

static uint16_t checksum_of(const uint8_t *segment, size_t size, struct ip4 source, struct ip4 destination)
{
    uint64_t pseudo = checksum_pseudo(source, destination, IP4_TCP, (uint16_t)size);
    return checksum_fold(checksum_add(pseudo, segment, size));
}

bool tcp_checksum_holds(const uint8_t *segment, size_t size, struct ip4 source, struct ip4 destination)
{
    return checksum_of(segment, size, source, destination) == 0;
}

void tcp_build(uint8_t *segment, size_t size, const struct tcp_header *header, struct ip4 source,
               struct ip4 destination)
{
    promise(header->size >= TCP_HEADER && header->size <= size && header->size % 4 == 0 &&
            size <= UINT16_MAX);
    bytes_put16(segment, header->source_port);
    bytes_put16(segment + 2, header->destination_port);
    bytes_put32(segment + 4, header->sequence);
    bytes_put32(segment + 8, header->acknowledgment);
    segment[12] = (uint8_t)(header->size / 4 << 4);
    segment[13] = header->flags;
    bytes_put16(segment + 14, header->window);
    bytes_put16(segment + 16, 0);
    bytes_put16(segment + 18, header->urgent);
    bytes_put16(segment + 16, checksum_of(segment, size, source, destination));
}
