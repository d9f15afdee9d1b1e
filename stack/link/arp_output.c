/* ARP leaves. Lanes: -> frame */
#include "link/arp_output.h"

#include "route/source.h"
#include "wire/ether.h"

static bool send(struct core *core, const struct iface *iface, const struct arp *arp, struct mac destination,
                 const struct tapir_packet *cause)
{
    struct tapir_packet *packet = packet_bear(core, ARP_SIZE, cause);
    if (packet == NULL)
        return false;
    arp_build(packet->data, arp);
    packet->within.ethertype = ETHERTYPE_ARP;
    packet->within.exit = iface->number;
    packet->within.mac = destination;
    lane_push(core, LANE_FRAME, packet);
    return true;
}

void arp_request(struct link *link, struct core *core, const struct iface *iface, struct ip4 target,
                 struct mac destination)
{
    struct arp arp = {
        .hardware = ARP_ETHERNET,
        .opcode = ARP_REQUEST,
        .sender_mac = iface->mac,
        .sender = source_choose(link->addresses, iface->number, target),
        .target = target,
    };
    send(core, iface, &arp, destination, NULL);
}

void arp_probe(struct core *core, const struct iface *iface, struct ip4 sender, struct ip4 target)
{
    struct arp arp = {
        .hardware = ARP_ETHERNET,
        .opcode = ARP_REQUEST,
        .sender_mac = iface->mac,
        .sender = sender,
        .target = target,
    };
    send(core, iface, &arp, mac_broadcast(), NULL);
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
