/* Addresses: what an IPv4 or Ethernet address is by its value alone, on the wire and in host order.
 *
 * Whether an address is ours, or a connected network's, is asked in route/. RFC 1122 3.2.1.3, RFC 6890, RFC
 * 3021, RFC 1112 6.4. Next: wire/checksum.h. */
#ifndef WIRE_ADDR_H
#define WIRE_ADDR_H

#include <string.h>

#include "tapir.h"
#include "wire/bytes.h"

/* ---- IPv4 ---- */

static inline struct ip4 ip4_get(const uint8_t *at)
{
    return (struct ip4){bytes_get32(at)};
}

static inline void ip4_put(uint8_t *at, struct ip4 address)
{
    bytes_put32(at, address.value);
}

static inline bool ip4_equal(struct ip4 a, struct ip4 b)
{
    return a.value == b.value;
}

static inline bool ip4_is_zero(struct ip4 a)
{
    return a.value == 0;
}

/* 0/8: "this network", only ever a source. */
static inline bool ip4_is_this_net(struct ip4 a)
{
    return a.value >> 24 == 0;
}

/* 127/8 */
static inline bool ip4_is_loopback(struct ip4 a)
{
    return a.value >> 24 == 127;
}

/* 169.254/16, RFC 3927: never forwarded. */
static inline bool ip4_is_link_local(struct ip4 a)
{
    return a.value >> 16 == 0xa9fe;
}

/* 224/4 */
static inline bool ip4_is_multicast(struct ip4 a)
{
    return a.value >> 28 == 0xe;
}

/* 224.0.0/24, RFC 5771 4: groups that stay on their link whatever the TTL. */
static inline bool ip4_is_local_group(struct ip4 a)
{
    return a.value >> 8 == 0xe00000;
}

/* 240/4, limited broadcast included. */
static inline bool ip4_is_class_e(struct ip4 a)
{
    return a.value >> 28 == 0xf;
}

/* 255.255.255.255 */
static inline bool ip4_is_limited_broadcast(struct ip4 a)
{
    return a.value == 0xffffffff;
}

/* The mask of a prefix length, 0 to 32. In 64 bits, since a shift by 32 of 32 has no meaning. */
static inline struct ip4 ip4_mask(uint8_t length)
{
    return (struct ip4){(uint32_t)(UINT64_C(0xffffffff) << (32 - length))};
}

static inline struct ip4 ip4_network(struct ip4_prefix prefix)
{
    return (struct ip4){prefix.address.value & ip4_mask(prefix.length).value};
}

/* The all-ones address of a prefix. It is a broadcast address only where ip4_has_broadcast. */
static inline struct ip4 ip4_broadcast(struct ip4_prefix prefix)
{
    return (struct ip4){prefix.address.value | ~ip4_mask(prefix.length).value};
}

/* A /31 has two hosts and a /32 one: no address is left for a broadcast. RFC 3021. */
static inline bool ip4_has_broadcast(struct ip4_prefix prefix)
{
    return prefix.length <= 30;
}

static inline bool ip4_in_prefix(struct ip4 a, struct ip4_prefix prefix)
{
    return ((a.value ^ prefix.address.value) & ip4_mask(prefix.length).value) == 0;
}

/* ---- Ethernet ---- */

static inline struct mac mac_get(const uint8_t *at)
{
    struct mac mac;
    memcpy(mac.octet, at, sizeof mac.octet);
    return mac;
}

static inline void mac_put(uint8_t *at, struct mac mac)
{
    memcpy(at, mac.octet, sizeof mac.octet);
}

static inline bool mac_equal(struct mac a, struct mac b)
{
    return memcmp(a.octet, b.octet, sizeof a.octet) == 0;
}

/* The same where they lie: a copy of each costs 10 instructions, and each frame is compared twice. */
static inline bool mac_equal_at(const struct mac *a, const struct mac *b)
{
    return memcmp(a->octet, b->octet, sizeof a->octet) == 0;
}

static inline struct mac mac_broadcast(void)
{
    return (struct mac){{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
}

static inline bool mac_is_broadcast(struct mac mac)
{
    return mac_equal(mac, mac_broadcast());
}

/* Multicast or broadcast: the low bit of the first octet, which travels first. */
static inline bool mac_is_group(struct mac mac)
{
    return (mac.octet[0] & 1) != 0;
}

static inline bool mac_is_zero(struct mac mac)
{
    return mac_equal(mac, (struct mac){{0}});
}

/* 01:00:5e and the low 23 bits of the group: 32 groups share each address. RFC 1112 6.4. */
static inline struct mac mac_of_group(struct ip4 group)
{
    struct mac mac = {{0x01, 0x00}};
    bytes_put32(mac.octet + 2, 0x5e000000 | (group.value & 0x007fffff));
    return mac;
}

#endif
