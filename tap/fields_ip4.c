/* IPv4 and its options as fields: RFC 791 3.1; options by their numbers in wire/ip4_opt.h.
 *
 *     "IPv4 option 2 kind"  "record route (7)",  "IPv4 option 2 length", "IPv4 option 2 pointer", "IPv4 option 2 address 1"
 *
 * Next: tap/fields_icmp4.c. */
#include <stdio.h>

#include "tap/fields_put.h"
#include "wire/addr.h"
#include "wire/checksum.h"
#include "wire/ip4.h"
#include "wire/ip4_opt.h"
#include "wire/ip4_opt_stamp.h"

static const struct field_word protocols[] = {{IP4_ICMP, "ICMP"}, {2, "IGMP"}, {IP4_TCP, "TCP"},
                                              {IP4_UDP, "UDP"},   {47, "GRE"}, {0, NULL}};

static const struct field_row rows[] = {
    {.name = "version", .at = IP4_AT_VERSION, .size = 1, .mask = 0xf0},
    {.name = "header length", .at = IP4_AT_VERSION, .size = 1, .mask = 0x0f, .unit = 4},
    {.name = "type of service", .at = IP4_AT_TOS, .size = 1, .form = FIELD_HEX},
    {.name = "total length", .at = IP4_AT_TOTAL, .size = 2},
    {.name = "identification", .at = IP4_AT_ID, .size = 2, .form = FIELD_HEX},
    {.name = "reserved flag", .at = IP4_AT_FRAGMENT, .size = 2, .form = FIELD_FLAG, .mask = IP4_RESERVED},
    {.name = "don't fragment", .at = IP4_AT_FRAGMENT, .size = 2, .form = FIELD_FLAG, .mask = IP4_DF},
    {.name = "more fragments", .at = IP4_AT_FRAGMENT, .size = 2, .form = FIELD_FLAG, .mask = IP4_MF},
    {.name = "fragment offset", .at = IP4_AT_FRAGMENT, .size = 2, .mask = IP4_OFFSET, .unit = 8},
    {.name = "TTL", .at = IP4_AT_TTL, .size = 1},
    {.name = "protocol", .at = IP4_AT_PROTOCOL, .size = 1, .words = protocols},
    {.name = "checksum", .at = IP4_AT_CHECKSUM, .size = 2, .form = FIELD_HEX},
    {.name = "source", .at = IP4_AT_SOURCE, .size = 4, .form = FIELD_IP4},
    {.name = "destination", .at = IP4_AT_DESTINATION, .size = 4, .form = FIELD_IP4}};

/* ---- options ------------------------------------------------------------------------------------------- */

static const struct field_word options[] = {{IP4_OPT_EOL, "end of options"},
                                            {IP4_OPT_NOP, "no operation"},
                                            {IP4_OPT_RECORD_ROUTE, "record route"},
                                            {IP4_OPT_MTU_PROBE, "MTU probe"},
                                            {IP4_OPT_MTU_REPLY, "MTU reply"},
                                            {IP4_OPT_QUICK_START, "quick start"},
                                            {IP4_OPT_TIMESTAMP, "timestamp"},
                                            {IP4_OPT_TRACEROUTE, "traceroute"},
                                            {IP4_OPT_SECURITY, "security"},
                                            {IP4_OPT_LSRR, "loose source route"},
                                            {IP4_OPT_EXTENDED_SECURITY, "extended security"},
                                            {IP4_OPT_CIPSO, "CIPSO"},
                                            {IP4_OPT_STREAM_ID, "stream identifier"},
                                            {IP4_OPT_SSRR, "strict source route"},
                                            {IP4_OPT_ROUTER_ALERT, "router alert"},
                                            {0, NULL}};

static const struct field_row kind = {.name = "kind", .at = 0, .size = 1, .words = options};
static const struct field_row length = {.name = "length", .at = 1, .size = 1};
static const struct field_row pointer = {.name = "pointer", .at = 2, .size = 1};
static const struct field_row overflow = {.name = "overflow", .at = 3, .size = 1, .mask = 0xf0};
static const struct field_row flag = {.name = "flag", .at = 3, .size = 1, .mask = 0x0f};
static const struct field_row address = {.name = "address", .at = 0, .size = 4, .form = FIELD_IP4};
static const struct field_row stamp = {.name = "stamp", .at = 0, .size = 4};

/* One option of the header, the `number`th. */
struct option {
    const struct layer *header;
    struct ip4_opt opt;
    unsigned number;
};

static void put(const struct option *option, const struct field_row *row)
{
    char name[FIELD_NAME];
    snprintf(name, sizeof name, "option %u %s", option->number, row->name);
    fields_put_named(option->header, row, option->opt.at, name);
}

