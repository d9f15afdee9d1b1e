#include "core/settle.h"

#include "core/core.h"

static void count(struct core *core, enum tapir_origin origin, enum tapir_verdict verdict, size_t n)
{
    core->counters.verdicts[verdict][origin] += n;
    core->counters.settled[origin] += n;
    core->counters.waiting[origin] -= n;
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
    packet->verdict = verdict;
    count(core, (enum tapir_origin)packet->within.origin, verdict, 1);
    lane_push(core, lane_after(tapir_fate(verdict)->earns), packet);
}

/* As settle, counted all at once. */
void settle_departures(struct core *core, struct tapir_packet *const packets[], size_t n)
{
    static const enum tapir_verdict verdicts[] = {
        [TAPIR_RECEIVED] = TAPIR_FORWARDED, [TAPIR_BORN] = TAPIR_SENT};
    size_t born = 0;
    for (size_t i = 0; i < n; i++) {
        promise(packets[i]->verdict == TAPIR_UNSETTLED);
        packets[i]->verdict = verdicts[packets[i]->within.origin];
        born += packets[i]->within.origin == TAPIR_BORN;
    }
    count(core, TAPIR_RECEIVED, TAPIR_FORWARDED, n - born);
    count(core, TAPIR_BORN, TAPIR_SENT, born);
}

void settle_answer(struct core *core, struct tapir_packet *packet, enum tapir_verdict answer)
{
    promise(packet->answer == TAPIR_UNSETTLED);
    packet->answer = answer;
    core->counters.verdicts[answer][packet->within.origin]++;
}
