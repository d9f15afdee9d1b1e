#include "wire/icmp4_extension.h"

#include <string.h>

#include "wire/addr.h"
#include "wire/checksum.h"

enum {
    VERSION = 2,
    HAS_INDEX = 0x08, /* of an interface object's c-type */
    HAS_ADDRESS = 0x04,
    HAS_NAME = 0x02,
    HAS_MTU = 0x01,
    WORD = 4,
    AFI_IP4 = 1,
    AFI_IP6 = 2,
    LABEL_STACK = 1 /* c-type */
};

/* ---- out ---- */

static size_t put_word(uint8_t *at, uint32_t value)
{
    bytes_put32(at, value);
    return WORD;
}

static size_t put_address(uint8_t *at, struct ip4 address)
{
    bytes_put32(at, (uint32_t)AFI_IP4 << 16);
    ip4_put(at + WORD, address);
    return (size_t)2 * WORD;
}

static size_t put_name(uint8_t *at, const char *name)
{
    size_t n = 0;
    for (; n < ICMP4_NAME_MAX && name[n] != '\0'; n++)
        at[1 + n] = (uint8_t)name[n];
    size_t size = (1 + n + WORD - 1) / WORD * WORD;
    memset(at + 1 + n, 0, size - 1 - n);
    at[0] = (uint8_t)size;
    return size;
}

size_t icmp4_interface_build(uint8_t *object, const struct icmp4_interface *interface)
{
    size_t size = ICMP4_OBJECT_HEADER;
    uint8_t told = 0;
    if (interface->index != 0) {
        told |= HAS_INDEX;
        size += put_word(object + size, interface->index);
    }
    if (!ip4_is_zero(interface->address)) {
        told |= HAS_ADDRESS;
        size += put_address(object + size, interface->address);
    }
    if (interface->name != NULL) {
        told |= HAS_NAME;
        size += put_name(object + size, interface->name);
    }
    if (interface->mtu != 0) {
        told |= HAS_MTU;
        size += put_word(object + size, interface->mtu);
    }
    bytes_put16(object, (uint16_t)size);
    object[2] = ICMP4_OBJECT_INTERFACE;
    object[3] = (uint8_t)(interface->role << 6 | told);
    return told == 0 ? 0 : size;
}

void icmp4_extension_finish(uint8_t *extension, size_t size)
{
    bytes_put32(extension, (uint32_t)VERSION << 28);
    bytes_put16(extension + 2, checksum(extension, size));
}

/* ---- in ---- */

/* Goes on by `octets`, if there are so many. */
static bool skip(size_t *at, size_t size, size_t octets)
{
    *at += octets;
    return *at <= size;
}

static bool skip_address(const uint8_t *object, size_t size, size_t *at)
{
    if (*at + WORD > size)
        return false;
    switch (bytes_get16(object + *at)) {
    case AFI_IP4:
        return skip(at, size, (size_t)2 * WORD);
    case AFI_IP6:
        return skip(at, size, (size_t)5 * WORD);
    default:
        return false;
    }
}

static bool skip_name(const uint8_t *object, size_t size, size_t *at)
{
    if (*at >= size)
        return false;
    size_t octets = object[*at];
    return octets > 0 && octets <= ICMP4_NAME_MAX + 1 && octets % WORD == 0 && skip(at, size, octets);
}

static bool is_interface_sound(const uint8_t *object, size_t size)
{
    size_t at = ICMP4_OBJECT_HEADER;
    uint8_t told = object[3];
    return ((told & HAS_INDEX) == 0 || skip(&at, size, WORD)) &&
           ((told & HAS_ADDRESS) == 0 || skip_address(object, size, &at)) &&
           ((told & HAS_NAME) == 0 || skip_name(object, size, &at)) &&
           ((told & HAS_MTU) == 0 || skip(&at, size, WORD));
}

/* `roles` are the bits of those that spoke. */
static bool is_object_sound(const uint8_t *object, size_t size, unsigned *roles)
{
    if (object[2] == ICMP4_OBJECT_MPLS && object[3] == LABEL_STACK)
        return (size - ICMP4_OBJECT_HEADER) % WORD == 0;
    if (object[2] != ICMP4_OBJECT_INTERFACE)
        return true;
    unsigned role = 1U << (object[3] >> 6);
    bool again = (*roles & role) != 0;
    *roles |= role;
    return !again && is_interface_sound(object, size);
}

static bool is_extension(const uint8_t *extension, size_t size)
{
    return size >= ICMP4_EXTENSION_HEADER && extension[0] >> 4 == VERSION &&
           (bytes_get16(extension + 2) == 0 || checksum_holds(extension, size));
}

enum tapir_verdict icmp4_extension_check(const uint8_t *extension, size_t size)
{
    if (!is_extension(extension, size))
        return TAPIR_UNSETTLED;
    unsigned roles = 0;
    for (size_t at = ICMP4_EXTENSION_HEADER; at < size;) {
        size_t left = size - at, octets = left < ICMP4_OBJECT_HEADER ? 0 : bytes_get16(extension + at);
        if (octets < ICMP4_OBJECT_HEADER || octets > left || !is_object_sound(extension + at, octets, &roles))
            return TAPIR_ICMP4_EXTENSION;
        at += octets;
    }
    return TAPIR_UNSETTLED;
}

struct icmp4_label icmp4_label_parse(const uint8_t *entry)
{
    uint32_t word = bytes_get32(entry);
    return (struct icmp4_label){.label = word >> 12,
                                .experimental = (uint8_t)(word >> 9 & 7),
                                .ttl = (uint8_t)word,
                                .bottom = (word >> 8 & 1) != 0};
}