/* The `index`th of a list inside of the option, `at` octets from its start. */
static void put_entry(const struct option *option, const struct field_row *row, unsigned at, unsigned index)
{
    char name[FIELD_NAME];
    snprintf(name, sizeof name, "option %u %s %u", option->number, row->name, index);
    fields_put_named(option->header, row, option->opt.at + at, name);
}

static void put_value(const struct option *option, unsigned at)
{
    char name[FIELD_NAME];
    snprintf(name, sizeof name, "option %u value", option->number);
    struct layer part = *option->header;
    part.end = part.at + option->opt.at + option->opt.length;
    fields_put_rest(&part, name, (size_t)option->opt.at + at);
}

/* Record route and the source routes. */
static void put_route(const struct option *option)
{
    unsigned at = 3;
    put(option, &pointer);
    for (unsigned i = 1; at + 4 <= option->opt.length; i++, at += 4)
        put_entry(option, &address, at, i);
    put_value(option, at);
}

static void put_stamps(const struct option *option)
{
    const uint8_t *data = layer_data(option->header) + option->opt.at;
    bool has_addresses = fields_number(data + flag.at, &flag) != IP4_STAMP_ONLY;
    unsigned at = 4, entry = has_addresses ? 8 : 4;
    put(option, &pointer);
    put(option, &overflow);
    put(option, &flag);
    for (unsigned i = 1; at + entry <= option->opt.length; i++, at += entry) {
        if (has_addresses)
            put_entry(option, &address, at, i);
        put_entry(option, &stamp, at + entry - 4, i);
    }
    put_value(option, at);
}

static bool is_route(uint8_t type)
{
    return type == IP4_OPT_RECORD_ROUTE || type == IP4_OPT_LSRR || type == IP4_OPT_SSRR;
}

static void put_option(const struct option *option)
{
    put(option, &kind);
    if (option->opt.length < 2)
        return;
    put(option, &length);
    if (is_route(option->opt.type) && option->opt.length >= 3)
        put_route(option);
    else if (option->opt.type == IP4_OPT_TIMESTAMP && option->opt.length >= 4)
        put_stamps(option);
    else
        put_value(option, 2);
}

/* All options; behind the end of options, or from a broken one on, octets. */
static void put_options(const struct layer *header)
{
    struct option option = {.header = header};
    uint8_t size = (uint8_t)layer_size(header);
    while (ip4_opt_next(layer_data(header), size, &option.opt) == IP4_OPT_FOUND) {
        option.number++;
        put_option(&option);
    }
    fields_put_rest(header, "options rest", option.opt.at);
}

/* ---- payload ------------------------------------------------------------------------------------------- */

static void carry(const struct layer *ip4, const uint8_t *header, size_t size)
{
    uint16_t fragment = bytes_get16(header + IP4_AT_FRAGMENT);
    uint8_t protocol = header[IP4_AT_PROTOCOL];
    struct layer inner = layer_inside(ip4, fields_word(protocols, protocol), size);
    inner.is_whole = ip4->is_whole && !ip4_is_fragment(fragment);
    uint64_t pseudo = checksum_pseudo(ip4_get(header + IP4_AT_SOURCE), ip4_get(header + IP4_AT_DESTINATION),
                                      protocol, (uint16_t)layer_size(&inner));
    bool is_later = ip4_is_later_fragment(fragment);
    if (protocol == IP4_ICMP && !is_later)
        fields_icmp4(&inner);
    else if (protocol == IP4_UDP && !is_later)
        fields_udp(&inner, pseudo);
    else if (protocol == IP4_TCP && !is_later)
        fields_tcp(&inner, pseudo);
    else
        fields_put_rest(ip4, "payload", size);
}

/* Where the datagram ends: at its total length, or where the frame does. */
static void take_end(struct layer *layer)
{
    uint16_t total = bytes_get16(layer_data(layer) + IP4_AT_TOTAL);
    if (total < IP4_HEADER || total > layer_size(layer))
        layer->is_whole = false;
    else
        layer->end = layer->at + total;
}

void fields_ip4(const struct layer *layer)
{
    if (!FIELDS_PUT(layer, rows))
        return;
    const uint8_t *data = layer_data(layer);
    size_t size = (size_t)(data[IP4_AT_VERSION] & 15) * 4;
    struct layer datagram = *layer, header = *layer;
    take_end(&datagram);
    if (size < IP4_HEADER || size > layer_size(&datagram)) {
        fields_put_rest(layer, "rest", IP4_HEADER);
        return;
    }
    fields_note(layer, "checksum", checksum_holds(data, size) ? "right" : "wrong");
    header.end = header.at + size;
    put_options(&header);
    carry(&datagram, data, size);
    fields_put_rest(layer, "padding", datagram.end - layer->at);
}
