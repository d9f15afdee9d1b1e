/* The rules of the routing table. Each row plays a script on an empty table; a line of it is
 *
 *     + PREFIX KIND [via A] [metric N] [tos N] [dev N] = RESULT    add            - ... = RESULT    remove
 *     up N, down N                                                 an interface   ? A [TOS] = the route found,
 *                                                      as "PREFIX KIND dev N", or why there is none
 */
#include "tests/table.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/table.h"
#include "tests/stack/heap.h"

enum {
    LIMIT = 8
};

static const char *const kinds[] = {"unicast",     "connected", "local",   "broadcast",
                                    "unreachable", "blackhole", "prohibit"};
static const char *const results[] = {"ok", "invalid", "exists", "missing", "full", "busy"};

static struct ip4 address_of(const char *text)
{
    struct in_addr in;
    assert_int_equal(inet_pton(AF_INET, text, &in), 1);
    return (struct ip4){ntohl(in.s_addr)};
}

static enum tapir_route_kind kind_named(const char *name)
{
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(name, kinds[i]) == 0)
            return (enum tapir_route_kind)i;
    fail_msg("no kind %s", name);
    return TAPIR_ROUTE_UNICAST;
}

/* Reads "PREFIX KIND [via A] [metric N] [dev N]"; strtok goes on in the text. */
static struct tapir_route route_of(void)
{
    struct tapir_route route = {.prefix.length = 0};
    char *prefix = strtok(NULL, " "), *slash = strchr(prefix, '/');
    assert_non_null(slash);
    *slash = 0;
    route.prefix = (struct ip4_prefix){address_of(prefix), (uint8_t)atoi(slash + 1)};
    route.kind = kind_named(strtok(NULL, " "));
    for (const char *word; (word = strtok(NULL, " ")) != NULL;) {
        const char *value = strtok(NULL, " ");
        if (strcmp(word, "via") == 0)
            route.via = address_of(value);
        else if (strcmp(word, "metric") == 0)
            route.metric = (uint32_t)strtoul(value, NULL, 10);
        else if (strcmp(word, "tos") == 0)
            route.tos = (uint8_t)strtoul(value, NULL, 10);
        else if (strcmp(word, "dev") == 0)
            route.iface = (unsigned)atoi(value);
        else
            fail_msg("no word %s", word);
    }
    return route;
}

static void print_route(char *text, size_t size, const struct tapir_route *route)
{
    uint32_t a = route->prefix.address.value;
    snprintf(text, size, "%u.%u.%u.%u/%u %s dev %u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255,
             (unsigned)route->prefix.length, kinds[route->kind], route->iface);
}

static void print_lookup(char *text, size_t size, const struct route_table *table, struct ip4 destination,
                         uint8_t tos)
{
    static const char *const absences[] = {"found", "none", "down", "no tos", "no tos for the host"};
    enum route_absence absence;
    const struct route *route = route_lookup(table, (struct route_query){destination, tos}, &absence);
    snprintf(text, size, "%s", absences[absence]);
    assert_int_equal(route != NULL, absence == ROUTE_FOUND);
    if (route == NULL)
        return;
    struct tapir_route shown = {.prefix = {route->address, route->length},
                                .kind = (enum tapir_route_kind)route->kind,
                                .iface = route->iface};
    print_route(text, size, &shown);
}

/* Plays one line; what it answers goes to `text`. */
static void play(struct route_table *table, char *line, char *text, size_t size)
{
    const char *word = strtok(line, " ");
    struct tapir_route route;
    struct ip4 destination;
    const char *tos;
    text[0] = 0;
    switch (word[0]) {
    case '+':
        route = route_of();
        snprintf(text, size, "%s", results[route_add(table, &route)]);
        break;
    case '-':
        route = route_of();
        snprintf(text, size, "%s", results[route_remove(table, &route)]);
        break;
    case '?':
        destination = address_of(strtok(NULL, " "));
        tos = strtok(NULL, " ");
        print_lookup(text, size, table, destination, tos == NULL ? 0 : (uint8_t)strtoul(tos, NULL, 0));
        break;
    case 'u':
    case 'd':
        assert_true(route_iface_up(table, (unsigned)atoi(strtok(NULL, " ")), word[0] == 'u'));
        break;
    default:
        fail_msg("no command %s", word);
    }
}

