/* Parameter Problem.
 *
 *      0      1      2          4         5      8
 *     | 12   | code | checksum | pointer | 0    | quote ...
 *
 * RFC 792, RFC 1122 3.2.2.5. Who sends it: icmp4/error.h. */
#ifndef WIRE_ICMP4_PARAM_PROBLEM_H
#define WIRE_ICMP4_PARAM_PROBLEM_H

#include "tapir.h"

enum {
    ICMP4_PARAM_PROBLEM_POINTER = 0, /* the pointer says where: RFC 792 */
    ICMP4_PARAM_PROBLEM_MISSING = 1, /* a required option is missing: RFC 1108 */
    ICMP4_PARAM_PROBLEM_LENGTH = 2   /* bad length: IANA; never sent */
};

struct icmp4_param_problem {
    uint8_t code;
    uint8_t pointer; /* octets from the start of the quoted header */
};

/* Reads a message that icmp4_parse found right. */
void icmp4_param_problem_parse(const uint8_t *message, struct icmp4_param_problem *problem);

/* Writes the 8 octets with a checksum of zero; icmp4_finish follows when the quote stands. */
void icmp4_param_problem_build(uint8_t *message, const struct icmp4_param_problem *problem);

#endif
