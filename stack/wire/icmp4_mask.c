#include "wire/icmp4_mask.h"

#include "wire/addr.h"
#include "wire/icmp4.h"

bool icmp4_mask_parse(const uint8_t *message, size_t size, struct icmp4_mask *mask)
{
    if (size < ICMP4_MASK_SIZE)
        return false;
    *mask = (struct icmp4_mask){message[0], bytes_get16(message + 4), bytes_get16(message + 6),
                                ip4_get(message + 8)};
    return true;
}

void icmp4_mask_build(uint8_t message[ICMP4_MASK_SIZE], const struct icmp4_mask *mask)
{
    uint32_t rest = (uint32_t)mask->identifier << 16 | mask->sequence;
    icmp4_build(message, &(struct icmp4_header){.type = mask->type, .rest = rest});
    ip4_put(message + 8, mask->mask);
}

bool icmp4_mask_length(struct ip4 mask, uint8_t *length)
{
    *length = 0;
    while (*length < 32 && mask.value << *length != 0)
        ++*length;
    return ip4_equal(ip4_mask(*length), mask);
}
