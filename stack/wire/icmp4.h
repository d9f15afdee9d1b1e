/* ICMP messages: what all of them share.
 *
 *      0      1      2          4                 8
 *     | type | code | checksum | rest of header | quote or data ...
 *
 * The checksum covers the whole message. What `rest` means stands in one file for each message:
 * wire/icmp4_timestamp.h and its like; echo needs none. RFC 792, RFC 1122 3.2.2, RFC 6918. Next: wire/icmp4_timestamp.h. */
#ifndef WIRE_ICMP4_H
#define WIRE_ICMP4_H

#include "tapir.h"

enum {
    ICMP4_HEADER = 8
};

/* All types that IANA has ever assigned; retired ones by RFC 6918 and RFC 6633. */
enum {
    ICMP4_ECHO_REPLY = 0,                 /* RFC 792 */
    ICMP4_UNREACH = 3,                    /* RFC 792 */
    ICMP4_SOURCE_QUENCH = 4,              /* RFC 792; retired */
    ICMP4_REDIRECT = 5,                   /* RFC 792 */
    ICMP4_ALTERNATE_HOST = 6,             /* retired */
    ICMP4_ECHO = 8,                       /* RFC 792 */
    ICMP4_ROUTER_ADVERTISEMENT = 9,       /* RFC 1256 */
    ICMP4_ROUTER_SOLICITATION = 10,       /* RFC 1256 */
    ICMP4_TIME_EXCEEDED = 11,             /* RFC 792 */
    ICMP4_PARAM_PROBLEM = 12,             /* RFC 792 */
    ICMP4_TIMESTAMP = 13,                 /* RFC 792 */
    ICMP4_TIMESTAMP_REPLY = 14,           /* RFC 792 */
    ICMP4_INFORMATION = 15,               /* RFC 792; retired */
    ICMP4_INFORMATION_REPLY = 16,         /* RFC 792; retired */
    ICMP4_ADDRESS_MASK = 17,              /* RFC 950; retired */
    ICMP4_ADDRESS_MASK_REPLY = 18,        /* RFC 950; retired */
    ICMP4_TRACEROUTE = 30,                /* RFC 1393; retired */
    ICMP4_CONVERSION_ERROR = 31,          /* RFC 1475; retired */
    ICMP4_MOBILE_REDIRECT = 32,           /* retired */
    ICMP4_WHERE_ARE_YOU = 33,             /* retired */
    ICMP4_I_AM_HERE = 34,                 /* retired */
    ICMP4_MOBILE_REGISTRATION = 35,       /* retired */
    ICMP4_MOBILE_REGISTRATION_REPLY = 36, /* retired */
    ICMP4_DOMAIN_NAME = 37,               /* RFC 1788; retired */
    ICMP4_DOMAIN_NAME_REPLY = 38,         /* RFC 1788; retired */
    ICMP4_SKIP = 39,                      /* retired */
    ICMP4_PHOTURIS = 40,                  /* RFC 2521 */
    ICMP4_SEAMOBY = 41,                   /* RFC 4065 */
    ICMP4_EXTENDED_ECHO = 42,             /* RFC 8335 */
    ICMP4_EXTENDED_ECHO_REPLY = 43,       /* RFC 8335 */
    ICMP4_EXPERIMENT_1 = 253,             /* RFC 4727 */
    ICMP4_EXPERIMENT_2 = 254              /* RFC 4727 */
};

/* Codes of Redirect, RFC 792. */
enum {
    ICMP4_REDIRECT_NET = 0,
    ICMP4_REDIRECT_HOST = 1,
    ICMP4_REDIRECT_TOS_NET = 2,
    ICMP4_REDIRECT_TOS_HOST = 3
};

/* Codes of Router Advertisement, RFC 5944 2.1. */
enum {
    ICMP4_ROUTER_NORMAL = 0,
    ICMP4_ROUTER_MOBILE_ONLY = 16
};

/* Codes of Extended Echo Reply, RFC 8335 3. */
enum {
    ICMP4_EXTENDED_NO_ERROR = 0,
    ICMP4_EXTENDED_MALFORMED = 1,
    ICMP4_EXTENDED_NO_INTERFACE = 2,
    ICMP4_EXTENDED_NO_ENTRY = 3,
    ICMP4_EXTENDED_MULTIPLE = 4
};

struct icmp4_header {
    uint8_t type, code;
    uint32_t rest; /* octets 4 to 7 */
};

/* Reads a message of `size` octets: ICMP4_SHORT, then ICMP4_CHECKSUM. The fields are filled in unless it is
 * short. */
enum tapir_verdict icmp4_parse(const uint8_t *message, size_t size, struct icmp4_header *header);

/* Writes the 8 octets with a checksum of zero; icmp4_finish follows when quote or data stand. */
void icmp4_build(uint8_t message[ICMP4_HEADER], const struct icmp4_header *header);

/* Writes the checksum over a message that is complete otherwise. */
void icmp4_finish(uint8_t *message, size_t size);

/* Makes another message of one whose checksum holds: the type, and code 0. The checksum is that of icmp4_finish, but only these two
 * octets are looked at. RFC 1624. */
void icmp4_turn(uint8_t *message, size_t size, uint8_t type);

/* IANA has assigned the type, retired or not. Types for experiments are unknown. */
bool icmp4_is_known(uint8_t type);

/* Unreachable, Source Quench, Redirect, Time Exceeded, Parameter Problem: the errors of RFC 1122 3.2.2. */
bool icmp4_is_error(uint8_t type);

/* One of a pair of question and answer, which errors may be about: RFC 1122 3.2.2. */
bool icmp4_is_query_or_reply(uint8_t type);

/* No error may be sent about a message of this type: RFC 1812 4.3.2.7. All but questions and answers, as an
 * unknown type may well be an error. */
bool icmp4_forbids_error(uint8_t type);

#endif
