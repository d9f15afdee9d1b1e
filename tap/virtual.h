/* Virtual time: a world moved on from deadline to deadline, as fast as it can.
 *
 * Time never goes back, and nothing happens but at a deadline. Next: tap/world.h. */
#ifndef TAP_VIRTUAL_H
#define TAP_VIRTUAL_H

#include "tap/world.h"

struct virtual_time {
    struct world *world;
    tapir_instant now;
    bool is_stuck; /* the world has work for ever at one instant: a bug of tapir */
};

/* Does everything that is due at `now`; one that lies before the last counts as that. */
void virtual_work(struct virtual_time *time, tapir_instant now);

/* Goes on as long as deadlines lie before `end`; time is then that of the last of them. */
void virtual_pass(struct virtual_time *time, tapir_instant end);

/* Goes on until nothing is left to wait for, or to `end`, which time then is. */
void virtual_rest(struct virtual_time *time, tapir_instant end);

#endif
