#include "wire/udp.h"

#include "core/promise.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"

enum tapir_verdict udp_parse(const uint8_t *datagram, size_t payload_size, struct udp_header *header)
{
    if (payload_size < UDP_HEADER)
        return TAPIR_UDP_SHORT;
    *header = (struct udp_header){
        .source_port = bytes_get16(datagram),
        .destination_port = bytes_get16(datagram + 2),
        .length = bytes_get16(datagram + UDP_AT_LENGTH),
        .checksum = bytes_get16(datagram + UDP_AT_CHECKSUM),
    };
    if (header->length < UDP_HEADER || header->length > payload_size)
        return TAPIR_UDP_LENGTH;
    return TAPIR_UNSETTLED;
}

static uint16_t checksum_of(const uint8_t *datagram, uint16_t length, struct ip4 source,
                            struct ip4 destination)
{
    uint64_t pseudo = checksum_pseudo(source, destination, IP4_UDP, length);
    return checksum_fold(checksum_add(pseudo, datagram, length));
}

bool udp_checksum_holds(const uint8_t *datagram, const struct udp_header *header, struct ip4 source,
                        struct ip4 destination)
{
    return header->checksum == 0 || checksum_of(datagram, header->length, source, destination) == 0;
}

void udp_build(uint8_t *datagram, const struct udp_header *header, struct ip4 source, struct ip4 destination)
{
    promise(header->length >= UDP_HEADER);
    bytes_put16(datagram, header->source_port);
    bytes_put16(datagram + 2, header->destination_port);
    bytes_put16(datagram + UDP_AT_LENGTH, header->length);
    bytes_put16(datagram + UDP_AT_CHECKSUM, 0);
    uint16_t computed = checksum_of(datagram, header->length, source, destination);
    bytes_put16(datagram + UDP_AT_CHECKSUM, computed == 0 ? 0xffff : computed);
}
