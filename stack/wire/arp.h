/* ARP packets for Ethernet and IPv4.
 *
 *      0          2          4    5    6        8            14           18           24           28
 *     | hardware | protocol | 6  | 4  | opcode | sender MAC | sender IP4 | target MAC | target IP4 |
 *
 * RFC 826; hardware type 6 (IEEE 802) in SNAP frames by RFC 1042. Who may claim what: link/arp. Next:
 * wire/ip4.h. */
#ifndef WIRE_ARP_H
#define WIRE_ARP_H

#include "tapir.h"

enum {
    ARP_SIZE = 28,
    ARP_ETHERNET = 1,
    ARP_IEEE802 = 6,
    ARP_REQUEST = 1,
    ARP_REPLY = 2
};

struct arp {
    uint16_t hardware, opcode;
    struct mac sender_mac, target_mac;
    struct ip4 sender, target;
};

/* Reads an ARP packet; `snap`: it came in a SNAP frame. ARP_SHORT, ARP_HARDWARE, ARP_PROTOCOL, ARP_LENGTHS in
 * this order; all fields are filled in unless short. The opcode is not judged: RFC 826 looks at it last. */
enum tapir_verdict arp_parse(const uint8_t *data, size_t size, bool snap, struct arp *arp);

/* Writes an ARP packet. */
void arp_build(uint8_t data[ARP_SIZE], const struct arp *arp);

#endif
