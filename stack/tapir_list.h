/* PUBLIC. Looking in: counters, tables, the trail of a packet, and what happened.
 *
 * Included by tapir.h; read next: tapir_socket.h. */
#ifndef TAPIR_LIST_H
#define TAPIR_LIST_H

#include "tapir_control.h"

struct tapir;
struct tapir_socket;

struct tapir_counters {
    uint64_t verdicts[TAPIR_VERDICT_COUNT][TAPIR_ORIGIN_COUNT];
    uint64_t packets[TAPIR_ORIGIN_COUNT]; /* received by tapir_input; born */
    uint64_t settled[TAPIR_ORIGIN_COUNT]; /* with a final verdict */
    uint64_t held[TAPIR_ORIGIN_COUNT];    /* now, in a table of the stack */
    uint64_t waiting[TAPIR_ORIGIN_COUNT]; /* now, in a lane: packets = settled + held + waiting */
};

/* Counters since tapir_create; the pointer stays valid until tapir_destroy. */
const struct tapir_counters *tapir_counters(const struct tapir *stack);

enum tapir_neighbor_state {
    TAPIR_NEIGHBOR_INCOMPLETE, /* asked by broadcast, packets held */
    TAPIR_NEIGHBOR_REACHABLE,  /* confirmed, younger than arp.timeout */
    TAPIR_NEIGHBOR_PROBE,      /* in use and about to expire: asked by unicast */
    TAPIR_NEIGHBOR_SILENT,     /* did not answer; packets are refused for a moment */
    TAPIR_NEIGHBOR_PERMANENT   /* by TAPIR_OP_NEIGHBOR */
};

enum tapir_address_state {
    TAPIR_ADDRESS_TENTATIVE, /* being probed (arp.acd) */
    TAPIR_ADDRESS_READY,
    TAPIR_ADDRESS_CONFLICT /* another host has it */
};

enum tapir_table {
    TAPIR_TABLE_INTERFACES,
    TAPIR_TABLE_ADDRESSES,
    TAPIR_TABLE_ROUTES,
    TAPIR_TABLE_NEIGHBORS,
    TAPIR_TABLE_LIMITS,
    TAPIR_TABLE_EXCEPTIONS
};

union tapir_row {
    struct {
        unsigned iface;
        const char *name;
        struct mac mac;
        uint16_t mtu;
        bool up;
        uint32_t waiting; /* frames in its out lanes */
    } interface;
    struct {
        unsigned iface;
        struct ip4_prefix address;
        enum tapir_address_state state;
    } address;
    struct tapir_route route;
    struct {
        unsigned iface;
        struct ip4 address;
        struct mac mac;
        enum tapir_neighbor_state state;
        uint32_t held;
        tapir_instant confirmed;
    } neighbor;
    struct {
        struct ip4 destination;
        struct ip4 gateway; /* learnt first hop, by `iface`; 0: none */
        unsigned iface;
        uint16_t mtu; /* learnt MTU of the path; 0: none */
        tapir_instant gateway_until, mtu_until;
    } exception;
    struct {
        const char *name;
        uint64_t use, peak, limit;
    } limit;
};

/* Copies at most `max` rows of a table, from `*cursor` on (0: the first), and moves the cursor. 0: no more.
 * Rows that change between two calls may be missed or seen twice. */
size_t tapir_list(const struct tapir *stack, enum tapir_table table, uint64_t *cursor, union tapir_row rows[],
                  size_t max);

/* One step of a traced packet: it entered `lane` for reason `verdict` (TAPIR_UNSETTLED: it just went on). */
struct tapir_step {
    uint64_t number;
    enum tapir_origin origin;
    const char *lane;
    enum tapir_verdict verdict;
    uint32_t entry;
    tapir_instant time;
};

/* Takes at most `max` steps of packets marked `traced`, oldest first; more than the trail holds are dropped
 * from its front. */
size_t tapir_trail(struct tapir *stack, struct tapir_step steps[], size_t max);

/* What may happen to an object. Bits, so that any number of them between two looks fits. */
enum {
    TAPIR_EVENT_READABLE = 1, /* socket: a message or an error can be taken */
    TAPIR_EVENT_WRITABLE = 2, /* socket: room again after TAPIR_AGAIN */
    TAPIR_EVENT_READY = 4,    /* address: may be used from now on */
    TAPIR_EVENT_CONFLICT = 8, /* address: another host claims it; `mac` says who */
    TAPIR_EVENT_LOST = 16,    /* address: given up after a conflict */
    TAPIR_EVENT_MOVED = 32,   /* interface: a neighbor changed its MAC; `address` and `mac` of the last one */
    TAPIR_EVENT_CLAIMED = 64, /* interface: arp.inspect doubts that a neighbor moved to `mac` */
    TAPIR_EVENT_MASK = 128    /* address: an address mask reply says that its network has prefix `length` */
};

struct tapir_event {
    uint32_t bits;
    struct tapir_socket *socket; /* NULL: the event is about an interface or address */
    unsigned iface;
    struct ip4 address;
    struct mac mac;
    uint8_t length;
};

/* Takes the next object to which something happened. False: none. */
bool tapir_next_event(struct tapir *stack, struct tapir_event *event);

#endif
