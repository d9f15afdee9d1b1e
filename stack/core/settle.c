#include "core/settle.h"

#include "core/core.h"

static void count(struct core *core, struct tapir_packet *packet, enum tapir_verdict verdict)
{
    packet->verdict = verdict;
    core->counters.verdicts[verdict][packet->within.origin]++;
    core->counters.settled[packet->within.origin]++;
    core->counters.waiting[packet->within.origin]--;
}

static enum lane_name lane_after(enum tapir_earns earns)
{
    switch (earns) {
    case TAPIR_EARNS_ICMP:
        return LANE_ERROR;
    case TAPIR_EARNS_RESET:
        return LANE_RESET;
    case TAPIR_EARNS_NOTHING:
        return LANE_SETTLED;
    }
    return LANE_SETTLED;
}

void settle(struct core *core, struct tapir_packet *packet, enum tapir_verdict verdict)
{
    promise(packet->verdict == TAPIR_UNSETTLED);
    count(core, packet, verdict);
    lane_push(core, lane_after(tapir_fate(verdict)->earns), packet);
}

void settle_departures(struct core *core, struct tapir_packet *const packets[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        promise(packets[i]->verdict == TAPIR_UNSETTLED);
        count(core, packets[i], packets[i]->within.origin == TAPIR_BORN ? TAPIR_SENT : TAPIR_FORWARDED);
    }
}

void settle_answer(struct core *core, struct tapir_packet *packet, enum tapir_verdict answer)
{
    promise(packet->answer == TAPIR_UNSETTLED);
    packet->answer = answer;
    core->counters.verdicts[answer][packet->within.origin]++;
}
