#include "core/core.h"

static bool adds_up(const struct tapir_counters *counters, enum tapir_origin origin)
{
    return counters->packets[origin] ==
           counters->settled[origin] + counters->held[origin] + counters->waiting[origin];
}

/* Those in a lane that have no verdict: such packets wait. */
static uint64_t waiting_in(const struct lane *lane)
{
    uint64_t n = 0;
    const struct tapir_packet *packet = lane->head;
    for (uint32_t i = 0; i < lane->size; i++, packet = packet->within.next)
        n += packet->verdict == TAPIR_UNSETTLED;
    return n;
}

bool core_is_conserved(const struct core *core)
{
    const struct tapir_counters *counters = &core->counters;
    uint64_t found = core->leaving;
    for (int name = 0; name < LANE_COUNT; name++)
        found += waiting_in(&core->lanes[name]);
    return adds_up(counters, TAPIR_RECEIVED) && adds_up(counters, TAPIR_BORN) &&
           found == counters->waiting[TAPIR_RECEIVED] + counters->waiting[TAPIR_BORN];
}

uint32_t core_timestamp(const struct core *core, const struct settings *settings)
{
    static const struct wall unknown;
    bool may_tell = settings_is_on(settings, TAPIR_SET_IP_CLOCK);
    return wall_midnight_ms(may_tell ? &core->wall : &unknown, core->now);
}
