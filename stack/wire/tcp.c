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
        .sequence = bytes_get32(segment + TCP_AT_SEQUENCE),
        .acknowledgment = bytes_get32(segment + TCP_AT_ACKNOWLEDGMENT),
        .window = bytes_get16(segment + TCP_AT_WINDOW),
        .urgent = bytes_get16(segment + TCP_AT_URGENT),
        .flags = segment[TCP_AT_FLAGS],
        .size = (uint8_t)((segment[TCP_AT_OFFSET] >> 4) * 4),
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
    bytes_put32(segment + TCP_AT_SEQUENCE, header->sequence);
    bytes_put32(segment + TCP_AT_ACKNOWLEDGMENT, header->acknowledgment);
    segment[TCP_AT_OFFSET] = (uint8_t)(header->size / 4 << 4);
    segment[TCP_AT_FLAGS] = header->flags;
    bytes_put16(segment + TCP_AT_WINDOW, header->window);
    bytes_put16(segment + TCP_AT_CHECKSUM, 0);
    bytes_put16(segment + TCP_AT_URGENT, header->urgent);
    bytes_put16(segment + TCP_AT_CHECKSUM, checksum_of(segment, size, source, destination));
}
