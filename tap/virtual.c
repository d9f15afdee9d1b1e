#include "tap/virtual.h"

enum {
    VIRTUAL_TURNS = 1000000 /* at one instant, before we call it a bug */
};

void virtual_work(struct virtual_time *time, tapir_instant now)
{
    if (now.ns > time->now.ns)
        time->now = now;
    for (int turns = 0; world_turn(time->world, time->now, true); turns++)
        if (turns == VIRTUAL_TURNS) {
            time->is_stuck = true;
            return;
        }
}

void virtual_pass(struct virtual_time *time, tapir_instant end)
{
    for (tapir_instant due = world_deadline(time->world); due.ns < end.ns && !time->is_stuck;
         due = world_deadline(time->world))
        virtual_work(time, due);
}

void virtual_rest(struct virtual_time *time, tapir_instant end)
{
    while (!world_is_idle(time->world) && !time->is_stuck) {
        tapir_instant due = world_deadline(time->world);
        if (due.ns > end.ns) {
            time->now = end;
            return;
        }
        virtual_work(time, due);
    }
}
