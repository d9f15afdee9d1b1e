/* What every stage works with: lanes, counters, slots, timers, chance, settings and the moment of this call.
 *
 * A stage gets its module's state and this, never the whole stack. Next: core/lane.h, then pipeline.c. */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "core/event.h"
#include "core/lane.h"
#include "core/limits.h"
#include "core/memory.h"
#include "core/packet.h"
#include "core/promise.h"
#include "core/rand.h"
#include "core/settings.h"
#include "core/settle.h"
#include "core/store.h"
#include "core/time.h"
#include "core/timer.h"
#include "core/trail.h"
#include "core/wall.h"

struct core {
    tapir_instant now; /* of this call; never goes back */
    struct lane lanes[LANE_COUNT];
    struct tapir_counters counters;
    struct store store;
    struct memory memory;
    struct timers timers;
    struct rand_state random;
    struct settings settings; /* the node's; an interface may have its own */
    struct events events;
    struct trail trail;
    uint32_t sockets, socket_limit; /* of all protocols */
    struct wall wall;               /* what TAPIR_OP_CLOCK told */
    uint8_t hash_key[16];           /* for tables that strangers can fill */
};

/* Takes at most `max` packets from the front of lane `name`, in order. Inline, for most lanes are empty: of a frame that
 * comes alone this took a sixth of all instructions. */
static inline size_t lane_take(struct core *core, enum lane_name name, struct tapir_packet *packets[],
                               size_t max)
{
    struct lane *lane = &core->lanes[name];
    return lane_is_empty(lane) ? 0 : lane_remove(core, lane, packets, max);
}

/* All packets of one origin are settled, held or waiting. */
bool core_is_conserved(const struct core *core);

/* What a timestamp says now on an interface with these settings (ip.clock): see wall_midnight_ms. */
uint32_t core_timestamp(const struct core *core, const struct settings *settings);

#endif
