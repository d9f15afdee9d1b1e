#include "wire/icmp4_query.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"

enum {
    AT_CHECKSUM = 2,
    AT_IDENTIFIER = 4
};

static const struct {
    uint8_t query, reply;
} pairs[] = {
    {ICMP4_ECHO, ICMP4_ECHO_REPLY},
    {ICMP4_TIMESTAMP, ICMP4_TIMESTAMP_REPLY},
    {ICMP4_INFORMATION, ICMP4_INFORMATION_REPLY},
    {ICMP4_ADDRESS_MASK, ICMP4_ADDRESS_MASK_REPLY},
    {ICMP4_EXTENDED_ECHO, ICMP4_EXTENDED_ECHO_REPLY},
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
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i].reply == reply) {
            *query = pairs[i].query;
            return true;
        }
    return false;
}

bool icmp4_is_query(uint8_t type)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i].query == type)
            return true;
    return false;
}
