#include "wire/icmp4_query.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"

enum {
    AT_CHECKSUM = 2,
    AT_IDENTIFIER = 4
};

void icmp4_query_parse(const uint8_t *message, struct icmp4_query *query)
{
    *query = (struct icmp4_query){message[0], message[1], bytes_get16(message + AT_IDENTIFIER)};
}

void icmp4_query_build(uint8_t *message, const struct icmp4_query *query)
{
    message[0] = query->type;
    message[1] = query->code;
    bytes_put16(message + AT_CHECKSUM, 0);
    bytes_put16(message + AT_IDENTIFIER, query->identifier);
}

bool icmp4_query_of(uint8_t reply, uint8_t *query)
{
    switch (reply) {
    case ICMP4_ECHO_REPLY:
        *query = ICMP4_ECHO;
        return true;
    case ICMP4_TIMESTAMP_REPLY:
    case ICMP4_INFORMATION_REPLY:
    case ICMP4_ADDRESS_MASK_REPLY:
    case ICMP4_EXTENDED_ECHO_REPLY:
        *query = (uint8_t)(reply - 1);
        return true;
    default:
        return false;
    }
}

bool icmp4_is_query(uint8_t type)
{
    return type == ICMP4_ECHO || type == ICMP4_TIMESTAMP || type == ICMP4_INFORMATION ||
           type == ICMP4_ADDRESS_MASK || type == ICMP4_EXTENDED_ECHO;
}
