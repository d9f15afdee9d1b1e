#include "wire/ether.h"

#include "wire/addr.h"

/* What RFC 1042 puts between an 802.3 length and the EtherType: LLC for SNAP, and the null organisation. */
static const uint8_t snap[6] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00};

enum tapir_verdict ether_parse_length(const uint8_t *payload, size_t size, struct ether_header *header)
{
    if (header->type > ETHERTYPE_LENGTH_MAX)
        return TAPIR_ETHER_LENGTH;
    header->length = header->type;
    if (header->length > size)
        return TAPIR_ETHER_SHORT;
    if (header->length < ETHER_SNAP || memcmp(payload, snap, sizeof snap) != 0)
        return TAPIR_ETHER_LENGTH;
    header->type = bytes_get16(payload + sizeof snap);
    header->size = ETHER_HEADER + ETHER_SNAP;
    return TAPIR_UNSETTLED;
}

enum tapir_verdict ether_parse_short(const uint8_t *data, size_t size, struct ether_header *header)
{
    *header = (struct ether_header){.size = ETHER_HEADER};
    if (size >= 6)
        header->destination = mac_get(data);
    if (size >= 12)
        header->source = mac_get(data + 6);
    return TAPIR_ETHER_SHORT;
}
