#include "wire/ip4.h"

#include "core/promise.h"
#include "wire/addr.h"
#include "wire/checksum.h"

enum tapir_verdict ip4_parse(const uint8_t *data, size_t size, struct ip4_header *header)
{
    if (size < IP4_HEADER)
        return TAPIR_IP4_SHORT;
    ip4_read(data, header);
    if (data[IP4_AT_VERSION] >> 4 != 4)
        return TAPIR_IP4_VERSION;
    if (header->size < IP4_HEADER || header->size > size)
        return TAPIR_IP4_HEADER_LENGTH;
    if (header->total < header->size)
        return TAPIR_IP4_TOTAL_LENGTH;
    if (!checksum_holds(data, header->size))
        return TAPIR_IP4_CHECKSUM;
    if (header->total > size)
        return TAPIR_IP4_TRUNCATED;
    return TAPIR_UNSETTLED;
}

void ip4_build(uint8_t *data, const struct ip4_header *header)
{
    promise(header->size >= IP4_HEADER && header->size <= IP4_HEADER_MAX && header->size % 4 == 0);
    data[IP4_AT_VERSION] = (uint8_t)(0x40 | header->size / 4);
    data[IP4_AT_TOS] = header->tos;
    bytes_put16(data + IP4_AT_TOTAL, header->total);
    bytes_put16(data + IP4_AT_ID, header->id);
    bytes_put16(data + IP4_AT_FRAGMENT, header->fragment);
    data[IP4_AT_TTL] = header->ttl;
    data[IP4_AT_PROTOCOL] = header->protocol;
    bytes_put16(data + IP4_AT_CHECKSUM, 0);
    ip4_put(data + IP4_AT_SOURCE, header->source);
    ip4_put(data + IP4_AT_DESTINATION, header->destination);
    bytes_put16(data + IP4_AT_CHECKSUM, checksum(data, header->size));
}