#define TWO_NETS                           \
    "+ 10.0.1.0/24 connected dev 1 = ok\n" \
    "+ 10.0.2.0/24 connected dev 2 = ok\n"

static const struct row {
    const char *sentence;
    const char *script;
} rows[] = {
    {"an empty table knows no route", "? 10.0.0.1 = none"},
    {"the longest prefix wins, whatever the order of arrival (FWD-7)",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.2.9 = ok\n"
              "+ 0.0.0.0/0 unicast via 10.0.1.9 = ok\n"
              "+ 10.9.9.9/32 unicast via 10.0.1.9 = ok\n"
              "? 10.9.9.9 = 10.9.9.9/32 unicast dev 1\n"
              "? 10.9.9.8 = 10.9.0.0/16 unicast dev 2\n"
              "? 10.10.0.0 = 0.0.0.0/0 unicast dev 1\n"
              "? 10.8.255.255 = 0.0.0.0/0 unicast dev 1"},
    {"a next hop is found on the connected network around it",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.2.77 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 2"},
    {"a next hop behind a route, not a network, is missing",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.2.77 = ok\n"
              "+ 10.8.0.0/16 unicast via 10.9.0.1 = missing\n"
              "? 10.8.0.1 = none"},
    {"a next hop that no prefix holds is missing",
     TWO_NETS "+ 10.9.0.0/16 unicast via 99.0.0.1 = missing\n? 10.9.0.1 = none"},
    {"a host route to the next hop does not hide the network that it lies in",
     TWO_NETS "+ 10.0.2.77/32 unicast via 10.0.1.1 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.2.77 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 2"},
    {"the longest connected network around a next hop decides", "+ 10.0.0.0/16 connected dev 1 = ok\n"
                                                                "+ 10.0.2.0/24 connected dev 2 = ok\n"
                                                                "+ 10.9.0.0/16 unicast via 10.0.2.77 = ok\n"
                                                                "? 10.9.0.1 = 10.9.0.0/16 unicast dev 2"},
    {"our own address is no next hop", TWO_NETS "+ 10.0.1.1/32 local dev 1 = ok\n"
                                                "+ 10.9.0.0/16 unicast via 10.0.1.1 = invalid"},
    {"bits beyond the length are an error", "+ 10.0.1.1/24 blackhole = invalid\n? 10.0.1.1 = none"},
    {"a length above 32 is an error", "+ 10.0.1.0/33 blackhole = invalid\n"
                                      "+ 0.0.0.0/33 blackhole = invalid\n- 0.0.0.0/33 blackhole = missing"},
    {"the same route twice is an error, another metric or next hop is not",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.1.9 = exists\n"
              "+ 10.9.0.0/16 unicast via 10.0.1.9 metric 1 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.1.8 = ok"},
    {"two interfaces may be on the same network", "+ 10.0.1.0/24 connected dev 1 = ok\n"
                                                  "+ 10.0.1.0/24 connected dev 1 = exists\n"
                                                  "+ 10.0.1.0/24 connected dev 2 = ok\n"
                                                  "? 10.0.1.7 = 10.0.1.0/24 connected dev 1"},
    {"the lowest metric wins, whatever the order of arrival",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 metric 20 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.2.9 metric 10 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 2\n"
              "- 10.9.0.0/16 unicast via 10.0.2.9 metric 10 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 1"},
    {"of equal metrics the lower next hop comes first, whoever came first",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.2.9 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 1"},
    {"a TOS finds its own route first, then one for any (FWD-8)",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 metric 1 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.2.9 metric 9 tos 8 = ok\n"
              "? 10.9.0.1 8 = 10.9.0.0/16 unicast dev 2\n? 10.9.0.1 0 = 10.9.0.0/16 unicast dev 1\n"
              "? 10.9.0.1 16 = 10.9.0.0/16 unicast dev 1\n? 10.9.0.1 0xe9 = 10.9.0.0/16 unicast dev 2\n"
              "down 2 =\n? 10.9.0.1 8 = 10.9.0.0/16 unicast dev 1"},
    {"only the four TOS bits are compared; ECN's takes no route away (FWD-8)",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 tos 8 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.2.9 tos 2 = ok\n"
              "? 10.9.0.1 0x0b = 10.9.0.0/16 unicast dev 1\n? 10.9.0.1 0x03 = 10.9.0.0/16 unicast dev 2\n"
              "? 10.9.0.1 0x09 = 10.9.0.0/16 unicast dev 1\n? 10.9.0.1 0x12 = no tos"},
    {"a TOS that no route of the longest prefix is for is refused (DU-5)",
     TWO_NETS "+ 0.0.0.0/0 unicast via 10.0.1.9 = ok\n+ 10.9.0.0/16 unicast via 10.0.2.9 tos 8 = ok\n"
              "+ 10.9.9.9/32 unicast via 10.0.2.9 tos 16 = ok\n"
              "? 10.9.0.1 0 = no tos\n? 10.9.0.1 4 = no tos\n? 10.9.9.9 8 = no tos for the host\n"
              "down 2 =\n? 10.9.0.1 0 = 0.0.0.0/0 unicast dev 1\n"
              "up 2 =\n+ 10.9.0.0/16 unicast via 10.0.1.9 metric 7 = ok\n"
              "? 10.9.0.1 0 = 10.9.0.0/16 unicast dev 1"},
    {"a route for a TOS can be removed alone, and then the TOS decides nothing", TWO_NETS
     "+ 10.9.0.0/16 unicast via 10.0.1.9 tos 8 = ok\n+ 10.9.0.0/16 unicast via 10.0.1.9 tos 8 = exists\n"
     "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
     "- 10.9.0.0/16 unicast via 10.0.1.9 tos 4 = missing\n"
     "- 10.9.0.0/16 unicast via 10.0.1.9 = ok\n? 10.9.0.1 0 = no tos\n"
     "- 10.9.0.0/16 unicast via 10.0.1.9 tos 8 = ok\n? 10.9.0.1 0 = none"},
    {"a TOS is one of four bits, and not for what is ours",
     "+ 10.9.0.0/16 blackhole tos 1 = invalid\n+ 10.9.0.0/16 blackhole tos 6 = invalid\n"
     "+ 10.9.0.0/16 blackhole tos 32 = invalid\n+ 10.9.0.0/16 connected tos 8 dev 1 = invalid\n"
     "+ 10.9.0.0/16 blackhole tos 2 = ok\n+ 10.9.0.0/16 blackhole tos 4 = ok\n+ 10.9.0.0/16 blackhole tos 16 = ok"},
    {"our own address is ours whatever the TOS",
     "+ 10.0.1.1/32 local dev 1 = ok\n+ 10.0.1.1/32 blackhole tos 8 = ok\n"
     "? 10.0.1.1 8 = 10.0.1.1/32 local dev 1"},
    {"the metric decides before that, to its last bit and its first",
     TWO_NETS "+ 10.9.0.0/16 connected metric 1 dev 2 = ok\n+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 1\n"
              "+ 10.8.0.0/16 unicast via 10.0.1.9 metric 4294967295 = ok\n"
              "+ 10.8.0.0/16 unicast via 10.0.2.9 metric 2147483647 = ok\n"
              "? 10.8.0.1 = 10.8.0.0/16 unicast dev 2"},
    {"of refusals of one metric the first to come stands first",
     "+ 10.2.0.0/16 prohibit = ok\n+ 10.2.0.0/16 blackhole = ok\n? 10.2.0.1 = 10.2.0.0/16 prohibit dev 0"},
    {"a connected network goes before a route of the same metric",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "+ 10.9.0.0/16 connected dev 2 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 connected dev 2"},
    {"no route takes our own address from us, whatever the metrics",
     "+ 10.0.1.1/32 blackhole = ok\n"
     "+ 10.0.1.1/32 local metric 9 dev 1 = ok\n"
     "? 10.0.1.1 = 10.0.1.1/32 local dev 1"},
    {"the refusing kinds are found as they are",
     "+ 10.1.0.0/16 unreachable = ok\n+ 10.2.0.0/16 blackhole = ok\n+ 10.3.0.0/16 prohibit = ok\n"
     "? 10.1.2.3 = 10.1.0.0/16 unreachable dev 0\n"
     "? 10.2.2.3 = 10.2.0.0/16 blackhole dev 0\n"
     "? 10.3.2.3 = 10.3.0.0/16 prohibit dev 0"},
    {"a broadcast address is a route of its own",
     TWO_NETS "+ 10.0.1.255/32 broadcast dev 1 = ok\n? 10.0.1.255 = 10.0.1.255/32 broadcast dev 1"},
    {"when its interface goes down, a route gives way to the next metric (FWD-31)",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 metric 10 = ok\n"
              "+ 10.9.0.0/16 unicast via 10.0.2.9 metric 20 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 1\n"
              "down 1 =\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 2\n"
              "up 1 =\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 1"},
    {"when its interface goes down, a route gives way to a shorter prefix (FWD-31)",
     TWO_NETS "+ 10.9.9.0/24 unicast via 10.0.1.9 = ok\n"
              "+ 0.0.0.0/0 unicast via 10.0.2.9 = ok\n"
              "down 1 =\n"
              "? 10.9.9.1 = 0.0.0.0/0 unicast dev 2\n"
              "? 10.0.1.7 = 0.0.0.0/0 unicast dev 2"},
    {"even to one that is a single bit shorter",
     TWO_NETS "+ 10.9.8.0/24 unicast via 10.0.1.9 = ok\n+ 10.9.8.0/23 unicast via 10.0.2.9 = ok\n"
              "down 1 =\n? 10.9.8.1 = 10.9.8.0/23 unicast dev 2"},
    {"when all routes lead to interfaces that are down, the lookup says so (FWD-31)",
     TWO_NETS "+ 0.0.0.0/0 unicast via 10.0.2.9 = ok\n"
              "down 1 =\ndown 2 =\n"
              "? 10.0.1.7 = down\n? 10.9.0.1 = down\n"
              "- 0.0.0.0/0 unicast via 10.0.2.9 = ok\n"
              "? 10.9.0.1 = none"},
    {"our own address stays ours when its interface is down",
     TWO_NETS "+ 10.0.1.1/32 local dev 1 = ok\ndown 1 =\n? 10.0.1.1 = 10.0.1.1/32 local dev 1"},
    {"a refusing route stays when interfaces go down", "+ 10.0.0.0/8 prohibit = ok\ndown 0 =\n"
                                                       "? 10.0.1.1 = 10.0.0.0/8 prohibit dev 0"},
    {"a route added while its interface is down is not used",
     "down 70 =\n+ 10.0.1.0/24 connected dev 70 = ok\n"
     "? 10.0.1.1 = down\nup 70 =\n"
     "? 10.0.1.1 = 10.0.1.0/24 connected dev 70"},
    {"each interface is down for itself, however many there are",
     "+ 10.0.1.0/24 connected dev 1 = ok\n+ 10.0.2.0/24 connected dev 2 = ok\n"
     "+ 10.0.66.0/24 connected dev 66 = ok\n+ 10.0.130.0/24 connected dev 130 = ok\n"
     "down 1 =\ndown 66 =\ndown 130 =\n"
     "? 10.0.1.1 = down\n? 10.0.2.1 = 10.0.2.0/24 connected dev 2\n? 10.0.66.1 = down\n? 10.0.130.1 = down\n"
     "up 66 =\n? 10.0.1.1 = down\n? 10.0.66.1 = 10.0.66.0/24 connected dev 66\n? 10.0.130.1 = down"},
    {"what was removed is gone, and cannot be removed twice",
     "+ 10.2.0.0/16 blackhole = ok\n- 10.2.0.0/16 blackhole metric 1 = missing\n"
     "- 10.2.0.0/16 prohibit = missing\n- 10.2.0.0/16 blackhole = ok\n"
     "? 10.2.0.1 = none\n- 10.2.0.0/16 blackhole = missing"},
    {"a middle route of a prefix can be removed",
     "+ 10.2.0.0/16 blackhole metric 1 = ok\n+ 10.2.0.0/16 prohibit metric 2 = ok\n"
     "+ 10.2.0.0/16 unreachable metric 3 = ok\n- 10.2.0.0/16 prohibit metric 2 = ok\n"
     "- 10.2.0.0/16 blackhole metric 1 = ok\n? 10.2.0.1 = 10.2.0.0/16 unreachable dev 0"},
    {"a network through which routes lead cannot be removed before them",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "- 10.0.1.0/24 connected dev 1 = busy\n"
              "- 10.0.2.0/24 connected dev 2 = ok\n"
              "- 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "- 10.0.1.0/24 connected dev 1 = ok"},
    {"only routes with next hops lead through a network, even through one that begins at 0.0.0.0",
     "+ 0.0.0.0/1 connected dev 0 = ok\n+ 160.0.0.0/8 connected dev 1 = ok\n"
     "+ 10.2.0.0/16 blackhole = ok\n+ 10.3.0.0/16 blackhole = ok\n"
     "+ 10.4.0.0/16 unicast via 160.0.0.9 = ok\n- 10.2.0.0/16 blackhole = ok\n"
     "- 0.0.0.0/1 connected dev 0 = ok"},
    {"the network of a route that took the first place stays, and so does one of all addresses",
     "+ 10.2.0.0/16 blackhole = ok\n+ 0.0.0.0/0 connected dev 1 = ok\n- 10.2.0.0/16 blackhole = ok\n"
     "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n- 0.0.0.0/0 connected dev 1 = busy"},
    {"a next hop on another interface does not need the network",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "+ 10.0.1.0/24 connected dev 2 = ok\n"
              "- 10.0.1.0/24 connected dev 2 = ok\n"
              "+ 10.0.1.0/25 connected dev 2 = ok\n"
              "+ 10.8.0.0/16 unicast via 10.0.1.8 = ok\n"
              "- 10.0.1.0/25 connected dev 2 = busy\n"
              "- 10.8.0.0/16 unicast via 10.0.1.8 = ok\n"
              "- 10.0.1.0/25 connected dev 2 = ok"},
    {"unless another network on the same interface still covers the next hop",
     TWO_NETS "+ 10.9.0.0/16 unicast via 10.0.1.9 = ok\n"
              "+ 10.0.0.0/16 connected dev 2 = ok\n"
              "- 10.0.1.0/24 connected dev 1 = busy\n"
              "+ 10.0.0.0/16 connected dev 1 = ok\n"
              "- 10.0.1.0/24 connected dev 1 = ok\n"
              "? 10.9.0.1 = 10.9.0.0/16 unicast dev 1\n"
              "- 10.0.0.0/16 connected dev 1 = busy"},
    {"a full table takes no more until one goes",
     "+ 10.1.0.0/16 blackhole = ok\n+ 10.2.0.0/16 blackhole = ok\n+ 10.3.0.0/16 blackhole = ok\n"
     "+ 10.4.0.0/16 blackhole = ok\n+ 10.5.0.0/16 blackhole = ok\n+ 10.6.0.0/16 blackhole = ok\n"
     "+ 10.7.0.0/16 blackhole = ok\n+ 10.8.0.0/16 blackhole = ok\n+ 10.9.0.0/16 blackhole = full\n"
     "? 10.9.0.1 = none\n- 10.3.0.0/16 blackhole = ok\n+ 10.9.0.0/16 blackhole = ok"},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct memory memory = heap_memory();
    struct route_table table;
    char script[1024], answer[64];
    heap_is_used_up = false;
    route_table_init(&table, &memory, LIMIT);
    snprintf(script, sizeof script, "%s", row->script);
    for (char *line = script; line != NULL;) {
        char *end = strchr(line, '\n'), *equals = strstr(line, " =");
        if (end != NULL)
            *end++ = 0;
        assert_non_null(equals);
        *equals = 0;
        const char *expected = equals[2] == ' ' ? equals + 3 : "";
        play(&table, line, answer, sizeof answer);
        if (strcmp(answer, expected) != 0)
            fail_msg("%s: %s, not %s", line, answer, expected);
        line = end;
    }
    for (int i = 0; i < 2; i++) { /* it is as new then */
        route_table_free(&table);
        assert_int_equal(memory.used, 0);
    }
}

/* ---- what a script cannot say -------------------------------------------------------------------------- */

static struct tapir_route blackhole(uint32_t i, uint32_t metric)
{
    return (struct tapir_route){
        .prefix = {{0x0a000000 | i << 8}, 24}, .kind = TAPIR_ROUTE_BLACKHOLE, .metric = metric};
}

static void numbers_stay_and_are_used_again(void **state)
{
    (void)state;
    struct memory memory = heap_memory();
    struct route_table table;
    uint32_t numbers[1000];
    enum route_absence absence;
    bool seen[1001] = {false};
    heap_is_used_up = false;
    route_table_init(&table, &memory, 1000);
    for (uint32_t i = 0; i < 1000; i++) {
        struct tapir_route route = blackhole(i, 0);
        assert_int_equal(route_add(&table, &route), TAPIR_OK);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        numbers[i] = route_number(
            &table,
            route_lookup(&table, (struct route_query){(struct ip4){0x0a000001 | i << 8}, 0}, &absence));
        assert_in_range(numbers[i], 1, 1000);
        assert_false(seen[numbers[i]]);
        seen[numbers[i]] = true;
    }
    struct tapir_route gone = blackhole(500, 0), other = blackhole(2000, 0);
    assert_int_equal(route_remove(&table, &gone), TAPIR_OK);
    assert_int_equal(route_add(&table, &other), TAPIR_OK);
    assert_int_equal(
        route_number(&table,
                     route_lookup(&table, (struct route_query){(struct ip4){0x0a07d001}, 0}, &absence)),
        numbers[500]);
    assert_int_equal(
        route_number(&table,
                     route_lookup(&table, (struct route_query){(struct ip4){0x0a000101}, 0}, &absence)),
        numbers[1]);
    assert_int_equal(route_number(&table, NULL), 0);
    assert_int_equal(table.peak, 1000);
    route_table_free(&table);
    assert_int_equal(memory.used, 0);
}

/* Lists 30 prefixes of 5 routes each, `max` rows at a time. */
static void list_by(size_t max)
{
    struct memory memory = heap_memory();
    struct route_table table;
    union tapir_row rows_[200];
    uint64_t cursor = 0;
    size_t n = 0, some;
    heap_is_used_up = false;
    route_table_init(&table, &memory, 1000);
    for (uint32_t i = 150; i-- > 0;) {
        struct tapir_route route = blackhole(i / 5, i % 5);
        assert_int_equal(route_add(&table, &route), TAPIR_OK);
    }
    while ((some = route_list(&table, &cursor, rows_, max)) > 0)
        for (size_t i = 0; i < some; i++, n++) {
            assert_int_equal(rows_[i].route.prefix.address.value, 0x0a000000 | n / 5 << 8);
            assert_int_equal(rows_[i].route.metric, n % 5);
        }
    assert_int_equal(n, 150);
    route_table_free(&table);
    assert_int_equal(memory.used, 0);
}

static void a_listing_is_complete_and_in_order_in_any_portions(void **state)
{
    (void)state;
    list_by(1);
    list_by(3);
    list_by(5);
    list_by(7);
    list_by(200);
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    struct memory memory = heap_memory();
    struct route_table table;
    uint32_t failures = 0;
    enum route_absence absence;
    heap_is_used_up = false;
    route_table_init(&table, &memory, 100000);
    for (uint32_t i = 0; i < 3000; i++) {
        struct tapir_route route = blackhole(i * 7919 % 65536, 0);
        heap_is_used_up = true;
        enum tapir_result result = route_add(&table, &route);
        heap_is_used_up = false;
        assert_int_equal(table.count, i + (result == TAPIR_OK));
        if (result == TAPIR_OK)
            continue;
        failures++;
        assert_int_equal(result, TAPIR_FULL);
        assert_null(route_lookup(&table, (struct route_query){route.prefix.address, 0}, &absence));
        assert_int_equal(route_add(&table, &route), TAPIR_OK);
    }
    assert_true(failures > 10);
    assert_int_equal(table.fresh, 3000); /* a place that was taken in vain is taken again */
    heap_is_used_up = true;
    assert_false(route_iface_up(&table, 5, false));
    for (uint32_t i = 0; i < 3000; i++) {
        struct tapir_route route = blackhole(i * 7919 % 65536, 0);
        assert_int_equal(route_remove(&table, &route), TAPIR_OK);
    }
    assert_int_equal(memory.used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_stay_and_are_used_again),
                                       cmocka_unit_test(a_listing_is_complete_and_in_order_in_any_portions),
                                       cmocka_unit_test(without_memory_nothing_changes)};
    return RUN_TABLE("route table", rows, check) +
           cmocka_run_group_tests_name("route table at large", tests, NULL, NULL);
}
