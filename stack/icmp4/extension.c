#include "icmp4/extension.h"

#include "route/source.h"
#include "wire/icmp4.h"

static bool takes_extensions(uint8_t type)
{
    return type == ICMP4_UNREACH || type == ICMP4_TIME_EXCEEDED || type == ICMP4_PARAM_PROBLEM;
}

/* Our address on the sender's network there, or the first one of the interface. */
static struct ip4 address_of(const struct ip4_state *ip4, const struct tapir_packet *offender)
{
    struct ip4 address = source_choose(&ip4->addresses, offender->iface, offender->within.tuple.source);
    bool is_there = address_find(&ip4->addresses, offender->iface, address) != NULL;
    return is_there ? address : (struct ip4){0};
}

size_t extension_build(const struct ip4_state *ip4, const struct tapir_packet *offender, uint8_t type,
                       uint8_t extension[EXTENSION_MAX])
{
    const struct iface *iface = iface_lookup(&ip4->link.ifaces, offender->iface);
    if (iface == NULL || !takes_extensions(type) ||
        !settings_is_on(&iface->settings, TAPIR_SET_ICMP_EXTENSIONS_INTERFACE))
        return 0;
    struct icmp4_interface told = {.role = ICMP4_ROLE_ARRIVAL};
    if (settings_is_on(&iface->settings, TAPIR_SET_ICMP_EXTENSIONS_INDEX))
        told.index = iface->number + 1;
    if (settings_is_on(&iface->settings, TAPIR_SET_ICMP_EXTENSIONS_ADDRESS))
        told.address = address_of(ip4, offender);
    if (settings_is_on(&iface->settings, TAPIR_SET_ICMP_EXTENSIONS_NAME))
        told.name = iface->name;
    if (settings_is_on(&iface->settings, TAPIR_SET_ICMP_EXTENSIONS_MTU))
        told.mtu = iface->mtu;
    size_t object = icmp4_interface_build(extension + ICMP4_EXTENSION_HEADER, &told);
    if (object == 0)
        return 0;
    icmp4_extension_finish(extension, ICMP4_EXTENSION_HEADER + object);
    return ICMP4_EXTENSION_HEADER + object;
}
