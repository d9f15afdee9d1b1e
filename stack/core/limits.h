/* Every bound of the stack that is not a setting, with its default and its reason. Next: core/core.h. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include <stdint.h>

enum {
    LIMIT_BATCH = 64,  /* packets that a stage takes into an array at once */
    LIMIT_ROUNDS = 4,  /* times that the answering half of the pipeline runs in one call */
    LIMIT_TRAIL = 128, /* steps of traced packets kept */

    LIMIT_INTERFACES = 64,
    LIMIT_ADDRESSES = 64,
    LIMIT_ROUTES = 1000000, /* grown on demand */
    LIMIT_NEIGHBORS = 512,
    LIMIT_SOCKETS = 256,
    LIMIT_GROUPS = 256, /* memberships of sockets in multicast groups */
    LIMIT_ASKED = 256,  /* queries of one ICMP socket that may still be answered */
    LIMIT_OUT = 512, /* frames in transit that wait for one interface; of our own half of it; iface_admit */

    LIMIT_STORE_SMALL = 2048, /* slots of 256 octets: errors, ARP, short packets held, 1,365 pieces */
    LIMIT_STORE_MEDIUM = 768, /* slots of 2 KiB: up to 283 pieces of a datagram */
    LIMIT_STORE_LARGE = 16,   /* slots of 66 KiB */

    LIMIT_REASSEMBLIES = 4096,   /* datagrams in reassembly; ip.reassembly.datagrams may ask for less */
    LIMIT_REASSEMBLY = 16777216, /* octets for their fragments; ip.reassembly.memory may ask for less */

    LIMIT_HELD = 256,           /* packets held for all neighbors together */
    LIMIT_INCOMPLETE_SHARE = 4, /* one in so many neighbors may be incomplete */
    LIMIT_STRANGER_SHARE = 4,   /* one in so many neighbors, known and not used, keeps its place in a scan */
    LIMIT_ARP_RATE = 500,       /* new neighbors asked for, a second, */
    LIMIT_ARP_BURST = 256,      /* and at once: a scan may not make us flood the link */

    LIMIT_DEAD_GATEWAYS = 32, /* next hops known not to answer */
    LIMIT_EXCEPTIONS = 512,   /* destinations with a first hop or path MTU of their own */

    LIMIT_TABLE = 1 << 24, /* entries that a caller may ask for in any table */

    LIMIT_ROUTERS = 16, /* default routers that advertise themselves */

    LIMIT_RATED_HOSTS = 1024, /* hosts whose ICMP errors are counted at a time */

    /* Octets of a socket's rings when it asks for none: the largest datagram fits into either. */
    LIMIT_RING_RECEIVE = 131072,
    LIMIT_RING_SEND = 131072
};

#endif
