/* tapir: a TCP/IP stack as a pure library. This header is the whole of its public face.
 *
 * The stack makes no system call, reads no clock, prints nothing and keeps no global. Frames, time and
 * randomness are arguments. A driver's turn is: tapir_input what each device has, tapir_output until it
 * returns 0, tapir_settled until it returns 0, sleep until tapir_deadline.
 *
 * Every slot handed in comes back exactly once, with a verdict on it: by tapir_output (a frame to be sent) or
 * by tapir_settled (all others). No function blocks, none is thread-safe: one thread drives one stack.
 *
 * Read next: core/verdict.def (how journeys end), pipeline.c (the order of the stages). */
#ifndef TAPIR_H
#define TAPIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

struct tapir;
struct tapir_packet;

/* Where a slot goes when it is released. `give` may be called from any function of the stack. */
struct tapir_pool {
    void (*give)(struct tapir_pool *pool, struct tapir_packet *packet);
};

/* What the device has done, or shall do, with a frame beyond its bytes (virtio-net header). Zero: nothing. */
struct tapir_offload {
    uint8_t kind;           /* 0 none, 1 TCP over IPv4, 2 UDP */
    bool partial, verified; /* checksum: only the pseudo-header is summed; checked by the device */
    uint16_t segment;       /* data octets of each segment of a super-frame */
    uint16_t start, offset; /* where a partial checksum begins and where it is stored */
};

/* The five values that name a flow, and what else of an IPv4 header is needed more than once. */
struct tapir_tuple {
    struct ip4 source, destination;
    uint16_t source_port, destination_port; /* UDP and TCP; 0 for others and for later fragments */
    uint16_t id;
    uint16_t fragment; /* flags and offset as on the wire */
    uint8_t protocol, tos, ttl;
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
    uint16_t mtu;    /* decided or reported: octets of IPv4 */
    uint8_t ttl;     /* decided */
    uint8_t pointer; /* of a parameter problem: the octet at fault */
    uint8_t role;    /* enum packet_role */
    uint8_t origin;  /* enum tapir_origin */
    uint8_t notice_type, notice_code;
    struct mac mac;                      /* decided: link destination */
    bool link_broadcast, link_multicast; /* how the frame was addressed */
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
    uint32_t entry; /* table entry that decided: route, neighbor or socket number, from 1; 0: none */
    bool traced;    /* the caller wants its trail */
    struct tapir_packet_private within;
};

/* Octets of headroom that a packet from a pool should have, so that the stack can put any header before it.
 */
enum {
    TAPIR_HEADROOM = 96
};

/* Lays out an empty packet at the head of `slot` (`size` octets, aligned to 16): struct, headroom, room.
 * `home` takes it back on release. Returns it with size 0. */
struct tapir_packet *tapir_packet_init(void *slot, size_t size, struct tapir_pool *home);

/* ---- life of a stack --------------------------------------------------------------------------------- */

/* Memory for tables, asked for by tapir_create and tapir_apply alone, never for a packet. */
struct tapir_memory {
    void *(*allocate)(void *context, size_t size); /* aligned to 16, any content; NULL: no more */
    void (*release)(void *context, void *block, size_t size);
    void *context;
};

/* Bounds; 0 takes the default of core/limits.h. */
struct tapir_limits {
    uint32_t interfaces, addresses, routes, neighbors, sockets;
    uint32_t store_small, store_medium, store_large; /* slots of 256 B, 2 KiB, 66 KiB */
    uint32_t out;                                    /* frames waiting for one interface, each band */
    size_t memory; /* octets that the stack may allocate in all; 0: no bound */
};

struct tapir_config {
    uint8_t seed[16]; /* all randomness and all hash keys come from it */
    struct tapir_limits limits;
    bool observe; /* settled packets come out by tapir_settled; else they are released at once */
};

/* Makes a stack without interfaces at time `now`, or NULL when memory is short. `memory` is copied. */
struct tapir *tapir_create(const struct tapir_config *config, const struct tapir_memory *memory,
                           tapir_instant now);

/* Settles all that is held or waits as stack-closed. Drain both doors afterwards. */
void tapir_close(struct tapir *stack, tapir_instant now);

/* Gives all memory back. No slot of the caller may be inside. */
void tapir_destroy(struct tapir *stack);

/* ---- the doors --------------------------------------------------------------------------------------- */

/* Hands in `n` frames that arrived at interface `iface`, lets time move on to `now` (an earlier one counts as
 * the last) and runs the pipeline. Returns the number of the first frame. The slots belong to the stack. */
uint64_t tapir_input(struct tapir *stack, unsigned iface, struct tapir_packet *const packets[], size_t n,
                     tapir_instant now);

