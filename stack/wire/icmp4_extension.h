/* Extensions behind the quote of an ICMP error: RFC 4884 7, RFC 5837 4, RFC 4950 3.
 *
 *      0                2          4                6      7                         (of the extension)
 *     | 2, 12 zero bits | checksum | length of all 4 octets and payload | class | c-type | payload | next object ...
 *
 *     interface information, class 2:
 *     c-type: role, role, 0, 0, index, address, name, MTU; the payload has what is told, in that order:
 *     | index 4 | AFI 1: 2 | 0: 2 | address 4 | length with itself: 1 | name, NUL up to a multiple of 4 | MTU 4 |
 *
 *     MPLS label stack, class 1, c-type 1:  | label 20 bits, experimental 3, bottom 1, TTL 8 | ...
 *
 * Octet 5 of the error says how many words the quote before it has. Who builds it: icmp4/extension.h; who checks it: icmp4/quote.c. */
#ifndef WIRE_ICMP4_EXTENSION_H
#define WIRE_ICMP4_EXTENSION_H

#include "tapir.h"

enum {
    ICMP4_EXTENSION_HEADER = 4,
    ICMP4_OBJECT_HEADER = 4,
    ICMP4_OBJECT_MPLS = 1, /* classes */
    ICMP4_OBJECT_INTERFACE = 2,
    ICMP4_NAME_MAX = 63,      /* octets of a name */
    ICMP4_INTERFACE_MAX = 84, /* octets of an object with everything */
    ICMP4_QUOTE_LEAST = 128,  /* octets of a quote before an extension */
    ICMP4_AT_QUOTE_WORDS = 5  /* of the error */
};

/* What an object says of an interface. */
enum icmp4_role {
    ICMP4_ROLE_ARRIVAL,
    ICMP4_ROLE_SUB,
    ICMP4_ROLE_EXIT,
    ICMP4_ROLE_NEXT_HOP
};

struct icmp4_interface {
    enum icmp4_role role;
    uint32_t index;     /* 0: not told */
    struct ip4 address; /* 0: not told */
    const char *name;   /* UTF-8, cut at ICMP4_NAME_MAX; NULL: not told */
    uint32_t mtu;       /* 0: not told */
};

/* A label that a packet carried through an MPLS network. */
struct icmp4_label {
    uint32_t label;
    uint8_t experimental, ttl;
    bool bottom;
};

/* Writes an object of at most ICMP4_INTERFACE_MAX octets; returns how many. 0: nothing is told. */
size_t icmp4_interface_build(uint8_t *object, const struct icmp4_interface *interface);

/* Writes the header before objects that stand already, `size` octets with the header. */
void icmp4_extension_finish(uint8_t *extension, size_t size);

/* Looks through what follows a quote. Without a header of version 2 with a right checksum (or none, 0) it is no extension and is
 * not judged; in one, every object must lie within it, what it tells of interfaces and labels within the object, and no role may
 * come twice (RFC 5837 4.5); objects of other classes are skipped. ICMP4_EXTENSION, or UNSETTLED. */
enum tapir_verdict icmp4_extension_check(const uint8_t *extension, size_t size);

/* Reads one of the four-octet entries of a label stack. */
struct icmp4_label icmp4_label_parse(const uint8_t *entry);

#endif
