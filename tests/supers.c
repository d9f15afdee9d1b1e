#include "tests/supers.h"

#include <string.h>

#include "tests/dissect.h"

enum {
    ACK = 16,
    LAST_ALONE = 9,    /* PSH, FIN */
    FIRST_ALONE = 0x80 /* CWR */
};

static uint32_t or_else(uint64_t wanted, uint32_t otherwise)
{
    return wanted == 0 ? otherwise : (uint32_t)wanted;
}

static void put32(uint8_t *at, uint32_t value)
{
    dissect_put16(at, value >> 16);
    dissect_put16(at + 2, value & 0xffff);
}

/* ---- checksums ---- */

static size_t header_of(const uint8_t *datagram)
{
    return (size_t)(datagram[0] & 15) * 4;
}

static uint8_t *sum_of(uint8_t *datagram)
{
    return datagram + header_of(datagram) + (datagram[9] == 6 ? 16 : 6);
}

uint16_t super_pseudo(const uint8_t *datagram, size_t size)
{
    uint8_t pseudo[12] = {[9] = datagram[9]};
    memcpy(pseudo, datagram + 12, 8);
    dissect_put16(pseudo + 10, (uint32_t)(size - header_of(datagram)));
    return (uint16_t)~dissect_sum(pseudo, sizeof pseudo, 0);
}

static void mend_header(uint8_t *datagram)
{
    dissect_put16(datagram + 10, 0);
    dissect_put16(datagram + 10, dissect_sum(datagram, header_of(datagram), 0));
}

void super_mend(uint8_t *datagram, size_t size)
{
    uint8_t *sum = sum_of(datagram);
    size_t header = header_of(datagram);
    dissect_put16(sum, 0);
    uint16_t right = dissect_sum(datagram + header, size - header, super_pseudo(datagram, size));
    dissect_put16(sum, right == 0 && datagram[9] == 17 ? 0xffff : right);
    mend_header(datagram);
}

/* ---- from a specification ---- */

static size_t segment_of(const struct super *super)
{
    return super->segment == 0 || super->segment > super->data ? super->data : super->segment;
}

size_t super_count(const struct super *super)
{
    return super->data == 0 ? 1 : (super->data + segment_of(super) - 1) / segment_of(super);
}

static uint8_t *write_ip(const struct super *super, size_t i, size_t total, uint8_t *to)
{
    size_t header = 20 + super->options_size;
    memset(to, 0, header);
    to[0] = (uint8_t)(0x40 | header / 4);
    to[1] = (uint8_t)super->tos;
    dissect_put16(to + 2, (uint32_t)total);
    dissect_put16(to + 4, (uint32_t)(or_else(super->id, 0x1234) + (super->one_id ? 0 : i)) & 0xffff);
    dissect_put16(to + 6, super->fragment);
    to[8] = (uint8_t)or_else(super->ttl, 64);
    to[9] = (uint8_t)or_else(super->protocol, 17);
    put32(to + 12, or_else(super->from, 0x0a00010a));
    put32(to + 16, or_else(super->to, 0x0a00020a));
    if (super->options_size > 0)
        memcpy(to + 20, super->options, super->options_size);
    return to + header;
}

static unsigned flags_of(const struct super *super, size_t i)
{
    unsigned flags = super->flags | ACK;
    if (i > 0)
        flags &= ~(unsigned)FIRST_ALONE;
    if (i + 1 < super_count(super))
        flags &= ~(unsigned)LAST_ALONE;
    return flags;
}

static uint8_t *write_tcp(const struct super *super, size_t i, uint8_t *to)
{
    size_t header = 20 + super->tcp_options_size;
    memset(to, 0, header);
    put32(to + 4, super->sequence + (uint32_t)(i * segment_of(super)));
    put32(to + 8, 0xabcdef01);
    to[12] = (uint8_t)(header / 4 << 4);
    to[13] = (uint8_t)flags_of(super, i);
    dissect_put16(to + 14, or_else(super->window, 1000));
    if (super->tcp_options_size > 0)
        memcpy(to + 20, super->tcp_options, super->tcp_options_size);
    return to + header;
}