/* Lets time move on to `now`: timers, sockets, what was left. */
void tapir_tick(struct tapir *stack, tapir_instant now);

/* Takes at most `max` frames for one interface, written to `*iface`. They are sent: their verdict is final.
 * The caller releases them. Returns 0 when no interface that is not paused has any. */
size_t tapir_output(struct tapir *stack, unsigned *iface, struct tapir_packet *packets[], size_t max);

/* Takes at most `max` settled packets, in the order in which they were settled, bytes as they were received
 * (forwarded ones come out by tapir_output). The caller releases them. */
size_t tapir_settled(struct tapir *stack, struct tapir_packet *packets[], size_t max);

/* An empty slot of the stack's own store for a frame of up to `size` octets, or NULL. For callers without a
 * pool. */
struct tapir_packet *tapir_take(struct tapir *stack, size_t size);

/* Sends each slot home. */
void tapir_release(struct tapir *stack, struct tapir_packet *const packets[], size_t n);

/* The device of `iface` takes no more for now: its frames stay in the stack, up to limits.out. */
void tapir_pause(struct tapir *stack, unsigned iface, bool paused);

/* When to call again at the latest: the first timer; the last `now` when work is left; TAPIR_NEVER. */
tapir_instant tapir_deadline(const struct tapir *stack);

/* Nothing is held, nothing waits, no data is unacknowledged: a replay may end here. */
bool tapir_idle(const struct tapir *stack);

/* ---- control: operations are data ---------------------------------------------------------------------- */

/* Settings, by name as in docs/configuration.md. The rows stand in core/settings.def. */
enum tapir_setting {
#define SETTING(id, name, type, initial, low, high, choices, built, text) TAPIR_SET_##id,
#include "core/settings.def"
#undef SETTING
    TAPIR_SETTING_COUNT
};

enum tapir_setting_type {
    TAPIR_CHOICE,   /* one of `choices`, separated by '|'; the value is its place, from 0 */
    TAPIR_NUMBER,   /* low to high */
    TAPIR_DURATION, /* nanoseconds, low to high; written 500ms, 60s, 10min, 2h */
    TAPIR_SIZE      /* octets, low to high; written 4096, 512KiB, 4MiB */
};

struct tapir_setting_row {
    const char *name; /* "icmp.redirect.send" */
    enum tapir_setting_type type;
    int64_t initial, low, high;
    const char *choices; /* "off|on"; NULL for numbers */
    bool built;          /* false: accepted, but without effect in this version */
    const char *text;
};

/* The row of a setting. */
const struct tapir_setting_row *tapir_setting(enum tapir_setting setting);

/* Finds a setting by its full name. False: there is none. */
bool tapir_setting_find(const char *name, enum tapir_setting *setting);

/* Reads the text of a value. False: it is not one of the setting's values. */
bool tapir_setting_parse(enum tapir_setting setting, const char *text, int64_t *value);

/* Writes a value as text that tapir_setting_parse reads, at most `size` octets with the NUL. */
void tapir_setting_print(enum tapir_setting setting, int64_t value, char *text, size_t size);

enum tapir_route_kind {
    TAPIR_ROUTE_UNICAST,
    TAPIR_ROUTE_CONNECTED,
    TAPIR_ROUTE_LOCAL,
    TAPIR_ROUTE_BROADCAST,
    TAPIR_ROUTE_UNREACHABLE,
    TAPIR_ROUTE_BLACKHOLE,
    TAPIR_ROUTE_PROHIBIT
};

/* A route. Only UNICAST, UNREACHABLE, BLACKHOLE and PROHIBIT may be added by hand; the others follow
 * addresses. */
struct tapir_route {
    struct ip4_prefix prefix;
    enum tapir_route_kind kind;
    struct ip4 via; /* next hop of UNICAST */
    uint32_t metric;
    unsigned iface; /* filled in by the stack: the interface on whose network `via` lies */
};

enum tapir_op_kind {
    TAPIR_OP_INTERFACE, /* add or remove */
    TAPIR_OP_LINK,      /* carrier of an interface came or went */
    TAPIR_OP_ADDRESS,   /* add or remove */
    TAPIR_OP_ROUTE,     /* add or remove */
    TAPIR_OP_NEIGHBOR,  /* add or remove a permanent entry */
    TAPIR_OP_SET,       /* give a setting a value */
    TAPIR_OP_CLOCK      /* tell the wall clock */
};

#define TAPIR_EVERYWHERE UINT32_MAX /* an OP_SET for the node, not for one interface */

