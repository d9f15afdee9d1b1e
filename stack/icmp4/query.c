/* Queries that we ask. Lanes: notice.query -> settled */
#include "icmp4/query.h"

#include "wire/icmp4.h"

static enum tapir_verdict judge(const struct tapir_packet *packet)
{
    return icmp4_is_error(packet->within.notice_type) ? TAPIR_ICMP4_NO_FLOW : TAPIR_ICMP4_STRAY;
}

void query_notice(struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_NOTICE_QUERY, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->verdict != TAPIR_UNSETTLED)
                lane_push(core, LANE_SETTLED, packets[i]);
            else
                settle(core, packets[i], judge(packets[i]));
        }
}
