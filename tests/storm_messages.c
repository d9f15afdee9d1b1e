/* Sound messages for a storm: every kind of ICMP that the stack knows, about what its sockets say, and options as their
 * RFCs write them. What spoils them comes later, in storm_frames.c. */
#include "tests/storm_frames.h"

#include <string.h>

#include "tests/dissect.h"

enum {
    IP_SIZE = 20,
    ICMP_SIZE = 8
};

static const uint32_t routers[] = {0x0a0000fe, 0x0a0000fe, 0x0a00000a, 0x0a00000b, 0x0a0001fe, 0x0a00010a};
static const uint32_t far[] = {0x0a090001, 0x0a090002, 0x08080808, 0x0a00000a, 0x0a00000b, 0x0a00010a};
static const uint16_t ports[] = {1, 7, 7, 7, 53, 65, 5000, 33434, 40000, 65535};

static uint32_t own_of(unsigned iface)
{
    static const uint32_t own[] = {0x0a000001, 0x0a000101, 0xac100000};
    return own[iface % 3];
}

static uint32_t neighbor_of(struct dice *dice, unsigned iface)
{
    return iface % 3 == 2 ? 0xac100001 : (own_of(iface) & 0xffffff00) + 10 + dice_below(dice, 3);
}

void storm_put32(uint8_t *at, uint32_t value)
{
    dissect_put16(at, value >> 16);
    dissect_put16(at + 2, value & 0xffff);
}

/* ---- messages: each writes behind the type, which stands, and returns its octets ---- */

/* From who has no address yet, to all; from a neighbor to us; from a host number to nobody. */
static void ask_from(struct dice *dice, unsigned iface, uint8_t *ip, uint8_t type)
{
    static const uint32_t all[] = {UINT32_MAX, 0xe0000001, 0xe0000002, 0x0a0000ff, 0x0a0001ff};
    uint32_t from = neighbor_of(dice, iface), to = own_of(iface);
    bool is_lost = dice_once_in(dice, 3);
    if (is_lost && type == 15)
        from &= 0xff, to = 0;
    else if (is_lost && (type == 10 || type == 17))
        from = dice_once_in(dice, 2) ? from : 0, to = DICE_PICK(dice, all);
    else if (type == 10)
        to = 0xe0000002;
    storm_put32(ip + 12, from);
    storm_put32(ip + 16, to);
}

/* Objects that name an interface: RFC 8335 2.1. */
static size_t put_probe(struct dice *dice, unsigned iface, uint8_t *message)
{
    uint8_t *extension = message + ICMP_SIZE, *object = extension + 4;
    uint8_t kind = (uint8_t)(1 + dice_below(dice, 3));
    bool is_local = kind != 3 || dice_once_in(dice, 2);
    size_t size = kind == 3 ? 12 : 8;
    memset(extension, 0, 4 + size);
    message[7] = is_local;
    dissect_put16(object, (uint32_t)size);
    object[2] = 3;
    object[3] = kind;
    if (kind == 1)
        memcpy(object + 4, "eth", 3);
    else if (kind == 2)
        object[7] = (uint8_t)dice_below(dice, STORM_IFACES + 2);
    else
        memcpy(object + 4, "\0\1\4", 3),
            storm_put32(object + 8, is_local ? own_of(iface) : neighbor_of(dice, iface));
    extension[0] = 0x20;
    dissect_put16(extension + 2, dice_once_in(dice, 2) ? 0 : dissect_sum(extension, 4 + size, 0));
    return ICMP_SIZE + 4 + size;
}

