/* IPv4 for us. Lanes: local -> icmp4, udp, tcp */
#include "ip4/local.h"

#include "wire/ip4.h"
#include "wire/ip4_opt.h"

static enum tapir_verdict judge(struct tapir_packet *packet, enum lane_name *lane)
{
    struct tapir_packet_private *within = &packet->within;
    enum tapir_verdict verdict = ip4_opt_check(packet_ip4(packet), within->tuple.header, &within->pointer);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (ip4_is_fragment(within->tuple.fragment))
        return TAPIR_IP4_FRAGMENT;
    switch (within->tuple.protocol) {
    case IP4_ICMP:
        *lane = LANE_ICMP4;
        return TAPIR_UNSETTLED;
    case IP4_UDP:
        *lane = LANE_UDP;
        return TAPIR_UNSETTLED;
    case IP4_TCP:
        *lane = LANE_TCP;
        return TAPIR_UNSETTLED;
    default:
        return TAPIR_IP4_PROTOCOL;
    }
}

void ip4_local(struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_LOCAL, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            enum lane_name lane = LANE_ICMP4;
            enum tapir_verdict verdict = judge(packets[i], &lane);
            if (verdict != TAPIR_UNSETTLED)
                settle(core, packets[i], verdict);
            else
                lane_push(core, lane, packets[i]);
        }
}
