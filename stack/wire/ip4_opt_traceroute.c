#include "wire/ip4_opt_traceroute.h"

#include "wire/addr.h"
#include "wire/bytes.h"

bool ip4_opt_traceroute_find(const uint8_t *header, uint8_t size, struct ip4_opt *opt,
                             struct ip4_opt_traceroute *traceroute)
{
    *opt = (struct ip4_opt){.at = 0};
    while (ip4_opt_next(header, size, opt) == IP4_OPT_FOUND) {
        if (opt->type != IP4_OPT_TRACEROUTE || opt->length != IP4_OPT_TRACEROUTE_SIZE)
            continue;
        const uint8_t *at = header + opt->at;
        *traceroute = (struct ip4_opt_traceroute){
            .identifier = bytes_get16(at + 2),
            .hops_out = bytes_get16(at + 4),
            .hops_back = bytes_get16(at + 6),
            .originator = ip4_get(at + 8),
        };
        return true;
    }
    return false;
}

void ip4_opt_traceroute_build(uint8_t option[IP4_OPT_TRACEROUTE_SIZE],
                              const struct ip4_opt_traceroute *traceroute)
{
    option[0] = IP4_OPT_TRACEROUTE;
    option[1] = IP4_OPT_TRACEROUTE_SIZE;
    bytes_put16(option + 2, traceroute->identifier);
    bytes_put16(option + 4, traceroute->hops_out);
    bytes_put16(option + 6, traceroute->hops_back);
    ip4_put(option + 8, traceroute->originator);
}

void ip4_opt_traceroute_count(struct ip4_opt_traceroute *traceroute)
{
    if (traceroute->hops_back != IP4_TRACEROUTE_OUTBOUND) {
        traceroute->hops_back =
            (uint16_t)(traceroute->hops_back + (traceroute->hops_back < IP4_TRACEROUTE_OUTBOUND - 1));
        return;
    }
    traceroute->hops_out = (uint16_t)(traceroute->hops_out + (traceroute->hops_out < UINT16_MAX));
}
