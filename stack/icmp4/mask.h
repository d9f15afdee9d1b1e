/* Address Mask Request and Reply: RFC 950, RFC 1122 3.2.2.9, RFC 1812 4.3.3.9, RFC 6918. Off by default.
 *
 *   agent    answers requests with the mask of the network where the asker is. Who has no address yet is answered by a
 *            broadcast, and not at all where networks of different masks share the link. A host that is an agent tells
 *            its mask once at start; a router only where icmp.address_mask_announce is on and its networks do not overlap
 *   client   a host alone: asks by broadcast, MASK_TRIES times, and takes the first sane reply of a neighbor, asked for or not. The
 *            stack cannot change its addresses itself: TAPIR_EVENT_MASK asks its caller to. A mask that was learnt so
 *            is never passed on
 *
 * Next: icmp4/probe.h. */
#ifndef ICMP4_MASK_H
#define ICMP4_MASK_H

#include "core/core.h"

struct icmp4_state;

enum {
    MASK_TRIES = 4 /* at 0, 1, 3 and 7 s */
};

/* What an interface has said and learnt. */
struct mask_port {
    struct timer timer;        /* of what is to be sent next */
    struct event_source event; /* TAPIR_EVENT_MASK */
    unsigned iface;
    uint8_t role;    /* that `sent` is about: a value of icmp.address_mask */
    uint8_t sent;    /* messages unasked */
    bool has_learnt; /* a reply set the mask; later ones mean nothing */
    uint16_t identifier;
};

/* One for each number of an interface. */
struct mask_ports {
    struct mask_port *list;
    uint32_t limit;
};

bool mask_init(struct mask_ports *ports, struct memory *memory, uint32_t limit);
void mask_free(struct mask_ports *ports, struct memory *memory);

/* Interfaces, addresses or settings may have changed: who has something to say begins. */
void mask_review(struct icmp4_state *icmp4, struct core *core);

/* The timer of an interface fired. */
void mask_tick(struct icmp4_state *icmp4, struct core *core, struct mask_port *port);

/* An Address Mask Request of a sound packet for us. Bears the reply; returns the verdict on the request. */
enum tapir_verdict mask_input(struct icmp4_state *icmp4, struct core *core,
                              const struct tapir_packet *packet);

/* An Address Mask Reply. UNSETTLED: it is not for us to learn from. */
enum tapir_verdict mask_learn(struct icmp4_state *icmp4, struct core *core,
                              const struct tapir_packet *packet);

#endif
