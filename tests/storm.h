/* A stack in rough weather: frames of any kind, jumps of time, operations in between, and an oracle that
 * looks at every slot that comes out.
 *
 * The oracle holds after each batch: conservation (the counters add up, and agree with what came out), each
 * slot comes back once, each packet number gets one final verdict, refused frames are intact, frames are well
 * formed with checksums right and padding zero, at most one ICMP message for a received packet, none about an
 * ICMP error, no answer to what went to many, no reply that is longer than RFC 1812 4.3.2.3 and no
 * amplification allow.
 *
 * A fault is printed with both frames and fails the cmocka test, or ends a fuzzer. Files: storm.c (the rig),
 * storm_oracle.c, storm_icmp.c, storm_frames.c and storm_messages.c (what is sent), storm_ops.c (what is done in between). */
#ifndef TESTS_STORM_H
#define TESTS_STORM_H

#include "tap/service.h"
#include "tests/dice.h"
#include "tests/dissect.h"

enum {
    STORM_FRAME = 1614, /* octets of the longest frame */
    STORM_BATCH = 64,
    STORM_IFACES = 3,
    STORM_SEEN = 16384, /* received packets that the oracle remembers */
    STORM_PREFIX = 640, /* octets of each that it keeps: more than any quote */
    STORM_TALKERS = 12, /* sockets that talk */
    STORM_OWN = 32,     /* addresses that the stack ever had */
    STORM_MTU = 1500
};

struct storm_shape {
    bool router;
    bool tiny;       /* stores, tables and queues of a few entries */
    bool operations; /* tapir_apply, links and pauses in between */
    bool poor;       /* the allocator has nothing to give now and then, once all is set up */
    bool brief;      /* of a short life: room for a few hundred frames, soon made and gone */
    bool talks;      /* sockets open, join, ask and say whatever comes to their mind */
    bool unobserved; /* settled packets are released by the stack itself */
    uint64_t seed;
    const struct tapir_op *network; /* instead of that of storm_begin; not together with operations */
    size_t n_network;
};

/* A received packet, as it was. */
struct storm_seen {
    uint64_t number;
    uint32_t size;
    unsigned iface;
    struct dissected d;
    bool directed; /* the all-ones address of a network of ours, at that time */
    bool to_many;  /* IPv4 destination at that time: broadcast of any form, or multicast */
    bool is_final;
    unsigned icmp, resets, arps; /* frames that it caused */
    uint8_t frame[STORM_PREFIX];
};

/* The caller's slots: one block for each frame, of its size, so that AddressSanitizer sees a read beyond it.
 */
struct storm_slots {
    struct tapir_pool face;
    size_t inside, released, torn; /* torn: parts that are not the whole slot */
};

struct storm {
    struct storm_shape shape;
    struct dice dice;
    struct tapir *stack;
    tapir_instant now;
    struct storm_slots slots;
    struct tapir_packet *batch[STORM_BATCH];
    unsigned batch_iface;
    size_t batch_size;
    struct storm_seen *seen;
    uint64_t n_seen;                      /* places of `seen` */
    struct ip4_prefix now_own[STORM_OWN]; /* addresses in use: for broadcasts */
    size_t n_now_own;
    uint64_t lengths; /* of prefixes that ever were ours, bit by bit */
    bool has_lost;    /* an address to a conflict */
    uint32_t ever_own[STORM_OWN];
    size_t n_ever_own;
    struct service echo;
    struct tapir_socket *talkers[STORM_TALKERS]; /* NULL: shut */
    uint64_t talked;                             /* messages that they heard, or twice as many */
    uint64_t reached[TAPIR_VERDICT_COUNT];       /* packets with that verdict, when all has ended */
    uint64_t finals[TAPIR_ORIGIN_COUNT], errors, replies, resets, datagrams, forwarded, forgotten;
    size_t memory; /* octets that the stack has of us */
    bool paused[STORM_IFACES];
    uint64_t mac[STORM_IFACES];
    struct {
        unsigned iface;
        uint32_t asks, for_address;
    } asked[STORM_BATCH]; /* ARP requests that nobody has answered yet */
    size_t n_asked;
    bool is_set_up;
    bool believes_martians;            /* an operation switched ip.martians off */
    bool proxies;                      /* an operation switched arp.proxy on */
    bool quenches;                     /* an operation switched icmp.source_quench.send on */
    bool informs, tells_masks, probes; /* or icmp.information, icmp.address_mask agent, icmp.probe.answer */
    bool extends;                      /* an operation switched icmp.extensions.interface on */
    bool counts_hops;                  /* an operation switched icmp.traceroute1393 on */
    bool discovers;                    /* an operation switched icmp.router_discovery on */
    bool passes_broadcasts;            /* an operation switched ip.directed_broadcast on */
};

/* Makes stack and interfaces: 10.0.0.1/24, and on a router 10.0.1.1/24 with 192.168.7.1/30, and
 * 172.16.0.0/31, with routes of each kind. */
void storm_begin(struct storm *storm, const struct storm_shape *shape);

/* Closes the stack, drains and destroys it: all slots must be back and all memory given back. */
void storm_end(struct storm *storm);

/* Puts a frame in line; the batch goes in when it is full or the interface changes. */
void storm_send(struct storm *storm, unsigned iface, const uint8_t *frame, size_t size);

/* Lets the batch in, drains both doors and asks the oracle. */
void storm_flush(struct storm *storm);

/* Lets time move on. */
void storm_wait(struct storm *storm, int64_t ns);

/* Answers the ARP requests that came out, most of them. */
void storm_answer_arp(struct storm *storm);

/* A frame of random kind into `frame`; returns its size. */
size_t storm_frame(struct dice *dice, unsigned iface, uint8_t frame[STORM_FRAME]);

/* One or several random operations; a list that fails must leave every table as it was. */
void storm_operate(struct storm *storm);

/* The operations that make the network of storm_begin. Returns how many. */
size_t storm_network(bool router, struct tapir_op ops[32]);

/* Brings the network of storm_begin back, also an address that was lost to a conflict. */
void storm_restore(struct storm *storm);

/* Sockets do something; only where the shape says so. */
void storm_talk(struct storm *storm);

/* Reads the addresses anew, after an operation or as time goes. */
void storm_look(struct storm *storm);

/* The octet of the MAC and the peers: 02:00:00:00:00:01 is interface 0, 02:aa + address a peer. */
uint64_t storm_mac(unsigned iface);
uint64_t storm_peer(uint32_t address);
void storm_put_mac(uint8_t *at, uint64_t mac);

/* ---- the oracle ---- */

/* What a received frame is, kept under its number. */
void storm_remember(struct storm *storm, const struct tapir_packet *packet, uint64_t number);
void storm_judge_output(struct storm *storm, unsigned iface, const struct tapir_packet *packet);
void storm_judge_settled(struct storm *storm, const struct tapir_packet *packet);
void storm_judge_counters(struct storm *storm);

/* Prints what is wrong with `packet` (NULL: none) and ends the test. */
_Noreturn void storm_fault(struct storm *storm, const char *what, const struct tapir_packet *packet);

#endif
