/* IPv4 options: walked one by one, not acted on.
 *
 *     20                                                      header size
 *     | type | length | value ... | NOP | type | length | ... | EOL | ignored |
 *
 * EOL and NOP are one octet; any other option has its length, type octet included, behind the type. RFC
 * 791 3.1, RFC 1122 3.2.1.8. Next: wire/icmp4.h. */
#ifndef WIRE_IP4_OPT_H
#define WIRE_IP4_OPT_H

#include "tapir.h"

/* Types of options that have a name, copied bit and class included. Retired ones by RFC 6814. */
enum {
    IP4_OPT_EOL = 0,                  /* RFC 791 */
    IP4_OPT_NOP = 1,                  /* RFC 791 */
    IP4_OPT_RECORD_ROUTE = 7,         /* RFC 791 */
    IP4_OPT_MEASUREMENT = 10,         /* ZSU; retired */
    IP4_OPT_MTU_PROBE = 11,           /* RFC 1063; retired by RFC 1191 */
    IP4_OPT_MTU_REPLY = 12,           /* RFC 1063; retired by RFC 1191 */
    IP4_OPT_ENCODE = 15,              /* retired */
    IP4_OPT_QUICK_START = 25,         /* RFC 4782 */
    IP4_OPT_EXPERIMENT_30 = 30,       /* RFC 4727 */
    IP4_OPT_TIMESTAMP = 68,           /* RFC 791 */
    IP4_OPT_TRACEROUTE = 82,          /* RFC 1393; retired */
    IP4_OPT_EXPERIMENT_94 = 94,       /* RFC 4727 */
    IP4_OPT_SECURITY = 130,           /* RFC 1108 */
    IP4_OPT_LSRR = 131,               /* RFC 791: loose source and record route */
    IP4_OPT_EXTENDED_SECURITY = 133,  /* RFC 1108 */
    IP4_OPT_CIPSO = 134,              /* FIPS 188 */
    IP4_OPT_STREAM_ID = 136,          /* RFC 791; retired */
    IP4_OPT_SSRR = 137,               /* RFC 791: strict source and record route */
    IP4_OPT_ACCESS_CONTROL = 142,     /* VISA; retired */
    IP4_OPT_IMITD = 144,              /* retired */
    IP4_OPT_EIP = 145,                /* RFC 1385; retired */
    IP4_OPT_ADDRESS_EXTENSION = 147,  /* RFC 1475; retired */
    IP4_OPT_ROUTER_ALERT = 148,       /* RFC 2113 */
    IP4_OPT_DIRECTED_BROADCAST = 149, /* RFC 1770; retired */
    IP4_OPT_DYNAMIC_STATE = 151,      /* retired */
    IP4_OPT_UPSTREAM = 152,           /* retired */
    IP4_OPT_EXPERIMENT_158 = 158,     /* RFC 4727 */
    IP4_OPT_FLOW_CONTROL = 205,       /* retired */
    IP4_OPT_EXPERIMENT_222 = 222      /* RFC 4727 */
};

enum {
    IP4_OPT_COPIED = 0x80 /* bit of a type: goes into every fragment */
};

struct ip4_opt {
    uint8_t at; /* octets from the start of the IPv4 header; 0: before the first option */
    uint8_t type;
    uint8_t length; /* octets with type and length; 1 for a NOP */
};

enum ip4_opt_step {
    IP4_OPT_FOUND, /* *opt is the next option, NOPs too */
    IP4_OPT_DONE,  /* EOL or the end of the header */
    IP4_OPT_BROKEN /* the option at opt->at has a length below 2, beyond the header, or none */
};

/* Goes on to the option behind *opt, which is zero at first. `size`: octets of header, 20 to 60, all
 * readable. */
enum ip4_opt_step ip4_opt_next(const uint8_t *header, uint8_t size, struct ip4_opt *opt);

/* Walks all options. IP4_OPTION_LENGTH when one is broken: then *pointer is what Parameter Problem shall
 * point at, the length octet, or the type octet when that is the last of the header. */
enum tapir_verdict ip4_opt_check(const uint8_t *header, uint8_t size, uint8_t *pointer);

#endif
