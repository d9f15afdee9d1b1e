/* Routes and permanent neighbors of a node. They come last: each needs the networks of the node's addresses.
 * Next: config_table.c, routes from a file of their own.
 */
#include "apps/config_build.h"
#include "apps/config_value.h"
#include "tap/text.h"

#include <string.h>

const struct tapir_op *node_network(const struct network_node *node, struct ip4 address)
{
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS && prefix_holds(node->ops[i].address, address))
            return &node->ops[i];
    return NULL;
}

static bool is_own(const struct network_node *node, struct ip4 address)
{
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS && node->ops[i].address.address.value == address.value)
            return true;
    return false;
}

/* The network of the node's interface `iface` holds the address. */
static bool is_on(const struct network_node *node, unsigned iface, struct ip4 address)
{
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS && node->ops[i].iface == iface &&
            prefix_holds(node->ops[i].address, address))
            return true;
    return false;
}

static bool find_interface(const struct network_node *node, const char *name, unsigned *iface)
{
    for (unsigned i = 0; i < node->n_interfaces; i++) {
        *iface = i;
        if (strcmp(node->interfaces[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool operate_neighbor(struct reading *reading, cfg_t *section, struct network_node *node)
{
    const struct config_value *interface = section_get(section, "interface"),
                              *mac = section_get(section, "mac");
    struct ip4 address;
    unsigned iface;
    int line = section_line(section);
    if (!text_parse_ip4(section->title, &address))
        return fault(reading, line, "\"%s\" is not %s; write it like %s", section->title,
                     form_is(FORM_ADDRESS), form_like(FORM_ADDRESS));
    if (interface == NULL || mac == NULL)
        return fault(reading, line,
                     "neighbor %s has no %s; write { interface = NAME  mac = 02:00:00:00:01:01 }",
                     section->title, interface == NULL ? "interface" : "MAC");
    if (!find_interface(node, interface->text, &iface))
        return fault(reading, interface->line, "node \"%s\" has no interface \"%s\"; name one of its own",
                     node->name, interface->text);
    if (is_own(node, address))
        return fault(reading, line, "neighbor %s is the node itself; write the address of another",
                     section->title);
    if (!is_on(node, iface, address))
        return fault(reading, line, "neighbor %s is in no network of interface \"%s\"; write one that is",
                     section->title, interface->text);
    struct tapir_op *op = node_op(node, TAPIR_OP_NEIGHBOR, iface);
    op->neighbor.address = address;
    op->neighbor.mac = mac->mac;
    return true;
}

bool neighbors_operate(struct reading *reading, cfg_t *section, struct network_node *node)
{
    for (unsigned i = 0; i < cfg_size(section, "neighbor"); i++)
        if (!operate_neighbor(reading, cfg_getnsec(section, "neighbor", i), node))
            return false;
    return true;
}

/* Bits behind the prefix are most often a typing error: they would be ignored. */
bool route_prefix_read(struct reading *reading, int line, const char *title, struct ip4_prefix *prefix)
{
    char text[TEXT_PREFIX];
    *prefix = (struct ip4_prefix){{0}, 0};
    if (strcmp(title, "default") == 0)
        return true;
    if (!text_parse_prefix(title, prefix))
        return fault(reading, line, "\"%.40s\" is not a network; write it like 10.77.9.0/24, or default",
                     title);
    struct ip4_prefix network = {{prefix->address.value & prefix_mask(prefix->length)}, prefix->length};
    if (network.address.value == prefix->address.value)
        return true;
    text_prefix(text, sizeof text, network);
    return fault(reading, line, "route %s has bits behind its prefix; write %s", title, text);
}

static bool is_routed(const struct network_node *node, struct ip4_prefix prefix)
{
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ROUTE && node->ops[i].route.prefix.length == prefix.length &&
            node->ops[i].route.prefix.address.value == prefix.address.value)
            return true;
    return false;
}

/* The TOS of the n-th next hop; 0: any. */
static uint8_t tos_of(cfg_t *section, unsigned n)
{
    const struct config_value *tos = section_item(section, "tos", n);
    return tos == NULL ? 0 : (uint8_t)tos->number;
}

static bool is_doubled(cfg_t *section, unsigned i)
{
    for (unsigned j = 0; j < i; j++)
        if (section_item(section, "via", i)->address.value ==
                section_item(section, "via", j)->address.value &&
            tos_of(section, i) == tos_of(section, j))
            return true;
    return false;
}

/* Why no route may lead to `via`, by any of the networks that hold it. */
static const char *via_trouble(const struct network_node *node, struct ip4 via)
{
    const char *trouble = NULL;
    for (size_t i = 0; i < node->n_ops && trouble == NULL; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS && prefix_holds(node->ops[i].address, via))
            trouble = address_trouble((struct ip4_prefix){via, node->ops[i].address.length});
    return trouble;
}

bool next_hop_check(struct reading *reading, int line, struct ip4 via, const struct network_node *node)
{
    char text[TEXT_IP4];
    text_ip4(text, sizeof text, via);
    if (node_network(node, via) == NULL)
        return fault(reading, line, "next hop %s is in no network of node \"%s\"; write a neighbor's address",
                     text, node->name);
    if (is_own(node, via))
        return fault(reading, line, "next hop %s is the node itself; write a neighbor's address", text);
    const char *trouble = via_trouble(node, via);
    if (trouble != NULL)
        return fault(reading, line, "next hop %s %s; write a neighbor's address", text, trouble);
    return true;
}

static bool check_via(struct reading *reading, cfg_t *section, unsigned i, const struct network_node *node)
{
    const struct config_value *via = section_item(section, "via", i);
    if (!next_hop_check(reading, via->line, via->address, node))
        return false;
    if (is_doubled(section, i))
        return fault(reading, via->line, "next hop %s stands twice; remove one of them", via->text);
    return true;
}

/* A list beside the next hops has a value for each or none. */
static bool check_list(struct reading *reading, cfg_t *section, const char *name)
{
    unsigned vias = cfg_size(section, "via"), n = cfg_size(section, name), wanted = vias == 0 ? 1 : vias;
    if (n == 0 || n == wanted)
        return true;
    return fault(reading, section_get(section, name)->line,
                 "route %s has %u next hops but %u in %s; write one for each, in the same order",
                 section->title, wanted, n, name);
}

/* A route needs either next hops or a type. */
static bool check_shape(struct reading *reading, cfg_t *section)
{
    const struct config_value *type = section_get(section, "type");
    unsigned vias = cfg_size(section, "via");
    if (type == NULL && vias == 0)
        return fault(reading, section_line(section),
                     "route %s leads nowhere; write { via = A.B.C.D } or { type = prohibit }",
                     section->title);
    if (type != NULL && vias > 0)
        return fault(reading, type->line, "route %s has both via and type; keep one of them", section->title);
    return check_list(reading, section, "metric") && check_list(reading, section, "tos");
}

static void add_route(cfg_t *section, unsigned i, struct ip4_prefix prefix, struct network_node *node)
{
    const struct config_value *type = section_get(section, "type"), *via = section_item(section, "via", i);
    const struct config_value *metric = section_item(section, "metric", i);
    struct tapir_op *op = node_op(node, TAPIR_OP_ROUTE, 0);
    op->route.prefix = prefix;
    op->route.tos = tos_of(section, i);
    op->route.kind = type != NULL ? (enum tapir_route_kind)type->number : TAPIR_ROUTE_UNICAST;
    if (via != NULL)
        op->route.via = via->address;
    if (metric != NULL)
        op->route.metric = (uint32_t)metric->number;
}

static bool operate_route(struct reading *reading, cfg_t *section, struct network_node *node)
{
    struct ip4_prefix prefix;
    if (!route_prefix_read(reading, section_line(section), section->title, &prefix) ||
        !check_shape(reading, section))
        return false;
    if (is_routed(node, prefix))
        return fault(reading, section_line(section),
                     "route %s stands twice; write its next hops in one: via = { A.B.C.D, A.B.C.E }",
                     section->title);
    unsigned vias = cfg_size(section, "via");
    for (unsigned i = 0; i < vias; i++)
        if (!check_via(reading, section, i, node))
            return false;
    for (unsigned i = 0; i < (vias == 0 ? 1 : vias); i++)
        add_route(section, i, prefix, node);
    return true;
}

bool routes_operate(struct reading *reading, cfg_t *section, struct network_node *node)
{
    for (unsigned i = 0; i < cfg_size(section, "route"); i++)
        if (!operate_route(reading, cfg_getnsec(section, "route", i), node))
            return false;
    return true;
}
