/* Who pings whom: `traffic` sections. They come last, for they name nodes and their addresses. */
#include "apps/config_build.h"
#include "apps/config_value.h"
#include "tap/text.h"

#include <string.h>

#define SECOND INT64_C(1000000000)

enum {
    SIZE_DEFAULT = 56 /* octets, as ping has them */
};

static int64_t number(cfg_t *section, const char *name, int64_t initial)
{
    const struct config_value *value = section_get(section, name);
    return value == NULL ? initial : value->number;
}

static bool is_word(const struct config_value *value, const char *word)
{
    return value == NULL || strcmp(value->text, word) == 0;
}

/* A word, an address, or a node: then its first address. */
static bool read_to(struct reading *reading, cfg_t *section, struct network_traffic *traffic)
{
    const struct config_value *to = section_get(section, "to");
    size_t place;
    traffic->to_any = is_word(to, "any");
    if (traffic->to_any || text_parse_ip4(to->text, &traffic->to))
        return true;
    if (!node_find(reading, to, &place))
        return false;
    const struct network_node *node = &reading->network->nodes[place];
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS) {
            traffic->to = node->ops[i].address.address;
            return true;
        }
    return fault(reading, to->line, "node \"%s\" has no address; name another, or write an address",
                 to->text);
}

static bool read_traffic(struct reading *reading, cfg_t *section, struct network_traffic *traffic)
{
    const struct config_value *from = section_get(section, "from");
    bool from_all = is_word(from, "all");
    traffic->from = NETWORK_ALL;
    if (!from_all && !node_find(reading, from, &traffic->from))
        return false;
    traffic->every_ns = number(section, "every", SECOND);
    traffic->start_ns = number(section, "start", from_all ? -1 : 0);
    traffic->timeout_ns = number(section, "timeout", 10 * SECOND);
    traffic->count = (uint64_t)number(section, "count", 0);
    traffic->size = (uint16_t)number(section, "size", SIZE_DEFAULT);
    traffic->ttl = (uint8_t)number(section, "ttl", 0);
    return read_to(reading, section, traffic);
}

bool traffic_read(struct reading *reading, cfg_t *root)
{
    struct network *network = reading->network;
    for (unsigned i = 0; i < cfg_size(root, "traffic"); i++) {
        network->traffic = list_grow(network->traffic, network->n_traffic, sizeof network->traffic[0]);
        if (!read_traffic(reading, cfg_getnsec(root, "traffic", i), &network->traffic[network->n_traffic++]))
            return false;
    }
    return true;
}
