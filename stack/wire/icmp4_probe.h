/* Extended Echo Request and Reply, "PROBE": what about that interface?
 *
 *      0      1      2          4            6          7                8
 *     | 42   | 0    | checksum | identifier | sequence | 7 bits 0, L    | extension structure
 *     | 43   | code | checksum | identifier | sequence | state 3, 0 2, A, 4, 6
 *
 *     extension structure:  | version 2, 12 bits 0 | checksum | then objects to the end
 *     object:               | length | class 3 | c-type | payload
 *       c-type 1, name:     name, NULs to a multiple of 4
 *       c-type 2, index:    32 bits
 *       c-type 3, address:  | address family 2 | length 1 | 0 | address, zeros to a multiple of 4
 *
 * L: the interface is of the node asked; else the address is of a neighbor of it. RFC 8335 2, 3, RFC 4884 7. Who answers:
 * icmp4/probe.h. */
#ifndef WIRE_ICMP4_PROBE_H
#define WIRE_ICMP4_PROBE_H

#include "tapir.h"

enum {
    ICMP4_PROBE_REPLY = 8, /* octets */
    ICMP4_FAMILY_IP4 = 1,  /* address families, IANA */
    ICMP4_FAMILY_IP6 = 2
};

/* What names the interface. */
enum icmp4_probe_kind {
    ICMP4_PROBE_NOTHING, /* cannot be told */
    ICMP4_PROBE_NAME,
    ICMP4_PROBE_INDEX,
    ICMP4_PROBE_ADDRESS
};

struct icmp4_probe {
    uint16_t identifier;
    uint8_t sequence;
    bool is_local;              /* L */
    enum icmp4_probe_kind kind; /* also where is_sound is false, when it can be told */
    bool is_sound;              /* the query is not malformed: RFC 8335 4.1 */
    const uint8_t *name;        /* in the message, name_size octets without NULs */
    size_t name_size;
    uint32_t index;
    uint16_t family;
    struct ip4 address; /* when the family is ICMP4_FAMILY_IP4 */
};

/* State of a neighbor in a reply: RFC 8335 3. */
enum icmp4_probe_state {
    ICMP4_STATE_NONE,
    ICMP4_STATE_INCOMPLETE,
    ICMP4_STATE_REACHABLE,
    ICMP4_STATE_STALE,
    ICMP4_STATE_DELAY,
    ICMP4_STATE_PROBE,
    ICMP4_STATE_FAILED
};

struct icmp4_probe_reply {
    uint8_t code; /* ICMP4_EXTENDED_* */
    uint16_t identifier;
    uint8_t sequence;
    enum icmp4_probe_state state;
    bool is_active, has_ip4, has_ip6;
};

/* Reads a request of `size` octets that icmp4_parse found right. Its code and reserved bits mean nothing. */
void icmp4_probe_parse(const uint8_t *message, size_t size, struct icmp4_probe *probe);

/* Writes a reply with a checksum of zero; icmp4_finish follows. */
void icmp4_probe_reply_build(uint8_t message[ICMP4_PROBE_REPLY], const struct icmp4_probe_reply *reply);

#endif