static uint8_t *write_transport(const struct super *super, size_t i, size_t data, uint8_t *to)
{
    uint8_t *at = to;
    if (super->protocol == 6) {
        at = write_tcp(super, i, to);
    } else {
        memset(to, 0, 8);
        dissect_put16(to + 4, (uint32_t)(8 + data));
        at += 8;
    }
    dissect_put16(to, or_else(super->ports[0], 5000));
    dissect_put16(to + 2, or_else(super->ports[1], 9));
    return at;
}

size_t super_single(const struct super *super, size_t i, uint8_t *to)
{
    size_t before = i * segment_of(super), left = super->data - before;
    size_t data = left < segment_of(super) ? left : segment_of(super);
    size_t transport = super->protocol == 6 ? 20 + super->tcp_options_size : 8;
    size_t total = 20 + super->options_size + transport + data;
    uint8_t *at = write_transport(super, i, data, write_ip(super, i, total, to));
    for (size_t k = 0; k < data; k++)
        at[k] = (uint8_t)(1 + (before + k) * 7 + ((before + k) >> 8) * 3);
    if (super->sums_to_zero) {
        memset(at, 0, 2);
        super_mend(to, total);
        memcpy(at, sum_of(to), 2);
    }
    super_mend(to, total);
    return total;
}

size_t super_whole(const struct super *super, uint8_t *to, struct tapir_offload *offload)
{
    static uint8_t single[SUPER_MAX];
    size_t size = super_single(super, 0, to), header = size - segment_of(super);
    for (size_t i = 1; i < super_count(super); i++) {
        size_t next = super_single(super, i, single);
        memcpy(to + size, single + header, next - header);
        size += next - header;
    }
    uint8_t *transport = to + 20 + super->options_size;
    dissect_put16(to + 2, (uint32_t)size);
    if (super->protocol == 6)
        transport[13] = (uint8_t)(super->flags | ACK);
    else
        dissect_put16(transport + 4, (uint32_t)(size - 20 - super->options_size));
    dissect_put16(sum_of(to), super_pseudo(to, size));
    mend_header(to);
    *offload = (struct tapir_offload){
        .kind = super->protocol == 6 ? TAPIR_OFFLOAD_TCP : TAPIR_OFFLOAD_UDP,
        .partial = true,
        .one_id = super->one_id,
        .segment = (uint16_t)(super->segment == 0 ? super->data : super->segment),
        .start = (uint16_t)(14 + 20 + super->options_size),
        .offset = super->protocol == 6 ? 16 : 6,
    };
    return size;
}

/* ---- from bytes ---- */

static size_t both_headers(const uint8_t *whole)
{
    size_t header = header_of(whole);
    return header + (whole[9] == 6 ? (size_t)(whole[header + 12] >> 4) * 4 : 8);
}

size_t super_split_count(const uint8_t *whole, size_t size, const struct tapir_offload *offload)
{
    size_t n = 1;
    for (size_t left = size - both_headers(whole); left > offload->segment; left -= offload->segment)
        n++;
    return n;
}

size_t super_split(const uint8_t *whole, size_t size, const struct tapir_offload *offload, size_t i,
                   uint8_t *to)
{
    size_t headers = both_headers(whole), before = i * offload->segment, left = size - headers - before;
    bool is_last = left <= offload->segment;
    size_t data = is_last ? left : offload->segment;
    uint8_t *transport = to + header_of(whole);
    memcpy(to, whole, headers);
    memcpy(to + headers, whole + headers + before, data);
    dissect_put16(to + 2, (uint32_t)(headers + data));
    if (!offload->one_id)
        dissect_put16(to + 4, (dissect_get(whole + 4, 2) + (uint32_t)i) & 0xffff);
    if (whole[9] == 6) {
        put32(transport + 4, dissect_get(transport + 4, 4) + (uint32_t)before);
        transport[13] &= (uint8_t)((is_last ? 0xff : ~LAST_ALONE) & (i == 0 ? 0xff : ~FIRST_ALONE));
    } else {
        dissect_put16(transport + 4, (uint32_t)(8 + data));
    }
    super_mend(to, headers + data);
    return headers + data;
}
