/* Queries and their replies: what echo, timestamp, information, address mask and extended echo have in common.
 *
 *      0      1      2          4            6
 *     | type | code | checksum | identifier | sequence and the rest ...
 *
 * RFC 792, RFC 950, RFC 8335. Who asks: icmp4/query.h. */
#ifndef WIRE_ICMP4_QUERY_H
#define WIRE_ICMP4_QUERY_H

#include "tapir.h"

enum {
    ICMP4_QUERY_HEADER = 6, /* octets up to the sequence number */
    ICMP4_SEQUENCE = 2      /* octets of it; each of these messages has one */
};

struct icmp4_query {
    uint8_t type, code;
    uint16_t identifier;
};

/* Reads a message that icmp4_parse found right, or one that is quoted with 8 octets at least. */
void icmp4_query_parse(const uint8_t *message, struct icmp4_query *query);

/* Writes the 6 octets with a checksum of zero; icmp4_finish follows when the rest stands. */
void icmp4_query_build(uint8_t *message, const struct icmp4_query *query);

/* The type of the query that a message of type `reply` answers. False: it answers none. */
bool icmp4_query_of(uint8_t reply, uint8_t *query);

/* The type is that of a query. */
bool icmp4_is_query(uint8_t type);

#endif
