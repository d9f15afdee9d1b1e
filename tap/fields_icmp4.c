/* ICMP messages as fields: the 8 octets that all have, what each type means by the last four of them, and what follows:
 * a quote ("quoted IPv4 TTL"), extensions, lists or data. RFC 792, 950, 1191, 1256, 1393, 4884, 8335.
 *
 * Next: tap/fields_l4.c. */
#include <stdio.h>

#include "tap/fields_put.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/icmp4.h"
#include "wire/icmp4_extension.h"
#include "wire/icmp4_router.h"
#include "wire/icmp4_traceroute.h"

static const struct field_word types[] = {{ICMP4_ECHO_REPLY, "echo reply"},
                                          {ICMP4_UNREACH, "destination unreachable"},
                                          {ICMP4_SOURCE_QUENCH, "source quench"},
                                          {ICMP4_REDIRECT, "redirect"},
                                          {ICMP4_ECHO, "echo"},
                                          {ICMP4_ROUTER_ADVERTISEMENT, "router advertisement"},
                                          {ICMP4_ROUTER_SOLICITATION, "router solicitation"},
                                          {ICMP4_TIME_EXCEEDED, "time exceeded"},
                                          {ICMP4_PARAM_PROBLEM, "parameter problem"},
                                          {ICMP4_TIMESTAMP, "timestamp"},
                                          {ICMP4_TIMESTAMP_REPLY, "timestamp reply"},
                                          {ICMP4_INFORMATION, "information request"},
                                          {ICMP4_INFORMATION_REPLY, "information reply"},
                                          {ICMP4_ADDRESS_MASK, "address mask request"},
                                          {ICMP4_ADDRESS_MASK_REPLY, "address mask reply"},
                                          {ICMP4_TRACEROUTE, "traceroute"},
                                          {ICMP4_EXTENDED_ECHO, "extended echo"},
                                          {ICMP4_EXTENDED_ECHO_REPLY, "extended echo reply"},
                                          {0, NULL}};

static const struct field_word unreach_codes[] = {{0, "net unreachable"},
                                                  {1, "host unreachable"},
                                                  {2, "protocol unreachable"},
                                                  {3, "port unreachable"},
                                                  {4, "fragmentation needed"},
                                                  {5, "source route failed"},
                                                  {6, "net unknown"},
                                                  {7, "host unknown"},
                                                  {8, "source isolated"},
                                                  {9, "net prohibited"},
                                                  {10, "host prohibited"},
                                                  {11, "net unreachable for this service"},
                                                  {12, "host unreachable for this service"},
                                                  {13, "prohibited"},
                                                  {14, "precedence violation"},
                                                  {15, "precedence cutoff"},
                                                  {0, NULL}};
static const struct field_word redirect_codes[] = {{0, "for the net"},
                                                   {1, "for the host"},
                                                   {2, "for service and net"},
                                                   {3, "for service and host"},
                                                   {0, NULL}};
static const struct field_word time_codes[] = {{0, "in transit"}, {1, "in reassembly"}, {0, NULL}};
static const struct field_word problem_codes[] = {
    {0, "pointer says where"}, {1, "option missing"}, {2, "bad length"}, {0, NULL}};
static const struct field_word probe_codes[] = {{0, "no error"},           {1, "malformed query"},
                                                {2, "no such interface"},  {3, "no such neighbor"},
                                                {4, "several interfaces"}, {0, NULL}};
static const struct field_word probe_states[] = {
    {1, "incomplete"}, {2, "reachable"}, {3, "stale"}, {4, "delay"}, {5, "probe"}, {6, "failed"}, {0, NULL}};

#define IDENTIFIER                                                  \
    {                                                               \
        .name = "identifier", .at = 4, .size = 2, .form = FIELD_HEX \
    }
#define SEQUENCE                               \
    {                                          \
        .name = "sequence", .at = 6, .size = 2 \
    }

