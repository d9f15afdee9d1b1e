/* ICMP errors. Lanes: error -> originate, notice.*, settled */
#include "icmp4/error.h"

#include "icmp4/message.h"
#include "wire/icmp4.h"
#include "wire/icmp4_param_problem.h"
#include "wire/icmp4_time_exceeded.h"
#include "wire/icmp4_unreach.h"
#include "wire/ip4.h"

enum {
    TOLD_MAX = 256 /* arp.hold is at most 256 */
};

/* ---- may we? ---- */

/* An ICMP error, or a message whose type we cannot see or do not know: RFC 1122 3.2.2. */
static bool is_about_error(const struct tapir_packet *packet)
{
    if (packet->within.tuple.protocol != IP4_ICMP || ip4_is_later_fragment(packet->within.tuple.fragment))
        return false;
    return packet_payload_size(packet) == 0 || icmp4_forbids_error(packet_payload(packet)[0]);
}

/* Does not name a single host: zero net, loopback, broadcast, multicast, class E. */
static bool is_no_host(struct ip4 source)
{
    return ip4_is_this_net(source) || ip4_is_loopback(source) || ip4_is_multicast(source) ||
           ip4_is_class_e(source);
}

/* One that no packet may have is no host, and 0.0.0.0 is the oldest broadcast: RFC 1812 5.3.5, 5.3.7. */
static bool is_for_no_host(const struct tapir_packet_private *within)
{
    return within->to_many || ip4_is_destination_martian(within->tuple.destination);
}

/* Only addresses can tell a broadcast of our networks. */
bool icmp4_is_host(const struct ip4_state *ip4, unsigned iface, struct ip4 host)
{
    return !is_no_host(host) && address_lookup(&ip4->addresses, host, iface, NULL) == ADDRESS_NOTHING;
}

enum tapir_verdict icmp4_may_answer(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    const struct tapir_packet_private *within = &packet->within;
    if (is_about_error(packet))
        return TAPIR_ANSWER_ABOUT_ERROR;
    if (is_for_no_host(within))
        return TAPIR_ANSWER_DESTINATION;
    if (within->link_broadcast || within->link_multicast)
        return TAPIR_ANSWER_LINK_BROADCAST;
    if (ip4_is_later_fragment(within->tuple.fragment))
        return TAPIR_ANSWER_FRAGMENT;
    return icmp4_is_host(ip4, packet->iface, within->tuple.source) ? TAPIR_UNSETTLED : TAPIR_ANSWER_SOURCE;
}

/* The setting that can switch this message off; TAPIR_SETTING_COUNT: none. */
static enum tapir_setting switch_of(const struct tapir_fate *fate)
{
    if (fate->type == ICMP4_TIME_EXCEEDED)
        return TAPIR_SET_ICMP_TIME_EXCEEDED;
    if (fate->type == ICMP4_PARAM_PROBLEM)
        return TAPIR_SET_ICMP_PARAMETER_PROBLEM;
    if (fate->type == ICMP4_UNREACH && fate->code == ICMP4_UNREACH_PROHIBITED)
        return TAPIR_SET_ICMP_PROHIBITED;
    return TAPIR_SETTING_COUNT;
}

static enum tapir_verdict is_allowed(struct icmp4_state *icmp4, struct core *core,
                                     const struct settings *settings, const struct tapir_packet *packet,
                                     const struct tapir_fate *fate)
{
    enum tapir_verdict answer = icmp4_may_answer(icmp4->ip4, packet);
    if (answer != TAPIR_UNSETTLED)
        return answer;
    enum tapir_setting off = switch_of(fate);
    if (off != TAPIR_SETTING_COUNT && !settings_is_on(settings, off))
        return TAPIR_ANSWER_OFF;
    bool path_mtu = fate->type == ICMP4_UNREACH && fate->code == ICMP4_UNREACH_TOO_BIG;
    return limiter_take(&icmp4->limiter, core, settings, packet->within.tuple.source,
                        path_mtu ? LIMITER_PATH_MTU : LIMITER_ERRORS);
}

/* ---- the message ---- */

