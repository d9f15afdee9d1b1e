/* What a storm sends: half of it noise, half of it frames that make sense but for one to three fields. */
#include "tests/storm_frames.h"

#include <string.h>

static const uint32_t addresses[] = {
    0x0a000001, 0x0a000101, 0xc0a80701, 0xac100000,                         /* the stack's */
    0x0a00000a, 0x0a00000b, 0x0a00000c, 0x0a0000fe, 0x0a00010a, 0x0a00010b, /* hosts beside it */
    0xc0a80702, 0xac100001, 0x0a090001, 0x0a090002, 0x08080808, 0x0a420001, /* beyond it, or prohibited */
    0x0a430001, 0x0a440001, 0x0a0000ff, 0x0a000000, 0x0a0001ff, 0xc0a80703, /* refused, broadcasts */
    0xffffffff, 0xe0000001, 0xe0000005, 0x7f000001, 0xf0000001, 0x00000000, /* impossible for a host */
    0xa9fe0101, 0x0a00002a, 0x0a00002b, 0x0a00002c,
};

static uint32_t some_address(struct dice *dice)
{
    if (dice_once_in(dice, 4))
        return 0x0a000001;
    if (dice_once_in(dice, 16))
        return (uint32_t)dice_next(dice);
    if (dice_once_in(dice, 8))
        return 0x0a000000 | dice_below(dice, 512);
    return DICE_PICK(dice, addresses);
}

static uint32_t some_host(struct dice *dice, unsigned iface)
{
    static const uint32_t networks[] = {0x0a000000, 0x0a000100, 0xac100000};
    if (dice_once_in(dice, 6))
        return some_address(dice);
    return networks[iface % 3] + (iface == 2 ? 1 : 10 + dice_below(dice, 12));
}

/* ---- what IPv4 carries: each writes at most `size` octets, which are random so far, and returns the
 * protocol ---- */

static uint8_t put_echo(struct dice *dice, uint8_t *at, size_t size)
{
    if (size < 8)
        return 1;
    at[0] = dice_once_in(dice, 6) ? 0 : 8;
    at[1] = 0;
    return 1;
}

static uint8_t put_udp(struct dice *dice, uint8_t *at, size_t size)
{
    static const uint16_t ports[] = {7, 7, 53, 33434, 5000, 40000};
    if (size < 8)
        return 17;
    dissect_put16(at, DICE_PICK(dice, ports));
    dissect_put16(at + 2, DICE_PICK(dice, ports));
    dissect_put16(at + 4, (uint32_t)size);
    return 17;
}

static uint8_t put_tcp(struct dice *dice, uint8_t *at, size_t size)
{
    static const uint8_t flags[] = {2, 16, 18, 4, 20, 1, 0, 24, 41, 63};
    if (size < 20)
        return 6;
    at[12] = (uint8_t)((5 + (dice_once_in(dice, 4) ? dice_below(dice, 11) : 0)) << 4);
    at[13] = DICE_PICK(dice, flags);
    return 6;
}

/* 28 octets of objects that name an interface, more or less: RFC 8335 2.1. */
static void put_extension(struct dice *dice, uint8_t *at)
{
    static const uint8_t lengths[] = {8, 8, 12, 12, 0, 3, 24, 25};
    memset(at, 0, 28);
    at[0] = 0x20;
    at[5] = DICE_PICK(dice, lengths);
    at[6] = dice_once_in(dice, 8) ? 2 : 3;
    at[7] = (uint8_t)(1 + dice_below(dice, 4));
    at[9] = 1;
    at[10] = 4;
    storm_put32(at + 12, some_address(dice));
}

