/* One interface section: its device, and the kernel's end of a TAP. */
#include "apps/config_build.h"
#include "apps/config_value.h"

#include <stdio.h>
#include <string.h>

enum {
    MTU_DEFAULT = 1500
};

static char *copy_of(const struct config_value *value)
{
    return value == NULL ? NULL : text_copy(value->text);
}

static bool has_peer(cfg_t *peer)
{
    return section_get(peer, "address") != NULL || section_get(peer, "gateway") != NULL;
}

/* What only a TAP has. */
static bool check_tap_only(struct reading *reading, cfg_t *section)
{
    static const char *const names[] = {"netns", "offload"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct config_value *value = section_get(section, names[i]);
        if (value != NULL)
            return fault(reading, value->line, "interface \"%s\" has %s but no TAP; write tap = NAME too",
                         section->title, names[i]);
    }
    if (has_peer(section_inside(section, "peer")))
        return fault(reading, section_line(section),
                     "interface \"%s\" has a peer but no TAP; write tap = NAME too, or remove the peer",
                     section->title);
    return true;
}

static bool read_device(struct reading *reading, cfg_t *section, struct network_interface *interface)
{
    const struct config_value *tap = section_get(section, "tap"), *link = section_get(section, "link");
    if (tap != NULL && link != NULL)
        return fault(reading, link->line, "interface \"%s\" has both tap and link; keep one of them",
                     section->title);
    const struct config_value *device = tap != NULL ? tap : link;
    interface->line = device != NULL ? device->line : section_line(section);
    interface->tap = copy_of(tap);
    interface->link = copy_of(link);
    interface->netns = copy_of(section_get(section, "netns"));
    return tap != NULL || check_tap_only(reading, section);
}

/* The interface's own network that holds the peer's address. */
static const struct config_value *network_of(cfg_t *section, struct ip4 address)
{
    for (unsigned i = 0; i < cfg_size(section, "address"); i++) {
        const struct config_value *own = section_item(section, "address", i);
        if (prefix_holds(own->prefix, address))
            return own;
    }
    return NULL;
}

static bool is_own(cfg_t *section, struct ip4 address)
{
    for (unsigned i = 0; i < cfg_size(section, "address"); i++)
        if (section_item(section, "address", i)->prefix.address.value == address.value)
            return true;
    return false;
}

static bool check_peer_address(struct reading *reading, cfg_t *section, const struct config_value *peer)
{
    const char *trouble = address_trouble(peer->prefix);
    if (trouble != NULL)
        return fault(reading, peer->line, "peer address %s %s; write the address of a host", peer->text,
                     trouble);
    if (is_own(section, peer->prefix.address))
        return fault(reading, peer->line, "peer address %s is tapir's own; write another of the same network",
                     peer->text);
    if (network_of(section, peer->prefix.address) == NULL)
        return fault(reading, peer->line,
                     "peer address %s is not in a network of interface \"%s\"; write one that is", peer->text,
                     section->title);
    return true;
}

static bool check_gateway(struct reading *reading, const struct config_value *peer,
                          const struct config_value *gateway)
{
    if (!prefix_holds(peer->prefix, gateway->address))
        return fault(reading, gateway->line,
                     "gateway %s is not in the peer's network %s; write an address that is", gateway->text,
                     peer->text);
    if (peer->prefix.address.value == gateway->address.value)
        return fault(reading, gateway->line, "gateway %s is the peer itself; write tapir's address",
                     gateway->text);
    return true;
}

static bool read_peer(struct reading *reading, cfg_t *section, struct network_interface *interface)
{
    cfg_t *inside = section_inside(section, "peer");
    const struct config_value *peer = section_get(inside, "address"),
                              *gateway = section_get(inside, "gateway");
    if (peer == NULL && gateway == NULL)
        return true;
    if (peer == NULL)
        return fault(reading, gateway->line,
                     "the peer has a gateway but no address; write address = A.B.C.D/LEN too");
    if (!check_peer_address(reading, section, peer))
        return false;
    interface->has_peer = true;
    interface->peer = peer->prefix;
    if (gateway == NULL)
        return true;
    interface->has_gateway = true;
    interface->gateway = gateway->address;
    return check_gateway(reading, peer, gateway);
}

bool interface_read(struct reading *reading, cfg_t *section, struct network_interface *interface)
{
    const struct config_value *mtu = section_get(section, "mtu"), *mac = section_get(section, "mac"),
                              *offload = section_get(section, "offload");
    if (!is_name(section->title, sizeof interface->name - 1))
        return fault(reading, section_line(section), "\"%s\" is not %s; write it like eth0", section->title,
                     form_is(FORM_DEVICE));
    snprintf(interface->name, sizeof interface->name, "%s", section->title);
    interface->has_mtu = mtu != NULL;
    interface->mtu = mtu != NULL ? (uint16_t)mtu->number : MTU_DEFAULT;
    if (mac != NULL)
        interface->mac = mac->mac;
    if (offload != NULL)
        interface->offload = (enum network_offload)offload->number;
    return read_device(reading, section, interface) && read_peer(reading, section, interface);
}
