/* The end of a packet's journey. Nothing else ends one.
 *
 * settle writes the verdict, counts it under [verdict][origin] and puts the packet on the lane that the
 * verdict's row names: error when it earns an ICMP message, reset when it earns a TCP reset, else settled.
 * Next: core/packet.h. */
#ifndef CORE_SETTLE_H
#define CORE_SETTLE_H

#include "tapir.h"

struct core;

/* Ends the journey of `packet`, which has no verdict yet, with a final one. */
void settle(struct core *core, struct tapir_packet *packet, enum tapir_verdict verdict);

/* The packets leave by tapir_output now: forwarded, or sent when they were born here. */
void settle_departures(struct core *core, struct tapir_packet *const packets[], size_t n);

/* Writes, once, what became of the message that a settled packet earned, an ANSWER row. */
void settle_answer(struct core *core, struct tapir_packet *packet, enum tapir_verdict answer);

#endif
