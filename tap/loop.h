/* The event loop of real time, and the only reader of the clock: TAP devices, signals, news from the kernel.
 *
 * It sleeps until something happens or is due; before that it polls for as long as `spin` says. SIGINT, SIGTERM and SIGHUP end it. TAP devices
 * that were removed are attached again when they come back.
 *
 * Read next: tap/world.h. */
#ifndef TAP_LOOP_H
#define TAP_LOOP_H

#include "tap/tap.h"
#include "tap/world.h"

struct loop;

/* What the owner of the loop hears. Any member may be NULL. */
struct loop_listener {
    void (*ready)(void *context);  /* every address may be used; once */
    void (*report)(void *context); /* SIGUSR1 */
    void *context;
};

/* Makes a loop. The engine is chosen when the first TAP device is opened. These signals and SIGUSR1 wait for it from now on, also when it is gone: one that comes late
 * must not change the exit code of a clean end. NULL with one line in `error` when that fails. */
struct loop *loop_create(const struct network_loop *settings, const struct loop_listener *listener,
                         char *error, size_t error_size);

/* Opens a TAP device in the namespace of that name (NULL: our own). The loop owns it. NULL with one line in
 * `error`. */
struct device *loop_open_tap(struct loop *loop, const struct tap_spec *spec, const char *netns, char *error,
                             size_t error_size);

/* Now, on the clock that loop_run goes by. */
tapir_instant loop_now(void);

/* Runs the world until a signal or loop_stop. Returns the code of loop_stop, 0 after a signal, 2 with one
 * line in the log when the system refuses. */
int loop_run(struct loop *loop, struct world *world);

/* Without a world: sleeps until `until`, or until something happens, and hears what it is. False: a signal ends
 * it, or the system refuses, which the log says. */
bool loop_wait(struct loop *loop, tapir_instant until);

/* Ends loop_run after this turn. */
void loop_stop(struct loop *loop, int code);

/* Closes all devices: none may be attached to a node any more. NULL is fine. */
void loop_destroy(struct loop *loop);

#endif
