#include "wire/icmp4_probe.h"

#include "wire/addr.h"
#include "wire/checksum.h"
#include "wire/icmp4.h"

enum {
    EXTENSION_HEADER = 4,
    EXTENSION_VERSION = 2,
    OBJECT_HEADER = 4,
    CLASS_INTERFACE = 3, /* interface identification object */
    LOCAL = 1,           /* the L bit */
    IP4_SIZE = 4,
    IP6_SIZE = 16
};

struct object {
    const uint8_t *payload;
    size_t size;
    uint8_t type;
};

/* Octets without the NULs behind them. False: there is something behind a NUL, or nothing before it. */
static bool read_name(const struct object *object, struct icmp4_probe *probe)
{
    size_t size = 0;
    while (size < object->size && object->payload[size] != 0)
        size++;
    probe->name = object->payload;
    probe->name_size = size;
    for (size_t i = size; i < object->size; i++)
        if (object->payload[i] != 0)
            return false;
    return size > 0 && object->size % 4 == 0 && object->size - size < 4;
}

static bool read_index(const struct object *object, struct icmp4_probe *probe)
{
    if (object->size != 4)
        return false;
    probe->index = bytes_get32(object->payload);
    return true;
}

/* Any family may be asked for; of two we know how long its addresses are. */
static bool read_address(const struct object *object, struct icmp4_probe *probe)
{
    if (object->size < 4)
        return false;
    size_t length = object->payload[2], padded = (length + 3) / 4 * 4;
    probe->family = bytes_get16(object->payload);
    if (length == 0 || object->size != 4 + padded)
        return false;
    if (probe->family == ICMP4_FAMILY_IP4 && length == IP4_SIZE)
        probe->address = ip4_get(object->payload + 4);
    return length == (probe->family == ICMP4_FAMILY_IP4   ? IP4_SIZE
                      : probe->family == ICMP4_FAMILY_IP6 ? IP6_SIZE
                                                          : length);
}

static bool read_object(const struct object *object, struct icmp4_probe *probe)
{
    switch (object->type) {
    case ICMP4_PROBE_NAME:
        probe->kind = ICMP4_PROBE_NAME;
        return read_name(object, probe) && probe->is_local;
    case ICMP4_PROBE_INDEX:
        probe->kind = ICMP4_PROBE_INDEX;
        return read_index(object, probe) && probe->is_local;
    case ICMP4_PROBE_ADDRESS:
        probe->kind = ICMP4_PROBE_ADDRESS;
        return read_address(object, probe);
    default:
        return false;
    }
}

static bool is_extension(const uint8_t *extension, size_t size)
{
    if (size < EXTENSION_HEADER || extension[0] >> 4 != EXTENSION_VERSION)
        return false;
    return bytes_get16(extension + 2) == 0 ||
           checksum_holds(extension, size); /* 0: none was sent, RFC 4884 7 */
}

/* Exactly one object of our class, and objects that fill the structure to its end. */
static bool read_extension(const uint8_t *extension, size_t size, struct icmp4_probe *probe)
{
    unsigned found = 0;
    bool is_sound = is_extension(extension, size);
    for (size_t at = EXTENSION_HEADER, length; at < size; at += length) {
        const uint8_t *object = extension + at;
        length = size - at < OBJECT_HEADER ? 0 : bytes_get16(object);
        if (length < OBJECT_HEADER || length > size - at)
            return false;
        if (object[2] != CLASS_INTERFACE || ++found > 1)
            continue;
        struct object known = {object + OBJECT_HEADER, length - OBJECT_HEADER, object[3]};
        is_sound = read_object(&known, probe) && is_sound;
    }
    return is_sound && found == 1;
}

void icmp4_probe_parse(const uint8_t *message, size_t size, struct icmp4_probe *probe)
{
    *probe = (struct icmp4_probe){.identifier = bytes_get16(message + 4),
                                  .sequence = message[6],
                                  .is_local = (message[7] & LOCAL) != 0};
    probe->is_sound = read_extension(message + ICMP4_HEADER, size - ICMP4_HEADER, probe);
}

void icmp4_probe_reply_build(uint8_t message[ICMP4_PROBE_REPLY], const struct icmp4_probe_reply *reply)
{
    uint32_t found = (uint32_t)reply->state << 5 | (uint32_t)reply->is_active << 2 |
                     (uint32_t)reply->has_ip4 << 1 | (uint32_t)reply->has_ip6;
    uint32_t rest = (uint32_t)reply->identifier << 16 | (uint32_t)reply->sequence << 8 | found;
    icmp4_build(message, &(struct icmp4_header){ICMP4_EXTENDED_ECHO_REPLY, reply->code, rest});
}
