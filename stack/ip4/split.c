#include "ip4/split.h"

/* All are of one size but the last: enough when each of the two finds as many slots as there are segments (ip4/frag.c). */
bool ip4_split_has_room(const struct ip4_segments *segments, const struct store *store)
{
    uint32_t n = ip4_segments_count(segments);
    return store_room(store, ip4_segment_size(segments, 0)) >= n &&
           store_room(store, ip4_segment_size(segments, n - 1)) >= n;
}

struct tapir_packet *ip4_split_bear(struct core *core, const struct ip4_segments *segments, uint32_t i,
                                    const struct tapir_packet *whole)
{
    struct tapir_packet *packet = packet_bear(core, ip4_segment_size(segments, i), whole);
    packet_inherit(packet, whole, segments->transport);
    packet->entry = whole->entry;
    packet->offload.verified = true;
    ip4_segment_build(segments, i, packet->data);
    return packet;
}
