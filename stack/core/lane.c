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

/* Packets without a verdict are counted where they are: held by a table, or waiting for a stage. */
static uint64_t *place_counter(struct core *core, const struct lane *lane, const struct tapir_packet *packet)
{
    struct tapir_counters *counters = &core->counters;
    return lane->name == LANE_HELD ? &counters->held[packet->within.origin]
                                   : &counters->waiting[packet->within.origin];
}

void lane_append(struct core *core, struct lane *lane, struct tapir_packet *packet)
{
    packet->within.next = NULL;
    if (lane->head == NULL)
        lane->head = packet;
    else
        lane->tail->within.next = packet;
    lane->tail = packet;
    lane->size++;
    if (packet->verdict == TAPIR_UNSETTLED)
        (*place_counter(core, lane, packet))++;
    if (packet->traced)
        trail_note(&core->trail, packet, lane_text(lane->name), core->now);
}

size_t lane_remove(struct core *core, struct lane *lane, struct tapir_packet *packets[], size_t max)
{
    size_t n = 0;
    while (n < max && lane->head != NULL) {
        struct tapir_packet *packet = lane->head;
        lane->head = packet->within.next;
        lane->size--;
        if (packet->verdict == TAPIR_UNSETTLED)
            (*place_counter(core, lane, packet))--;
        packets[n++] = packet;
    }
    return n;
}

void lane_push(struct core *core, enum lane_name name, struct tapir_packet *packet)
{
    lane_append(core, &core->lanes[name], packet);
}
