/* A super-frame becomes packets: its segments are born, each with all that was decided about it. Next: ip4/segment.h. */
#ifndef IP4_SPLIT_H
#define IP4_SPLIT_H

#include "core/core.h"
#include "ip4/segment.h"

/* The store has slots for all segments. */
bool ip4_split_has_room(const struct ip4_segments *segments, const struct store *store);

/* Bears segment `i` of `whole`, on no lane yet. The caller has seen to it that there is room. */
struct tapir_packet *ip4_split_bear(struct core *core, const struct ip4_segments *segments, uint32_t i,
                                    const struct tapir_packet *whole);

#endif
