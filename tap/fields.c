#include "tap/fields.h"

#include <stdio.h>
#include <string.h>

#include "tap/fields_put.h"
#include "wire/arp.h"
#include "wire/bytes.h"
#include "wire/ether.h"

enum {
    TAGS_MAX = 2, /* IEEE 802.1ad: one of the provider, one of the customer */
    TAG = 4,
    LLC = 3
};

static const struct field_word ethertypes[] = {{ETHERTYPE_IP4, "IPv4"},    {ETHERTYPE_ARP, "ARP"},
                                               {ETHERTYPE_VLAN, "802.1Q"}, {ETHERTYPE_SERVICE, "802.1ad"},
                                               {0x86dd, "IPv6"},           {0, NULL}};

static const struct field_row ether_rows[] = {
    {.name = "destination", .at = 0, .size = 6, .form = FIELD_MAC},
    {.name = "source", .at = 6, .size = 6, .form = FIELD_MAC},
    {.name = "type", .at = 12, .size = 2, .form = FIELD_HEX, .words = ethertypes}};

static const struct field_row tag_rows[] = {
    {.name = "priority", .at = 0, .size = 2, .mask = 0xe000},
    {.name = "drop eligible", .at = 0, .size = 2, .mask = 0x1000, .form = FIELD_FLAG},
    {.name = "VLAN", .at = 0, .size = 2, .mask = 0x0fff},
    {.name = "type", .at = 2, .size = 2, .form = FIELD_HEX, .words = ethertypes}};

static const struct field_row snap_rows[] = {
    {.name = "LLC", .at = 0, .size = LLC, .form = FIELD_BYTES},
    {.name = "organization", .at = 3, .size = 3, .form = FIELD_BYTES},
    {.name = "type", .at = 6, .size = 2, .form = FIELD_HEX, .words = ethertypes}};

static const struct field_word hardware[] = {
    {ARP_ETHERNET, "Ethernet"}, {ARP_IEEE802, "IEEE 802"}, {0, NULL}};
static const struct field_word operations[] = {{ARP_REQUEST, "request"}, {ARP_REPLY, "reply"}, {0, NULL}};

static const struct field_row arp_rows[] = {
    {.name = "hardware type", .at = 0, .size = 2, .words = hardware},
    {.name = "protocol type", .at = 2, .size = 2, .form = FIELD_HEX, .words = ethertypes},
    {.name = "hardware size", .at = 4, .size = 1},
    {.name = "protocol size", .at = 5, .size = 1},
    {.name = "operation", .at = 6, .size = 2, .words = operations}};

static const struct field_row arp_address_rows[] = {
    {.name = "sender MAC", .at = 8, .size = 6, .form = FIELD_MAC},
    {.name = "sender address", .at = 14, .size = 4, .form = FIELD_IP4},
    {.name = "target MAC", .at = 18, .size = 6, .form = FIELD_MAC},
    {.name = "target address", .at = 24, .size = 4, .form = FIELD_IP4}};

/* RFC 826. Addresses are read only where both have the usual sizes. */
static void arp(const struct layer *layer)
{
    if (!FIELDS_PUT(layer, arp_rows))
        return;
    const uint8_t *data = layer_data(layer);
    if (data[4] != 6 || data[5] != 4) {
        fields_put_rest(layer, "addresses", 8);
        return;
    }
    if (FIELDS_PUT(layer, arp_address_rows))
        fields_put_rest(layer, "padding", ARP_SIZE);
}

static void network(const struct layer *ether, uint16_t type, size_t at)
{
    struct layer inner = layer_inside(ether, type == ETHERTYPE_IP4 ? "IPv4" : "ARP", at);
    if (type == ETHERTYPE_IP4)
        fields_ip4(&inner);
    else if (type == ETHERTYPE_ARP)
        arp(&inner);
    else
        fields_put_rest(ether, "payload", at);
}

/* What stands behind an 802.3 length: RFC 1042 where LLC says SNAP, of an organization of zeros. */
static void snap(const struct layer *ether, size_t at)
{
    static const uint8_t llc[] = {0xaa, 0xaa, 0x03, 0, 0, 0};
    struct layer layer = layer_inside(ether, "SNAP", at);
    if (layer_size(&layer) < ETHER_SNAP || memcmp(layer_data(&layer), llc, sizeof llc) != 0) {
        fields_put_rest(ether, "payload", at);
        return;
    }
    FIELDS_PUT(&layer, snap_rows);
    network(ether, bytes_get16(layer_data(&layer) + 6), at + ETHER_SNAP);
}

/* Puts the tags from octet `*at` on, and moves on to what they carry. False: the frame ends before that. */
static bool tags(const struct layer *ether, uint16_t *type, size_t *at)
{
    static const char *const names[TAGS_MAX] = {"802.1Q", "inner 802.1Q"};
    for (unsigned i = 0; i < TAGS_MAX && (*type == ETHERTYPE_VLAN || *type == ETHERTYPE_SERVICE); i++) {
        struct layer tag = layer_inside(ether, names[i], *at);
        if (!FIELDS_PUT(&tag, tag_rows))
            return false;
        *type = bytes_get16(layer_data(&tag) + 2);
        *at += TAG;
    }
    return true;
}

static void ethernet(const struct layer *layer)
{
    if (!FIELDS_PUT(layer, ether_rows))
        return;
    uint16_t type = bytes_get16(layer_data(layer) + 12);
    size_t at = ETHER_HEADER;
    if (!tags(layer, &type, &at))
        return;
    if (type <= ETHERTYPE_LENGTH_MAX)
        snap(layer, at);
    else
        network(layer, type, at);
}

void fields_parse(const uint8_t *frame, size_t size, struct fields *fields)
{
    fields->n = 0;
    struct layer layer = {
        .fields = fields, .frame = frame, .end = size, .name = "Ethernet", .is_whole = true};
    ethernet(&layer);
}

const struct field *fields_find(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (strcmp(fields->list[i].name, name) == 0)
            return &fields->list[i];
    return NULL;
}

/* ---- one line ------------------------------------------------------------------------------------------ */

/* The text of the field, or "". */
static const char *text_of(const struct fields *fields, const char *name)
{
    const struct field *field = fields_find(fields, name);
    return field == NULL ? "" : field->text;
}

void fields_summary(const struct fields *fields, size_t size, char *line, size_t room)
{
    const char *what = text_of(fields, "ARP operation"), *layer = "ARP ";
    const char *from = text_of(fields, "ARP sender address"), *to = text_of(fields, "ARP target address");
    if (*what == '\0') {
        what = text_of(fields, "ICMP type");
        layer = "ICMP ";
        from = text_of(fields, "IPv4 source");
        to = text_of(fields, "IPv4 destination");
    }
    if (*what == '\0') {
        what = text_of(fields, "IPv4 protocol");
        layer = *what == '\0' ? "Ethernet " : "";
    }
    if (*to == '\0') {
        what = text_of(fields, "Ethernet type");
        from = text_of(fields, "Ethernet source");
        to = text_of(fields, "Ethernet destination");
    }
    snprintf(line, room, "%s%s%s%s to %s, %zu octets", layer, what, *what == '\0' ? "" : ", ", from, to,
             size);
}
