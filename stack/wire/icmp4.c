#include "wire/icmp4.h"

#include "wire/bytes.h"
#include "wire/checksum.h"

enum tapir_verdict icmp4_parse(const uint8_t *message, size_t size, struct icmp4_header *header)
{
    if (size < ICMP4_HEADER)
        return TAPIR_ICMP4_SHORT;
    *header = (struct icmp4_header){message[0], message[1], bytes_get32(message + 4)};
    if (!checksum_holds(message, size))
        return TAPIR_ICMP4_CHECKSUM;
    return TAPIR_UNSETTLED;
}

void icmp4_build(uint8_t message[ICMP4_HEADER], const struct icmp4_header *header)
{
    message[0] = header->type;
    message[1] = header->code;
    bytes_put16(message + 2, 0);
    bytes_put32(message + 4, header->rest);
}

void icmp4_finish(uint8_t *message, size_t size)
{
    bytes_put16(message + 2, 0);
    bytes_put16(message + 2, checksum(message, size));
}

void icmp4_turn(uint8_t *message, size_t size, uint8_t type)
{
    uint16_t before = bytes_get16(message), after = (uint16_t)(type << 8);
    bytes_put16(message, after);
    bytes_put16(message + 2, checksum_update(bytes_get16(message + 2), before, after));
    if (bytes_get16(message + 2) == 0) /* of nothing but zeros, it may be: checksum_update */
        icmp4_finish(message, size);
}

bool icmp4_is_known(uint8_t type)
{
    if (type <= ICMP4_ADDRESS_MASK_REPLY)
        return type != 1 && type != 2 && type != 7;
    return type >= ICMP4_TRACEROUTE && type <= ICMP4_EXTENDED_ECHO_REPLY;
}

bool icmp4_is_error(uint8_t type)
{
    return type == ICMP4_UNREACH || type == ICMP4_SOURCE_QUENCH || type == ICMP4_REDIRECT ||
           type == ICMP4_TIME_EXCEEDED || type == ICMP4_PARAM_PROBLEM;
}

bool icmp4_is_query_or_reply(uint8_t type)
{
    if (type >= ICMP4_ECHO && type <= ICMP4_ADDRESS_MASK_REPLY)
        return !icmp4_is_error(type);
    return type == ICMP4_ECHO_REPLY || type == ICMP4_DOMAIN_NAME || type == ICMP4_DOMAIN_NAME_REPLY ||
           type == ICMP4_EXTENDED_ECHO || type == ICMP4_EXTENDED_ECHO_REPLY;
}

bool icmp4_forbids_error(uint8_t type)
{
    return !icmp4_is_query_or_reply(type);
}
