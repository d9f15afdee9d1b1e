/* What the sections of a node share: its list of operations, and what a host address is. */
#include "apps/config_build.h"
#include "apps/config_value.h"

struct tapir_op *node_op(struct network_node *node, enum tapir_op_kind kind, unsigned iface)
{
    node->ops = list_grow(node->ops, node->n_ops, sizeof node->ops[0]);
    struct tapir_op *op = &node->ops[node->n_ops++];
    op->kind = kind;
    op->iface = iface;
    return op;
}

const char *address_trouble(struct ip4_prefix prefix)
{
    uint32_t address = prefix.address.value, host = ~prefix_mask(prefix.length);
    if (address >> 24 == 0)
        return "means \"this network\"";
    if (address >> 24 == 127)
        return "is a loopback address";
    if (address >> 28 == 0xe)
        return "is a multicast address";
    if (address >> 28 == 0xf)
        return "is reserved";
    if (prefix.length <= 30 && (address & host) == 0)
        return "is the address of the network itself";
    if (prefix.length <= 30 && (address & host) == host)
        return "is the broadcast address of its network";
    return NULL;
}