static const struct field_row echo_rows[] = {IDENTIFIER, SEQUENCE};
static const struct field_row unreach_rows[] = {{.name = "unused", .at = 4, .size = 1},
                                                {.name = "quote words", .at = 5, .size = 1},
                                                {.name = "next-hop MTU", .at = 6, .size = 2}};
static const struct field_row error_rows[] = {{.name = "unused", .at = 4, .size = 1},
                                              {.name = "quote words", .at = 5, .size = 1},
                                              {.name = "unused 2", .at = 6, .size = 2}};
static const struct field_row problem_rows[] = {{.name = "pointer", .at = 4, .size = 1},
                                                {.name = "quote words", .at = 5, .size = 1},
                                                {.name = "unused", .at = 6, .size = 2}};
static const struct field_row redirect_rows[] = {{.name = "gateway", .at = 4, .size = 4, .form = FIELD_IP4}};
static const struct field_row advertisement_rows[] = {{.name = "addresses", .at = 4, .size = 1},
                                                      {.name = "address words", .at = 5, .size = 1},
                                                      {.name = "lifetime", .at = 6, .size = 2}};
static const struct field_row solicitation_rows[] = {{.name = "unused", .at = 4, .size = 4}};
static const struct field_row timestamp_rows[] = {IDENTIFIER,
                                                  SEQUENCE,
                                                  {.name = "originate", .at = 8, .size = 4},
                                                  {.name = "receive", .at = 12, .size = 4},
                                                  {.name = "transmit", .at = 16, .size = 4}};
static const struct field_row mask_rows[] = {
    IDENTIFIER, SEQUENCE, {.name = "mask", .at = 8, .size = 4, .form = FIELD_IP4}};
static const struct field_row traceroute_rows[] = {IDENTIFIER,
                                                   {.name = "unused", .at = 6, .size = 2},
                                                   {.name = "hops out", .at = 8, .size = 2},
                                                   {.name = "hops back", .at = 10, .size = 2},
                                                   {.name = "link speed", .at = 12, .size = 4},
                                                   {.name = "link MTU", .at = 16, .size = 4}};
static const struct field_row probe_rows[] = {
    IDENTIFIER,
    {.name = "sequence", .at = 6, .size = 1},
    {.name = "reserved", .at = 7, .size = 1, .mask = 0xfe},
    {.name = "local", .at = 7, .size = 1, .mask = 0x01, .form = FIELD_FLAG}};
static const struct field_row probe_reply_rows[] = {
    IDENTIFIER,
    {.name = "sequence", .at = 6, .size = 1},
    {.name = "state", .at = 7, .size = 1, .mask = 0xe0, .words = probe_states},
    {.name = "reserved", .at = 7, .size = 1, .mask = 0x18},
    {.name = "active", .at = 7, .size = 1, .mask = 0x04, .form = FIELD_FLAG},
    {.name = "has IPv4", .at = 7, .size = 1, .mask = 0x02, .form = FIELD_FLAG},
    {.name = "has IPv6", .at = 7, .size = 1, .mask = 0x01, .form = FIELD_FLAG}};

/* What stands behind the rows of a message. */
enum behind {
    BEHIND_DATA,
    BEHIND_QUOTE,    /* to the end of the message */
    BEHIND_COUNTED,  /* octet 5 says how many words it has, if extensions follow: RFC 4884 */
    BEHIND_ROUTERS,  /* the list of an advertisement */
    BEHIND_EXTENSION /* RFC 8335 */
};

struct message {
    uint8_t type;
    enum behind behind;
    const struct field_word *codes;
    const struct field_row *rows;
    size_t n;
};

#define ROWS(rows) rows, sizeof(rows) / sizeof((rows)[0])

