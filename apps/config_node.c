/* The operations of one node, but for its neighbors and routes (config_route.c), and its services. */
#include "apps/config_build.h"
#include "apps/config_settings.h"
#include "apps/config_value.h"

#include <string.h>

static bool is_doubled(const struct network_node *node, struct ip4 address)
{
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS && node->ops[i].address.address.value == address.value)
            return true;
    return false;
}

bool addresses_operate(struct reading *reading, cfg_t *section, unsigned iface, struct network_node *node)
{
    if (cfg_size(section, "address") == 0)
        warn(reading, section_line(section),
             "interface \"%s\" has no address; write address = { A.B.C.D/LEN }", section->title);
    for (unsigned i = 0; i < cfg_size(section, "address"); i++) {
        const struct config_value *value = section_item(section, "address", i);
        const char *trouble = address_trouble(value->prefix);
        if (trouble != NULL)
            return fault(reading, value->line, "%s %s; write the address of a host", value->text, trouble);
        if (is_doubled(node, value->prefix.address))
            return fault(reading, value->line, "node \"%s\" has %s twice; remove one of them", node->name,
                         value->text);
        node_op(node, TAPIR_OP_ADDRESS, iface)->address = value->prefix;
    }
    return true;
}

static bool is_item(cfg_t *section, const char *name, struct ip4 address)
{
    for (unsigned i = 0; i < cfg_size(section, name); i++) {
        const struct config_value *value = section_item(section, name, i);
        struct ip4 item = value->form == FORM_PREFIX ? value->prefix.address : value->address;
        if (item.value == address.value)
            return true;
    }
    return false;
}

/* `advertise` names the addresses of the interface that router advertisements list; without it they list all. */
static bool advertise_operate(struct reading *reading, cfg_t *section, unsigned iface,
                              struct network_node *node)
{
    for (unsigned i = 0; i < cfg_size(section, "advertise"); i++) {
        const struct config_value *value = section_item(section, "advertise", i);
        if (!is_item(section, "address", value->address))
            return fault(
                reading, value->line,
                "%s is no address of interface \"%s\"; write one that is, or remove it from advertise",
                value->text, section->title);
    }
    for (unsigned i = 0; cfg_size(section, "advertise") > 0 && i < cfg_size(section, "address"); i++) {
        const struct config_value *own = section_item(section, "address", i);
        if (is_item(section, "advertise", own->prefix.address))
            continue;
        struct tapir_op *op = node_op(node, TAPIR_OP_ADVERTISE, iface);
        op->address = own->prefix;
        op->remove = true;
    }
    return true;
}

static void operate_interface(struct network_node *node, unsigned iface)
{
    const struct network_interface *interface = &node->interfaces[iface];
    struct tapir_op *op = node_op(node, TAPIR_OP_INTERFACE, iface);
    memcpy(op->interface.name, interface->name, sizeof op->interface.name);
    op->interface.mac = interface->mac;
    op->interface.mtu = interface->mtu;
}

bool node_operate(struct reading *reading, cfg_t *section, struct network_node *node)
{
    unsigned n = (unsigned)node->n_interfaces;
    for (unsigned i = 0; i < n; i++)
        operate_interface(node, i);
    if (!settings_apply(reading, section, TAPIR_EVERYWHERE, node))
        return false;
    for (unsigned i = 0; i < n; i++)
        if (!settings_apply(reading, cfg_getnsec(section, "interface", i), i, node))
            return false;
    for (unsigned i = 0; i < n; i++)
        if (!addresses_operate(reading, cfg_getnsec(section, "interface", i), i, node) ||
            !advertise_operate(reading, cfg_getnsec(section, "interface", i), i, node))
            return false;
    return neighbors_operate(reading, section, node) && routes_operate(reading, section, node) &&
           tables_operate(reading, section, node);
}

static bool add_service(struct reading *reading, const struct config_value *port,
                        enum network_service_kind kind, struct network_node *node)
{
    for (size_t i = 0; i < node->n_services; i++)
        if (node->services[i].port == port->number)
            return fault(reading, port->line, "port %s has a service already; write another port",
                         port->text);
    node->services = list_grow(node->services, node->n_services, sizeof node->services[0]);
    node->services[node->n_services++] =
        (struct network_service){.kind = kind, .port = (uint16_t)port->number};
    return true;
}

bool services_read(struct reading *reading, cfg_t *section, struct network_node *node)
{
    static const char *const names[] = {
        [NETWORK_ECHO] = "echo", [NETWORK_STALL] = "stall", [NETWORK_CLOSE] = "close"};
    cfg_t *services = section_inside(section, "services");
    for (unsigned kind = 0; services != NULL && kind < sizeof names / sizeof names[0]; kind++)
        for (unsigned i = 0; i < cfg_size(services, names[kind]); i++)
            if (!add_service(reading, section_item(services, names[kind], i), (enum network_service_kind)kind,
                             node))
                return false;
    return true;
}