struct tapir_op {
    enum tapir_op_kind kind;
    bool remove;
    unsigned iface; /* INTERFACE: its number, chosen by the caller; LINK, ADDRESS, NEIGHBOR, SET: which */
    union {
        struct {
            char name[16];
            struct mac mac;
            uint16_t mtu; /* octets of IPv4, 68 to 65535 */
        } interface;
        struct {
            bool up;
        } link;
        struct ip4_prefix address;
        struct tapir_route route;
        struct {
            struct ip4 address;
            struct mac mac;
        } neighbor;
        struct {
            enum tapir_setting setting;
            int64_t value;
        } set;
        struct {
            int64_t offset_ns; /* nanoseconds since 1970-01-01 UTC at instant 0 */
        } clock;
    };
};

enum tapir_result {
    TAPIR_OK,
    TAPIR_INVALID,   /* an argument makes no sense by itself */
    TAPIR_EXISTS,    /* it is there already */
    TAPIR_MISSING,   /* what it names or needs is not there */
    TAPIR_FULL,      /* a limit, or no memory */
    TAPIR_BUSY,      /* in use: address or port taken, interface still has addresses */
    TAPIR_AGAIN,     /* nothing now; an event will tell */
    TAPIR_TOO_LARGE, /* more than fits the socket or the path */
    TAPIR_UNREACHABLE
};

/* Which operation failed, and why in words that a person can act on. */
struct tapir_fault {
    size_t op;
    const char *why;
};

/* Applies all `n` operations in order, or none of them. On failure `*fault` (may be NULL) says which and why.
 * What was held for a neighbor that a failed list removed has been settled all the same. */
enum tapir_result tapir_apply(struct tapir *stack, const struct tapir_op ops[], size_t n,
                              struct tapir_fault *fault, tapir_instant now);

/* ---- looking in ---------------------------------------------------------------------------------------- */

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
    TAPIR_TABLE_LIMITS
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
    TAPIR_EVENT_MOVED = 32    /* interface: a neighbor changed its MAC; `address` and `mac` of the last one */
};

struct tapir_socket;

struct tapir_event {
    uint32_t bits;
    struct tapir_socket *socket; /* NULL: the event is about an interface or address */
    unsigned iface;
    struct ip4 address;
    struct mac mac;
};

/* Takes the next object to which something happened. False: none. */
bool tapir_next_event(struct tapir *stack, struct tapir_event *event);

/* ---- sockets ------------------------------------------------------------------------------------------ */

enum tapir_protocol {
    TAPIR_UDP = 17
};

struct tapir_socket_options {
    size_t receive, send; /* octets of the two rings; 0: 128 KiB and 64 KiB */
};

/* A message and what IP knows about it. When sending, a source of 0 lets the stack choose; ttl 0 is the
 * default. */
struct tapir_message {
    struct ip4 source, destination;
    uint16_t source_port, destination_port;
    unsigned iface; /* received: where */
    uint8_t ttl, tos;
    bool dont_fragment;
    uint8_t *data; /* in the ring */
    size_t size;
    enum tapir_result error;      /* not TAPIR_OK: this is an ICMP error about what we sent, data is empty */
    uint8_t icmp_type, icmp_code; /* of that error */
    uint16_t mtu;                 /* of that error, or 0 */
};

/* Opens a socket with rings from the stack's memory; NULL: a limit or no memory. Bound to nothing. */
struct tapir_socket *tapir_open(struct tapir *stack, enum tapir_protocol protocol,
                                const struct tapir_socket_options *options);

/* Gives it an own address (0: any) and a port (0: an unpredictable one from 1024 to 65535). EXISTS: bound
 * before. BUSY: taken. MISSING: not an address of ours. */
enum tapir_result tapir_bind(struct tapir_socket *socket, struct ip4 address, uint16_t port);

/* Sets the only peer it hears and speaks to. Binds to a port of the stack's choice when it was not bound. */
enum tapir_result tapir_connect(struct tapir_socket *socket, struct ip4 address, uint16_t port);

/* Reserves room for a message of `size` octets in the send ring and points message->data at it; the other
 * fields are zero. Write the data, fill in where it goes, commit. AGAIN: no room now. TOO_LARGE: never. */
enum tapir_result tapir_reserve(struct tapir_socket *socket, size_t size, struct tapir_message *message);

/* Puts the reserved message in line; the next tapir_tick or tapir_input sends it. */
enum tapir_result tapir_commit(struct tapir_socket *socket, const struct tapir_message *message);

/* Shows the oldest message received, in the ring. AGAIN: there is none. */
enum tapir_result tapir_peek(struct tapir_socket *socket, struct tapir_message *message);

/* Drops the message that tapir_peek showed. */
void tapir_consume(struct tapir_socket *socket);

/* Ends the socket; what it had not sent yet is dropped. */
void tapir_shut(struct tapir_socket *socket);

#endif
