#include "wire/arp.h"

#include "wire/addr.h"
#include "wire/ether.h"

enum {
    MAC_LENGTH = 6,
    IP4_LENGTH = 4
};

enum tapir_verdict arp_parse(const uint8_t *data, size_t size, bool snap, struct arp *arp)
{
    if (size < ARP_SIZE)
        return TAPIR_ARP_SHORT;
    *arp = (struct arp){
        .hardware = bytes_get16(data),
        .opcode = bytes_get16(data + 6),
        .sender_mac = mac_get(data + 8),
        .sender = ip4_get(data + 14),
        .target_mac = mac_get(data + 18),
        .target = ip4_get(data + 24),
    };
    if (arp->hardware != ARP_ETHERNET && !(snap && arp->hardware == ARP_IEEE802))
        return TAPIR_ARP_HARDWARE;
    if (bytes_get16(data + 2) != ETHERTYPE_IP4)
        return TAPIR_ARP_PROTOCOL;
    if (data[4] != MAC_LENGTH || data[5] != IP4_LENGTH)
        return TAPIR_ARP_LENGTHS;
    return TAPIR_UNSETTLED;
}

void arp_build(uint8_t data[ARP_SIZE], const struct arp *arp)
{
    bytes_put16(data, arp->hardware);
    bytes_put16(data + 2, ETHERTYPE_IP4);
    data[4] = MAC_LENGTH;
    data[5] = IP4_LENGTH;
    bytes_put16(data + 6, arp->opcode);
    mac_put(data + 8, arp->sender_mac);
    ip4_put(data + 14, arp->sender);
    mac_put(data + 18, arp->target_mac);
    ip4_put(data + 24, arp->target);
}
