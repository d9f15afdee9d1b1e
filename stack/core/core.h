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
    bool traces;      /* a packet was traced, so that others may be */
    uint32_t filled;  /* those that are not empty: LANE_BIT of each */
    uint64_t leaving; /* packets in lanes out, of all interfaces */
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

/* The lanes of this struct as a set; a set of lanes holds nothing, or something. */
#define LANE_BIT(name) (UINT32_C(1) << (name))

static inline bool core_holds(const struct core *core, uint32_t lanes)
{
    return (core->filled & lanes) != 0;
}

/* The two for a lane that lives in an interface, where packets leave, or in a table, where they are held and do not wait. */
static inline void lane_append(struct core *core, struct lane *lane, struct tapir_packet *packet)
{
    promise(packet->verdict == TAPIR_UNSETTLED);
    lane_link(core, lane, packet);
    if (lane->name != LANE_HELD) {
        core->leaving++;
        return;
    }
    core->counters.held[packet->within.origin]++;
    core->counters.waiting[packet->within.origin]--;
}

static inline size_t lane_remove(struct core *core, struct lane *lane, struct tapir_packet *packets[],
                                 size_t max)
{
    size_t n = lane_unlink(lane, packets, max);
    if (lane->name != LANE_HELD) {
        core->leaving -= n;
        return n;
    }
    for (size_t i = 0; i < n; i++) {
        core->counters.held[packets[i]->within.origin]--;
        core->counters.waiting[packets[i]->within.origin]++;
    }
    return n;
}

/* And for lane `name`. */
static inline void lane_push(struct core *core, enum lane_name name, struct tapir_packet *packet)
{
    lane_link(core, &core->lanes[name], packet);
    core->filled |= LANE_BIT(name);
}

static inline size_t lane_take(struct core *core, enum lane_name name, struct tapir_packet *packets[],
                               size_t max)
{
    struct lane *lane = &core->lanes[name];
    if (lane_is_empty(lane))
        return 0;
    size_t n = lane_unlink(lane, packets, max);
    if (lane_is_empty(lane))
        core->filled &= ~LANE_BIT(name);
    return n;
}

/* Takes all, coupled by within.next in order. NULL: there is none. */
static inline struct tapir_packet *lane_take_all(struct core *core, enum lane_name name)
{
    struct lane *lane = &core->lanes[name];
    struct tapir_packet *first = lane->head;
    lane_init(lane, name);
    core->filled &= ~LANE_BIT(name);
    return first;
}

/* Begins a train to lane `name`. Until its end nobody else pushes to that lane or takes from it. */
static inline struct train train_begin(struct core *core, enum lane_name name)
{
    return (struct train){.end = core->lanes[name].end};
}

/* lane_push for each packet of a train. */
static inline void train_end(struct core *core, enum lane_name name, const struct train *train)
{
    struct lane *lane = &core->lanes[name];
    if (train->size == 0)
        return;
    const struct tapir_packet *first = *lane->end;
    *train->end = NULL;
    lane->end = train->end;
    lane->size += train->size;
    core->filled |= LANE_BIT(name);
    if (core->traces)
        lane_note_train(core, lane, first);
}

/* All packets of one origin are settled, held or waiting; and what waits stands in some lane, all of it. */
bool core_is_conserved(const struct core *core);

/* What a timestamp says now on an interface with these settings (ip.clock): see wall_midnight_ms. */
uint32_t core_timestamp(const struct core *core, const struct settings *settings);

#endif
