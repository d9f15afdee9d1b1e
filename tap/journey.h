/* The book of a replay: every frame read, its final verdict and the frames that it caused.
 *
 * One JSON object a line for each frame, in the order of reading:
 *     {"interface": "lan", "frame": 1, "time": 1.000000001, "time_ns": 1000000001, "verdict": "icmp4-echoed",
 *      "settled_ns": 1000000001, "caused": [{"interface": "lan", "frame": 1}]}
 * and "answer", "entry", "into" where they apply. Kept in memory until the end, for a frame may cause another
 * one long after its verdict: about 100 octets each. Next: tap/replay.c. */
#ifndef TAP_JOURNEY_H
#define TAP_JOURNEY_H

#include <stdio.h>

#include "tap/network.h"

struct journeys;

/* A book for the frames of `node`, which must outlive it. NULL: no memory. */
struct journeys *journeys_create(const struct network_node *node);

/* A frame was read: number `frame` of the input of `iface`, from 1. */
void journey_begin(struct journeys *book, unsigned iface, uint64_t frame, tapir_instant time);

/* The stack gives the next packet that it receives `number`. It is the frame that was read last when
 * `is_read`, else it came another way. Numbers come in order, from 1. */
void journey_number(struct journeys *book, uint64_t number, bool is_read);

/* A packet left by the door for settled ones. Those that are held and those born in the stack are no news. */
void journey_settled(struct journeys *book, const struct tapir_packet *packet, tapir_instant now);

/* A packet left by packet->iface, as frame number `frame` of its output, from 1. */
void journey_sent(struct journeys *book, const struct tapir_packet *packet, uint64_t frame,
                  tapir_instant now);

uint64_t journeys_read(const struct journeys *book);
uint64_t journeys_verdicts(const struct journeys *book);

/* Each frame has exactly one verdict, and memory has sufficed. */
bool journeys_add_up(const struct journeys *book);

/* Writes all lines. False: not everything could be written. */
bool journeys_write(const struct journeys *book, FILE *file);

/* NULL is fine. */
void journeys_destroy(struct journeys *book);

#endif
