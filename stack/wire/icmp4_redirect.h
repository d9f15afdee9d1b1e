/* Redirect.
 *
 *      0      1      2          4         8
 *     | 5    | code | checksum | gateway | quote ...
 *
 * RFC 792, RFC 1812 4.3.3.2. Who sends it: icmp4/redirect. */
#ifndef WIRE_ICMP4_REDIRECT_H
#define WIRE_ICMP4_REDIRECT_H

#include "tapir.h"

struct icmp4_redirect {
    uint8_t code;
    struct ip4 gateway; /* where packets to the quoted destination shall go */
};

/* Reads a message that icmp4_parse found right. */
void icmp4_redirect_parse(const uint8_t *message, struct icmp4_redirect *redirect);

/* Writes the 8 octets with a checksum of zero; icmp4_finish follows when the quote stands. */
void icmp4_redirect_build(uint8_t *message, const struct icmp4_redirect *redirect);

#endif
