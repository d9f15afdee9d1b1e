/* Routes from a file of their own, one a line, in the words of `ip route`: what `routes = FILE` of a node names.
 *
 *     10.4.0.0/16 via 10.0.0.2 metric 10 tos 8     # a comment
 *     default via 10.0.0.3
 *     prohibit 10.9.0.0/16
 *
 * Not by libconfuse: a table of a million lines is to load in a second or two. So nothing here looks through the routes
 * before it: config_route_set.c knows what stands twice, and a next hop is checked once.
 * Limits: WORDS on a line, 64 MiB. Next: config_route_set.c. */
#include "apps/config_build.h"
#include "apps/config_route_set.h"
#include "apps/config_text.h"
#include "apps/config_value.h"
#include "tap/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS = 8,   /* a refusal, a prefix, and three pairs */
    HOPS = 16384 /* next hops that are remembered as fine, by their last bits */
};

/* What the files of one node share. */
struct table {
    struct reading *reading;
    struct network_node *node;
    size_t n_before; /* operations of the node before these routes: there are its addresses */
    struct route_set routes;
    struct ip4 *fine; /* of HOPS next hops; 0: none */
};

/* The words of a line while they are read. */
struct line {
    int number;
    char *word[WORDS + 1]; /* a NULL behind the last */
};

/* The values behind a prefix. */
struct values {
    bool has_via, has_metric, has_tos;
};

static bool check_hop(struct table *table, const struct line *line, struct ip4 via)
{
    struct ip4 *fine = &table->fine[via.value % HOPS];
    struct network_node before = *table->node;
    before.n_ops = table->n_before;
    if (via.value != 0 && fine->value == via.value)
        return true;
    if (!next_hop_check(table->reading, line->number, via, &before))
        return false;
    *fine = via;
    return true;
}

static bool read_value(struct table *table, const struct line *line, const char *text, enum form form,
                       bool *has, struct config_value *value)
{
    if (*has)
        return fault(table->reading, line->number, "a value stands twice on this line; keep one of them");
    *has = true;
    if (text == NULL)
        return fault(table->reading, line->number, "the line ends before %s; write it like %s", form_is(form),
                     form_like(form));
    if (!form_parse(form, text, value))
        return fault(table->reading, line->number, "\"%.40s\" is not %s; write it like %s", text,
                     form_is(form), form_like(form));
    return true;
}

/* Reads the pair at `at`: a name and its value. */
static bool read_pair(struct table *table, const struct line *line, size_t at, struct values *values,
                      struct tapir_route *route)
{
    const char *name = line->word[at], *text = line->word[at + 1];
    struct config_value value = {.line = line->number};
    if (strcmp(name, "via") == 0) {
        if (!read_value(table, line, text, FORM_ADDRESS, &values->has_via, &value))
            return false;
        route->via = value.address;
    } else if (strcmp(name, "metric") == 0) {
        if (!read_value(table, line, text, FORM_METRIC, &values->has_metric, &value))
            return false;
        route->metric = (uint32_t)value.number;
    } else if (strcmp(name, "tos") == 0) {
        if (!read_value(table, line, text, FORM_TOS, &values->has_tos, &value))
            return false;
        route->tos = (uint8_t)value.number;
    } else
        return fault(table->reading, line->number,
                     "\"%.40s\" has no place behind a prefix; write via A.B.C.D, metric N or tos N", name);
    return true;
}

static bool read_route(struct table *table, const struct line *line, struct tapir_route *route)
{
    struct values values = {false, false, false};
    struct config_value type;
    size_t at = 0;
    bool refuses = form_parse(FORM_ROUTE_TYPE, line->word[0], &type);
    route->kind = refuses ? (enum tapir_route_kind)type.number : TAPIR_ROUTE_UNICAST;
    at += refuses;
    if (line->word[at] == NULL)
        return fault(table->reading, line->number, "the line ends before a network; write %s 10.77.9.0/24",
                     line->word[0]);
    const char *title = line->word[at++];
    if (!route_prefix_read(table->reading, line->number, title, &route->prefix))
        return false;
    for (; line->word[at] != NULL; at += 2)
        if (!read_pair(table, line, at, &values, route))
            return false;
    if (refuses && values.has_via)
        return fault(table->reading, line->number, "route %s has both via and %s; keep one of them", title,
                     line->word[0]);
    if (!refuses && !values.has_via)
        return fault(table->reading, line->number,
                     "route %s leads nowhere; write %s via A.B.C.D, or prohibit %s", title, title, title);
    return !values.has_via || check_hop(table, line, route->via);
}

