#include "wire/icmp4_timestamp.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"

bool icmp4_timestamp_parse(const uint8_t *message, size_t size, struct icmp4_timestamp *timestamp)
{
    if (size < ICMP4_TIMESTAMP_SIZE)
        return false;
    *timestamp = (struct icmp4_timestamp){
        .type = message[0],
        .identifier = bytes_get16(message + 4),
        .sequence = bytes_get16(message + 6),
        .originate = bytes_get32(message + 8),
        .receive = bytes_get32(message + 12),
        .transmit = bytes_get32(message + 16),
    };
    return true;
}

void icmp4_timestamp_build(uint8_t message[ICMP4_TIMESTAMP_SIZE], const struct icmp4_timestamp *timestamp)
{
    uint32_t rest = (uint32_t)timestamp->identifier << 16 | timestamp->sequence;
    icmp4_build(message, &(struct icmp4_header){.type = timestamp->type, .rest = rest});
    bytes_put32(message + 8, timestamp->originate);
    bytes_put32(message + 12, timestamp->receive);
    bytes_put32(message + 16, timestamp->transmit);
}