static const struct message messages[] = {
    {ICMP4_ECHO_REPLY, BEHIND_DATA, NULL, ROWS(echo_rows)},
    {ICMP4_ECHO, BEHIND_DATA, NULL, ROWS(echo_rows)},
    {ICMP4_UNREACH, BEHIND_COUNTED, unreach_codes, ROWS(unreach_rows)},
    {ICMP4_SOURCE_QUENCH, BEHIND_QUOTE, NULL, ROWS(error_rows)},
    {ICMP4_REDIRECT, BEHIND_QUOTE, redirect_codes, ROWS(redirect_rows)},
    {ICMP4_ROUTER_ADVERTISEMENT, BEHIND_ROUTERS, NULL, ROWS(advertisement_rows)},
    {ICMP4_ROUTER_SOLICITATION, BEHIND_DATA, NULL, ROWS(solicitation_rows)},
    {ICMP4_TIME_EXCEEDED, BEHIND_COUNTED, time_codes, ROWS(error_rows)},
    {ICMP4_PARAM_PROBLEM, BEHIND_COUNTED, problem_codes, ROWS(problem_rows)},
    {ICMP4_TIMESTAMP, BEHIND_DATA, NULL, ROWS(timestamp_rows)},
    {ICMP4_TIMESTAMP_REPLY, BEHIND_DATA, NULL, ROWS(timestamp_rows)},
    {ICMP4_INFORMATION, BEHIND_DATA, NULL, ROWS(echo_rows)},
    {ICMP4_INFORMATION_REPLY, BEHIND_DATA, NULL, ROWS(echo_rows)},
    {ICMP4_ADDRESS_MASK, BEHIND_DATA, NULL, ROWS(mask_rows)},
    {ICMP4_ADDRESS_MASK_REPLY, BEHIND_DATA, NULL, ROWS(mask_rows)},
    {ICMP4_TRACEROUTE, BEHIND_DATA, NULL, ROWS(traceroute_rows)},
    {ICMP4_EXTENDED_ECHO, BEHIND_EXTENSION, NULL, ROWS(probe_rows)},
    {ICMP4_EXTENDED_ECHO_REPLY, BEHIND_DATA, probe_codes, ROWS(probe_reply_rows)}};

/* Types that nobody describes. */
static const struct message unknown = {0, BEHIND_DATA, NULL, NULL, 0};

static const struct message *message_of(uint8_t type)
{
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        if (messages[i].type == type)
            return &messages[i];
    return &unknown;
}

/* ---- behind the rows ----------------------------------------------------------------------------------- */

static const struct field_row extension_rows[] = {
    {.name = "extension version", .at = 0, .size = 2, .mask = 0xf000},
    {.name = "extension reserved", .at = 0, .size = 2, .mask = 0x0fff},
    {.name = "extension checksum", .at = 2, .size = 2, .form = FIELD_HEX}};

static const struct field_word classes[] = {{ICMP4_OBJECT_MPLS, "MPLS labels"},
                                            {ICMP4_OBJECT_INTERFACE, "interface"},
                                            {3, "interface asked for"},
                                            {0, NULL}};
static const struct field_row object_rows[] = {{.name = "length", .at = 0, .size = 2},
                                               {.name = "class", .at = 2, .size = 1, .words = classes},
                                               {.name = "type", .at = 3, .size = 1, .form = FIELD_HEX}};

/* An object of at least its header. Returns its octets. */
static size_t put_object(const struct layer *extension, size_t at, unsigned number)
{
    char name[FIELD_NAME];
    size_t length = bytes_get16(layer_data(extension) + at);
    for (size_t i = 0; i < sizeof object_rows / sizeof object_rows[0]; i++) {
        snprintf(name, sizeof name, "object %u %s", number, object_rows[i].name);
        fields_put_named(extension, &object_rows[i], at, name);
    }
    if (length < ICMP4_OBJECT_HEADER || length > layer_size(extension) - at)
        return ICMP4_OBJECT_HEADER;
    struct layer object = *extension;
    object.end = object.at + at + length;
    snprintf(name, sizeof name, "object %u value", number);
    fields_put_rest(&object, name, at + ICMP4_OBJECT_HEADER);
    return length;
}

