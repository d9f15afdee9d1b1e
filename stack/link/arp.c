/* ARP arrives. Lanes: arp -> frame, resolved */
#include "link/arp.h"

#include "link/acd.h"
#include "link/arp_output.h"
#include "link/arp_proxy.h"
#include "wire/arp.h"

/* We answer for `target` on this interface (RFC 5227 2.5). */
static bool is_asked_for(const struct link *link, const struct iface *iface, struct ip4 target)
{
    const struct address *address = NULL;
    if (address_lookup(link->addresses, target, iface->number, &address) != ADDRESS_OURS)
        return false;
    return address->iface == iface->number || settings_is_on(&iface->settings, TAPIR_SET_ARP_ANY_INTERFACE);
}

/* No host can have this address, whatever the packet says. */
static bool is_martian(const struct link *link, const struct iface *iface, struct ip4 sender)
{
    return ip4_is_this_net(sender) || ip4_is_loopback(sender) || ip4_is_multicast(sender) ||
           ip4_is_class_e(sender) ||
           address_lookup(link->addresses, sender, iface->number, NULL) != ADDRESS_NOTHING;
}

/* A probe (RFC 5227 1.1): somebody wants to use `target`. It is answered, and teaches nothing. */
static enum tapir_verdict judge_probe(struct link *link, struct core *core, struct iface *iface,
                                      const struct arp *arp, const struct tapir_packet *packet)
{
    if (arp->opcode != ARP_REQUEST)
        return TAPIR_ARP_SENDER_MARTIAN;
    if (acd_probed(link, core, iface, arp->target, arp->sender_mac))
        return TAPIR_ARP_CONFLICT;
    if (!is_asked_for(link, iface, arp->target))
        return TAPIR_ARP_OVERHEARD;
    return arp_reply(core, iface, arp, packet) ? TAPIR_ARP_ANSWERED : TAPIR_STORE_FULL;
}

/* Under arp.inspect who is not asked makes himself known by asking only: a request shows that he expects an answer. */
static bool may_create(const struct iface *iface, const struct arp *arp)
{
    return arp->opcode == ARP_REQUEST || !settings_is_on(&iface->settings, TAPIR_SET_ARP_INSPECT);
}

/* RFC 826: merge first, whatever the opcode; create only when it is meant for us; then look at the opcode. */
static enum tapir_verdict judge_mapping(struct link *link, struct core *core, struct iface *iface,
                                        const struct arp *arp, const struct tapir_packet *packet)
{
    bool for_us = is_asked_for(link, iface, arp->target);
    enum tapir_verdict learned =
        neighbor_learn(link, core, iface, arp->sender, arp->sender_mac, for_us && may_create(iface, arp));
    if (learned == TAPIR_ARP_DOUBTED)
        return learned;
    if (arp->opcode != ARP_REQUEST && arp->opcode != ARP_REPLY)
        return TAPIR_ARP_OPCODE;
    if (arp->opcode == ARP_REQUEST && for_us)
        return arp_reply(core, iface, arp, packet) ? TAPIR_ARP_ANSWERED : TAPIR_STORE_FULL;
    if (arp->opcode == ARP_REQUEST && arp_proxy_answers(link, core, iface, arp))
        return arp_reply(core, iface, arp, packet) ? TAPIR_ARP_PROXIED : TAPIR_STORE_FULL;
    if (learned == TAPIR_ARP_OVERHEARD && for_us && !may_create(iface, arp))
        return TAPIR_ARP_UNASKED;
    return learned;
}

static enum tapir_verdict judge(struct link *link, struct core *core, struct iface *iface,
                                const struct tapir_packet *packet)
{
    struct arp arp;
    enum tapir_verdict verdict =
        arp_parse(packet_ip4(packet), packet->within.end - packet->within.network, packet->within.snap, &arp);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (mac_is_group(arp.sender_mac) || mac_is_zero(arp.sender_mac))
        return TAPIR_ARP_SENDER_MAC;
    if (settings_is_on(&iface->settings, TAPIR_SET_ARP_INSPECT) &&
        !mac_equal(arp.sender_mac, mac_get(packet->data + 6)))
        return TAPIR_ARP_SENDER_FRAME;
    if (mac_equal(arp.sender_mac, iface->mac))
        return TAPIR_ARP_OWN_ECHO;
    if (acd_claimed(link, core, iface, arp.sender, arp.sender_mac))
        return TAPIR_ARP_CONFLICT;
    if (ip4_is_zero(arp.sender))
        return judge_probe(link, core, iface, &arp, packet);
    if (is_martian(link, iface, arp.sender))
        return TAPIR_ARP_SENDER_MARTIAN;
    if (address_towards(link->addresses, iface->number, arp.sender) == NULL)
        return TAPIR_ARP_OFF_SUBNET;
    return judge_mapping(link, core, iface, &arp, packet);
}

void arp_input(struct link *link, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_ARP, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            struct iface *iface = iface_lookup(&link->ifaces, packets[i]->iface);
            settle(core, packets[i], judge(link, core, iface, packets[i]));
        }
}