static bool add_route(struct table *table, const struct line *line)
{
    struct network_node *node = table->node;
    struct tapir_op *op = node_op(node, TAPIR_OP_ROUTE, 0);
    char text[TEXT_PREFIX];
    if (!read_route(table, line, &op->route))
        return false;
    if (route_set_add(&table->routes, node, node->n_ops - 1))
        return true;
    text_prefix(text, sizeof text, op->route.prefix);
    return fault(table->reading, line->number,
                 "route %s stands twice; remove one of them, or give it another metric or tos", text);
}

/* Cuts the text up to `end` into words. A carriage return at the end is Windows'. */
static bool split(struct table *table, char *text, const char *end, struct line *line)
{
    size_t n = 0;
    bool between = true; /* words */
    for (; text < end && *text != '#'; text++) {
        char c = *text;
        bool blank = c == ' ' || c == '\t' || (c == '\r' && text + 1 == end);
        if (!blank && ((unsigned char)c < ' ' || (unsigned char)c >= 0x7f))
            return fault(table->reading, line->number,
                         "octet 0x%02x has no place here; a file of routes is plain text", (unsigned char)c);
        if (!blank && between && n == WORDS)
            return fault(table->reading, line->number,
                         "there are too many words; write one route a line, like 10.77.9.0/24 via 10.77.1.1");
        if (!blank && between)
            line->word[n++] = text;
        if (blank)
            *text = '\0';
        between = blank;
    }
    *text = '\0'; /* in place of the newline, the mark, or the NUL behind it all */
    line->word[n] = NULL;
    return true;
}

static bool read_lines(struct table *table, char *text, const char *end)
{
    struct line line = {.number = 1};
    for (; text < end; line.number++) {
        char *stop = memchr(text, '\n', (size_t)(end - text));
        if (stop == NULL)
            stop = text + (end - text);
        if (!split(table, text, stop, &line) || (line.word[0] != NULL && !add_route(table, &line)))
            return false;
        text = stop + 1;
    }
    return true;
}

/* The path of a file that the network file names: from the folder of that one. */
static char *path_beside(const char *network, const char *file)
{
    const char *slash = strrchr(network, '/');
    size_t length = slash == NULL || *file == '/' ? 0 : (size_t)(slash - network) + 1;
    char *path = malloc(length + strlen(file) + 1);
    if (path == NULL)
        abort();
    memcpy(path, network, length);
    memcpy(path + length, file, strlen(file) + 1);
    return path;
}

static bool read_table(struct table *table, const struct config_value *name)
{
    struct reading *reading = table->reading;
    const char *network = reading->path;
    char *path = path_beside(network, name->text);
    size_t size;
    char *text = text_load(path, &size);
    bool fine;
    if (text == NULL) {
        fine = fault(reading, name->line, "%s: %s; name a file of routes that can be read", path,
                     strerror(errno));
    } else {
        reading->path = path; /* faults are told of this file meanwhile */
        fine = read_lines(table, text, text + size);
        reading->path = network;
    }
    free(text);
    free(path);
    return fine;
}

bool tables_operate(struct reading *reading, cfg_t *section, struct network_node *node)
{
    unsigned n = cfg_size(section, "routes");
    bool fine = true;
    if (n == 0)
        return true;
    struct table table = {.reading = reading, .node = node, .n_before = node->n_ops};
    table.fine = calloc(HOPS, sizeof *table.fine);
    if (table.fine == NULL)
        abort();
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ROUTE)
            (void)route_set_add(&table.routes, node, i); /* next hops that share are alike: fine */
    for (unsigned i = 0; fine && i < n; i++)
        fine = read_table(&table, section_item(section, "routes", i));
    free(table.fine);
    route_set_free(&table.routes);
    return fine;
}
