/* UDP headers and their checksum.
 *
 *      0             2                  4        6          8
 *     | source port | destination port | length | checksum | data ...
 *
 * The checksum covers the pseudo-header, the header and the data; 0 says that there is none. RFC 768, RFC
 * 1122 4.1.3.4. Next: wire/tcp.h. */
#ifndef WIRE_UDP_H
#define WIRE_UDP_H

#include "tapir.h"

enum {
    UDP_HEADER = 8
};

/* Offsets of fields, for those who read or change one in place. */
enum {
    UDP_AT_LENGTH = 4,
    UDP_AT_CHECKSUM = 6
};

struct udp_header {
    uint16_t source_port, destination_port;
    uint16_t length; /* octets of header and data */
    uint16_t checksum;
};

/* Reads a header at the start of an IPv4 payload: UDP_SHORT, then UDP_LENGTH (below 8 or beyond the payload;
 * less is fine, the rest is not part of it). The fields are filled in unless it is short. */
enum tapir_verdict udp_parse(const uint8_t *datagram, size_t payload_size, struct udp_header *header);

/* The checksum is right, or there is none. `header`: as udp_parse gave it for this datagram. */
bool udp_checksum_holds(const uint8_t *datagram, const struct udp_header *header, struct ip4 source,
                        struct ip4 destination);

/* Writes the header, and the checksum over header->length octets: the data must stand already. A checksum of
 * zero goes out as 0xffff. The field `checksum` is not read. */
void udp_build(uint8_t *datagram, const struct udp_header *header, struct ip4 source, struct ip4 destination);

#endif