static uint8_t put_icmp_other(struct dice *dice, uint8_t *at, size_t size)
{
    static const uint8_t types[] = {0,  3,  3,  3,  4,  5,  8,  9,  10, 11, 12, 13, 13,
                                    14, 15, 15, 16, 17, 17, 18, 37, 40, 42, 42, 43, 99};
    if (size < 36)
        return 1;
    at[0] = DICE_PICK(dice, types);
    at[1] = (uint8_t)dice_below(dice, 16);
    at[8] = 0x45;
    at[9 + 8] = dice_once_in(dice, 2) ? 17 : (uint8_t)dice_below(dice, 20);
    if (at[0] == 42) {
        put_extension(dice, at + 8);
        return 1;
    }
    dissect_put16(at + 14, 0);
    storm_put32(at + 20, some_address(dice));
    storm_put32(at + 24, some_address(dice));
    if (dice_once_in(dice, 2))
        dissect_put16(at + 28, 7); /* about what the service said */
    if (at[0] == 5 && !dice_once_in(dice, 4))
        storm_put32(at + 4, some_host(dice, 0));
    return 1;
}

/* A piece of a datagram of 40 octets, all zero but its head: for the echo port without checksum, or ICMP, whose checksum over
 * the first piece is that over the whole. All of one kind fit together. */
static size_t put_piece(struct dice *dice, unsigned iface, uint8_t *at)
{
    static const uint16_t fragments[] = {0x2000, 0x2002, 0x0004, 0x2001}; /* the last one overlaps */
    static const uint8_t types[] = {8, 8, 8, 13, 15, 17, 42, 3};
    uint16_t fragment = fragments[dice_once_in(dice, 20) ? 3 : dice_below(dice, 3)];
    size_t size = fragment == 0x0004 ? 8 : 16;
    bool is_icmp = dice_once_in(dice, 2), asks_us = !dice_once_in(dice, 3);
    uint8_t type = DICE_PICK(dice, types);
    memset(at, 0, 20 + size);
    at[0] = 0x45;
    dissect_put16(at + 2, (uint32_t)(20 + size));
    dissect_put16(at + 4, is_icmp ? type : dice_below(dice, 3));
    dissect_put16(at + 6, fragment);
    at[8] = 64;
    at[9] = is_icmp ? 1 : 17;
    storm_put32(at + 12, 0x0a00000a);
    storm_put32(at + 16, asks_us ? (iface == 0 ? 0x0a000001 : 0x0a000101) : 0x0a090001);
    if (fragment == 0x2000 && is_icmp)
        at[20] = type;
    else if (fragment == 0x2000) {
        dissect_put16(at + 20, 5000);
        dissect_put16(at + 22, dice_once_in(dice, 3) ? 9 : 7);
        dissect_put16(at + 24, 40);
    }
    return 20 + size;
}

/* A router tells of another one, or of the MTU of a path, about what the service said to one far away. */
static size_t put_lesson(struct dice *dice, uint8_t *at)
{
    static const uint32_t routers[] = {0x0a0000fe, 0x0a0000fe, 0x0a00000a, 0x0a00000b, 0x0a00000c};
    static const uint32_t far[] = {0x0a090001, 0x0a090002, 0x08080808, 0x0a00000a};
    bool redirects = dice_once_in(dice, 2);
    memset(at, 0, 56);
    at[0] = at[28] = 0x45;
    dissect_put16(at + 2, 56);
    at[8] = at[36] = 64;
    at[9] = 1;
    storm_put32(at + 12, DICE_PICK(dice, routers));
    storm_put32(at + 16, 0x0a000001);
    at[20] = redirects ? 5 : 3;
    at[21] = redirects ? (uint8_t)dice_below(dice, 5) : 4;
    storm_put32(at + 24, redirects ? DICE_PICK(dice, routers) : dice_below(dice, 1600));
    dissect_put16(at + 30, 68 + dice_below(dice, 1500));
    at[37] = 17;
    storm_put32(at + 40, 0x0a000001);
    storm_put32(at + 44, DICE_PICK(dice, far));
    dissect_put16(at + 48, 7);
    return 56;
}

static uint8_t put_any(struct dice *dice, uint8_t *at, size_t size)
{
    static const uint8_t protocols[] = {2, 4, 41, 47, 50, 89, 132, 255};
    (void)at;
    (void)size;
    return dice_once_in(dice, 2) ? DICE_PICK(dice, protocols) : (uint8_t)dice_next(dice);
}

