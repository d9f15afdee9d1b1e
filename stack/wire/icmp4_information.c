#include "wire/icmp4_information.h"

#include "wire/bytes.h"

void icmp4_information_parse(const uint8_t *message, struct icmp4_information *information)
{
    *information = (struct icmp4_information){message[0], bytes_get16(message + 4), bytes_get16(message + 6)};
}

void icmp4_information_build(uint8_t message[ICMP4_HEADER], const struct icmp4_information *information)
{
    uint32_t rest = (uint32_t)information->identifier << 16 | information->sequence;
    icmp4_build(message, &(struct icmp4_header){.type = information->type, .rest = rest});
}
