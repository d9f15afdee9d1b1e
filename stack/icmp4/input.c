/* ICMP for us. Lanes: icmp4 -> originate, notice.* */
#include "icmp4/input.h"

#include "icmp4/echo.h"
#include "icmp4/information.h"
#include "icmp4/mask.h"
#include "icmp4/probe.h"
#include "icmp4/quote.h"
#include "icmp4/redirect.h"
#include "icmp4/router_advertise.h"
#include "icmp4/router_solicit.h"
#include "icmp4/timestamp.h"
#include "wire/icmp4.h"
#include "wire/icmp4_param_problem.h"
#include "wire/icmp4_unreach.h"
#include "wire/ip4.h"

/* An error goes to whoever speaks the quoted protocol. */
static enum tapir_verdict judge_error(const struct ip4_state *ip4, struct tapir_packet *packet,
                                      enum lane_name *lane)
{
    enum tapir_verdict verdict = quote_parse(ip4, packet);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (packet->within.notice_type == ICMP4_UNREACH) {
        struct icmp4_unreach unreach;
        icmp4_unreach_parse(packet_payload(packet), &unreach);
        packet->within.mtu = unreach.mtu;
    }
    if (packet->within.notice_type == ICMP4_PARAM_PROBLEM) {
        struct icmp4_param_problem problem;
        icmp4_param_problem_parse(packet_payload(packet), &problem);
        packet->within.pointer = problem.pointer;
    }
    switch (packet->within.notice.protocol) {
    case IP4_ICMP:
        return TAPIR_UNSETTLED;
    case IP4_UDP:
        *lane = LANE_NOTICE_UDP;
        return TAPIR_UNSETTLED;
    case IP4_TCP:
        *lane = LANE_NOTICE_TCP;
        return TAPIR_UNSETTLED;
    default:
        return TAPIR_ICMP4_QUOTE_PROTOCOL;
    }
}

/* UNSETTLED: a notice for `*lane`, which stands at that of who asks. */
static enum tapir_verdict judge(struct icmp4_state *icmp4, struct core *core, struct tapir_packet *packet,
                                enum lane_name *lane)
{
    struct icmp4_header header;
    enum tapir_verdict verdict = icmp4_parse(packet_payload(packet), packet_payload_size(packet), &header);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    packet->within.notice_type = header.type;
    packet->within.notice_code = header.code;
    switch (header.type) {
    case ICMP4_ECHO:
        return echo_input(icmp4, core, packet);
    case ICMP4_TIMESTAMP:
        return timestamp_input(icmp4, core, packet);
    case ICMP4_INFORMATION:
        return information_input(icmp4, core, packet);
    case ICMP4_ADDRESS_MASK:
        return mask_input(icmp4, core, packet);
    case ICMP4_EXTENDED_ECHO:
        return probe_input(icmp4, core, packet);
    case ICMP4_ECHO_REPLY:
    case ICMP4_TIMESTAMP_REPLY:
    case ICMP4_INFORMATION_REPLY:
    case ICMP4_EXTENDED_ECHO_REPLY:
        return TAPIR_UNSETTLED;
    case ICMP4_ADDRESS_MASK_REPLY:
        return mask_learn(icmp4, core, packet);
    case ICMP4_UNREACH:
    case ICMP4_TIME_EXCEEDED:
    case ICMP4_PARAM_PROBLEM:
        return judge_error(icmp4->ip4, packet, lane);
    case ICMP4_SOURCE_QUENCH:
        return TAPIR_ICMP4_QUENCH;
    case ICMP4_REDIRECT:
        return redirect_input(icmp4, core, packet);
    case ICMP4_ROUTER_ADVERTISEMENT:
        return solicit_input(icmp4, core, packet);
    case ICMP4_ROUTER_SOLICITATION:
        return advertise_input(icmp4, core, packet);
    default:
        return TAPIR_ICMP4_TYPE;
    }
}

void icmp4_input(struct icmp4_state *icmp4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_ICMP4, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            enum lane_name lane = LANE_NOTICE_QUERY;
            enum tapir_verdict verdict = judge(icmp4, core, packets[i], &lane);
            if (verdict != TAPIR_UNSETTLED)
                settle(core, packets[i], verdict);
            else
                lane_push(core, lane, packets[i]);
        }
}
