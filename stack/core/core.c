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
