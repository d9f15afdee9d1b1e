/* Lanes: FIFOs through the packets, the only way from one stage to another.
 *
 * A lane has one drain. lane_push, or a train of many, is the only way to move a packet; for a traced one it
 * notes the step, and that is the whole of `trace` and `why`. Which stage fills which lane stands in pipeline.c. What
 * counts packets, too, stands in core/core.h: lane_push and lane_take. Next: core/settle.h. */
#ifndef CORE_LANE_H
#define CORE_LANE_H

#include "tapir.h"

struct core;

enum lane_name {
    LANE_RX,
    LANE_ARP,
    LANE_IP4,
    LANE_LOCAL,
    LANE_ICMP4,
    LANE_UDP,
    LANE_TCP,
    LANE_FORWARD,
    LANE_NOTICE_QUERY,
    LANE_NOTICE_UDP,
    LANE_NOTICE_TCP,
    LANE_RESET,
    LANE_ORIGINATE,
    LANE_RESOLVE,
    LANE_RESOLVED,
    LANE_ERROR,
    LANE_SEND,
    LANE_FRAME,
    LANE_AGAIN,
    LANE_SETTLED,
    LANE_COUNT,
    LANE_OUT = LANE_COUNT, /* one for each band of each interface, in struct iface */
    LANE_HELD              /* one for each neighbor, in struct neighbor */
};

struct lane {
    struct tapir_packet *head; /* NULL when it is empty */
    struct tapir_packet **end; /* where the next one is coupled: `head`, or within.next of the last */
    uint32_t size;
    enum lane_name name;
};

/* "forward"; for traces and tests. */
const char *lane_text(enum lane_name name);

/* An empty one. It stays where it is in memory from then on. */
static inline void lane_init(struct lane *lane, enum lane_name name)
{
    *lane = (struct lane){.end = &lane->head, .name = name};
}

/* Notes in the trail that a traced packet enters `lane`; that those of a train from `first` on do which are traced. */
void lane_note(struct core *core, const struct lane *lane, const struct tapir_packet *packet);
void lane_note_train(struct core *core, const struct lane *lane, const struct tapir_packet *first);

static inline bool lane_is_empty(const struct lane *lane)
{
    return lane->size == 0;
}

/* Puts a packet at the end of a lane. This and what follows is inline and does the least, for a forwarded frame passes eight
 * lanes: counting at each step where a packet waits, not only when it begins and ends, took 240 of its 1,550 instructions. */
static inline void lane_link(struct core *core, struct lane *lane, struct tapir_packet *packet)
{
    packet->within.next = NULL;
    *lane->end = packet;
    lane->end = &packet->within.next;
    lane->size++;
    if (packet->traced)
        lane_note(core, lane, packet);
}

/* The packet at its end. It is not empty. */
static inline struct tapir_packet *lane_last(const struct lane *lane)
{
    return (struct tapir_packet *)(void *)((uint8_t *)lane->end - offsetof(struct tapir_packet, within.next));
}

/* Takes at most `max` packets from its front, in order. */
static inline size_t lane_unlink(struct lane *lane, struct tapir_packet *packets[], size_t max)
{
    struct tapir_packet *packet = lane->head;
    size_t n = lane->size < max ? lane->size : max;
    for (size_t i = 0; i < n; i++) {
        packets[i] = packet;
        packet = packet->within.next;
    }
    lane->head = packet;
    lane->size -= (uint32_t)n;
    if (lane_is_empty(lane))
        lane->end = &lane->head;
    return n;
}

/* Packets that go the same way: a stage couples them behind those of their lane, and the lane counts them at the end, all at
 * once. Takes a quarter of the instructions of one after the other. See train_begin in core/core.h. */
struct train {
    struct tapir_packet **end; /* where the next one is coupled */
    uint32_t size;
};

/* Couples a packet to a train. */
static inline void train_add(struct train *train, struct tapir_packet *packet)
{
    *train->end = packet;
    train->end = &packet->within.next;
    train->size++;
}

#endif
