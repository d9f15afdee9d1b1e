/* Frames written and read without the stack: a specification with defaults, and a dissector that doubts
 * everything.
 *
 *     (struct frame){.to = HOST_B, .ttl = 1}      an echo request from host A to host B with TTL 1
 *
 * In a `struct frame` 0 stands for "as it should be" and ZERO for the number 0. The checksum is the naive
 * one. Next: tests/world/bench.h. */
#ifndef TESTS_WORLD_FRAMES_H
#define TESTS_WORLD_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP(a, b, c, d) ((int64_t)(a) << 24 | (int64_t)(b) << 16 | (int64_t)(c) << 8 | (int64_t)(d))

#define HOST_A    IP(10, 0, 1, 10)
#define ROUTER_2  IP(10, 0, 1, 2)
#define HOST_B    IP(10, 0, 2, 10)
#define DUT_A     IP(10, 0, 1, 1)
#define DUT_B     IP(10, 0, 2, 1)
#define GATEWAY_1 IP(10, 0, 1, 254)
#define GATEWAY_2 IP(10, 0, 1, 253)
#define BROADCAST IP(255, 255, 255, 255)

/* A MAC as a number of 48 bits. Each station's is made from its address. */
#define MAC_OF(ip)    (INT64_C(0x020000000000) | (ip))
#define MAC_A         INT64_C(0x02da00000001)
#define MAC_B         INT64_C(0x02da00000002)
#define MAC_BROADCAST INT64_C(0xffffffffffff)
#define MAC_ALL_HOSTS INT64_C(0x01005e000001)

enum {
    ZERO = -1, /* the number 0, where 0 stands for the default */
    FRAME_MAX = 2048,
    IS_DF = 0x4000,
    IS_MF = 0x2000,
    IS_RESERVED = 0x8000,
    FIN = 1,
    SYN = 2,
    RST = 4,
    ACK = 16
};

enum tap {
    TAP_A,
    TAP_B
};

enum carries {
    ECHO, /* ICMP echo request */
    UDP,
    TCP,
    ICMP, /* any ICMP message: icmp_type, icmp_code, rest, then quote or data */
    RAW   /* protocol and data alone */
};

struct frame {
    enum tap on; /* the interface that it arrives at; gives the defaults of addresses */

    /* Ethernet */
    int64_t to_mac, from_mac; /* the DUT's; that of `from` */
    int type;                 /* 0x0800 */
    const char *llc;          /* these octets after a length field instead of a type */
    int llc_size;
    int junk;   /* octets of 0xee behind the datagram */
    int padded; /* true: junk up to 60 octets */
    int cut;    /* only so many octets of the frame arrive */

    /* IPv4 */
    int64_t from, to; /* host A to DUT_A, on TAP_B host B to DUT_B */
    int version, header_words, tos, total, total_more, id, fragment, ttl, protocol;
    int header_sum_xor;
    const char *options; /* a multiple of 4 octets */
    int options_size;

    /* what it carries */
    enum carries carries;
    int data;          /* octets of data: 8 of a pattern */
    const void *bytes; /* the data itself */
    const char *hex;   /* the data itself, all of it: "0a 00 ff" */
    int transport_sum, transport_sum_xor;
    int icmp_type, icmp_code;
    int64_t rest;              /* octets 4 to 7 of ICMP: 0x12340001 */
    const struct frame *quote; /* ICMP errors: about this one */
    int quote_octets;          /* of its IPv4 datagram: 28 */
    int from_port, to_port;    /* 5000, 7 (UDP) or 9998 (TCP) */
    int udp_length_more;
    int64_t sequence, acknowledgment;
    int flags, tcp_words;
};

/* Reads "0a 00 ff" or "" into at most FRAME_MAX octets; returns how many. */
size_t hex_read(const char *text, uint8_t *bytes);

/* Writes the frame; returns its size. */
size_t frame_build(const struct frame *frame, uint8_t bytes[FRAME_MAX]);

/* What a frame says. Pointers lead into it. */
struct view {
    int64_t to_mac, from_mac;
    unsigned type;
    /* ARP */
    unsigned operation;
    int64_t sender_mac, sender, target_mac, target;
    /* IPv4 */
    const uint8_t *datagram, *payload;
    size_t header, total, payload_size;
    int64_t from, to;
    unsigned tos, id, fragment, ttl, protocol;
    /* transport */
    unsigned icmp_type, icmp_code, from_port, to_port, flags;
    uint32_t rest, sequence, acknowledgment; /* rest: octets 4 to 7 of ICMP */
    const uint8_t *data;                     /* behind the transport header; for ICMP errors the quote */
    size_t data_size;
    const char *transport_fault; /* what is wrong with it; nobody's fault here when the frame is transit */
};

/* Reads a frame as it left. NULL, or what is wrong with it: lengths, header checksum, padding. */
const char *frame_view(const uint8_t *bytes, size_t size, struct view *view);

/* An ICMP error: types 3, 4, 5, 11, 12. */
bool is_icmp_error(unsigned type);

/* Group addresses, 255.255.255.255. */
bool is_group(int64_t ip);

/* The naive sum of RFC 1071: adds, folds, complements. */
uint16_t naive_checksum(const uint8_t *bytes, size_t size, uint32_t start);

/* "10.0.1.10", in one of four buffers in turn. */
const char *ip_text(int64_t ip);

#endif