static void write_header(uint8_t header[ICMP4_HEADER], const struct tapir_fate *fate,
                         const struct tapir_packet_private *within)
{
    switch (fate->type) {
    case ICMP4_UNREACH:
        icmp4_unreach_build(header, &(struct icmp4_unreach){.code = fate->code, .mtu = within->mtu});
        return;
    case ICMP4_TIME_EXCEEDED:
        icmp4_time_exceeded_build(header, &(struct icmp4_time_exceeded){.code = fate->code});
        return;
    case ICMP4_PARAM_PROBLEM:
        icmp4_param_problem_build(
            header, &(struct icmp4_param_problem){.code = fate->code, .pointer = within->pointer});
        return;
    default:
        icmp4_build(header, &(struct icmp4_header){.type = fate->type, .code = fate->code});
        return;
    }
}

/* Asked for one of our addresses, we answer from it; else the exit decides: RFC 1122 3.3.4.2, RFC 1812 4.3.2.4. */
static enum tapir_verdict send(const struct ip4_state *ip4, struct core *core,
                               const struct tapir_packet *offender, const struct tapir_fate *fate)
{
    const struct tapir_packet_private *within = &offender->within;
    struct ip4 source = within->role == ROLE_LOCAL ? within->tuple.destination : (struct ip4){0};
    uint8_t header[ICMP4_HEADER];
    write_header(header, fate, within);
    return message_send(ip4, core, offender, source, header);
}

/* ---- our own packets ---- */

static enum lane_name notice_lane(uint8_t protocol)
{
    switch (protocol) {
    case IP4_UDP:
        return LANE_NOTICE_UDP;
    case IP4_TCP:
        return LANE_NOTICE_TCP;
    default:
        return LANE_NOTICE_QUERY;
    }
}

static void notice(struct core *core, struct tapir_packet *packet, const struct tapir_fate *fate)
{
    packet->within.notice_type = fate->type;
    packet->within.notice_code = fate->code;
    settle_answer(core, packet, TAPIR_ANSWER_NOTICE);
    lane_push(core, notice_lane(packet->within.tuple.protocol), packet);
}

/* ---- held packets ---- */

/* When a neighbor fails or a datagram is not completed in time, all that was held for it arrives here in one run, and each
 * source among them is told once (RFC 1812 3.3.2, RFC 792). */
struct told {
    enum tapir_verdict verdict; /* of the run, */
    uint32_t entry;             /* and the neighbor or datagram that it was held for */
    size_t n;
    struct ip4 *sources; /* TOLD_MAX of them */
};

static bool is_of_run(const struct told *told, const struct tapir_packet *packet)
{
    return packet->verdict == told->verdict && packet->entry == told->entry;
}

static bool is_told(const struct told *told, const struct tapir_packet *packet)
{
    if (!is_of_run(told, packet))
        return false;
    for (size_t i = 0; i < told->n; i++)
        if (ip4_equal(told->sources[i], packet->within.tuple.source))
            return true;
    return false;
}

static void note_told(struct told *told, const struct tapir_packet *packet)
{
    if (packet->verdict != TAPIR_NEIGHBOR_FAILED && packet->verdict != TAPIR_IP4_FRAGMENT_TIMEOUT)
        return;
    if (!is_of_run(told, packet))
        told->n = 0;
    told->verdict = packet->verdict;
    told->entry = packet->entry;
    if (told->n < TOLD_MAX)
        told->sources[told->n++] = packet->within.tuple.source;
}

static void answer_to(struct icmp4_state *icmp4, struct core *core, struct told *told,
                      struct tapir_packet *packet)
{
    const struct tapir_fate *fate = tapir_fate(packet->verdict);
    const struct settings *settings = iface_settings(&icmp4->ip4->link.ifaces, core, packet->iface);
    enum tapir_verdict answer =
        is_told(told, packet) ? TAPIR_ANSWER_TOLD : is_allowed(icmp4, core, settings, packet, fate);
    if (answer == TAPIR_UNSETTLED)
        answer = send(icmp4->ip4, core, packet, fate);
    if (answer == TAPIR_ANSWER_SENT)
        note_told(told, packet);
    settle_answer(core, packet, answer);
    lane_push(core, LANE_SETTLED, packet);
}

/* The list of sources is not cleared: that took 140 instructions of each call. */
void icmp4_error(struct icmp4_state *icmp4, struct core *core)
{
    struct ip4 sources[TOLD_MAX];
    struct told told = {.sources = sources};
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_ERROR, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->within.role == ROLE_OURS || packets[i]->within.looped)
                notice(core, packets[i], tapir_fate(packets[i]->verdict));
            else
                answer_to(icmp4, core, &told, packets[i]);
        }
}
