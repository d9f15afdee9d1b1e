/* Lanes: FIFOs through the packets, the only way from one stage to another.
 *
 * A lane has one drain. lane_push, or lane_push_train for many, is the only way to move a packet; for a traced one it
 * notes the step, and that is the whole of `trace` and `why`. Which stage fills which lane stands in pipeline.c. The functions
 * stand in core/core.h, as they are inline. Next: core/settle.h. */
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
    struct tapir_packet *head, *tail; /* head: NULL when it is empty */
    uint32_t size;
    enum lane_name name;
};

/* Packets that go the same way: a stage couples them and puts them on their lane together, which takes half the instructions of
 * one after the other. Begins as {0}; the stage must not end before lane_push_train. */
struct train {
    struct tapir_packet *first, *last;
    uint32_t size;
};

/* "forward"; for traces and tests. */
const char *lane_text(enum lane_name name);

/* Notes in the trail that a traced packet enters `lane`; that those of a train from `first` on do which are traced. */
void lane_note(struct core *core, const struct lane *lane, const struct tapir_packet *packet);
void lane_note_train(struct core *core, const struct lane *lane, const struct tapir_packet *first);

/* Couples a packet to a train. */
static inline void train_add(struct train *train, struct tapir_packet *packet)
{
    if (train->size++ == 0)
        train->first = packet;
    else
        train->last->within.next = packet;
    train->last = packet;
}

static inline bool lane_is_empty(const struct lane *lane)
{
    return lane->size == 0;
}

#endif