static size_t put_advertisement(struct dice *dice, uint8_t *ip, uint8_t *message)
{
    size_t n = 1 + (size_t)dice_below(dice, 3), words = dice_once_in(dice, 6) ? 3 : 2;
    storm_put32(ip + 12, DICE_PICK(dice, routers));
    storm_put32(ip + 16, dice_once_in(dice, 4) ? UINT32_MAX : 0xe0000001);
    message[1] = 0;
    message[4] = (uint8_t)n;
    message[5] = (uint8_t)words;
    dissect_put16(message + 6, dice_below(dice, 30));
    for (size_t i = 0; i < n; i++) {
        uint8_t *entry = message + ICMP_SIZE + i * words * 4;
        storm_put32(entry, DICE_PICK(dice, routers));
        storm_put32(entry + 4, dice_once_in(dice, 4) ? 0x80000000 : dice_below(dice, 9) - 4);
    }
    return ICMP_SIZE + n * words * 4;
}

static size_t put_question(struct dice *dice, unsigned iface, uint8_t *ip, uint8_t *message)
{
    ask_from(dice, iface, ip, message[0]);
    message[1] = 0;
    switch (message[0]) {
    case 10:
        return ICMP_SIZE;
    case 13:
        return 20;
    case 15:
        return ICMP_SIZE;
    case 17:
        return 12;
    case 42:
        return put_probe(dice, iface, message);
    default:
        return ICMP_SIZE + dice_below(dice, 64);
    }
}

/* To whatever a socket may have asked. */
static size_t put_reply(struct dice *dice, uint8_t *ip, uint8_t *message)
{
    static const uint32_t masks[] = {0xffffff00, 0xffff0000, 0xff000000, 0xfffffff0, 0, UINT32_MAX};
    storm_put32(ip + 12, DICE_PICK(dice, far));
    storm_put32(ip + 16, 0x0a000001);
    dissect_put16(message + 4, DICE_PICK(dice, ports));
    message[1] = 0;
    if (message[0] == 18)
        storm_put32(message + 8, DICE_PICK(dice, masks));
    return message[0] == 14 ? 20 : message[0] == 18 ? 12 : ICMP_SIZE + dice_below(dice, 64);
}

/* Octets 8 and on: what the service said, or what a socket asked. */
static void put_quote(struct dice *dice, uint8_t *quote)
{
    static const uint8_t queries[] = {8, 13, 15, 17, 42};
    static const uint32_t own[] = {0x0a000001, 0x0a000001, 0x0a000101};
    bool is_query = dice_once_in(dice, 2);
    memset(quote, 0, IP_SIZE);
    quote[0] = 0x45;
    dissect_put16(quote + 2, 28 + dice_below(dice, 1500));
    quote[8] = 64;
    quote[9] = is_query ? 1 : 17;
    storm_put32(quote + 12, DICE_PICK(dice, own));
    storm_put32(quote + 16, DICE_PICK(dice, far));
    dissect_put16(quote + IP_SIZE, is_query ? (uint32_t)DICE_PICK(dice, queries) << 8 : 7);
    if (is_query)
        dissect_put16(quote + IP_SIZE + 4, DICE_PICK(dice, ports));
}

/* 128 octets are quoted, then labels or what an interface is: RFC 4884, RFC 4950, RFC 5837. */
static size_t put_extension(struct dice *dice, uint8_t *message)
{
    uint8_t *extension = message + ICMP_SIZE + 128;
    bool is_label = dice_once_in(dice, 2);
    message[5] = 32;
    memcpy(extension, "\x20\0\0\0", 4);
    memcpy(extension + 4, is_label ? "\0\x08\1\1" : "\0\x08\2\x08", 4);
    if (dice_once_in(dice, 3))
        extension[5] = (uint8_t)dice_below(dice, 12); /* not what follows, for once */
    dissect_put16(extension + 2, dissect_sum(extension, 12, 0));
    return ICMP_SIZE + 128 + 12;
}

