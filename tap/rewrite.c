#include "tap/rewrite.h"

#include "wire/addr.h"
#include "wire/arp.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ether.h"
#include "wire/icmp4.h"
#include "wire/ip4.h"

enum {
    MAX_SUMS = 3, /* checksums over an address in a quote: of its header, of its transport, of the message */

    ARP_AT_LENGTHS = 4,
    ARP_AT_SENDER = 14,
    ARP_AT_TARGET = 24,
    UDP_AT_CHECKSUM = 6,
    TCP_AT_CHECKSUM = 16,
    ICMP4_AT_CHECKSUM = 2,
    ICMP4_AT_GATEWAY = 4
};

struct rules {
    const struct rewrite *list;
    size_t n;
};

/* A checksum in the frame, and the one that covers it. */
struct sum {
    uint8_t *at;
    bool may_be_absent; /* UDP: zero says that there is none */
    const struct sum *outer;
};

/* ---- addresses ----------------------------------------------------------------------------------------- */

void rewrite_sort(struct rewrite rules[], size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct rewrite rule = rules[i];
        size_t at = i;
        for (; at > 0 && rules[at - 1].from.length < rule.from.length; at--)
            rules[at] = rules[at - 1];
        rules[at] = rule;
    }
}

struct ip4 rewrite_address(const struct rewrite rules[], size_t n, struct ip4 address)
{
    for (size_t i = 0; i < n; i++)
        if (ip4_in_prefix(address, rules[i].from)) {
            uint32_t mask = ip4_mask(rules[i].from.length).value;
            return (struct ip4){(rules[i].to.address.value & mask) | (address.value & ~mask)};
        }
    return address;
}

/* ---- checksums ----------------------------------------------------------------------------------------- */

/* A word that `sum` covers becomes another one; so does the checksum, which may be such a word itself. */
static void mend(const struct sum *sum, uint16_t old, uint16_t new)
{
    for (; sum != NULL; sum = sum->outer) {
        uint16_t before = bytes_get16(sum->at);
        if (sum->may_be_absent && before == 0)
            return;
        uint16_t after = checksum_update(before, old, new);
        if (sum->may_be_absent && after == 0)
            after = 0xffff;
        bytes_put16(sum->at, after);
        old = before;
        new = after;
    }
}

static void exchange(struct rules rules, uint8_t *at, const struct sum *const sums[], size_t n_sums)
{
    struct ip4 old = ip4_get(at), new = rewrite_address(rules.list, rules.n, old);
    for (size_t i = 0; i < n_sums; i++) {
        mend(sums[i], (uint16_t)(old.value >> 16), (uint16_t)(new.value >> 16));
        mend(sums[i], (uint16_t)old.value, (uint16_t) new.value);
    }
    ip4_put(at, new);
}

/* ---- IPv4, and what ICMP quotes of it ------------------------------------------------------------------ */

/* Octets of the header; 0: this is no IPv4 header that can be believed. */
static size_t header_size(const uint8_t *data, size_t size)
{
    size_t header = size < IP4_HEADER ? 0 : (data[IP4_AT_VERSION] & 15) * 4u;
    return size >= IP4_HEADER && data[IP4_AT_VERSION] >> 4 == 4 && header >= IP4_HEADER ? header : 0;
}

/* The checksum over addresses that the transport of the datagram has. False: none, or not in this piece. */
static bool transport_sum(uint8_t *data, size_t size, size_t header, struct sum *sum)
{
    bool is_udp = data[IP4_AT_PROTOCOL] == IP4_UDP;
    size_t at = header + (is_udp ? UDP_AT_CHECKSUM : TCP_AT_CHECKSUM);
    if ((!is_udp && data[IP4_AT_PROTOCOL] != IP4_TCP) || at + 2 > size ||
        ip4_is_later_fragment(bytes_get16(data + IP4_AT_FRAGMENT)))
        return false;
    sum->at = data + at;
    sum->may_be_absent = is_udp;
    return true;
}

/* Rewrites the addresses of a header; `outer` covers all of it, or is NULL. */
static void rewrite_header(struct rules rules, uint8_t *data, size_t size, size_t header,
                           const struct sum *outer)
{
    const struct sum own = {.at = data + IP4_AT_CHECKSUM, .outer = outer};
    struct sum transport = {.outer = outer};
    const struct sum *sums[MAX_SUMS] = {&own};
    size_t n = 1;
    if (transport_sum(data, size, header, &transport))
        sums[n++] = &transport;
    if (outer != NULL)
        sums[n++] = outer;
    exchange(rules, data + IP4_AT_SOURCE, sums, n);
    exchange(rules, data + IP4_AT_DESTINATION, sums, n);
}

static bool quotes(uint8_t type)
{
    return type == ICMP4_UNREACH || type == ICMP4_SOURCE_QUENCH || type == ICMP4_REDIRECT ||
           type == ICMP4_TIME_EXCEEDED || type == ICMP4_PARAM_PROBLEM;
}

static void rewrite_error(struct rules rules, uint8_t *data, size_t size)
{
    if (size < ICMP4_HEADER || !quotes(data[0]))
        return;
    const struct sum sum = {.at = data + ICMP4_AT_CHECKSUM};
    const struct sum *const sums[] = {&sum};
    if (data[0] == ICMP4_REDIRECT)
        exchange(rules, data + ICMP4_AT_GATEWAY, sums, 1);
    uint8_t *quote = data + ICMP4_HEADER;
    size_t header = header_size(quote, size - ICMP4_HEADER);
    if (header > 0)
        rewrite_header(rules, quote, size - ICMP4_HEADER, header, &sum);
}

static void rewrite_ip4(struct rules rules, uint8_t *data, size_t size)
{
    size_t header = header_size(data, size);
    if (header == 0)
        return;
    size_t total = bytes_get16(data + IP4_AT_TOTAL);
    size_t end = total >= header && total < size ? total : size;
    rewrite_header(rules, data, end, header, NULL);
    if (data[IP4_AT_PROTOCOL] == IP4_ICMP && header < end &&
        !ip4_is_later_fragment(bytes_get16(data + IP4_AT_FRAGMENT)))
        rewrite_error(rules, data + header, end - header);
}

/* ---- frames -------------------------------------------------------------------------------------------- */

static void rewrite_arp(struct rules rules, uint8_t *data, size_t size)
{
    bool for_ip4 = size >= ARP_SIZE && bytes_get16(data + 2) == ETHERTYPE_IP4 &&
                   bytes_get16(data + ARP_AT_LENGTHS) == (6 << 8 | 4);
    if (!for_ip4)
        return;
    exchange(rules, data + ARP_AT_SENDER, NULL, 0);
    exchange(rules, data + ARP_AT_TARGET, NULL, 0);
}

void rewrite_frame(const struct rewrite rules[], size_t n, uint8_t *data, size_t size)
{
    struct ether_header ether;
    if (ether_parse(data, size, &ether) != TAPIR_UNSETTLED)
        return;
    struct rules all = {rules, n};
    if (ether.type == ETHERTYPE_IP4)
        rewrite_ip4(all, data + ether.size, size - ether.size);
    if (ether.type == ETHERTYPE_ARP)
        rewrite_arp(all, data + ether.size, size - ether.size);
}
