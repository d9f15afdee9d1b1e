/* The state of ICMP. Next: icmp4/input.h for what arrives, icmp4/error.h for what others earn. */
#ifndef ICMP4_ICMP4_H
#define ICMP4_ICMP4_H

#include "icmp4/limiter.h"
#include "icmp4/mask.h"
#include "ip4/datagram.h"
#include "ip4/ip4.h"

struct discovery;

struct icmp4_state {
    struct ip4_state *ip4;    /* the layer below */
    struct datagrams queries; /* sockets that ask */
    struct limiter limiter;
    struct bucket replies;         /* icmp.reply.rate */
    struct discovery *discoveries; /* icmp4/router_discovery, by number of the interface */
    uint32_t n_discoveries;
    struct mask_ports masks;
    struct bucket probes; /* icmp.probe.rate */
};

#endif
