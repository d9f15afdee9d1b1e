/* MAC addresses that follow from names: 02 and five octets of a hash of node and interface.
 *
 * An interface's MAC changes only with its own names, or when the hash of an elder one is the same (2^-40).
 */
#include "apps/config_build.h"
#include "apps/config_value.h"

#include <string.h>

/* FNV-1a, 64 bits, over the string and its NUL. Not against strangers: the names are our own. */
static uint64_t hash(uint64_t state, const char *text)
{
    size_t size = strlen(text) + 1;
    for (size_t i = 0; i < size; i++)
        state = (state ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
    return state;
}

static struct mac derive(const char *node, const char *interface, unsigned salt)
{
    uint64_t state = hash(hash(UINT64_C(0xcbf29ce484222325) + salt, node), interface);
    struct mac mac = {{0x02}}; /* locally administered, one station */
    state ^= state >> 32;
    for (unsigned i = 1; i < 6; i++)
        mac.octet[i] = (uint8_t)(state >> 8 * (5 - i));
    return mac;
}

static bool is_taken(const struct network *network, struct mac mac)
{
    for (size_t i = 0; i < network->n_nodes; i++)
        for (size_t j = 0; j < network->nodes[i].n_interfaces; j++)
            if (memcmp(&network->nodes[i].interfaces[j].mac, &mac, sizeof mac) == 0)
                return true;
    return false;
}

static void name_mac(const struct network *network, const char *node, struct network_interface *interface)
{
    unsigned salt = 0;
    struct mac mac = derive(node, interface->name, salt);
    while (is_taken(network, mac))
        mac = derive(node, interface->name, ++salt);
    interface->mac = mac;
}

void network_name_macs(struct network *network)
{
    for (size_t i = 0; i < network->n_nodes; i++)
        for (size_t j = 0; j < network->nodes[i].n_interfaces; j++)
            if (!is_station(network->nodes[i].interfaces[j].mac)) /* all zero: the file gives none */
                name_mac(network, network->nodes[i].name, &network->nodes[i].interfaces[j]);
}
