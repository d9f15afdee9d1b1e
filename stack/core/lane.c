#include "core/lane.h"

#include "core/core.h"

const char *lane_text(enum lane_name name)
{
    static const char *const text[] = {
        [LANE_RX] = "rx",
        [LANE_ARP] = "arp",
        [LANE_IP4] = "ip4",
        [LANE_LOCAL] = "local",
        [LANE_ICMP4] = "icmp4",
        [LANE_UDP] = "udp",
        [LANE_TCP] = "tcp",
        [LANE_FORWARD] = "forward",
        [LANE_NOTICE_QUERY] = "notice.query",
        [LANE_NOTICE_UDP] = "notice.udp",
        [LANE_NOTICE_TCP] = "notice.tcp",
        [LANE_RESET] = "reset",
        [LANE_ORIGINATE] = "originate",
        [LANE_RESOLVE] = "resolve",
        [LANE_RESOLVED] = "resolved",
        [LANE_ERROR] = "error",
        [LANE_SEND] = "send",
        [LANE_FRAME] = "frame",
        [LANE_AGAIN] = "again",
        [LANE_SETTLED] = "settled",
        [LANE_OUT] = "out",
        [LANE_HELD] = "held",
    };
    return text[name];
}

void lane_note_train(struct core *core, const struct lane *lane, const struct tapir_packet *first)
{
    for (const struct tapir_packet *packet = first; packet != NULL; packet = packet->within.next)
        if (packet->traced)
            lane_note(core, lane, packet);
}

void lane_note(struct core *core, const struct lane *lane, const struct tapir_packet *packet)
{
    trail_note(&core->trail, packet, lane_text(lane->name), core->now);
}