/* ---- layers ---- */

static size_t put_options(struct dice *dice, uint8_t *at)
{
    static const uint8_t kinds[] = {0, 1, 7, 68, 131, 137, 148, 130, 136, 205, 82};
    size_t size = 4 * (1 + (size_t)dice_below(dice, 10));
    if (!dice_once_in(dice, 3))
        return storm_put_options(dice, at);
    dice_fill(dice, at, size);
    at[0] = DICE_PICK(dice, kinds);
    at[1] = (uint8_t)dice_below(dice, (uint32_t)size + 2);
    at[2] = 4;
    if (at[0] == 82 && size >= 12) { /* asked by a host here, on its way out or back */
        at[1] = 12;
        at[6] = at[7] = dice_once_in(dice, 2) ? 0xff : 0;
        storm_put32(at + 8, some_host(dice, 0));
    }
    if (dice_once_in(dice, 2) && at[1] + 1U < size)
        at[at[1]] = 0;
    return size;
}

static size_t some_size(struct dice *dice)
{
    if (dice_once_in(dice, 4))
        return dice_below(dice, 1560);
    return dice_once_in(dice, 8) ? 1460 + dice_below(dice, 40) : 8 + dice_below(dice, 80);
}

static size_t put_ip4(struct dice *dice, unsigned iface, uint8_t *at)
{
    static uint8_t (*const carry[])(struct dice *, uint8_t *, size_t) = {
        put_echo, put_echo, put_udp, put_udp, put_tcp, put_icmp_other, put_any};
    static const uint16_t fragments[] = {0x2000, 0x0001, 0x2001, 0x1fff, 0x8000};
    size_t header = 20, size = some_size(dice);
    if (dice_once_in(dice, 8))
        header += put_options(dice, at + 20);
    if (header + size > 1580)
        size = 1580 - header;
    dice_fill(dice, at + header, size);
    at[0] = (uint8_t)(0x40 | header / 4);
    at[1] = dice_once_in(dice, 4) ? (uint8_t)dice_next(dice) : 0;
    dissect_put16(at + 2, (uint32_t)(header + size));
    dissect_put16(at + 4, (uint32_t)dice_next(dice) & 0xffff);
    dissect_put16(at + 6, dice_once_in(dice, 8)   ? DICE_PICK(dice, fragments)
                          : dice_once_in(dice, 2) ? 0x4000U
                                                  : 0U);
    at[8] = dice_once_in(dice, 6) ? (uint8_t)dice_below(dice, 3) : 64;
    at[9] = DICE_PICK(dice, carry)(dice, at + header, size);
    storm_put32(at + 12, some_host(dice, iface));
    storm_put32(at + 16, some_address(dice));
    return header + size;
}

static size_t put_arp(struct dice *dice, unsigned iface, uint64_t from, uint8_t *at)
{
    uint32_t sender = dice_once_in(dice, 8) ? 0 : some_host(dice, iface);
    memcpy(at, "\0\1\x08\0\6\4\0", 7);
    at[7] = (uint8_t)(dice_once_in(dice, 8) ? dice_below(dice, 10) : 1 + dice_below(dice, 2));
    storm_put_mac(at + 8, dice_once_in(dice, 4) ? from : storm_peer(sender));
    storm_put32(at + 14, sender);
    storm_put_mac(at + 18, dice_once_in(dice, 2) ? 0 : storm_mac(iface));
    storm_put32(at + 24, dice_once_in(dice, 8) ? sender : some_address(dice));
    return 28;
}

/* What is for many on the link comes as such. */
static void put_group(uint8_t *frame)
{
    uint32_t to = dissect_get(frame + 30, 4);
    if (to == UINT32_MAX || to == 0)
        storm_put_mac(frame, UINT64_C(0xffffffffffff));
    else if (to >> 28 == 14)
        storm_put_mac(frame, UINT64_C(0x01005e000000) | (to & 0x7fffff));
}

