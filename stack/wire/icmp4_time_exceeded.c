#include "wire/icmp4_time_exceeded.h"

#include "wire/icmp4.h"

void icmp4_time_exceeded_parse(const uint8_t *message, struct icmp4_time_exceeded *exceeded)
{
    *exceeded = (struct icmp4_time_exceeded){message[1]};
}

void icmp4_time_exceeded_build(uint8_t *message, const struct icmp4_time_exceeded *exceeded)
{
    icmp4_build(message, &(struct icmp4_header){.type = ICMP4_TIME_EXCEEDED, .code = exceeded->code});
}
