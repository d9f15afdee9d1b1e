/* PUBLIC. Values, verdicts and packets: what tapir_input takes and tapir_output and tapir_settled give back.
 *
 * Included by tapir.h; read next: core/verdict.def. */
#ifndef TAPIR_PACKET_H
#define TAPIR_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tapir_offload.h"

/* ---- values ------------------------------------------------------------------------------------------ */

/* A point in time, nanoseconds since an origin of the caller's choice. Never compared with a wall clock. */
typedef struct tapir_instant {
    int64_t ns;
} tapir_instant;

#define TAPIR_NEVER ((tapir_instant){INT64_MAX})

/* An IPv4 address in host order: 10.0.0.1 is 0x0a000001. */
struct ip4 {
    uint32_t value;
};

/* An Ethernet address in the order of the wire. */
struct mac {
    uint8_t octet[6];
};

/* An address or network with its prefix length, 0 to 32. */
struct ip4_prefix {
    struct ip4 address;
    uint8_t length;
};

/* ---- verdicts ---------------------------------------------------------------------------------------- */

/* How a packet's journey ended. TAPIR_UNSETTLED: it has not. The rows stand in core/verdict.def. */
enum tapir_verdict {
    TAPIR_UNSETTLED,
#define VERDICT(id, name, kind, earns, source, text) TAPIR_##id,
#include "core/verdict.def"
#undef VERDICT
    TAPIR_VERDICT_COUNT
};

/* PASSED and REFUSED are final. HELD: this slot is done, the packet waits in the stack under its number and
 * gets a final verdict later. ANSWER: not a packet's end, but what became of the message that it earned. */
enum tapir_kind {
    TAPIR_PASSED,
    TAPIR_REFUSED,
    TAPIR_HELD,
    TAPIR_ANSWER
};

/* What a verdict earns its sender. */
enum tapir_earns {
    TAPIR_EARNS_NOTHING,
    TAPIR_EARNS_ICMP,
    TAPIR_EARNS_RESET
};

/* One row of the table of fates. `type` and `code` mean something when it earns an ICMP message. */
struct tapir_fate {
    const char *name;   /* "ip4-ttl" */
    const char *source; /* "RFC 1812 5.3.1" */
    const char *text;   /* one sentence */
    enum tapir_kind kind;
    enum tapir_earns earns;
    uint8_t type, code;
};

/* The row of a verdict; for TAPIR_UNSETTLED and anything beyond the table a row named "unsettled". */
const struct tapir_fate *tapir_fate(enum tapir_verdict verdict);

/* Received by tapir_input, or born in the stack. Numbered and counted apart. */
enum tapir_origin {
    TAPIR_RECEIVED,
    TAPIR_BORN,
    TAPIR_ORIGIN_COUNT
};

/* ---- packets ----------------------------------------------------------------------------------------- */

struct tapir_packet;

/* Where a slot goes when it is released. `give` may be called from any function of the stack. */
struct tapir_pool {
    void (*give)(struct tapir_pool *pool, struct tapir_packet *packet);
};

/* The five values that name a flow, and what else of an IPv4 header is needed more than once. */
struct tapir_tuple {
    struct ip4 source, destination;
    uint16_t source_port, destination_port; /* of ICMP queries the identifier, at our end; else 0 */
    uint16_t id;
    uint16_t fragment; /* flags and offset as on the wire */
    uint8_t ttl, protocol, tos;
    uint8_t header; /* octets of the IPv4 header; 0: not parsed */
};

/* Private to the stack; here so that slots can be laid out. */
struct tapir_packet_private {
    struct tapir_packet *next;
    struct tapir_pool *home;
    struct tapir_tuple tuple;
    struct tapir_tuple notice;        /* of our packet that a notice is about */
    struct ip4 next_hop;              /* decided: where it goes next */
    uint32_t exit;                    /* decided: interface that it leaves by */
    uint32_t network, transport, end; /* offsets from data: IPv4 header, what follows it, total length */
    uint16_t ethertype;
    uint16_t mtu;          /* decided, for what is larger, or reported: octets of IPv4 */
    uint8_t ttl;           /* decided, in transit */
    uint8_t pointer;       /* of a parameter problem: the octet at fault */
    uint8_t role;          /* enum packet_role */
    uint8_t origin;        /* enum tapir_origin */
    uint8_t edits;         /* decided: IPv4 options to be written, bits of ip4/options.h */
    uint16_t notice_total; /* its total length, as it is quoted */
    uint8_t notice_type, notice_code;
    struct mac mac;                      /* decided: link destination */
    bool link_broadcast, link_multicast; /* how the frame was addressed */
    bool ordinary;                       /* both addresses are, says ip4/input; false is always safe */
    bool to_many;                        /* the IPv4 destination is a broadcast or multicast address */
    bool looped;                         /* sent to ourselves: came by lane again, not from a wire */
    bool snap;                           /* came in an IEEE 802.3 frame (RFC 1042) */
};

/* A frame in its slot: headroom, `size` bytes at `data`, tailroom. One contiguous piece of memory. */
struct tapir_packet {
    uint8_t *data;
    uint32_t size, headroom, tailroom;
    unsigned iface; /* arrival; for a packet from tapir_output: departure */
    struct tapir_offload offload;
    uint64_t number; /* from 1, received and born apart; 0: an empty slot */
    uint64_t cause;  /* number of the received packet for which this one was born; 0: a timer or a socket */
    uint64_t into;   /* number of the packet that carries its bytes on; 0: none */
    tapir_instant arrived;
    enum tapir_verdict verdict, answer;
    uint32_t entry; /* that decided: number of a route, neighbor, datagram or socket, from 1; 0: none */
    bool traced;    /* the caller wants its trail */
    struct tapir_packet_private within;
};

/* Octets of headroom that a packet of a pool should have: any header of the stack fits before it. */
enum {
    TAPIR_HEADROOM = 96
};

/* Lays out an empty packet at the head of `slot` (`size` octets, aligned to 16): struct, headroom, room.
 * `home` takes it back on release. Returns it with size 0; NULL: the slot is too small. */
struct tapir_packet *tapir_packet_init(void *slot, size_t size, struct tapir_pool *home);

#endif
