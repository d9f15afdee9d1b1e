#include "core/core.h"

static bool adds_up(const struct tapir_counters *counters, enum tapir_origin origin)
{
    return counters->packets[origin] ==
           counters->settled[origin] + counters->held[origin] + counters->waiting[origin];
}

bool core_is_conserved(const struct core *core)
{
    return adds_up(&core->counters, TAPIR_RECEIVED) && adds_up(&core->counters, TAPIR_BORN);
}

uint32_t core_timestamp(const struct core *core, const struct settings *settings)
{
    static const struct wall unknown;
    bool may_tell = settings_is_on(settings, TAPIR_SET_IP_CLOCK);
    return wall_midnight_ms(may_tell ? &core->wall : &unknown, core->now);
}
