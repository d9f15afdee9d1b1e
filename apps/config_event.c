/* What happens to the network: `event` sections. They come last, for they name links, nodes and interfaces. */
#include "apps/config_build.h"
#include "apps/config_value.h"

#include <string.h>

static bool find_link(struct reading *reading, const struct config_value *name, struct network_event *event)
{
    const struct network *network = reading->network;
    for (event->link = 0; event->link < network->n_links; event->link++)
        if (strcmp(network->links[event->link].name, name->text) == 0)
            return true;
    return fault(reading, name->line, "there is no link \"%s\"; name one of the file", name->text);
}

bool node_find(struct reading *reading, const struct config_value *name, size_t *place)
{
    const struct network *network = reading->network;
    for (*place = 0; *place < network->n_nodes; ++*place)
        if (strcmp(network->nodes[*place].name, name->text) == 0)
            return true;
    return fault(reading, name->line, "there is no node \"%s\"; name one of the file", name->text);
}

static bool find_interface(struct reading *reading, const struct config_value *name,
                           struct network_event *event)
{
    const struct network_node *node = &reading->network->nodes[event->node];
    for (event->iface = 0; event->iface < node->n_interfaces; event->iface++)
        if (strcmp(node->interfaces[event->iface].name, name->text) == 0)
            return true;
    return fault(reading, name->line, "node \"%s\" has no interface \"%s\"; name one of its own", node->name,
                 name->text);
}

/* What it happens to: a link, or an interface of a node. */
static bool read_object(struct reading *reading, cfg_t *section, struct network_event *event)
{
    const struct config_value *link = section_get(section, "link"), *node = section_get(section, "node"),
                              *interface = section_get(section, "interface");
    event->is_link = link != NULL;
    if (link != NULL && node == NULL && interface == NULL)
        return find_link(reading, link, event);
    if (link == NULL && node != NULL && interface != NULL)
        return node_find(reading, node, &event->node) && find_interface(reading, interface, event);
    return fault(reading, section_line(section),
                 "the event names %s; write link = NAME, or node = NAME interface = NAME",
                 link != NULL                        ? "both a link and an interface"
                 : node != NULL || interface != NULL ? "only half of an interface"
                                                     : "nothing that it happens to");
}

static bool read_event(struct reading *reading, cfg_t *section, struct network_event *event)
{
    const struct config_value *at = section_get(section, "at"), *state = section_get(section, "state");
    if (at == NULL || state == NULL)
        return fault(reading, section_line(section), "the event has no %s; write %s",
                     at == NULL ? "time" : "state", at == NULL ? "at = 10s" : "state = down or state = up");
    event->at_ns = at->number;
    event->up = state->number != 0;
    return read_object(reading, section, event);
}

bool events_read(struct reading *reading, cfg_t *root)
{
    struct network *network = reading->network;
    for (unsigned i = 0; i < cfg_size(root, "event"); i++) {
        network->events = list_grow(network->events, network->n_events, sizeof network->events[0]);
        if (!read_event(reading, cfg_getnsec(root, "event", i), &network->events[network->n_events++]))
            return false;
    }
    return true;
}
