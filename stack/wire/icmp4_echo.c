#include "wire/icmp4_echo.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"

void icmp4_echo_parse(const uint8_t *message, struct icmp4_echo *echo)
{
    *echo = (struct icmp4_echo){message[0], bytes_get16(message + 4), bytes_get16(message + 6)};
}

void icmp4_echo_build(uint8_t *message, const struct icmp4_echo *echo)
{
    uint32_t rest = (uint32_t)echo->identifier << 16 | echo->sequence;
    icmp4_build(message, &(struct icmp4_header){.type = echo->type, .rest = rest});
}
