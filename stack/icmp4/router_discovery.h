/* Router discovery on each interface, RFC 1256: what part we play there, and when we speak next.
 *
 * A router ADVERTISES, a host SOLICITS, both only under icmp.router_discovery and with an address that is ready. Whatever changes
 * settings, links or addresses asks for a review. One timer an interface. Next: icmp4/router_advertise.h, icmp4/router_solicit.h. */
#ifndef ICMP4_ROUTER_DISCOVERY_H
#define ICMP4_ROUTER_DISCOVERY_H

#include "icmp4/icmp4.h"

enum discovery_role {
    DISCOVERY_NONE,
    DISCOVERY_ADVERTISES,
    DISCOVERY_SOLICITS
};

struct discovery {
    struct timer timer; /* the next message */
    unsigned iface;
    enum discovery_role role;
    uint8_t sent;       /* messages in this role, as far as they matter: up to 3 */
    bool is_asked;      /* router: an answer is due */
    int64_t longest_ns; /* router: icmp.advertise.max when the timer was armed */
};

bool discovery_init(struct icmp4_state *icmp4, struct memory *memory, uint32_t interfaces);
void discovery_free(struct icmp4_state *icmp4, struct memory *memory);

/* Begins and ends parts as things stand now. */
void discovery_review(struct icmp4_state *icmp4, struct core *core);

/* No message is due: the host has asked, or nobody takes part. A router that advertises is never idle. */
bool discovery_is_idle(const struct icmp4_state *icmp4);

/* The timer of an interface fired. */
void discovery_tick(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery);

#endif