static size_t put_error(struct dice *dice, uint8_t *ip, uint8_t *message)
{
    storm_put32(ip + 12, DICE_PICK(dice, routers));
    storm_put32(ip + 16, 0x0a000001);
    storm_put32(message + 4, 0);
    message[1] = (uint8_t)(message[0] == 3 ? dice_below(dice, 16) : dice_below(dice, 4));
    if (message[0] == 3 && dice_once_in(dice, 2))
        message[1] = 4;
    if (message[0] == 3 && message[1] == 4)
        dissect_put16(message + 6, dice_below(dice, 1600));
    if (message[0] == 5)
        storm_put32(message + 4, DICE_PICK(dice, routers));
    put_quote(dice, message + ICMP_SIZE);
    if (message[0] != 5 && message[0] != 4 && dice_once_in(dice, 3))
        return put_extension(dice, message);
    return ICMP_SIZE + 28 + 4 * (size_t)dice_below(dice, 20);
}

size_t storm_put_message(struct dice *dice, unsigned iface, uint8_t *at)
{
    static const uint8_t types[] = {0, 3, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 42, 42, 43};
    static const uint8_t errors[] = {3, 4, 5, 11, 12}, questions[] = {8, 10, 13, 15, 17, 42};
    uint8_t *message = at + IP_SIZE;
    memset(at, 0, IP_SIZE);
    dice_fill(dice, message, 256);
    at[0] = 0x45;
    dissect_put16(at + 4, (uint32_t)dice_next(dice) & 0xffff);
    at[8] = dice_once_in(dice, 2) ? 1 : 64;
    at[9] = 1;
    message[0] = DICE_PICK(dice, types);
    size_t size = 0;
    if (message[0] == 9)
        size = put_advertisement(dice, at, message);
    else if (memchr(errors, message[0], sizeof errors) != NULL)
        size = put_error(dice, at, message);
    else if (memchr(questions, message[0], sizeof questions) != NULL)
        size = put_question(dice, iface, at, message);
    else
        size = put_reply(dice, at, message);
    dissect_put16(at + 2, (uint32_t)(IP_SIZE + size));
    return IP_SIZE + size;
}

/* ---- options ---- */

/* Writes one of at most `room` octets; returns how many. 0: it has no place. */
static size_t put_option(struct dice *dice, uint8_t *at, size_t room)
{
    static const struct {
        uint8_t type, head, entry;
    } kinds[] = {{1, 1, 0},    {7, 3, 4},   {68, 4, 4},  {131, 3, 4}, {137, 3, 4},
                 {130, 11, 0}, {136, 4, 0}, {148, 4, 0}, {82, 12, 0}, {205, 6, 0}};
    uint32_t which = dice_below(dice, sizeof kinds / sizeof kinds[0]);
    uint32_t entry = kinds[which].entry, most = 0;
    uint8_t flag = (uint8_t[]){0, 1, 3}[dice_below(dice, 3)];
    if (kinds[which].type == 68 && flag != 0)
        entry = 8;
    if (room < kinds[which].head + entry)
        return 0;
    if (entry > 0)
        most = 1 + dice_below(dice, (uint32_t)(room - kinds[which].head) / entry);
    size_t size = kinds[which].head + (size_t)most * entry;
    at[0] = kinds[which].type;
    if (size == 1)
        return 1;
    memset(at + 1, 0, size - 1);
    at[1] = (uint8_t)size;
    if (entry > 0)
        at[2] = (uint8_t)(kinds[which].head + 1 + entry * dice_below(dice, most + 1));
    if (at[0] == 68)
        at[3] = flag;
    for (size_t i = kinds[which].head; entry > 0 && i + 4 <= size; i += entry)
        storm_put32(at + i, dice_once_in(dice, 2) ? DICE_PICK(dice, far) : own_of(dice_below(dice, 3)));
    return size;
}

size_t storm_put_options(struct dice *dice, uint8_t *at)
{
    size_t size = 0, most = 1 + (size_t)dice_below(dice, 40);
    for (size_t n = 1; n > 0 && size < most; size += n)
        n = put_option(dice, at + size, 40 - size);
    while (size % 4 != 0)
        at[size++] = 0;
    return size;
}
