/* Fragmentation: one datagram becomes several that fit, RFC 791 3.2, RFC 1812 4.2.2.7.
 *
 *     whole     | header, all options | data ................................. |
 *     first     | header, all options | data, a multiple of 8 |                   MF
 *     later     | header, copied options | data, a multiple of 8 |                MF
 *     last      | header, copied options | rest |                                 MF of the whole
 *
 * The fewest pieces, in order. A fragment is fragmented like a whole datagram: offsets are absolute. The pieces are
 * packets of their own, born in the store. Next: ip4/send.c, who asks; ip4/reass.h for the way back. */
#ifndef IP4_FRAG_H
#define IP4_FRAG_H

#include "core/core.h"
#include "wire/ip4.h"

struct ip4_pieces {
    uint8_t first[IP4_HEADER_MAX],
        later[IP4_HEADER_MAX];      /* headers, complete but for what differs by piece */
    uint8_t first_size, later_size; /* octets */
    uint16_t mtu;                   /* octets of IPv4, at least 68 */
    uint32_t data;                  /* octets behind the header of the whole */
};

/* Prepares to cut a datagram whose header, as it shall leave, is `header` and which has `data` octets behind it.
 * It is larger than `mtu` and DF is clear. */
void ip4_pieces_init(struct ip4_pieces *pieces, const uint8_t *header, uint32_t data, uint16_t mtu);

/* How many there will be, at least 2. */
uint32_t ip4_pieces_count(const struct ip4_pieces *pieces);

/* The store has slots for all of them, the short ones too. */
bool ip4_pieces_have_room(const struct ip4_pieces *pieces, const struct store *store);

/* Bears all pieces of `packet`, which stays as it is, and puts them on lane frame. The caller has seen to it that they
 * have room. */
void ip4_pieces_bear(const struct ip4_pieces *pieces, struct core *core, const struct tapir_packet *packet);

#endif
