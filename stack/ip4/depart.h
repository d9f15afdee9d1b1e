/* One packet leaves: what was decided is written into its header, and it goes whole, in pieces or in segments. RFC 1812 5.3.1,
 * RFC 1624. Next: link/ether.h. */
#ifndef IP4_DEPART_H
#define IP4_DEPART_H

#include "ip4/ip4.h"

/* Puts on lane frame what `packet`, which is on no lane, becomes for its exit, or settles it. The first to change a byte of a
 * received packet. */
void ip4_depart(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet);

/* The exit that was decided; NULL: it is gone. */
static inline struct iface *ip4_exit_of(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    return iface_at(&ip4->link.ifaces, packet->within.exit);
}

/* The device of `exit` (NULL: it is gone) takes super-frames of `kind`, or partial checksums. */
static inline bool ip4_takes(const struct iface *exit, enum tapir_offload_kind kind)
{
    return exit != NULL && (exit->takes & TAPIR_TAKES(kind)) != 0;
}

/* The band of its exit in which a packet waits. */
static inline enum iface_band ip4_band_of(const struct tapir_packet *packet)
{
    return packet->within.role == ROLE_OURS ? BAND_OURS : BAND_TRANSIT;
}

#endif
