/* Ethernet in and out. Lanes: rx -> arp, ip4
 *                      Lanes: frame -> out
 */
#include "link/ether.h"

#include <string.h>

#include "core/promise.h"
#include "wire/ether.h"

/* Whom a frame from outside is for, in the order of its octets. */
static enum tapir_verdict judge_addresses(const struct iface *iface, const struct ether_header *header)
{
    if (!mac_is_group(header->destination) && !mac_equal_at(&header->destination, &iface->mac))
        return TAPIR_ETHER_NOT_OURS;
    if (mac_is_group(header->source))
        return TAPIR_ETHER_GROUP_SOURCE;
    return TAPIR_UNSETTLED;
}

/* A frame of our own that a hub brings back must reach ARP, which tells an echo from a conflict; IP refuses
 * it here. */
static bool is_own_echo(const struct iface *iface, const struct ether_header *header)
{
    return mac_equal_at(&header->source, &iface->mac) && header->type != ETHERTYPE_ARP;
}

static void note(struct tapir_packet *packet, const struct ether_header *header)
{
    struct tapir_packet_private *within = &packet->within;
    bool is_group = mac_is_group(header->destination);
    within->link_broadcast = is_group && mac_is_broadcast(header->destination);
    within->link_multicast = is_group && !within->link_broadcast;
    within->snap = header->size != ETHER_HEADER;
    within->ethertype = header->type;
    within->network = header->size;
    within->end = within->snap ? ETHER_HEADER + (uint32_t)header->length : packet->size;
}

/* IPv4 in Ethernet II from another host to us alone, as nearly all frames: its bytes say so where they lie. */
static bool is_usual(const struct iface *iface, const struct tapir_packet *packet)
{
    return packet->size >= ETHER_HEADER && ether_type(packet->data) == ETHERTYPE_IP4 &&
           ether_is_between(packet->data, &iface->mac);
}

RARE static enum tapir_verdict judge_any(const struct iface *iface, struct tapir_packet *packet)
{
    struct ether_header header;
    enum tapir_verdict verdict = ether_parse(packet->data, packet->size, &header);
    if (verdict == TAPIR_ETHER_SHORT)
        return verdict;
    enum tapir_verdict address = judge_addresses(iface, &header);
    if (address != TAPIR_UNSETTLED)
        return address;
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (is_own_echo(iface, &header))
        return TAPIR_ETHER_OWN_SOURCE;
    if (header.type != ETHERTYPE_IP4 && header.type != ETHERTYPE_ARP)
        return TAPIR_ETHER_TYPE;
    note(packet, &header);
    return TAPIR_UNSETTLED;
}

static enum tapir_verdict judge(const struct iface *iface, struct tapir_packet *packet)
{
    if (iface == NULL || !iface->up)
        return TAPIR_IFACE_DOWN;
    if (!is_usual(iface, packet))
        return judge_any(iface, packet);
    packet->within.ethertype = ETHERTYPE_IP4;
    packet->within.network = ETHER_HEADER;
    packet->within.end = packet->size;
    return TAPIR_UNSETTLED;
}

void ether_input(struct link *link, struct core *core)
{
    struct train train = train_begin(core, LANE_IP4);
    struct tapir_packet *next;
    for (struct tapir_packet *packet = lane_take_all(core, LANE_RX); packet != NULL; packet = next) {
        next = packet->within.next;
        unsigned number = packet->iface; /* the caller's word */
        const struct iface *iface = number < link->ifaces.limit ? iface_at(&link->ifaces, number) : NULL;
        enum tapir_verdict verdict = judge(iface, packet);
        if (verdict != TAPIR_UNSETTLED)
            settle(core, packet, verdict);
        else if (packet->within.ethertype == ETHERTYPE_ARP)
            lane_push(core, LANE_ARP, packet);
        else
            train_add(&train, packet);
    }
    train_end(core, LANE_IP4, &train);
}

/* A slot without room for the padding: the frame moves into the headroom, which has more than ETHER_MIN. */
static void move_down(struct tapir_packet *packet, uint32_t octets)
{
    memmove(packet->data - octets, packet->data, packet->size);
    packet->data -= octets;
    packet->headroom -= octets;
    packet->tailroom += octets;
}

/* Cuts what lies behind the payload (old padding) and pads with zeros. */
RARE static void fit(struct tapir_packet *packet)
{
    packet->tailroom += packet->size - packet->within.end;
    packet->size = packet->within.end;
    if (packet->size + packet->tailroom < ETHER_MIN)
        move_down(packet, ETHER_MIN - packet->size - packet->tailroom);
    uint32_t slack = packet->size + packet->tailroom;
    if (packet->size < ETHER_MIN) {
        memset(packet->data + packet->size, 0, ETHER_MIN - packet->size);
        packet->size = ETHER_MIN;
    }
    packet->tailroom = slack - packet->size;
}

/* Moves `data` to where the header begins: into the headroom, or over the header that it came with. Of the offsets only `end` is
 * read from here on. */
RARE static void shift(struct tapir_packet *packet)
{
    struct tapir_packet_private *within = &packet->within;
    int32_t octets = (int32_t)within->network - ETHER_HEADER;
    packet->data += octets;
    packet->size -= (uint32_t)octets;
    packet->headroom += (uint32_t)octets;
    within->end -= (uint32_t)octets;
    packet->offload.start = (uint16_t)(packet->offload.start - octets);
}

static void frame(const struct iface *iface, struct tapir_packet *packet)
{
    if (packet->within.network != ETHER_HEADER)
        shift(packet);
    ether_build(packet->data, &packet->within.mac, &iface->mac, packet->within.ethertype);
    if (packet->size != packet->within.end || packet->size < ETHER_MIN)
        fit(packet);
    packet->iface = packet->within.exit;
}

/* IPv4 was admitted by ip4/depart, before a byte of it changed; ARP is admitted here. */
static void output(struct link *link, struct core *core, struct tapir_packet *packet)
{
    struct iface *iface = iface_at(&link->ifaces, packet->within.exit);
    enum iface_band band = packet->within.role == ROLE_OURS ? BAND_OURS : BAND_TRANSIT;
    enum tapir_verdict verdict = TAPIR_UNSETTLED;
    if (packet->within.ethertype == ETHERTYPE_ARP)
        verdict = iface_admit(&link->ifaces, iface, band, 1);
    if (verdict != TAPIR_UNSETTLED) {
        settle(core, packet, verdict);
        return;
    }
    frame(iface, packet);
    iface_put_out(&link->ifaces, core, iface, band, packet);
}

void ether_output(struct link *link, struct core *core)
{
    struct tapir_packet *next;
    for (struct tapir_packet *packet = lane_take_all(core, LANE_FRAME); packet != NULL; packet = next) {
        next = packet->within.next;
        output(link, core, packet);
    }
}
