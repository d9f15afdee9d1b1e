/* ARP leaves. Lanes: -> frame */
#include "link/arp_output.h"

#include "route/source.h"
#include "wire/ether.h"

/* RFC 3927 2.5: what speaks for a link-local address is heard by all, so that they notice conflicts over it. */
static struct mac destination_of(const struct arp *arp, struct mac destination)
{
    return ip4_is_link_local(arp->sender) ? mac_broadcast() : destination;
}

static bool send(struct core *core, const struct iface *iface, const struct arp *arp, struct mac destination,
                 const struct tapir_packet *cause)
{
    struct tapir_packet *packet = packet_bear(core, ARP_SIZE, cause);
    if (packet == NULL)
        return false;
    arp_build(packet->data, arp);
    packet->within.ethertype = ETHERTYPE_ARP;
    packet->within.exit = iface->number;
    packet->within.mac = destination_of(arp, destination);
    lane_push(core, LANE_FRAME, packet);
    return true;
}

static bool request(struct core *core, const struct iface *iface, struct ip4 sender, struct ip4 target,
                    struct mac destination)
{
    struct arp arp = {
        .hardware = ARP_ETHERNET,
        .opcode = ARP_REQUEST,
        .sender_mac = iface->mac,
        .sender = sender,
        .target = target,
    };
    return send(core, iface, &arp, destination, NULL);
}

bool arp_can_ask(const struct link *link, unsigned iface, struct ip4 target)
{
    return !ip4_is_zero(source_choose(link->addresses, iface, target));
}

bool arp_request(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                 struct mac destination)
{
    struct ip4 sender = source_choose(link->addresses, iface->number, target);
    return !ip4_is_zero(sender) && request(core, iface, sender, target, destination);
}

bool arp_probe(struct core *core, const struct iface *iface, struct ip4 address)
{
    return request(core, iface, (struct ip4){0}, address, mac_broadcast());
}

bool arp_announce(struct core *core, const struct iface *iface, struct ip4 address)
{
    return request(core, iface, address, address, mac_broadcast());
}

bool arp_reply(struct core *core, const struct iface *iface, const struct arp *request,
               const struct tapir_packet *cause)
{
    struct arp arp = {
        .hardware = ARP_ETHERNET,
        .opcode = ARP_REPLY,
        .sender_mac = iface->mac,
        .sender = request->target,
        .target_mac = request->sender_mac,
        .target = request->sender,
    };
    return send(core, iface, &arp, request->sender_mac, cause);
}
