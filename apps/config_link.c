/* Links, and what concerns the network as a whole. */
#include "apps/config_build.h"
#include "apps/config_value.h"
#include "apps/nearest.h"

#include <stdlib.h>
#include <string.h>

enum {
    QUEUE_DEFAULT = 100
};

static int64_t number(cfg_t *section, const char *name, int64_t initial)
{
    const struct config_value *value = section_get(section, name);
    return value == NULL ? initial : value->number;
}

static double probability(cfg_t *section, const char *name)
{
    const struct config_value *value = section_get(section, name);
    return value == NULL ? 0 : value->probability;
}

void link_read(cfg_t *section, struct network_link *link)
{
    link->name = text_copy(section->title);
    link->latency_ns = number(section, "latency", 0);
    link->rate = (uint64_t)number(section, "rate", 0);
    link->queue = (uint32_t)number(section, "queue", QUEUE_DEFAULT);
    link->seed = (uint64_t)number(section, "seed", 0);
    link->loss = probability(section, "loss");
    link->reorder = probability(section, "reorder");
    link->duplicate = probability(section, "duplicate");
    link->corrupt = probability(section, "corrupt");
}

static const struct network_link *find_link(const struct network *network, const char *name)
{
    for (size_t i = 0; i < network->n_links; i++)
        if (strcmp(network->links[i].name, name) == 0)
            return &network->links[i];
    return NULL;
}

static bool fault_link(struct reading *reading, const struct network_interface *interface)
{
    const struct network *network = reading->network;
    const char **names = NULL;
    for (size_t i = 0; i < network->n_links; i++) {
        names = list_grow(names, i, sizeof *names);
        names[i] = network->links[i].name;
    }
    const char *nearest = nearest_name(interface->link, names, network->n_links);
    free(names);
    if (nearest != NULL)
        return fault(reading, interface->line, "there is no link \"%s\"; did you mean \"%s\"?",
                     interface->link, nearest);
    return fault(reading, interface->line, "there is no link \"%s\"; write link %s { } beside the nodes",
                 interface->link, interface->link);
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_tap(const struct network_interface *a, const struct network_interface *b)
{
    return a->tap != NULL && b->tap != NULL && strcmp(a->tap, b->tap) == 0 && same_text(a->netns, b->netns);
}

/* The first interface of the file that has the same TAP; itself when it is the first. */
static const struct network_interface *first_with(const struct network *network,
                                                  const struct network_interface *interface)
{
    for (size_t i = 0; i < network->n_nodes; i++)
        for (size_t j = 0; j < network->nodes[i].n_interfaces; j++)
            if (same_tap(&network->nodes[i].interfaces[j], interface))
                return &network->nodes[i].interfaces[j];
    return interface;
}

static bool check_interface(struct reading *reading, const struct network_interface *interface,
                            unsigned ends[])
{
    const struct network *network = reading->network;
    const struct network_interface *first = first_with(network, interface);
    if (first != interface)
        return fault(reading, interface->line,
                     "TAP \"%s\" belongs to interface \"%s\" on line %d already; name another",
                     interface->tap, first->name, first->line);
    if (interface->link == NULL)
        return true;
    const struct network_link *link = find_link(network, interface->link);
    if (link == NULL)
        return fault_link(reading, interface);
    ends[link - network->links]++;
    return true;
}

static bool check_interfaces(struct reading *reading, unsigned ends[])
{
    const struct network *network = reading->network;
    for (size_t i = 0; i < network->n_nodes; i++)
        for (size_t j = 0; j < network->nodes[i].n_interfaces; j++)
            if (!check_interface(reading, &network->nodes[i].interfaces[j], ends))
                return false;
    return true;
}

static bool check_names(struct reading *reading, cfg_t *root)
{
    for (unsigned i = 0; i < reading->network->n_links; i++)
        if (!is_name(reading->network->links[i].name, 63))
            return fault(reading, section_line(cfg_getnsec(root, "link", i)),
                         "\"%s\" is not %s; write it like lan", reading->network->links[i].name,
                         form_is(FORM_NAME));
    return true;
}

bool network_check(struct reading *reading, cfg_t *root)
{
    const struct network *network = reading->network;
    unsigned *ends = calloc(network->n_links + 1, sizeof *ends);
    if (ends == NULL)
        abort();
    bool fine = check_names(reading, root) && check_interfaces(reading, ends);
    for (unsigned i = 0; fine && i < network->n_links; i++)
        if (ends[i] < 2)
            warn(reading, section_line(cfg_getnsec(root, "link", i)),
                 "link \"%s\" has %s; nothing can cross it", network->links[i].name,
                 ends[i] == 0 ? "no end" : "one end only");
    free(ends);
    return fine;
}
