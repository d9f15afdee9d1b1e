/* UDP and TCP headers as fields, and what they carry: RFC 768, RFC 9293 3.1.
 *
 * In a quote, which holds the beginning of a datagram, a header may end anywhere. Next: tap/difference.h. */
#include <stdio.h>

#include "tap/fields_put.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/tcp.h"
#include "wire/udp.h"

static const struct field_row udp_rows[] = {{.name = "source port", .at = 0, .size = 2},
                                            {.name = "destination port", .at = 2, .size = 2},
                                            {.name = "length", .at = 4, .size = 2},
                                            {.name = "checksum", .at = 6, .size = 2, .form = FIELD_HEX}};

/* The checksum is right when all that it covers, with the pseudo-header, adds up to all ones. */
static const char *judge(uint64_t pseudo, const uint8_t *data, size_t size)
{
    return checksum_fold(checksum_add(pseudo, data, size)) == 0 ? "right" : "wrong";
}

void fields_udp(const struct layer *layer, uint64_t pseudo)
{
    if (!FIELDS_PUT(layer, udp_rows))
        return;
    const uint8_t *data = layer_data(layer);
    if (bytes_get16(data + 6) == 0)
        fields_note(layer, "checksum", "none");
    else if (layer->is_whole && bytes_get16(data + 4) == layer_size(layer))
        fields_note(layer, "checksum", judge(pseudo, data, layer_size(layer)));
    fields_put_rest(layer, "payload", UDP_HEADER);
}

/* ---- TCP ----------------------------------------------------------------------------------------------- */

static const struct field_row tcp_rows[] = {
    {.name = "source port", .at = 0, .size = 2},
    {.name = "destination port", .at = 2, .size = 2},
    {.name = "sequence", .at = 4, .size = 4},
    {.name = "acknowledgment", .at = 8, .size = 4},
    {.name = "header length", .at = 12, .size = 1, .mask = 0xf0, .unit = 4},
    {.name = "reserved", .at = 12, .size = 1, .mask = 0x0f},
    {.name = "CWR", .at = 13, .size = 1, .mask = TCP_CWR, .form = FIELD_FLAG},
    {.name = "ECE", .at = 13, .size = 1, .mask = TCP_ECE, .form = FIELD_FLAG},
    {.name = "URG", .at = 13, .size = 1, .mask = TCP_URG, .form = FIELD_FLAG},
    {.name = "ACK", .at = 13, .size = 1, .mask = TCP_ACK, .form = FIELD_FLAG},
    {.name = "PSH", .at = 13, .size = 1, .mask = TCP_PSH, .form = FIELD_FLAG},
    {.name = "RST", .at = 13, .size = 1, .mask = TCP_RST, .form = FIELD_FLAG},
    {.name = "SYN", .at = 13, .size = 1, .mask = TCP_SYN, .form = FIELD_FLAG},
    {.name = "FIN", .at = 13, .size = 1, .mask = TCP_FIN, .form = FIELD_FLAG},
    {.name = "window", .at = 14, .size = 2},
    {.name = "checksum", .at = 16, .size = 2, .form = FIELD_HEX},
    {.name = "urgent pointer", .at = 18, .size = 2}};

static const struct field_word options[] = {
    {0, "end of options"}, {1, "no operation"}, {2, "maximum segment size"}, {3, "window scale"},
    {4, "SACK permitted"}, {5, "SACK"},         {8, "timestamps"},           {0, NULL}};
static const struct field_row kind = {.name = "kind", .at = 0, .size = 1, .words = options};
static const struct field_row length = {.name = "length", .at = 1, .size = 1};

/* One option at octet `at` of the header. Returns its octets; 0: it is broken, or the end. */
static size_t put_option(const struct layer *header, size_t at, unsigned number)
{
    const uint8_t *data = layer_data(header) + at;
    size_t room = layer_size(header) - at, size = data[0] == 1 ? 1 : room < 2 ? 0 : data[1];
    char name[FIELD_NAME];
    if (data[0] == 0 || size == 0 || (data[0] != 1 && size < 2) || size > room)
        return 0;
    snprintf(name, sizeof name, "option %u %s", number, kind.name);
    fields_put_named(header, &kind, at, name);
    if (size == 1)
        return size;
    snprintf(name, sizeof name, "option %u %s", number, length.name);
    fields_put_named(header, &length, at, name);
    struct layer option = *header;
    option.end = option.at + at + size;
    snprintf(name, sizeof name, "option %u value", number);
    fields_put_rest(&option, name, at + 2);
    return size;
}

static void put_options(const struct layer *header)
{
    size_t at = TCP_HEADER, size = 1;
    for (unsigned i = 1; at < layer_size(header) && size > 0; i++, at += size)
        size = put_option(header, at, i);
    fields_put_rest(header, "options rest", at);
}

void fields_tcp(const struct layer *layer, uint64_t pseudo)
{
    if (!FIELDS_PUT(layer, tcp_rows))
        return;
    const uint8_t *data = layer_data(layer);
    size_t size = (size_t)(data[12] >> 4) * 4;
    if (layer->is_whole)
        fields_note(layer, "checksum", judge(pseudo, data, layer_size(layer)));
    if (size < TCP_HEADER || size > layer_size(layer)) {
        fields_put_rest(layer, "rest", TCP_HEADER);
        return;
    }
    struct layer header = *layer;
    header.end = header.at + size;
    put_options(&header);
    fields_put_rest(layer, "payload", size);
}
