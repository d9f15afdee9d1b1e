/* What an error tells of the interface where its cause arrived, RFC 5837: index, address, name, MTU.
 *
 * Only under icmp.extensions.interface, each with a switch of its own, and only in types 3, 11 and 12. Next: icmp4/message.h. */
#ifndef ICMP4_EXTENSION_H
#define ICMP4_EXTENSION_H

#include "icmp4/icmp4.h"
#include "wire/icmp4_extension.h"

enum {
    EXTENSION_MAX = ICMP4_EXTENSION_HEADER + ICMP4_INTERFACE_MAX
};

/* Writes the extension of a message of type `type` about `offender`; returns its octets, 0: none. */
size_t extension_build(const struct ip4_state *ip4, const struct tapir_packet *offender, uint8_t type,
                       uint8_t extension[EXTENSION_MAX]);

#endif
