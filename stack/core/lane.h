/* Lanes: FIFOs through the packets, the only way from one stage to another.
 *
 * A lane has one drain. lane_push, or a train of many, is the only way to move a packet; for a traced one it
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
    struct tapir_packet *head; /* NULL when it is empty */
    struct tapir_packet **end; /* where the next one is coupled: `head`, or within.next of the last */
    uint32_t size;
    enum lane_name name;
};

/* Packets that go the same way: a stage couples them behind those of their lane, and the lane counts them at the end, all at
 * once. Takes a quarter of the instructions of one after the other. See train_begin in core/core.h. */
struct train {
    struct tapir_packet **end; /* where the next one is coupled */
    uint32_t size;
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

/* Couples a packet to a train. */
static inline void train_add(struct train *train, struct tapir_packet *packet)
{
    *train->end = packet;
    train->end = &packet->within.next;
    train->size++;
}

static inline bool lane_is_empty(const struct lane *lane)
{
    return lane->size == 0;
}

#endif
