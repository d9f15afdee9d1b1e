#include "wire/icmp4_unreach.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"

/* Octets 6 and 7 mean nothing in other codes: sent as zero, not read (ledger ERR-4). */
static uint16_t mtu_of(uint8_t code, uint16_t octets)
{
    return code == ICMP4_UNREACH_TOO_BIG ? octets : 0;
}

void icmp4_unreach_parse(const uint8_t *message, struct icmp4_unreach *unreach)
{
    *unreach = (struct icmp4_unreach){message[1], mtu_of(message[1], bytes_get16(message + 6))};
}

void icmp4_unreach_build(uint8_t *message, const struct icmp4_unreach *unreach)
{
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_UNREACH,
                                                .code = unreach->code,
                                                .rest = mtu_of(unreach->code, unreach->mtu)});
}
