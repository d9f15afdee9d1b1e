#include "wire/icmp4_traceroute.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"

bool icmp4_traceroute_parse(const uint8_t *message, size_t size, struct icmp4_traceroute *traceroute)
{
    if (size < ICMP4_TRACEROUTE_SIZE)
        return false;
    *traceroute = (struct icmp4_traceroute){
        .code = message[1],
        .identifier = bytes_get16(message + 4),
        .hops_out = bytes_get16(message + 8),
        .hops_back = bytes_get16(message + 10),
        .speed = bytes_get32(message + 12),
        .mtu = bytes_get32(message + 16),
    };
    return true;
}

void icmp4_traceroute_build(uint8_t message[ICMP4_TRACEROUTE_SIZE], const struct icmp4_traceroute *traceroute)
{
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_TRACEROUTE,
                                                .code = traceroute->code,
                                                .rest = (uint32_t)traceroute->identifier << 16});
    bytes_put16(message + 8, traceroute->hops_out);
    bytes_put16(message + 10, traceroute->hops_back);
    bytes_put32(message + 12, traceroute->speed);
    bytes_put32(message + 16, traceroute->mtu);
}
