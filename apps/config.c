/* config_read: the order of the work. Text, grammar, interfaces, MACs, operations, what concerns the whole.
 *
 * Next: config_text.c, config_grammar.c, config_node.c. */
#include "apps/config.h"
#include "apps/config_build.h"
#include "apps/config_text.h"
#include "apps/config_value.h"

#include <stdlib.h>

static void read_loop(struct reading *reading, cfg_t *root)
{
    cfg_t *section = section_inside(root, "loop");
    const struct config_value *engine = section_get(section, "engine"), *spin = section_get(section, "spin");
    if (engine != NULL)
        reading->network->loop.engine = (enum network_engine)engine->number;
    if (spin != NULL)
        reading->network->loop.spin_ns = spin->number;
}

static void read_links(struct reading *reading, cfg_t *root)
{
    struct network *network = reading->network;
    for (unsigned i = 0; i < cfg_size(root, "link"); i++) {
        network->links = list_grow(network->links, network->n_links, sizeof network->links[0]);
        link_read(cfg_getnsec(root, "link", i), &network->links[network->n_links++]);
    }
}

static bool read_interfaces(struct reading *reading, cfg_t *section, struct network_node *node)
{
    for (unsigned i = 0; i < cfg_size(section, "interface"); i++) {
        node->interfaces = list_grow(node->interfaces, node->n_interfaces, sizeof node->interfaces[0]);
        struct network_interface *interface = &node->interfaces[node->n_interfaces++];
        if (!interface_read(reading, cfg_getnsec(section, "interface", i), interface))
            return false;
    }
    if (node->n_interfaces == 0)
        warn(reading, section_line(section), "node \"%s\" has no interface; nobody can reach it", node->name);
    return true;
}

static bool read_nodes(struct reading *reading, cfg_t *root)
{
    struct network *network = reading->network;
    for (unsigned i = 0; i < cfg_size(root, "node"); i++) {
        cfg_t *section = cfg_getnsec(root, "node", i);
        if (!is_name(section->title, 63))
            return fault(reading, section_line(section), "\"%s\" is not %s; write it like %s", section->title,
                         form_is(FORM_NAME), form_like(FORM_NAME));
        network->nodes = list_grow(network->nodes, network->n_nodes, sizeof network->nodes[0]);
        struct network_node *node = &network->nodes[network->n_nodes++];
        node->name = text_copy(section->title);
        if (!read_interfaces(reading, section, node) || !services_read(reading, section, node))
            return false;
    }
    if (network->n_nodes == 0)
        return fault(reading, 0,
                     "there is no node in it; write at least: "
                     "node h1 { interface eth0 { tap = tap0  address = { 10.0.0.2/24 } } }");
    return true;
}

static bool operate_nodes(struct reading *reading, cfg_t *root)
{
    for (unsigned i = 0; i < reading->network->n_nodes; i++)
        if (!node_operate(reading, cfg_getnsec(root, "node", i), &reading->network->nodes[i]))
            return false;
    return true;
}

static bool build(struct reading *reading, cfg_t *root)
{
    read_loop(reading, root);
    read_links(reading, root);
    if (!read_nodes(reading, root) || !network_check(reading, root))
        return false;
    network_name_macs(reading->network);
    return operate_nodes(reading, root) && events_read(reading, root) && traffic_read(reading, root);
}

static bool read_file(struct reading *reading)
{
    size_t size;
    char *text = text_read(reading, &size);
    cfg_t *root = NULL;
    if (text != NULL && text_check(reading, text, size))
        root = grammar_parse(reading, text, size);
    free(text);
    if (root == NULL)
        return false;
    bool built = build(reading, root);
    cfg_free(root);
    return built;
}

static struct network *read_network(struct reading *reading)
{
    reading->network = list_grow(NULL, 0, sizeof *reading->network);
    if (read_file(reading))
        return reading->network;
    network_free(reading->network);
    return NULL;
}

struct network *config_read(const char *path, char *error, size_t error_size,
                            const struct config_warnings *warnings)
{
    struct reading reading = {.path = path, .error = error, .error_size = error_size, .warnings = warnings};
    return read_network(&reading);
}

struct network *config_read_text(const char *name, const char *text, char *error, size_t error_size,
                                 const struct config_warnings *warnings)
{
    struct reading reading = {
        .path = name, .text = text, .error = error, .error_size = error_size, .warnings = warnings};
    return read_network(&reading);
}

static void free_node(struct network_node *node)
{
    for (size_t i = 0; i < node->n_interfaces; i++) {
        free(node->interfaces[i].tap);
        free(node->interfaces[i].netns);
        free(node->interfaces[i].link);
    }
    free(node->interfaces);
    free(node->ops);
    free(node->services);
    free(node->name);
}

void network_free(struct network *network)
{
    if (network == NULL)
        return;
    for (size_t i = 0; i < network->n_nodes; i++)
        free_node(&network->nodes[i]);
    for (size_t i = 0; i < network->n_links; i++)
        free(network->links[i].name);
    free(network->nodes);
    free(network->links);
    free(network->events);
    free(network->traffic);
    free(network);
}