static uint64_t some_destination(struct dice *dice, unsigned iface)
{
    if (dice_once_in(dice, 12))
        return UINT64_C(0xffffffffffff);
    if (dice_once_in(dice, 24))
        return UINT64_C(0x01005e000001);
    return dice_once_in(dice, 24) ? dice_next(dice) >> 16 : storm_mac(iface);
}

/* Puts IEEE 802.3 length and SNAP between the header and its payload. */
static size_t make_snap(uint8_t *frame, size_t size)
{
    memmove(frame + 22, frame + 14, size - 14);
    memcpy(frame + 20, frame + 12, 2);
    memcpy(frame + 14, "\xaa\xaa\x03\0\0\0", 6);
    dissect_put16(frame + 12, (uint32_t)(size - 14 + 8));
    return size + 8;
}

/* One to three fields of up to 4 octets, where headers are. */
static void spoil(struct dice *dice, uint8_t *frame, size_t size)
{
    static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
    for (uint32_t n = 1 + dice_below(dice, 3); n > 0; n--) {
        size_t at = dice_below(dice, size < 90 ? (uint32_t)size : 90),
               width = 1 + (size_t)dice_below(dice, 4);
        for (size_t i = at; i < at + width && i < size; i++)
            frame[i] = dice_once_in(dice, 2) ? DICE_PICK(dice, values) : (uint8_t)dice_next(dice);
    }
}

static size_t sensible(struct dice *dice, unsigned iface, uint8_t *frame)
{
    uint64_t from = dice_once_in(dice, 40) ? storm_mac(iface) : storm_peer(some_host(dice, iface));
    bool arp = dice_once_in(dice, 6);
    storm_put_mac(frame, some_destination(dice, iface));
    storm_put_mac(frame + 6, from);
    dissect_put16(frame + 12, arp ? 0x0806 : 0x0800);
    size_t size = 14 + (arp                      ? put_arp(dice, iface, from, frame + 14)
                        : dice_once_in(dice, 12) ? put_piece(dice, iface, frame + 14)
                        : dice_once_in(dice, 12) ? put_lesson(dice, frame + 14)
                        : dice_once_in(dice, 6)  ? storm_put_message(dice, iface, frame + 14)
                                                 : put_ip4(dice, iface, frame + 14));
    if (!arp && !dice_once_in(dice, 8))
        put_group(frame);
    if (dice_once_in(dice, 20))
        size = make_snap(frame, size);
    bool spoilt = dice_once_in(dice, 2);
    if (spoilt)
        spoil(dice, frame, size);
    if (!spoilt || !dice_once_in(dice, 5))
        dissect_mend(frame, size);
    while (size < 60)
        frame[size++] = dice_once_in(dice, 2) ? 0 : 0xee;
    return dice_once_in(dice, 30) ? dice_below(dice, (uint32_t)size + 1) : size;
}

static size_t noise(struct dice *dice, unsigned iface, uint8_t *frame)
{
    size_t size = dice_below(dice, 1601);
    dice_fill(dice, frame, size);
    if (size >= 14 && !dice_once_in(dice, 4)) {
        storm_put_mac(frame, storm_mac(iface));
        frame[6] &= 0xfe;
        dissect_put16(frame + 12, dice_once_in(dice, 8) ? 0x0806 : 0x0800);
    }
    if (size >= 34 && dice_once_in(dice, 2)) {
        frame[14] = 0x45;
        dissect_put16(frame + 16, 20 + dice_below(dice, (uint32_t)size));
        storm_put32(frame + 30, some_address(dice));
        dissect_mend(frame, size);
    }
    return size;
}

size_t storm_frame(struct dice *dice, unsigned iface, uint8_t frame[STORM_FRAME])
{
    return dice_once_in(dice, 2) ? noise(dice, iface, frame) : sensible(dice, iface, frame);
}
