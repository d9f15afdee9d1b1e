/* The book of a replay: every frame read, its final verdict and the frames that it caused.
 *
 * Frames go into nodes, and what they cause leaves by the same node: packet numbers are those of its stack. Kept in
 * memory until the end, for a frame may cause another one long after its verdict: about 80 octets each, or 4 when nobody will
 * ask for more than the sum. Next: tap/journey_print.h, which writes it down. */
#ifndef TAP_JOURNEY_H
#define TAP_JOURNEY_H

#include "tap/network.h"

/* A frame that was read. Links are places in `effects` plus one, 0: none. */
struct journey {
    int64_t time, settled;
    uint64_t frame; /* number in its input, from 1 */
    uint64_t into;
    uint32_t node, iface, entry;
    uint32_t first, last; /* what it caused */
    uint16_t verdict, answer;
};

/* A frame that was sent, by the node of its cause. */
struct effect {
    uint64_t frame;
    uint32_t iface, next;
};

#define JOURNEY_SETTLED UINT32_C(0x80000000) /* added to a place: the frame has its verdict */

/* Numbers of a stack's packets: [number - 1] is a place in `list` plus one, 0: it was not read from a file. */
struct journey_numbers {
    uint32_t *places;
    size_t n, room;
};

struct journeys {
    const struct network *network;
    struct journey *list;
    struct effect *effects;
    struct journey_numbers *numbers; /* of each node */
    size_t n, room, n_effects, effects_room;
    uint64_t read, verdicts, doubled;
    uint64_t met[TAPIR_VERDICT_COUNT]; /* frames with each verdict */
    bool only_counts;                  /* `list` and `effects` stay empty */
    bool starved;                      /* of memory */
};

/* A book for the nodes of `network`, which must outlive it. NULL: no memory. */
struct journeys *journeys_create(const struct network *network);

/* Nobody will ask for the frames themselves: only the sum is kept, and that each has one verdict. To be called before the
 * first frame. A million frames took 78 MB, and to have them from the system a fifth of a replay. */
void journeys_only_count(struct journeys *book);

/* A frame was read: number `frame` of the input of that interface, from 1. */
void journey_begin(struct journeys *book, size_t node, unsigned iface, uint64_t frame, tapir_instant time);

/* The stack of `node` gives its next number to the frame that was read last when `is_read`, else to one that came
 * another way. */
void journey_number(struct journeys *book, size_t node, bool is_read);

/* A packet left by the door for settled ones. Those that are held and those born in the stack are no news. */
void journey_settled(struct journeys *book, size_t node, const struct tapir_packet *packet,
                     tapir_instant now);

/* A packet left `node` by packet->iface, as frame number `frame` of its output, from 1. */
void journey_sent(struct journeys *book, size_t node, const struct tapir_packet *packet, uint64_t frame,
                  tapir_instant now);

/* Each frame has exactly one verdict, and memory has sufficed. */
bool journeys_add_up(const struct journeys *book);

/* NULL is fine. */
void journeys_destroy(struct journeys *book);

#endif
