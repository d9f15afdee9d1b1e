/* Packets: laid out, born, kept, released.
 *
 * A packet is one slot. The stack keeps no slot of the caller beyond the call, except in lane out: a stage
 * that holds a packet calls packet_keep, which moves it, number and all, to a slot of the store. Next:
 * core/settle.h. */
#ifndef CORE_PACKET_H
#define CORE_PACKET_H

#include <string.h>

#include "tapir.h"

struct core;
struct store;

enum packet_role {
    ROLE_TRANSIT, /* received, goes on */
    ROLE_LOCAL,   /* received, for us */
    ROLE_OURS     /* born here */
};

/* Zeros, `size` known to the compiler. All at once would be a `rep stos`, which begins slowly: two of them took 40 of the 1,110
 * instructions of a forwarded frame. */
static inline void packet_clear(void *at, size_t size)
{
    const size_t piece = 64;
    uint8_t *octets = at;
    for (; size > piece; octets += piece, size -= piece)
        memset(octets, 0, piece);
    memset(octets, 0, size);
}

/* Gives birth to a packet of `size` octets (not cleared) in the store, caused by `cause` (NULL: a timer or a
 * socket), with headroom for any header. NULL: the store is full. */
struct tapir_packet *packet_bear(struct core *core, size_t size, const struct tapir_packet *cause);

/* What is known and decided about `parent` holds for `born` too, which has bytes of it: IPv4 from the start of its data, with
 * `transport` octets of header. Not which table entry decided, and not the offload. */
void packet_inherit(struct tapir_packet *born, const struct tapir_packet *parent, uint32_t transport);

/* packet_keep would find a slot. */
bool packet_can_keep(const struct core *core, const struct tapir_packet *packet);

/* Makes a packet outlive the call: one of `store` stays where it is, another moves to a slot of it and its old slot leaves
 * with `held`, a verdict of kind HELD. NULL: the store is full and nothing has happened. */
struct tapir_packet *packet_keep(struct core *core, struct store *store, struct tapir_packet *packet,
                                 enum tapir_verdict held);

/* Sends a slot home. */
void packet_release(struct tapir_packet *packet);

/* Puts `size` octets before the data, and returns them. There is headroom: TAPIR_HEADROOM covers every
 * header. */
uint8_t *packet_prepend(struct tapir_packet *packet, uint16_t size);

/* The IPv4 header and all that the total length covers. */
static inline uint8_t *packet_ip4(const struct tapir_packet *packet)
{
    return packet->data + packet->within.network;
}

/* What follows the IPv4 header, packet_payload_size octets of it. */
static inline uint8_t *packet_payload(const struct tapir_packet *packet)
{
    return packet->data + packet->within.transport;
}

static inline size_t packet_payload_size(const struct tapir_packet *packet)
{
    return packet->within.end - packet->within.transport;
}

#endif
