/* What a network file says, as data: the nodes with their operations, devices and services, the links between them,
 * what happens to them, and who pings whom.
 *
 * apps/config fills it in; tap/world makes it real. All strings and lists belong to the network.
 * Next: tap/world.h. */
#ifndef TAP_NETWORK_H
#define TAP_NETWORK_H

#include "tapir.h"

/* Super-frames and partial checksums, to and from a TAP device. */
enum network_offload {
    NETWORK_OFFLOAD_AUTO, /* when we create it: who made it before may not expect them */
    NETWORK_OFFLOAD_OFF,
    NETWORK_OFFLOAD_ON
};

/* One interface. Its number in the stack is its place in the node's list. Neither tap nor link: it has no
 * device. */
struct network_interface {
    char name[16];
    char *tap;   /* name of the TAP device, or NULL */
    char *netns; /* named namespace in which the TAP is opened, or NULL: our own */
    char *link;  /* name of the in-memory link, or NULL */
    struct mac mac;
    uint16_t mtu;
    bool has_mtu; /* the file says it */
    enum network_offload offload;
    bool has_peer, has_gateway; /* configure the kernel's end of the TAP too */
    struct ip4_prefix peer;
    struct ip4 gateway;
    int line; /* in the file, for messages about its device */
};

enum network_service_kind {
    NETWORK_ECHO, /* UDP now, TCP later */
    NETWORK_STALL,
    NETWORK_CLOSE
};

struct network_service {
    enum network_service_kind kind;
    uint16_t port;
};

struct network_node {
    char *name;
    struct network_interface *interfaces;
    size_t n_interfaces;
    struct tapir_op *ops; /* in an order that tapir_apply accepts */
    size_t n_ops;
    struct network_service *services;
    size_t n_services;
};

/* An in-memory wire between all interfaces that name it. */
struct network_link {
    char *name;
    int64_t latency_ns;
    uint64_t rate;                            /* bit/s; 0: no limit */
    uint32_t queue;                           /* frames that wait for the rate, each direction */
    double loss, reorder, duplicate, corrupt; /* probability of each frame */
    uint64_t seed;
    int line; /* in the file, for messages */
};

/* A link, or one interface, goes down or comes up. */
struct network_event {
    int64_t at_ns; /* from the start of the world */
    bool up;
    bool is_link;
    size_t link;    /* its place, or */
    size_t node;    /* the place of the node */
    unsigned iface; /* and of the interface in it */
};

#define NETWORK_ALL SIZE_MAX /* every node; as a destination another one, drawn anew for each ping */

/* Echo requests at regular times. */
struct network_traffic {
    size_t from;      /* place of a node, or NETWORK_ALL */
    bool to_any;      /* to the first address of another node, drawn anew each time; else */
    struct ip4 to;    /* to this address */
    int64_t every_ns; /* from one request to the next */
    int64_t
        start_ns; /* of the first, from the start of the world; -1: of each sender at random within `every` */
    int64_t timeout_ns; /* an answer that takes longer is none */
    uint64_t count;     /* requests of each sender; 0: no end */
    uint16_t size;      /* octets of data behind the ICMP header */
    uint8_t ttl;        /* 0: the sender's own */
};

enum network_engine {
    NETWORK_ENGINE_AUTO,
    NETWORK_ENGINE_URING,
    NETWORK_ENGINE_EPOLL
};

/* How frames of TAP devices are waited for, read and written. */
struct network_loop {
    enum network_engine engine;
    int64_t spin_ns; /* how long it polls after the last event before it sleeps */
};

struct network {
    struct network_loop loop;
    struct network_node *nodes;
    size_t n_nodes;
    struct network_link *links;
    size_t n_links;
    struct network_event *events;
    size_t n_events;
    struct network_traffic *traffic;
    size_t n_traffic;
};

#endif
