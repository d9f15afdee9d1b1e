#include "tests/dissect.h"

#include <string.h>

uint32_t dissect_get(const uint8_t *at, size_t octets)
{
    uint32_t value = 0;
    for (size_t i = 0; i < octets; i++)
        value = value << 8 | at[i];
    return value;
}

void dissect_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

uint16_t dissect_sum(const uint8_t *bytes, size_t size, uint32_t start)
{
    uint64_t sum = start;
    for (size_t i = 0; i + 1 < size; i += 2)
        sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    if (size % 2 == 1)
        sum += (uint32_t)bytes[size - 1] << 8;
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static uint64_t mac(const uint8_t *at)
{
    return (uint64_t)dissect_get(at, 2) << 32 | dissect_get(at + 2, 4);
}

static void take_link(const uint8_t *frame, size_t size, struct dissected *d)
{
    d->to = mac(frame);
    d->from = mac(frame + 6);
    d->type = (uint16_t)dissect_get(frame + 12, 2);
    d->network = 14;
    if (d->type >= 1536 || size < 22 || memcmp(frame + 14, "\xaa\xaa\x03\0\0\0", 6) != 0)
        return;
    d->type = (uint16_t)dissect_get(frame + 20, 2);
    d->network = 22;
}

static void take_ip4(const uint8_t *ip, size_t room, struct dissected *d)
{
    d->header = (size_t)(ip[0] & 15) * 4;
    d->total = dissect_get(ip + 2, 2);
    d->fragment = (uint16_t)dissect_get(ip + 6, 2);
    d->tos = ip[1];
    d->ttl = ip[8];
    d->protocol = ip[9];
    d->source = dissect_get(ip + 12, 4);
    d->destination = dissect_get(ip + 16, 4);
    bool makes_sense = ip[0] >> 4 == 4 && d->header >= 20 && d->header <= room && d->total >= d->header;
    d->is_whole = makes_sense && d->total <= room;
    d->is_header_sum_right = makes_sense && dissect_sum(ip, d->header, 0) == 0;
    if (!makes_sense)
        return;
    d->transport = d->network + d->header;
    d->transport_size = (d->is_whole ? d->total : room) - d->header;
}

static uint32_t pseudo(const struct dissected *d, size_t length)
{
    return (d->source >> 16) + (d->source & 0xffff) + (d->destination >> 16) + (d->destination & 0xffff) +
           d->protocol + (uint32_t)length;
}

static void take_ports(const uint8_t *at, size_t size, struct dissected *d)
{
    if (size < 4)
        return;
    d->source_port = (uint16_t)dissect_get(at, 2);
    d->destination_port = (uint16_t)dissect_get(at + 2, 2);
}

static void take_transport(const uint8_t *at, size_t size, struct dissected *d)
{
    if (d->protocol == 1 && size >= 1)
        d->icmp_type = at[0];
    if (d->protocol == 1 && size >= 8) {
        d->icmp_code = at[1];
        d->is_transport_sum_right = dissect_sum(at, size, 0) == 0;
    }
    if (d->protocol == 6 && size >= 20) {
        take_ports(at, size, d);
        d->tcp_flags = at[13];
        d->is_transport_sum_right = dissect_sum(at, size, pseudo(d, size)) == 0;
    }
    if (d->protocol == 17 && size >= 8) {
        take_ports(at, size, d);
        size_t length = dissect_get(at + 4, 2);
        d->is_transport_sum_right =
            dissect_get(at + 6, 2) == 0 ||
            (length >= 8 && length <= size && dissect_sum(at, length, pseudo(d, length)) == 0);
    }
}

bool dissect(const uint8_t *frame, size_t size, struct dissected *d)
{
    memset(d, 0, sizeof *d);
    if (size < 14)
        return false;
    take_link(frame, size, d);
    size_t room = size - d->network;
    d->is_arp = d->type == 0x0806 && room >= 28;
    d->is_ip4 = d->type == 0x0800 && room >= 20;
    if (!d->is_ip4)
        return true;
    take_ip4(frame + d->network, room, d);
    if (d->transport > 0 && !dissect_is_later_fragment(d))
        take_transport(frame + d->transport, d->transport_size, d);
    return true;
}

bool dissect_is_icmp_error(const struct dissected *d)
{
    static const uint8_t queries[] = {0, 8, 9, 10, 13, 14, 15, 16, 17, 18, 37, 38, 42, 43};
    if (d->protocol != 1 || dissect_is_later_fragment(d) || d->transport_size == 0)
        return false;
    return memchr(queries, d->icmp_type, sizeof queries) == NULL;
}

static void mend_transport(uint8_t *at, size_t size, const struct dissected *d)
{
    if (d->protocol == 1 && size >= 4) {
        dissect_put16(at + 2, 0);
        dissect_put16(at + 2, dissect_sum(at, size, 0));
    }
    if (d->protocol == 6 && size >= 20) {
        dissect_put16(at + 16, 0);
        dissect_put16(at + 16, dissect_sum(at, size, pseudo(d, size)));
    }
    size_t length = size >= 8 ? dissect_get(at + 4, 2) : 0;
    if (d->protocol == 17 && length >= 8 && length <= size) {
        dissect_put16(at + 6, 0);
        uint16_t sum = dissect_sum(at, length, pseudo(d, length));
        dissect_put16(at + 6, sum == 0 ? 0xffff : sum);
    }
}

void dissect_mend(uint8_t *frame, size_t size)
{
    struct dissected d;
    if (!dissect(frame, size, &d) || !d.is_ip4 || d.header < 20 || d.header > size - d.network)
        return;
    uint8_t *ip = frame + d.network;
    if (d.is_whole && !dissect_is_later_fragment(&d))
        mend_transport(frame + d.transport, d.transport_size, &d);
    dissect_put16(ip + 10, 0);
    dissect_put16(ip + 10, dissect_sum(ip, d.header, 0));
}
