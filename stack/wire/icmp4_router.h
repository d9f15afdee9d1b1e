/* Router Advertisement and Router Solicitation.
 *
 *      0      1      2          4       5        6          8         12           16
 *     | 9    | code | checksum | count | words  | lifetime | address | preference | ...
 *     | 10   | 0    | checksum | 0                         |
 *
 * `words` of 32 bits make an entry: two, and what a later version may add behind them. RFC 1256 3, 4.2, 5.2; code 16 (RFC 5944
 * 2.1) is a mobility agent that wants no common traffic: no router for us. Who sends and believes them: icmp4/router_advertise.h,
 * icmp4/router_solicit.h. */
#ifndef WIRE_ICMP4_ROUTER_H
#define WIRE_ICMP4_ROUTER_H

#include "tapir.h"
#include "wire/icmp4.h"

enum {
    ICMP4_ROUTER_ENTRY = 8,     /* octets of an entry as we send it */
    ICMP4_ROUTER_ENTRIES = 255, /* that a message can count */
    ICMP4_ROUTER_LIFETIME = 9000
};

/* A preference that says: never use it as a default router. */
#define ICMP4_ROUTER_NEVER INT32_MIN

struct icmp4_advertisement {
    uint8_t count, words;
    uint16_t lifetime; /* s; 0: not a router any more */
};

struct icmp4_router {
    struct ip4 address;
    int32_t preference;
};

/* Reads the head of a message that icmp4_parse found right. ICMP4_ADVERTISEMENT: code, count, words or `size` are not those of an
 * advertisement; else all of its entries lie within `size`. */
enum tapir_verdict icmp4_advertisement_parse(const uint8_t *message, size_t size,
                                             struct icmp4_advertisement *advertisement);

/* Entry `index`, below advertisement->count. */
struct icmp4_router icmp4_advertisement_entry(const uint8_t *message,
                                              const struct icmp4_advertisement *advertisement,
                                              unsigned index);

/* Writes the 8 octets with a checksum of zero; icmp4_finish follows when the entries stand. `words` is not read: it is 2. */
void icmp4_advertisement_build(uint8_t *message, const struct icmp4_advertisement *advertisement);

/* Writes entry `index`. */
void icmp4_advertisement_put(uint8_t *message, unsigned index, const struct icmp4_router *router);

/* A message that icmp4_parse found right is a solicitation; what stands in octets 4 to 7 and behind them does not matter. */
bool icmp4_is_solicitation(const uint8_t *message);

/* Writes a solicitation, checksum and all. */
void icmp4_solicitation_build(uint8_t message[ICMP4_HEADER]);

#endif
