/* Ethernet II frames, and IEEE 802.3 frames with SNAP as RFC 1042 puts IP and ARP into them.
 *
 *      0             6             12     14                             22
 *     | destination | source      | type | payload ...                      type >= 1536
 *     | destination | source      | len  | aa aa 03 00 00 00 | type | ...   len <= 1500: SNAP
 *
 * We send Ethernet II alone. No VLAN tags. RFC 894, RFC 1042, RFC 1122 2.3.3. Next: wire/arp.h. */
#ifndef WIRE_ETHER_H
#define WIRE_ETHER_H

#include "wire/addr.h"

enum {
    ETHER_HEADER = 14,
    ETHER_SNAP = 8, /* octets of LLC and SNAP behind the header */
    ETHER_MIN = 60, /* shortest frame, without the check sequence; zeros fill it up */

    ETHERTYPE_LENGTH_MAX = 1500, /* up to here the field is an 802.3 length */
    ETHERTYPE_MIN = 1536,        /* from here on it is an EtherType; between the two it is nothing */
    ETHERTYPE_IP4 = 0x0800,
    ETHERTYPE_ARP = 0x0806,
    ETHERTYPE_VLAN = 0x8100,   /* IEEE 802.1Q */
    ETHERTYPE_SERVICE = 0x88a8 /* IEEE 802.1ad */
};

struct ether_header {
    struct mac destination, source;
    uint16_t type; /* EtherType, for SNAP the inner one; for a refused 802.3 frame its length */
    uint16_t
        length;   /* 802.3: octets behind the first 14, SNAP included, the rest is padding. 0: Ethernet II */
    uint8_t size; /* octets of header: 14, with SNAP 22 */
};

/* Goes on with an 802.3 frame, `size` octets behind its 14 of header, whose length stands in header->type. */
enum tapir_verdict ether_parse_length(const uint8_t *payload, size_t size, struct ether_header *header);

/* A frame that ends before its type: ETHER_SHORT. */
enum tapir_verdict ether_parse_short(const uint8_t *data, size_t size, struct ether_header *header);

/* Reads the header of a frame. ETHER_SHORT: less than a header, or an 802.3 length beyond the frame.
 * ETHER_LENGTH: no EtherType and no SNAP. ETHER_VLAN: tagged. What the frame has of a header is filled in
 * each time, the rest is zero. */
static inline enum tapir_verdict ether_parse(const uint8_t *data, size_t size, struct ether_header *header)
{
    if (size < ETHER_HEADER)
        return ether_parse_short(data, size, header);
    memcpy(header->destination.octet, data,
           sizeof header->destination.octet); /* by mac_get each is copied four times */
    memcpy(header->source.octet, data + 6, sizeof header->source.octet);
    header->type = bytes_get16(data + 12);
    header->length = 0;
    header->size = ETHER_HEADER;
    if (header->type < ETHERTYPE_MIN) {
        enum tapir_verdict verdict = ether_parse_length(data + ETHER_HEADER, size - ETHER_HEADER, header);
        if (verdict != TAPIR_UNSETTLED)
            return verdict;
    }
    if (header->type == ETHERTYPE_VLAN || header->type == ETHERTYPE_SERVICE)
        return TAPIR_ETHER_VLAN;
    return TAPIR_UNSETTLED;
}

/* What stands in the field of a frame that has one: its EtherType or length. */
static inline uint16_t ether_type(const uint8_t *data)
{
    return bytes_get16(data + 12);
}

/* A frame to `mac`, one host, and from one other. */
static inline bool ether_is_between(const uint8_t *data, const struct mac *mac)
{
    const uint8_t *source = data + sizeof *mac;
    return memcmp(data, mac->octet, sizeof *mac) == 0 && memcmp(source, mac->octet, sizeof *mac) != 0 &&
           ((data[0] | source[0]) & 1) == 0;
}

/* The frame is SNAP: what it carries ends at ETHER_HEADER + length. */
static inline bool ether_is_snap(const struct ether_header *header)
{
    return header->size > ETHER_HEADER;
}

/* Writes an Ethernet II header. */
static inline void ether_build(uint8_t data[ETHER_HEADER], const struct mac *destination,
                               const struct mac *source, uint16_t type)
{
    memcpy(data, destination->octet, sizeof destination->octet);
    memcpy(data + 6, source->octet, sizeof source->octet);
    bytes_put16(data + 12, type);
}

#endif
