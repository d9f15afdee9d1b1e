/* PUBLIC. Control is data: settings, and operations that change a stack, all or none.
 *
 * Included by tapir.h; read next: core/settings.def. */
#ifndef TAPIR_CONTROL_H
#define TAPIR_CONTROL_H

#include "tapir_packet.h"

struct tapir;

/* Settings, by name as in docs/configuration.md. The rows stand in core/settings.def. */
enum tapir_setting {
#define SETTING(id, name, type, initial, low, high, choices, scope, text) TAPIR_SET_##id,
#include "core/settings.def"
#undef SETTING
    TAPIR_SETTING_COUNT
};

enum tapir_setting_type {
    TAPIR_CHOICE,   /* one of `choices`, separated by '|'; the value is its place, from 0 */
    TAPIR_NUMBER,   /* low to high */
    TAPIR_DURATION, /* nanoseconds, low to high; written 500ms, 60s, 10min, 2h */
    TAPIR_SIZE,     /* octets, low to high; written 4096, 512KiB, 4MiB */
    TAPIR_PREFIX    /* address << 8 | length; written 10.0.0.0/8 */
};

enum tapir_scope {
    TAPIR_SCOPE_ANY, /* of a node, or of one interface */
    TAPIR_SCOPE_NODE /* of a node alone: its interfaces share what it bounds */
};

struct tapir_setting_row {
    const char *name; /* "icmp.redirect.send" */
    enum tapir_setting_type type;
    int64_t initial, low, high;
    const char *choices; /* "off|on"; NULL for numbers */
    enum tapir_scope scope;
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
    uint8_t tos;    /* for datagrams with these TOS bits alone: 0 (any), 2, 4, 8 or 16, RFC 1349 */
    unsigned iface; /* filled in by the stack: the interface on whose network `via` lies */
};

enum tapir_op_kind {
    TAPIR_OP_INTERFACE, /* add or remove */
    TAPIR_OP_LINK,      /* carrier of an interface came or went, or what its device takes is another */
    TAPIR_OP_ADDRESS,   /* add or remove */
    TAPIR_OP_ROUTE,     /* add or remove */
    TAPIR_OP_NEIGHBOR,  /* add or remove a permanent entry */
    TAPIR_OP_SET,       /* give a setting a value */
    TAPIR_OP_CLOCK,     /* tell the wall clock */
    TAPIR_OP_ADVERTISE /* list an address in router advertisements, as it is at first, or leave it out (remove) */
};

#define TAPIR_EVERYWHERE UINT32_MAX /* an OP_SET for the node, not for one interface */

struct tapir_op {
    enum tapir_op_kind kind;
    bool remove;
    unsigned
        iface; /* INTERFACE: its number, chosen by the caller; LINK, ADDRESS, NEIGHBOR, SET, ADVERTISE: which */
    union {
        struct {
            char name[16];
            struct mac mac;
            uint16_t mtu; /* octets of IPv4, 68 to 65535 */
        } interface;
        struct {
            bool up;
            uint8_t
                takes; /* its device takes: bits of TAPIR_TAKES, super-frames only with checksums; 0: whole frames alone */
        } link;
        struct ip4_prefix address; /* ADDRESS, ADVERTISE */
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
    TAPIR_BUSY,      /* in use: address or port taken, interface still has addresses or neighbors */
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
 * What was held for a neighbor that a failed list removed has been settled all the same, and what ARP had learned of it
 * is forgotten. */
enum tapir_result tapir_apply(struct tapir *stack, const struct tapir_op ops[], size_t n,
                              struct tapir_fault *fault, tapir_instant now);

#endif