static void put_extension(const struct layer *icmp, size_t at)
{
    struct layer extension = layer_inside(icmp, icmp->name, at);
    if (layer_size(&extension) == 0 || !FIELDS_PUT(&extension, extension_rows))
        return;
    size_t done = ICMP4_EXTENSION_HEADER;
    for (unsigned i = 1; done + ICMP4_OBJECT_HEADER <= layer_size(&extension); i++)
        done += put_object(&extension, done, i);
    fields_put_rest(&extension, "extension rest", done);
}

/* The datagram that an error is about, `size` octets. In a quote of a quote it stays octets. */
static void put_quote(const struct layer *icmp, size_t at, size_t size)
{
    struct layer quote = layer_inside(icmp, "IPv4", at);
    quote.end = quote.at + size;
    if (icmp->is_quoted) {
        quote.name = icmp->name;
        fields_put_rest(&quote, "quote", 0);
        return;
    }
    quote.is_quoted = true;
    quote.is_whole = false;
    fields_ip4(&quote);
}

static void put_counted(const struct layer *icmp, size_t at)
{
    size_t room = layer_size(icmp) - at, size = (size_t)layer_data(icmp)[ICMP4_AT_QUOTE_WORDS] * 4;
    if (size == 0 || size > room)
        size = room;
    put_quote(icmp, at, size);
    put_extension(icmp, at + size);
}

static void put_routers(const struct layer *icmp, size_t at)
{
    static const struct field_row address = {.name = "address", .at = 0, .size = 4, .form = FIELD_IP4};
    static const struct field_row preference = {
        .name = "preference", .at = 4, .size = 4, .form = FIELD_SIGNED};
    char name[FIELD_NAME];
    bool is_usual = layer_data(icmp)[5] * 4 == ICMP4_ROUTER_ENTRY;
    for (unsigned i = 1; is_usual && at + ICMP4_ROUTER_ENTRY <= layer_size(icmp);
         i++, at += ICMP4_ROUTER_ENTRY) {
        snprintf(name, sizeof name, "router %u %s", i, address.name);
        fields_put_named(icmp, &address, at, name);
        snprintf(name, sizeof name, "router %u %s", i, preference.name);
        fields_put_named(icmp, &preference, at, name);
    }
    fields_put_rest(icmp, "data", at);
}

static void put_behind(const struct layer *icmp, enum behind behind, size_t at)
{
    switch (behind) {
    case BEHIND_DATA:
        fields_put_rest(icmp, "data", at);
        return;
    case BEHIND_QUOTE:
        put_quote(icmp, at, layer_size(icmp) - at);
        return;
    case BEHIND_COUNTED:
        put_counted(icmp, at);
        return;
    case BEHIND_ROUTERS:
        put_routers(icmp, at);
        return;
    case BEHIND_EXTENSION:
        put_extension(icmp, at);
        return;
    }
}

void fields_icmp4(const struct layer *layer)
{
    const uint8_t *data = layer_data(layer);
    const struct message *message = layer_size(layer) == 0 ? &unknown : message_of(data[0]);
    const struct field_row head[] = {{.name = "type", .at = 0, .size = 1, .words = types},
                                     {.name = "code", .at = 1, .size = 1, .words = message->codes},
                                     {.name = "checksum", .at = 2, .size = 2, .form = FIELD_HEX}};
    if (!FIELDS_PUT(layer, head))
        return;
    if (layer->is_whole)
        fields_note(layer, "checksum", checksum_holds(data, layer_size(layer)) ? "right" : "wrong");
    size_t at = 4;
    for (size_t i = 0; i < message->n; i++)
        at = (size_t)message->rows[i].at + message->rows[i].size;
    if (layer_size(layer) < at) {
        fields_put_rest(layer, "rest", 4);
        return;
    }
    fields_put(layer, message->rows, message->n);
    put_behind(layer, message->behind, at);
}
