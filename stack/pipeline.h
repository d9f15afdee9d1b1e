/* The order of the stages. Next: pipeline.c. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "tapir.h"

/* Moves the clock to `now` (an earlier one counts as the last) and fires due timers in the order (deadline,
 * arming). */
void pipeline_advance(struct tapir *stack, tapir_instant now);

/* Empties the lanes, stage by stage. */
void pipeline_run(struct tapir *stack);

/* The end of a call: settled packets go home when nobody looks on; the books are checked. */
void pipeline_finish(struct tapir *stack);

/* Something is left that the next call must go on with: lanes after too many rounds, sockets with data to
 * send. */
bool pipeline_has_work(const struct tapir *stack);

#endif
