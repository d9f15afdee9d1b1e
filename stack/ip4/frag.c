/* Fragmentation. Lanes: -> frame */
#include "ip4/frag.h"

#include <string.h>

#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4_opt.h"

enum {
    UNIT = 8 /* octets that an offset counts */
};

/* Options that go into every fragment (RFC 791 3.1), padded with EOL. Returns the octets of the header. */
static uint8_t copy_options(uint8_t *to, const uint8_t *header, uint8_t size)
{
    uint8_t end = IP4_HEADER;
    struct ip4_opt opt = {0};
    while (ip4_opt_next(header, size, &opt) == IP4_OPT_FOUND) {
        if ((opt.type & IP4_OPT_COPIED) == 0)
            continue;
        memcpy(to + end, header + opt.at, opt.length);
        end = (uint8_t)(end + opt.length);
    }
    while (end % 4 != 0)
        to[end++] = IP4_OPT_EOL;
    return end;
}

void ip4_pieces_init(struct ip4_pieces *pieces, const uint8_t *header, uint32_t data, uint16_t mtu)
{
    uint8_t size = (uint8_t)((header[IP4_AT_VERSION] & 0x0f) * 4);
    *pieces = (struct ip4_pieces){.first_size = size, .mtu = mtu, .data = data};
    memcpy(pieces->first, header, size);
    memcpy(pieces->later, header, IP4_HEADER);
    pieces->later_size = copy_options(pieces->later, header, size);
    pieces->later[IP4_AT_VERSION] = (uint8_t)(4 << 4 | pieces->later_size / 4);
}

/* Octets of header, and of data, in the piece that begins at octet `at` of the data. */
static uint32_t header_of(const struct ip4_pieces *pieces, uint32_t at)
{
    return at == 0 ? pieces->first_size : pieces->later_size;
}

static uint32_t data_of(const struct ip4_pieces *pieces, uint32_t at)
{
    uint32_t left = pieces->data - at;
    uint32_t fits = (uint32_t)pieces->mtu - header_of(pieces, at);
    return left <= fits ? left : fits / UNIT * UNIT;
}

uint32_t ip4_pieces_count(const struct ip4_pieces *pieces)
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < pieces->data; at += data_of(pieces, at))
        n++;
    return n;
}

/* To take a slot, of whatever size, leaves each size of packet at most one fewer: so it is enough that each piece finds as many
 * as there are pieces. The last one is the only short one, and a size keeps its last quarter from those. */
bool ip4_pieces_have_room(const struct ip4_pieces *pieces, const struct store *store)
{
    uint32_t n = ip4_pieces_count(pieces);
    for (uint32_t at = 0, data; at < pieces->data; at += data) {
        data = data_of(pieces, at);
        if (store_room(store, header_of(pieces, at) + data) < n)
            return false;
    }
    return true;
}

static void write_header(uint8_t *header, const struct ip4_pieces *pieces, uint32_t at, uint32_t data)
{
    uint32_t size = header_of(pieces, at);
    memcpy(header, at == 0 ? pieces->first : pieces->later, size);
    uint16_t whole = bytes_get16(pieces->first + IP4_AT_FRAGMENT);
    uint16_t more = at + data < pieces->data ? IP4_MF : 0;
    bytes_put16(header + IP4_AT_TOTAL, (uint16_t)(size + data));
    bytes_put16(header + IP4_AT_FRAGMENT, (uint16_t)((whole | more) + at / UNIT));
    bytes_put16(header + IP4_AT_CHECKSUM, 0);
    bytes_put16(header + IP4_AT_CHECKSUM, checksum(header, size));
}

static void bear(const struct ip4_pieces *pieces, struct core *core, const struct tapir_packet *packet,
                 uint32_t at, uint32_t data)
{
    uint32_t size = header_of(pieces, at);
    struct tapir_packet *piece = packet_bear(core, size + data, packet);
    packet_inherit(piece, packet, size);
    write_header(piece->data, pieces, at, data);
    memcpy(piece->data + size, packet_payload(packet) + at, data);
    lane_push(core, LANE_FRAME, piece);
}

void ip4_pieces_bear(const struct ip4_pieces *pieces, struct core *core, const struct tapir_packet *packet)
{
    for (uint32_t at = 0, data; at < pieces->data; at += data) {
        data = data_of(pieces, at);
        bear(pieces, core, packet, at, data);
    }
}
